"""A server of the tests that does not outlive them: a keeper runs it, and ends it when the test session ends.

Used by the fixtures of Dovecot and PostgreSQL. The keeper is a process of its own session, which neither Ctrl-C nor a
signal to the session's group reaches. It holds the reading end of a pipe: once nobody can write to it any more, be it
after SIGKILL, it ends the server with all its processes, removes the folder and goes.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PATIENCE = 10.0  # seconds a server has to end by itself
PR_SET_CHILD_SUBREAPER = 36  # prctl(2)


class Keeper:
    """The test session's end of it. `user` is whom the server runs as, when it is not the caller."""

    def __init__(self, folder: Path, how: signal.Signals, user: str = "", patience: float = PATIENCE) -> None:
        self._patience = patience
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__, folder, str(how.value), user, str(patience)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, *command: object) -> int:
        """The server's process id. What it says is in the folder, in `output`."""
        return int(self._ask([str(word) for word in command]))

    def stop(self) -> None:
        """Ends the server with all its processes; the folder stays, and it may be started again."""
        self._ask([])

    def close(self) -> None:
        """The same as the end of this process: no server and no folder any more."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait(PATIENCE + 3 * self._patience)

    def _ask(self, command: list[str]) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command) + "\n")
        answer = self._process.stdout.readline()
        assert answer, f"the keeper has gone: {self._process.wait()}"
        return answer


def main(folder: Path, how: int, user: str, patience: float) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # a server's orphans come to us
    try:
        for line in sys.stdin:
            end(how, patience)
            command = json.loads(line)
            sys.stdout.write(f"{started(folder, user, command) if command else 0}\n")
            sys.stdout.flush()
    finally:
        end(how, patience)
        remove(folder)


def started(folder: Path, user: str, command: Sequence[str]) -> int:
    owner: dict[str, Any] = {"user": user, "group": folder.stat().st_gid, "extra_groups": []} if user else {}
    with (folder / "output").open("ab") as output:
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **owner)
    return server.pid


def end(how: int, patience: float) -> None:
    """Asks the server to end, then each orphan it leaves; whoever is there after a while is not asked."""
    asked: set[int] = set()
    deadline = time.monotonic() + patience
    while not all_reaped():
        late = time.monotonic() > deadline
        for pid in children():
            if late or pid not in asked:
                os.kill(pid, signal.SIGKILL if late else how)  # not reaped, so its number is nobody else's
                asked.add(pid)
        time.sleep(0.02)


def all_reaped() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def children() -> list[int]:
    everybody = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [pid for pid in everybody if parent(pid) == os.getpid()]


def parent(pid: int) -> int:
    """0 for a process that has gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def remove(folder: Path) -> None:
    """Again and again for a while: a program that made the folder's content for a killed session may still be at it."""
    deadline = time.monotonic() + PATIENCE
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
