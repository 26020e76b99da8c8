"""The one path of a mail: bytes and an envelope in, a committed receipt out.

Doors and verbs call `receive`; whoever frees a parked mail calls `release`. Each mail is read by a reader
process, then ruled on and stored by one ledger job; the future resolves after the commit and never before. It
decides nothing itself: policy does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from maildesk.config import Config
from maildesk.desk import proof, sealed_proof
from maildesk.desk.canned import with_canned
from maildesk.desk.proof import Checked, Question
from maildesk.desk.readers import Reading
from maildesk.desk.verdicts import judged, verdict
from maildesk.journal import Journal
from maildesk.letters.answers import Answers
from maildesk.letters.render import Fulfilled
from maildesk.mime.keyless import keyless
from maildesk.policy.decide import decide
from maildesk.store import held
from maildesk.store.apply import apply, rescue
from maildesk.store.database import Store
from maildesk.store.facts import already, gather
from maildesk.store.ledger import Ledger
from maildesk.words import Envelope, Facts, Later, Letter, Order, Receipt, ReleaseHeld, Ruling, Verdict
from maildesk.words.frozen import frozen

Clock = Callable[[], datetime]
T = TypeVar("T")


class Reads(Protocol):
    def read(self, raw: bytes) -> Future[Reading]: ...


class Checks(Protocol):
    def check(self, packed: bytes, question: Question) -> Future[Checked]: ...


class Writes(Protocol):
    """Letters, written here or by a scribe."""

    def message_id(self, letter: Letter, serial: int) -> str: ...
    def written(self, orders: Sequence[Order]) -> list[Fulfilled]: ...


@frozen
class Settings:
    """What a reload exchanges, all at once."""

    config: Config
    secrets: tuple[bytes, ...]
    letters: Writes
    answers: Answers


@frozen
class Handled:
    receipt: Receipt
    door: str = ""
    rule: str = ""
    released: tuple[int, ...] = ()  # parked mails that this one set free


class Desk:
    def __init__(
        self, settings: Settings, ledger: Ledger, readers: Reads, provers: Checks, clock: Clock, journal: Journal
    ) -> None:
        self.settings = settings
        self.ledger = ledger
        self.readers = readers
        self.provers = provers
        self.clock = clock
        self.journal = journal
        self.unanswered: set[Future[Receipt]] = set()  # of mails that doors have handed over

    def receive(self, raw: bytes, envelope: Envelope) -> Future[Receipt]:
        """The receipt comes after the commit; `Later` when nothing was stored and the sender keeps the mail."""
        answer: Future[Receipt] = Future()
        self.unanswered.add(answer)
        answer.add_done_callback(self.unanswered.discard)
        _then(self.readers.read(raw), answer, lambda reading: self._store(reading, envelope, answer))
        return answer

    def release(self, mail_id: int) -> Future[Receipt]:
        """Handle a parked mail again, as vouched for. `Later` leaves it to the next sweep."""
        answer: Future[Receipt] = Future()

        def read_again(parked: tuple[bytes, Envelope]) -> None:
            raw, envelope = parked
            _then(self.readers.read(raw), answer, lambda reading: self._store(reading, envelope, answer, mail_id))

        _then(self.ledger.submit(lambda store: held.take(store, mail_id)), answer, read_again)
        return answer

    def explain(self, raw: bytes, envelope: Envelope) -> tuple[Facts, Ruling]:
        """What would become of a mail; nothing of it stays in the store."""
        reading = self.readers.read(raw).result()
        if asked := self._question(reading, envelope):
            reading = replace(reading, checked=self.provers.check(reading.packed, asked).result())

        def ask(store: Store) -> tuple[Facts, Ruling]:
            with store.undone():
                return rule(store, self.settings, reading, envelope, self.clock())

        facts, ruling = self.ledger.submit(ask).result()
        return replace(facts, checked=reading.checked.told), ruling

    def rehearse(self, mails: Iterable[tuple[bytes, Envelope]]) -> list[Receipt]:
        """What would become of mails that come one after the other; nothing of it stays in the store."""
        readings = ((self.readers.read(raw).result(), envelope) for raw, envelope in mails)

        def play(store: Store) -> list[Receipt]:
            with store.undone():
                return [handle(store, self.settings, *each, self.clock()).receipt for each in readings]

        return self.ledger.submit(play, single=True).result()

    def _store(self, reading: Reading, envelope: Envelope, answer: Future[Receipt], mail_id: int = 0) -> None:
        """A mail whose writer is to be looked at waits for that before it comes to the ledger."""
        asked = None if mail_id else self._question(reading, envelope)
        if asked is None:
            self._keep(reading, envelope, answer, mail_id)
            return

        def go_on(checked: Checked) -> None:
            self.journal.checked(message_id=keyless(reading.mail.message_id), door=envelope.door, results=checked.told)
            self._keep(replace(reading, checked=checked), envelope, answer)

        _then(self.provers.check(reading.packed, asked), answer, go_on)

    def _question(self, reading: Reading, envelope: Envelope) -> Question | None:
        """None where our mail servers have said it already, and as a rule: most desks have theirs look."""
        config = self.settings.config
        asked = proof.question(reading.mail, envelope, config)
        return asked if asked and verdict(reading.mail, envelope, config.gate) is Verdict.NONE else None

    def _keep(self, reading: Reading, envelope: Envelope, answer: Future[Receipt], mail_id: int = 0) -> None:
        settings = self.settings

        def run(store: Store) -> Handled:
            return handle(store, settings, reading, envelope, self.clock(), mail_id)

        def park(store: Store, error: Exception) -> Handled:
            receipt = rescue(store, reading.packed, reading.mail, envelope, error, self.clock(), mail_id)
            self.journal.parked(id=receipt.id, error=error)
            return Handled(receipt, envelope.door, "fault")

        job = self.ledger.submit(run, park, size=len(reading.packed))
        _then(job, answer, lambda handled: self._answer(handled, answer))

    def _answer(self, handled: Handled, answer: Future[Receipt]) -> None:
        receipt = handled.receipt
        self.journal.accepted(
            id=receipt.id, door=handled.door, outcome=receipt.outcome, ticket=receipt.ticket, rule=handled.rule
        )
        self._release_all(handled.released, lambda: answer.set_result(receipt))

    def _release_all(self, mail_ids: tuple[int, ...], then: Callable[[], None]) -> None:
        """One after the other; what fails now is left to the next sweep."""
        if not mail_ids:
            then()
            return
        self.release(mail_ids[0]).add_done_callback(lambda _: self._release_all(mail_ids[1:], then))


def handle(
    store: Store, settings: Settings, reading: Reading, envelope: Envelope, now: datetime, mail_id: int = 0
) -> Handled:
    """One mail inside one transaction. `mail_id` names a parked mail that is handled again."""
    earlier = already(store, envelope.source) if not mail_id else None
    if earlier is not None:
        return Handled(earlier, envelope.door, "offered-again")
    facts, ruling = rule(store, settings, reading, envelope, now, mail_id)
    receipt = apply(store, ruling, facts, reading.packed, settings.letters, now)
    released = tuple(each.id for each in ruling.decisions if isinstance(each, ReleaseHeld))
    return Handled(receipt, envelope.door, ruling.rules[-1], released)


def rule(
    store: Store, settings: Settings, reading: Reading, envelope: Envelope, now: datetime, mail_id: int = 0
) -> tuple[Facts, Ruling]:
    config, mail = settings.config, reading.mail
    if envelope.cut:  # the door has only its header
        mail = replace(mail, unreadable=envelope.cut)
    found = verdict(mail, envelope, config.gate, reading.checked)
    if found is Verdict.NONE and sealed_proof.proves(mail, envelope, config):
        found = Verdict.PASS
    facts = gather(
        store,
        mail,
        envelope,
        now,
        config,
        settings.secrets,
        found,
        vouched=bool(mail_id),
        mail_id=mail_id,
        judged=judged(mail, envelope, config.gate, reading.checked),
    )
    facts = with_canned(facts, settings.answers, config)
    return facts, decide(facts, config)


def _then(first: Future[T], answer: Future[Any], step: Callable[[T], None]) -> None:
    """Go on with `step` when `first` is there; what went wrong goes to `answer` as Later."""

    def done(future: Future[T]) -> None:
        error = future.exception()
        if error is None:
            step(future.result())
        elif isinstance(error, Later):
            answer.set_exception(error)
        else:
            later = Later()
            later.__cause__ = error
            answer.set_exception(later)

    first.add_done_callback(done)
