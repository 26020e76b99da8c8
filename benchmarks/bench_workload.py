"""The peers' workload, and what stands around a run: their runners, the load client, the relay that counts."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_desk import free_port


def python(script: Path, *words: object) -> list[dict[str, Any]]:
    """The JSON lines that a script prints."""
    command = [sys.executable, str(script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{script.name}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


@dataclass(frozen=True)
class Workload:
    """Mails on disk. A reply names its ticket by Message-IDs: with many connections nobody knows its number before."""

    folder: Path
    mails: int
    tickets: int
    replies: int

    @classmethod
    def made(cls, peers: Path, folder: Path, mails: int, connections: int, seed: int = 7) -> Workload:
        folder.mkdir()
        gap = 4 * connections  # a reply never overtakes its ticket
        words = ["--out", folder, "--tag", "[#{n}]", "--creates", "new,unknown", "--gap", gap, "--no-8bit"]
        [told] = python(peers / "gen_workload.py", "-n", mails, "--seed", seed, *words)
        kinds = told["kinds"]
        return cls(folder, mails, told["tickets"], kinds.get("reply", 0) + kinds.get("header_reply", 0))

    @property
    def writers(self) -> list[str]:
        return [json.loads(line)["sender"] for line in (self.folder / "index.jsonl").read_text().splitlines()]

    def send(self, peers: Path, port: int, connections: int) -> dict[str, Any]:
        """What the load client says: done, wall, p50_ms, p99_ms."""
        words = ["-n", self.mails, "-c", connections, "--dir", self.folder / "eml"]
        [figures] = python(peers / "smtp_load.py", "--port", port, *words)
        if figures["done"] != self.mails:
            raise SystemExit(f"{figures['done']} of {self.mails} mails were answered 250: {figures}")
        return figures


class Relay:
    """The sink, asked again and again how many letters have come."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen: list[tuple[float, int]] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    @property
    def count(self) -> int:
        return self.seen[-1][1] if self.seen else 0

    def came(self, letters: int, since: float, patience: float = 120.0) -> float:
        """Seconds from `since` until so many letters were there."""
        end = time.monotonic() + patience
        while self.count < letters and time.monotonic() < end:
            time.sleep(0.05)
        if self.count < letters:
            raise SystemExit(f"{self.count} of {letters} letters came to the relay")
        return next(at for at, count in self.seen if count >= letters) - since

    def _watch(self) -> None:
        while not self._stopped.wait(0.05):
            with socket.create_connection(("127.0.0.1", self.port)) as sink, sink.makefile("rwb") as talk:
                talk.readline()
                talk.write(b"COUNT\r\n")
                talk.flush()
                self.seen.append((time.monotonic(), int(talk.readline().split()[1])))


@contextmanager
def relay(peers: Path) -> Iterator[Relay]:
    port = free_port()
    process = subprocess.Popen([sys.executable, str(peers / "sink.py"), str(port)])
    _wait_for(port)
    watched = Relay(port)
    watched.start()
    try:
        yield watched
    finally:
        watched.stop()
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the sink does not start")
