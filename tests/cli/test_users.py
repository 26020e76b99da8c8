"""Whose files a verb makes, and what is said to somebody without access. The whole of it needs root to be tried."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from maildesk.cli.desk import become_owner
from maildesk.cli.exits import Exit
from tests.builders import configuration

MAIN = "from maildesk.cli import main; main()"
# The kernel lets root alone change its user (setuid(2)); who develops as somebody else leaves these to .ci/run.
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can reach, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="maildesk-users-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "maildesk.conf").write_text(configuration())
        (folder / "state").mkdir(mode=0o700)
        yield folder


@needs_root
def test_root_becomes_the_owner_of_state_dir_and_leaves_no_file_of_its_own(
    open_folder: Path, nobody: pwd.struct_passwd
) -> None:
    os.chown(open_folder / "state", nobody.pw_uid, nobody.pw_gid)
    words = [sys.executable, "-c", MAIN, "--config", str(open_folder / "maildesk.conf"), "ticket", "list", "--json"]
    ended = subprocess.run(words, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, b"[]\n"), ended.stderr
    owners = {file.stat().st_uid for file in (open_folder / "state").iterdir()}
    assert owners == {nobody.pw_uid}


@needs_root
def test_somebody_without_access_is_told_the_command_to_use(open_folder: Path, nobody: pwd.struct_passwd) -> None:
    child = os.fork()
    if child == 0:
        os.setuid(nobody.pw_uid)
        try:
            become_owner(open_folder / "state")
        except Exit as ended:
            os._exit(ended.code if "belongs to root; run: sudo -u root maildesk" in str(ended) else 1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 77


def test_a_state_dir_that_is_to_be_made_is_no_obstacle(tmp_path: Path) -> None:
    become_owner(tmp_path / "not" / "there")
