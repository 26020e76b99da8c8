"""A desk for benchmarks: the daemon as a process of its own in a scratch folder, with all writers as contacts."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAILDESK = [str(Path(sys.executable).with_name("maildesk"))]
TICK = os.sysconf("SC_CLK_TCK")

CONFIGURATION = """
[desk]
name = "Desk"
domain = "desk.example"
state_dir = "state"
prefix = "EX"
postmaster = "ops@desk.example"
[store]
url = "{url}"
[listen.load]
protocol = "smtp"
address = "127.0.0.1:{port}"
[relay]
host = "127.0.0.1"
port = {relay}
tls = "none"
[limits]
acks_per_contact = "1000000/h"
automatic_mail = "1000000/h"
[queue.desk]
title = "Desk"
address = "helpdesk@desk.example"
default = true
[plan.all]
title = "All"
contacts = 1000000
queues = ["desk"]
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def directory(writers: Iterable[str], told: int) -> str:
    """Every customer a contact of the organisation of his domain, every address of ours an agent; `told` of them
    have the queue, and so hear of its mails."""
    by_domain: dict[str, set[str]] = defaultdict(set)
    for writer in writers:
        by_domain[writer.rpartition("@")[2].lower()].add(writer.lower())
    agents = sorted(by_domain.pop("desk.example", set()))
    by_domain.pop("mx.example", None)  # the mailer-daemon's
    lines = []
    for domain, addresses in sorted(by_domain.items()):
        lines += [f'[[organisation]]\nname = "{domain}"\ndomains = ["{domain}"]\nplan = "all"']
        lines += [f'[[organisation.contact]]\nname = "{each}"\naddresses = ["{each}"]' for each in sorted(addresses)]
    for at, each in enumerate(agents):
        queues = '["desk"]' if at < told else "[]"
        lines.append(f'[[agent]]\nname = "{each}"\naddresses = ["{each}"]\nqueues = {queues}')
    return "\n".join(lines) + "\n"


def verb(folder: Path, *words: str) -> str:
    command = [*MAILDESK, "--config", str(folder / "maildesk.conf"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"maildesk {' '.join(words)}: {done.stderr or done.stdout}")
    return done.stdout


def processes(pid: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(entry)):
            children[int(stat[1])].append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children[found[-1]]
    return found


@dataclass(frozen=True)
class Running:
    """A desk that is ready for mail."""

    pid: int
    port: int
    folder: Path
    started: float  # seconds from exec to READY

    def cpu(self) -> dict[str, float]:
        """Seconds of user and system time of the daemon, of its readers and its scribe."""
        used: dict[str, float] = defaultdict(float)
        for each in processes(self.pid):
            if stat := _stat(Path(f"/proc/{each}")):
                used[self._name(each)] += sum(map(int, stat[11:13])) / TICK
        return used

    def peak_mib(self) -> dict[str, float]:
        """The largest resident size of the daemon, of the largest reader and of the scribe."""
        peaks: dict[str, float] = defaultdict(float)
        for each in processes(self.pid):
            peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{each}/status").read_text())
            if peak:
                peaks[self._name(each)] = max(peaks[self._name(each)], int(peak[1]) / 1024)
        return peaks

    def _name(self, pid: int) -> str:
        if pid == self.pid:
            return "daemon"
        return "scribe" if b"maildesk.desk.scribe" in Path(f"/proc/{pid}/cmdline").read_bytes() else "reader"


def _stat(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


@contextmanager
def desk(writers: Iterable[str], relay: int, url: str, told: int) -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="maildesk-bench-") as scratch:
        folder, port = Path(scratch), free_port()
        (folder / "maildesk.conf").write_text(CONFIGURATION.format(url=url, port=port, relay=relay))
        (folder / "directory.toml").write_text(directory(writers, told))
        verb(folder, "directory", "apply", str(folder / "directory.toml"))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
            notified.bind(str(folder / "notify"))
            notified.settimeout(60)
            environment = {**os.environ, "NOTIFY_SOCKET": str(folder / "notify")}
            command = [*MAILDESK, "--config", str(folder / "maildesk.conf"), "run"]
            began = time.monotonic()
            with (folder / "journal").open("w") as journal:
                daemon = subprocess.Popen(command, env=environment, stderr=journal, stdout=journal)
            try:
                while b"READY=1" not in notified.recv(4096):
                    pass
                yield Running(daemon.pid, port, folder, time.monotonic() - began)
            finally:
                daemon.terminate()
                daemon.wait(30)


def ledger(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(verb(folder, "ledger", "--json"))
    return rows
