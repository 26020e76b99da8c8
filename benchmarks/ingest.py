"""Durable ingest over SMTP against the peers, on the same mails, in one run.

maildesk takes them over SMTP, each answered 250 after the commit with its letters queued, while the postman has
those queued before written and hands them to a relay. The peers are fed their best way by their own runners, with no
network in front of them. They are taken in turn (A B A B); what counts is the ratio of medians. Every run is checked:
a ledger row for each mail, each reply in its ticket, every letter at the relay.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_desk import Running, desk, ledger, verb
from bench_workload import Relay, Workload, python, relay

PEERS = {
    "django-helpdesk": ("peer_django_helpdesk.py", ["--repeat", "1"], "get_email local dir"),
    "roundup at its best": ("peer_roundup.py", ["--repeat", "1", "--pipe", "0", "--rounds", "1000"], "mbox, empty db"),
}
OURS = {"maildesk": 1, "maildesk, 5 agents told": 5}
WARM_UP = 100  # mails that start the readers and compile the templates; a desk that runs for months does it once

Figures = dict[str, float]


def run_maildesk(given: argparse.Namespace, agents: int) -> Figures:
    with TemporaryDirectory(prefix="maildesk-mails-") as scratch, relay(given.peers) as sink:
        first = Workload.made(given.peers, Path(scratch, "first"), WARM_UP, given.connections, seed=8)
        mails = Workload.made(given.peers, Path(scratch, "mails"), given.n, given.connections)
        with desk([*first.writers, *mails.writers], sink.port, given.url, agents) as running:
            first.send(given.peers, running.port, given.connections)
            sink.came(len(letters(running)), time.monotonic())
            return take_in(given, mails, running, sink)


def take_in(given: argparse.Namespace, mails: Workload, running: Running, sink: Relay) -> Figures:
    known, before, began = ledger(running.folder), running.cpu(), time.monotonic()
    load = mails.send(given.peers, running.port, given.connections)
    after, left = running.cpu(), sink.count
    new = ledger(running.folder)[len(known) :]
    check(mails, Counter(str(row["outcome"]) for row in new))
    written = letters(running)
    sent = sink.came(len(written), began)
    told = {
        "outcomes": Counter(row["outcome"] for row in new),
        "letters": Counter(written),
        "then unsent": len(written) - left,
    }
    print(json.dumps(told), file=sys.stderr)
    return {
        "rate": given.n / load["wall"],
        "rate_sent": given.n / max(sent, load["wall"]),
        "cpu_ms": sum(1000 * (after[name] - before.get(name, 0)) / given.n for name in after),
        **{f"cpu_ms_{name}": 1000 * (used - before.get(name, 0)) / given.n for name, used in after.items()},
        "p50_ms": load["p50_ms"],
        "p99_ms": load["p99_ms"],
        **{f"peak_mib_{name}": peak for name, peak in running.peak_mib().items()},
    }


def check(mails: Workload, outcomes: Counter[str]) -> None:
    """All are there; each ticket was opened, and each reply found its own."""
    wanted = {"ticket": mails.tickets, "message": mails.replies}
    if outcomes.total() != mails.mails or any(outcomes[name] != count for name, count in wanted.items()):
        raise SystemExit(f"{mails.mails} mails should be {wanted} and others, and became {dict(outcomes)}")


def letters(running: Running) -> list[str]:
    return [each["letter"] for each in json.loads(verb(running.folder, "outbox", "list", "--all", "--json"))]


def run_peer(given: argparse.Namespace, name: str) -> Figures:
    script, words, what = PEERS[name]
    rows = python(given.peers / script, "-n", given.peer_n, *words)
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
    takers: dict[str, Callable[[], Figures]] = {name: partial(run_maildesk, given, told) for name, told in OURS.items()}
    if not given.alone:
        takers |= {name: partial(run_peer, given, name) for name in PEERS}
    runs: dict[str, list[Figures]] = {name: [] for name in takers}
    for _ in range(given.pairs):
        for name, take in takers.items():
            runs[name].append(take())
            print(f"{name:24}", {key: round(value, 2) for key, value in runs[name][-1].items()}, flush=True)
    compare(runs)


def compare(runs: dict[str, list[Figures]]) -> None:
    def median(name: str, figure: str) -> float:
        return statistics.median(run[figure] for run in runs[name])

    print()
    for name in runs:
        print(f"{name:24} {median(name, 'rate'):8.1f} mails/s {median(name, 'cpu_ms'):8.2f} ms CPU a mail")
    for ours in OURS:
        for peer in PEERS.keys() & runs.keys():
            faster = median(ours, "rate") / median(peer, "rate")
            sent = median(ours, "rate_sent") / median(peer, "rate")
            cheaper = median(peer, "cpu_ms") / median(ours, "cpu_ms")
            print(f"{ours} : {peer}: {faster:.1f}x the rate, {sent:.1f}x with all letters sent, CPU 1/{cheaper:.1f}")


if __name__ == "__main__":
    main()
