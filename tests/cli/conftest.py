"""A configured desk in a folder, and the command line called as a function."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from maildesk.cli import verbs
from tests.builders import DIRECTORY, configuration, mail


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Ended]


@pytest.fixture
def call(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run one verb in this process; `mail` is its stdin."""

    def run(*words: str | Path, mail: bytes = b"") -> Ended:
        capsysbinary.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail)))
        code = verbs.run([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a configuration and the people of the stories in a file."""
    return configured(tmp_path)


def configured(folder: Path) -> Path:
    (folder / "maildesk.conf").write_text(configuration())
    (folder / "directory.toml").write_text(DIRECTORY)
    return folder


@pytest.fixture
def maildesk(call: Call, folder: Path) -> Call:
    """The command line over that folder, its directory applied."""

    def run(*words: str | Path, mail: bytes = b"") -> Ended:
        return call("--config", folder / "maildesk.conf", *words, mail=mail)

    assert run("directory", "apply", folder / "directory.toml").code == 0
    return run


def delivered(folder: Path, *mails: bytes) -> Path:
    """The state of a desk that got these mails, which took its time; tests have copies of it."""
    config = ["--config", str(configured(folder) / "maildesk.conf")]
    assert verbs.run([*config, "directory", "apply", str(folder / "directory.toml")]) == 0
    for raw in mails:
        with pytest.MonkeyPatch.context() as patched, redirect_stdout(io.StringIO()):
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
            assert verbs.run([*config, "deliver"]) == 0
    return folder / "state"


def copied(state: Path, folder: Path) -> None:
    shutil.rmtree(folder / "state")
    shutil.copytree(state, folder / "state")


@pytest.fixture(scope="session")
def busy_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a desk with a question of Carol's, and a stranger's who works at Acme."""
    stranger = mail(sender="Dave <dave@acme.example>", message_id="<two@acme.example>")
    return delivered(tmp_path_factory.mktemp("busy"), mail(message_id="<one@acme.example>"), stranger)


@pytest.fixture
def busy(busy_state: Path, maildesk: Call, folder: Path) -> Call:
    """The command line over such a desk, a copy of this test's own."""
    copied(busy_state, folder)
    return maildesk
