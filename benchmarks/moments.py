"""Short readings of one desk: exec to READY beside `import aiosmtpd.smtp`, the answer to a mail at one connection
beside one fdatasync, and the syncs of a mail at one and at sixteen connections (by strace, which slows all else).
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_desk import Running, desk
from bench_workload import Workload, relay

WARM_UP = 50


def import_seconds() -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import aiosmtpd.smtp"], check=True)
    return time.monotonic() - began


def start_seconds() -> float:
    with desk([], 1, "sqlite:///maildesk.db", 1) as running:
        return running.started


def sync_seconds(times: int = 200) -> float:
    """The median of an append of 4 KB and its fdatasync, where the desks of this run live."""
    with TemporaryDirectory(prefix="maildesk-sync-") as scratch, Path(scratch, "log").open("wb", buffering=0) as file:
        taken = []
        for _ in range(times):
            began = time.monotonic()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            taken.append(time.monotonic() - began)
    return statistics.median(taken)


def traced(running: Running, work: Workload, peers: Path, connections: int) -> float:
    """Syncs a mail, those of the postman's settling included."""
    command = ["strace", "-f", "-c", "-U", "name,calls", "-e", "trace=fdatasync,fsync", "-p", str(running.pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    work.send(peers, running.port, connections)
    tracer.send_signal(signal.SIGINT)
    _, said = tracer.communicate()
    return sum(int(count) for count in re.findall(r"^\s*f(?:data)?sync\s+(\d+)", said, re.MULTILINE)) / work.mails


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench moments", description=__doc__)
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "peers"
    parser.add_argument("--peers", type=Path, default=beside, help="the peers' runners (default: ../shared/peers)")
    parser.add_argument("-n", type=int, default=300)
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    pairs = [(start_seconds(), import_seconds()) for _ in range(given.pairs)]
    start, imports = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"exec to READY {start:.2f} s, import aiosmtpd.smtp {imports:.2f} s: {start / imports:.1f}x")
    with TemporaryDirectory(prefix="maildesk-mails-") as scratch, relay(given.peers) as sink:
        first = Workload.made(given.peers, Path(scratch, "first"), WARM_UP, 16, seed=8)
        one, two, many = (
            Workload.made(given.peers, Path(scratch, f"mails{seed}"), given.n, 16, seed=seed) for seed in (7, 9, 11)
        )
        writers = {*first.writers, *one.writers, *two.writers, *many.writers}
        with desk(writers, sink.port, "sqlite:///maildesk.db", 1) as running:
            first.send(given.peers, running.port, 16)
            sync, load = sync_seconds(), one.send(given.peers, running.port, 1)
            print(
                f"one connection: p50 {load['p50_ms']:.1f} ms, p99 {load['p99_ms']:.1f} ms; a sync {1000 * sync:.2f} ms"
            )
            for work, connections in ((two, 1), (many, 16)):
                syncs = traced(running, work, given.peers, connections)
                print(f"{connections} connections: {syncs:.2f} syncs a mail, the letters' sending included")


if __name__ == "__main__":
    main()
