"""What the tests start does not outlive them, whatever ends the tests."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dovecot import wait_until
from tests.keeper import Keeper

SESSION = """
import signal, sys
from pathlib import Path
from tests.keeper import Keeper
keeper = Keeper(Path(sys.argv[1]), signal.SIGTERM)
print(keeper.pid, keeper.start(*sys.argv[2:]), flush=True)
sys.stdin.read()
"""
# A server with a child in a session of its own, as PostgreSQL's are.
SERVER = ["sh", "-c", "setsid sleep 1000 & echo $! > child; wait"]
STUBBORN = ["sh", "-c", "trap '' TERM; echo deaf > child; while true; do sleep 0.1; done"]


def living(pid: int) -> bool:
    """Not so when it only waits for its parent to look at it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def written(file: Path) -> str:
    return wait_until(lambda: file.exists() and file.read_text(), str(file))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_a_server_ends_with_a_session_that_is_ended_from_outside(tmp_path: Path, how: signal.Signals) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", SESSION, str(home), *SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as session:
        assert session.stdout
        pids = [int(word) for word in session.stdout.readline().split()]
        pids.append(int(written(home / "child")))
        assert all(map(living, pids))
        session.send_signal(how)
    wait_until(lambda: not any(map(living, pids)), "keeper, server and its child to end")
    assert not home.exists()


def test_a_server_may_be_stopped_and_started_and_its_folder_stays(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, signal.SIGTERM)
    first = keeper.start(*SERVER)
    child = int(written(tmp_path / "child"))
    keeper.stop()
    assert not living(first)
    assert not living(child)
    assert tmp_path.exists()
    assert living(second := keeper.start(*SERVER))
    keeper.close()
    assert not living(second)
    assert not tmp_path.exists()


def test_a_server_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, signal.SIGTERM, patience=0.2)
    pid = keeper.start(*STUBBORN)
    written(tmp_path / "child")
    keeper.stop()
    assert not living(pid)
    keeper.close()
