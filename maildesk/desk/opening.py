"""Opening a desk: store, schema, key and letters, in the order in which each can refuse.

The daemon does it once at start, a verb for as long as it runs. What is wrong comes as one of the errors of
store/errors or as KeyTrouble, with a sentence that says what to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from maildesk.config import Config
from maildesk.desk.desk import Checks, Clock, Desk, Settings, Writes
from maildesk.desk.provers import Provers
from maildesk.desk.readers import Readers
from maildesk.desk.storeroom import Entropy, open_store
from maildesk.desk.unsealing import Unsealing
from maildesk.journal import Journal
from maildesk.letters.answers import Answers
from maildesk.letters.render import Letters
from maildesk.policy.letter import alarm
from maildesk.store.apply import apply_moment
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger
from maildesk.words import Outcome, Ruling

READING_DEADLINE = 10.0  # seconds of CPU that one mail may take (P8, P28)
READERS = max(1, min(4, (os.cpu_count() or 2) - 1))
STOP_WITHIN = 10.0

Writer = Callable[[Config, tuple[bytes, ...], Callable[[str], None]], Writes]  # of letters; the last hears of faults


def build_desk(  # noqa: PLR0913
    config: Config,
    secrets: tuple[bytes, ...],
    ledger: Ledger,
    readers: Readers,
    clock: Clock,
    journal: Journal,
    *,
    provers: Checks,
    writer: Writer = Letters,
) -> Desk:
    settings = _settings(config, secrets, ledger, clock, journal, writer)
    unsealing = Unsealing(readers, lambda: desk.settings.config.crypto)
    desk = Desk(settings, ledger, unsealing, provers, clock, journal)
    return desk


def configure(desk: Desk, config: Config, secrets: tuple[bytes, ...], writer: Writer = Letters) -> None:
    """Exchange what a reload may exchange, all at once."""
    desk.settings = _settings(config, secrets, desk.ledger, desk.clock, desk.journal, writer)


def _settings(
    config: Config, secrets: tuple[bytes, ...], ledger: Ledger, clock: Clock, journal: Journal, writer: Writer
) -> Settings:
    """Their letters tell of a broken template by an alarm, which is a job of its own."""

    def sound_alarm(fault: str) -> None:
        def tell(store: Store) -> None:
            ruling = Ruling(Outcome.MESSAGE, "alarm", ("alarm",), (alarm(config, "a template is broken", fault),))
            apply_moment(store, ruling, None, clock(), letters)

        journal.template_broken(fault=fault)
        ledger.submit(tell)

    letters = writer(config, secrets, sound_alarm)
    return Settings(config, secrets, letters, Answers(config))


@contextmanager
def open_desk(config: Config, *, clock: Clock, journal: Journal, entropy: Entropy) -> Iterator[Desk]:
    """A desk for a verb: the same path as the daemon's, without doors. Letters wait in the outbox."""
    store, secrets = open_store(config, entropy)
    ledger = Ledger(store, journal)
    readers = Readers(1, READING_DEADLINE, journal=journal)
    provers = Provers(journal, count=1)
    ledger.start()
    readers.start()
    try:
        yield build_desk(config, secrets, ledger, readers, clock, journal, provers=provers)
    finally:
        readers.stop(STOP_WITHIN)
        provers.stop()
        ledger.stop(STOP_WITHIN)
        store.close()
