"""What time costs a desk with very many open tickets: looks that find nothing, ten thousand things at once, the lists.

The ledger, the sweep and the readers are those of the daemon, in threads and processes as there; mails come in beside
them, without a listener before and a postman behind. Each figure of time stands beside one of the same run: processor
time, or a ratio. The store is made anew by bench_large, or kept (`--keep FOLDER`).
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_desk import MAILDESK
from bench_large import AWAY, BACK, QUEUES, Size, build, text

from maildesk.config import Config, load
from maildesk.desk.desk import Desk
from maildesk.desk.opening import READING_DEADLINE, build_desk
from maildesk.desk.provers import Provers
from maildesk.desk.readers import Readers
from maildesk.desk.storeroom import open_store
from maildesk.desk.sweep import Batch, Sweeper
from maildesk.journal import Journal
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger
from maildesk.store.moments import micros
from maildesk.words import Envelope, Later, Receipt
from tests.builders import mail
from tests.databases import binaries, own_server, scratch

LOOKS = 300
MINUTES = 20
BASELINE = 10  # seconds of mail without a sweep, after as many for readers that start
BUDGET = 60  # seconds that the busy sweep may take
PATIENCE = 10  # seconds that the answer to a mail may take once nobody sends any more
AT_REST = 0.2  # seconds of the processor: a sweep that takes less has nothing left to plan anew
SETTLING = 20  # looks, at most, until it is so
VERBS = ("status", "health", "due", "ticket list", "report --since 2026-02-23")
T = TypeVar("T")


class Watched(Ledger):
    """Its jobs, each with the seconds it took of the clock and of the processor."""

    def __init__(self, store: Store, journal: Journal) -> None:
        super().__init__(store, journal)
        self.took: list[tuple[float, float, bool]] = []  # and whether it was patient
        self.steps = 0  # things that a sweep did

    def submit(self, run: Callable[[Store], Any], *args: Any, **kwargs: Any) -> Future[Any]:
        def timed(store: Store) -> Any:
            began, worked = time.monotonic(), time.thread_time()
            try:
                found = run(store)
            finally:
                took = time.monotonic() - began, time.thread_time() - worked
                self.took.append((*took, kwargs.get("patient", False)))
            self.steps += found if isinstance(getattr(run, "__self__", None), Batch) else 0
            return found

        return super().submit(timed, *args, **kwargs)


@dataclass
class Bench:
    desk: Desk
    ledger: Watched
    clock: list[datetime]
    rng: random.Random
    size: Size

    def tell(self, what: str, *figures: object) -> None:
        sys.stdout.write(f"{what:<58} {'  '.join(map(str, figures))}\n")
        sys.stdout.flush()


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def spread(values: Sequence[float]) -> str:
    return f"median {ms(statistics.median(values))}, p99 {ms(at(values, 0.99))}, longest {ms(max(values))}"


# nothing due


def idle(bench: Bench) -> None:
    sweeper = Sweeper(bench.desk)
    began, worked = time.monotonic(), time.process_time()
    sweeper.sweep(AWAY)
    bench.tell(
        "first sweep of all: chores are planned",
        ms(time.monotonic() - began),
        f"cpu {ms(time.process_time() - worked)}",
    )
    bench.tell("  its longest job", ms(max(each for each, _, _ in bench.ledger.took)))
    for _ in range(SETTLING):  # a kept store of another version has its tickets planned anew
        if measured(lambda: sweeper.sweep(AWAY))[1] <= AT_REST:
            break
    looks, commits = [], []
    for _ in range(LOOKS):
        looks.append(measured(lambda: sweeper.sweep(AWAY)))
        commits.append(measured(lambda: bench.ledger.submit(one_row).result()))
    cpu = statistics.median(worked for _, worked in looks), statistics.median(worked for _, worked in commits)
    bench.tell("a sweep that finds nothing", spread([took for took, _ in looks]), f"cpu {ms(cpu[0])}")
    bench.tell("  one row and its commit, in turn", spread([took for took, _ in commits]), f"cpu {ms(cpu[1])}")
    bench.tell("  ratio of processor time", f"{cpu[0] / cpu[1]:.2f}")
    planning = []
    for _ in range(MINUTES):
        bench.clock[0] += timedelta(minutes=1)
        planning.append(measured(lambda: sweeper.sweep(AWAY)))
    bench.tell(
        "the same with the minute's look at chores",
        spread([took for took, _ in planning]),
        f"cpu {ms(statistics.median(worked for _, worked in planning))}",
    )


def measured(act: Callable[[], object]) -> tuple[float, float]:
    began, worked = time.monotonic(), time.process_time()
    act()
    return time.monotonic() - began, time.process_time() - worked


def one_row(store: Store) -> None:
    store.execute("UPDATE ticket SET language = ? WHERE id = 1", (secrets.token_hex(1),))


# very much due


class Mails:
    """New requests and replies, so many a second whatever becomes of them; how long each took to its commit."""

    def __init__(self, bench: Bench, rate: float) -> None:
        self.bench = bench
        self.rate = rate
        self.took: list[float] = []
        self.skipped = 0  # of those, at the beginning
        self.sent = 0
        self.refused = 0  # come again later
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)

    def __enter__(self) -> Mails:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        until = time.monotonic() + PATIENCE
        while self.sent > len(self.took) + self.refused and time.monotonic() < until:
            time.sleep(0.01)

    @property
    def told(self) -> tuple[str, str]:
        """What never came back counts, and is no latency."""
        late = self.sent - len(self.took) - self.refused
        took = self.took[self.skipped :]
        figures = spread(took) if took else "none answered"
        return figures, f"{self.sent} mails, {self.refused} refused, {late} without an answer yet"

    def _send(self) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            due += 1 / self.rate
            self._stop.wait(max(0.0, due - time.monotonic()))
            self._one()

    def _one(self) -> None:
        rng, began = self.bench.rng, time.monotonic()
        organisation, queue = rng.randrange(self.bench.size.organisations), rng.randrange(QUEUES)
        sender, to = f"carol@o{organisation}.example", f"q{queue}@example.com"
        subject = f"[EX-{rng.randrange(10200, 20000)}] again" if rng.random() < 0.3 else f"Import {rng.random()}"
        raw = mail(f"Carol <{sender}>", to, subject=subject, message_id=f"<{rng.random()}@load.test>")
        envelope = Envelope("lmtp:main", self.bench.clock[0], sender, (to,), refusable=True)
        self.sent += 1
        answer = self.bench.desk.receive(raw, envelope)
        answer.add_done_callback(lambda done: self._answered(done, time.monotonic() - began))

    def _answered(self, done: Future[Receipt], took: float) -> None:
        if done.exception():
            self.refused += 1
        else:
            self.took.append(took)


class Bounded:
    """A sweep that waits until its time is over; what is refused for want of room it asks for again, as clocks do."""

    def __init__(self, budget: float) -> None:
        self.until = time.monotonic() + budget

    def __call__(self, future: Future[T], /) -> T:
        left = self.until - time.monotonic()
        if left <= 0:
            raise Later("its time is over")
        try:
            return future.result(left)
        except TimeoutError:
            raise Later("its time is over") from None

    def sweep(self, desk: Desk) -> bool:
        """Whether it came to its end."""
        sweeper = Sweeper(desk, self)
        while time.monotonic() < self.until:
            try:
                sweeper.sweep(BACK)
            except Later:
                time.sleep(0.1)
            else:
                return True
        return False


def busy(bench: Bench, rate: float, baseline: float, budget: float) -> None:
    with Mails(bench, rate) as alone:
        time.sleep(baseline)
        alone.skipped = len(alone.took)
        time.sleep(baseline)
    bench.tell(f"mail without a sweep, {rate:g}/s", *alone.told)
    bench.clock[0] = BACK
    before, due, letters = peak(reset=True), waiting(bench), counted(bench, "letter")
    bench.ledger.took.clear()
    bench.ledger.steps = 0
    began, worked = time.monotonic(), time.process_time()
    with Mails(bench, rate) as beside:
        ended = Bounded(budget).sweep(bench.desk)
        took, cpu = time.monotonic() - began, time.process_time() - worked
        sweeps = [each for each in bench.ledger.took if each[2]]
        done = bench.ledger.steps
    work = sum(each[1] for each in sweeps)
    bench.tell(
        "the sweep after two days without power",
        f"{took:.1f} s",
        "to its end" if ended else f"cut at {budget:.0f} s",
        f"cpu {cpu:.1f} s, in its jobs {work:.1f} s",
    )
    bench.tell("  tickets due before and after", due, waiting(bench))
    bench.tell("  things done", done, f"{done / took:.0f} a second, {ms(work / max(1, done))} of cpu each")
    bench.tell("  letters of sweep and mails", counted(bench, "letter") - letters)
    bench.tell("  its jobs", len(sweeps), spread([each[0] for each in sweeps]))
    bench.tell("  longest in processor time", ms(max(each[1] for each in sweeps)))
    bench.tell(f"mail meanwhile, {rate:g}/s", *beside.told)
    before_it = alone.took[alone.skipped :]
    if before_it and beside.took:
        ratios = (at(beside.took, share) / at(before_it, share) for share in (0.5, 0.99))
        bench.tell("  ratio to without a sweep, p50 and p99", *(f"{each:.1f}" for each in ratios))
    bench.tell("peak memory of the process: before, meanwhile", f"{before:.0f} MiB", f"{peak():.0f} MiB")


def waiting(bench: Bench) -> int:
    """Tickets that are due by BACK."""
    return counted(bench, f"ticket WHERE next_check <= {micros(BACK)}")


def counted(bench: Bench, what: str) -> int:
    """Behind all that waits."""
    [(count,)] = bench.ledger.submit(lambda store: store.all(f"SELECT COUNT(*) FROM {what}")).result()
    return int(count)


def peak(*, reset: bool = False) -> float:
    """The largest resident size since it was last reset."""
    status = Path("/proc/self/status").read_text()
    found = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    return found


# looking


def verbs(bench: Bench, folder: Path) -> None:
    for words in VERBS:
        took, used = run(folder, *words.split())
        bench.tell(
            f"maildesk {words}",
            f"cpu {used.ru_utime + used.ru_stime:.2f} s",
            f"{took:.2f} s",
        )


def run(folder: Path, *words: str) -> tuple[float, resource.struct_rusage]:
    began, command = time.monotonic(), [*MAILDESK, "--config", str(folder / "maildesk.conf"), *words]
    nothing = os.open(os.devnull, os.O_WRONLY)
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing, 1)])
    os.close(nothing)
    _, _, used = os.wait4(pid, 0)
    return time.monotonic() - began, used


# and all of it


@contextmanager
def working(config: Config, clock: list[datetime], rng: random.Random, size: Size) -> Iterator[Bench]:
    journal = Journal(level="error")
    store, keys = open_store(config, secrets.token_bytes)
    store.close()
    ledger, readers, provers = Watched(store, journal), Readers(1, READING_DEADLINE, journal=journal), Provers(journal)
    desk = build_desk(config, keys, ledger, readers, lambda: clock[0], journal, provers=provers)
    ledger.start()
    readers.start()
    try:
        yield Bench(desk, ledger, clock, rng, size)
    finally:
        readers.stop()
        provers.stop()
        ledger.stop(30)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench sweep", description=__doc__)
    parser.add_argument("-n", type=int, default=Size.tickets, help="open tickets")
    parser.add_argument("--due", type=int, default=Size.due, help="of them, due at once")
    parser.add_argument("--organisations", type=int, default=Size.organisations)
    parser.add_argument("--agents", type=int, default=Size.agents, help="those above 24 get a morning letter alone")
    parser.add_argument("--rate", type=float, default=5, help="mails a second beside the sweep")
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds that the sweep of all of them may take")
    parser.add_argument("--seed", type=int, default=Size.seed)
    parser.add_argument("--postgres", action="store_true", help="on a server of its own, fsync off")
    parser.add_argument("--keep", type=Path, help="a folder in which the store stays for the next run")
    parser.add_argument("--only", choices=["idle", "busy", "verbs"], action="append")
    given = parser.parse_args()
    size = Size(given.n, given.due, given.organisations, given.agents, given.seed)
    wanted = given.only or ["idle", "busy", "verbs"]
    with ExitStack() as stack:
        url = (
            stack.enter_context(scratch(stack.enter_context(own_server(binaries()))))
            if given.postgres
            else "sqlite:///maildesk.db"
        )
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="maildesk-bench-")))
        config = prepared(folder, url, size)
        with working(config, [AWAY], random.Random(size.seed), size) as bench:
            if "idle" in wanted:
                idle(bench)
            if "busy" in wanted:
                busy(bench, given.rate, BASELINE, given.budget)
            if "verbs" in wanted:
                verbs(bench, folder)
    return 0


def prepared(folder: Path, url: str, size: Size) -> Config:
    file, began = folder / "maildesk.conf", time.monotonic()
    if file.exists():
        return load(file)
    folder.mkdir(exist_ok=True)
    file.write_text(text(url))
    config = load(file)
    store, _ = open_store(config, secrets.token_bytes)
    build(url, store, folder, size)
    sys.stdout.write(f"a store of {size.tickets} open tickets was made in {time.monotonic() - began:.0f} s\n")
    return config


if __name__ == "__main__":
    sys.exit(main())
