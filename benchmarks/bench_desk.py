"""A desk for benchmarks: the daemon as a process of its own in a scratch folder, with all writers as contacts."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MAILDESK = [sys.executable, "-m", "maildesk.cli"]
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


def directory(writers: Iterable[str]) -> str:
    """Every customer a contact of the organisation of his domain, every address of ours an agent."""
    by_domain: dict[str, set[str]] = defaultdict(set)
    for writer in writers:
        by_domain[writer.rpartition("@")[2].lower()].add(writer.lower())
    agents = by_domain.pop("desk.example", set())
    by_domain.pop("mx.example", None)  # the mailer-daemon's
    lines = []
    for domain, addresses in sorted(by_domain.items()):
        lines += [f'[[organisation]]\nname = "{domain}"\ndomains = ["{domain}"]\nplan = "all"']
        lines += [f'[[organisation.contact]]\nname = "{each}"\naddresses = ["{each}"]' for each in sorted(addresses)]
    lines += [f'[[agent]]\nname = "{each}"\naddresses = ["{each}"]\nqueues = ["desk"]' for each in sorted(agents)]
    return "\n".join(lines) + "\n"


def verb(folder: Path, *words: str) -> str:
    command = [*MAILDESK, "--config", str(folder / "maildesk.conf"), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


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


def cpu_seconds(pid: int) -> float:
    """User and system time of the daemon and its readers, ended ones included."""
    return sum(sum(map(int, stat[11:15])) for each in processes(pid) if (stat := _stat(Path(f"/proc/{each}")))) / TICK


def peak_mib(pid: int) -> float:
    peaks = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{each}/status").read_text()) for each in processes(pid)]
    return sum(int(peak[1]) for peak in peaks if peak) / 1024


def _stat(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


@contextmanager
def desk(writers: Iterable[str], relay: int, url: str = "sqlite:///maildesk.db") -> Any:
    """(pid, port, folder) of a running desk that is ready for mail."""
    with tempfile.TemporaryDirectory(prefix="maildesk-bench-") as scratch:
        folder, port = Path(scratch), free_port()
        (folder / "maildesk.conf").write_text(CONFIGURATION.format(url=url, port=port, relay=relay))
        (folder / "directory.toml").write_text(directory(writers))
        verb(folder, "directory", "apply", str(folder / "directory.toml"))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(str(folder / "notify"))
            told.settimeout(60)
            environment = {**os.environ, "NOTIFY_SOCKET": str(folder / "notify")}
            command = [*MAILDESK, "--config", str(folder / "maildesk.conf"), "run"]
            with (folder / "journal").open("w") as journal:
                daemon = subprocess.Popen(command, env=environment, stderr=journal, stdout=journal)
            try:
                while b"READY=1" not in told.recv(4096):
                    pass
                yield daemon.pid, port, folder
            finally:
                daemon.terminate()
                daemon.wait(30)


def ledger(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(verb(folder, "ledger", "--json"))
    return rows
