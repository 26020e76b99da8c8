"""Durable ingest over SMTP against the peers, on the same mails, in one run.

maildesk takes them over SMTP with 16 connections, each answered 250 after the commit, acknowledgements rendered, queued
and sent to a sink; the peers are fed their best way by their own runners, with no network in front of them. Pairs are
taken in turn (A B A B); what counts is the ratio of medians. Every run is checked: each mail has one ledger row.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_desk import cpu_seconds, desk, free_port, ledger, peak_mib, verb

PEERS = {
    "django-helpdesk": ("peer_django_helpdesk.py", ["--repeat", "1"], "get_email local dir"),
    "roundup at its best": ("peer_roundup.py", ["--repeat", "1", "--pipe", "0", "--rounds", "1000"], "mbox, empty db"),
}


def python(script: Path, *words: object) -> str:
    command = [sys.executable, str(script), *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def rows_of(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def run_maildesk(peers: Path, mails: int, connections: int, url: str) -> dict[str, float]:
    with TemporaryDirectory(prefix="maildesk-mails-") as scratch:
        out = Path(scratch)
        gap = 4 * connections  # a reply never overtakes its ticket
        words = [
            "-n",
            mails,
            "--out",
            out,
            "--tag",
            "[EX-{n}]",
            "--creates",
            "new,unknown",
            "--first-ref",
            10001,
            "--gap",
            gap,
            "--no-8bit",
        ]
        python(peers / "gen_workload.py", *words)
        writers = [json.loads(line)["sender"] for line in (out / "index.jsonl").read_text().splitlines()]
        relay = free_port()
        sink = subprocess.Popen([sys.executable, str(peers / "sink.py"), str(relay)])
        try:
            with desk(writers, relay, url) as (pid, port, folder):
                warm_up(peers, port)
                return take_in(peers, out, pid, port, folder, mails, connections)
        finally:
            sink.terminate()
            sink.wait()


def warm_up(peers: Path, port: int) -> None:
    """The first mails start the readers; a desk that runs for months does it once."""
    python(peers / "smtp_load.py", "--port", port, "-n", 8, "-c", 4)


def take_in(  # noqa: PLR0913, PLR0917 - a benchmark's conditions
    peers: Path, out: Path, pid: int, port: int, folder: Path, mails: int, connections: int
) -> dict[str, float]:
    before, kept = cpu_seconds(pid), len(ledger(folder))
    load = rows_of(python(peers / "smtp_load.py", "--port", port, "-n", mails, "-c", connections, "--dir", out / "eml"))
    figures, rows = load[-1], ledger(folder)
    if figures["done"] != mails or len(rows) - kept != mails:
        raise SystemExit(f"{figures['done']} of {mails} mails answered 250, {len(rows) - kept} ledger rows: {figures}")
    letters = Counter(each["letter"] for each in json.loads(verb(folder, "outbox", "list", "--all", "--json")))
    print(json.dumps({"outcomes": Counter(each["outcome"] for each in rows), "letters": letters}), file=sys.stderr)
    return {
        "rate": mails / figures["wall"],
        "cpu_ms": 1000 * (cpu_seconds(pid) - before) / mails,
        "p50_ms": figures["p50_ms"],
        "p99_ms": figures["p99_ms"],
        "peak_mib": peak_mib(pid),
    }


def run_peer(peers: Path, name: str, mails: int) -> dict[str, float]:
    script, words, what = PEERS[name]
    rows = rows_of(python(peers / script, "-n", mails, *words))
    row = next(row for row in rows if str(row.get("what", "")).startswith(what))
    return {"rate": row["msgs_per_s"], "cpu_ms": row["cpu_ms_per_msg"], "peak_mib": row["rss_mib"]}


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench ingest", description=__doc__)
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "peers"
    parser.add_argument("--peers", type=Path, default=beside, help="the peers' runners (default: ../shared/peers)")
    parser.add_argument("-n", type=int, default=1000, help="mails of each run of maildesk")
    parser.add_argument("--peer-n", type=int, default=300, help="mails of each run of a peer")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--url", default="sqlite:///maildesk.db")
    parser.add_argument("--alone", action="store_true", help="maildesk only")
    given = parser.parse_args()
    if not (given.peers / "gen_workload.py").is_file():
        parser.error(f"{given.peers} has no gen_workload.py; name the folder of the peers' runners with --peers")
    runs: dict[str, list[dict[str, float]]] = {"maildesk": []} | {name: [] for name in PEERS if not given.alone}
    for _ in range(given.pairs):
        for name, taken in runs.items():
            is_ours = name == "maildesk"
            taken.append(
                run_maildesk(given.peers, given.n, given.connections, given.url)
                if is_ours
                else run_peer(given.peers, name, given.peer_n)
            )
            print(f"{name:20}", {key: round(value, 2) for key, value in taken[-1].items()}, flush=True)
    compare(runs)


def compare(runs: dict[str, list[dict[str, float]]]) -> None:
    def median(name: str, figure: str) -> float:
        return statistics.median(run[figure] for run in runs[name])

    for name in runs:
        faster = median("maildesk", "rate") / median(name, "rate")
        cheaper = median(name, "cpu_ms") / median("maildesk", "cpu_ms")
        print(
            f"{name:20} {median(name, 'rate'):8.1f} mails/s {median(name, 'cpu_ms'):8.2f} ms CPU"
            f"   maildesk: {faster:5.1f}x the rate, {cheaper:5.1f}x less CPU"
        )


if __name__ == "__main__":
    main()
