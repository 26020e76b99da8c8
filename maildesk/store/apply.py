"""A ruling becomes rows: the mail's, its ticket's, the letters in the outbox, the history.

Called by the desk inside one ledger job, so that all of it is one commit. Every decision is matched here, once; a new
one is a class in words and a line in `_take`. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import assert_never

from maildesk.policy.intake import LETTER
from maildesk.store import apply_people as people
from maildesk.store import held, incidents
from maildesk.store.apply_change import change
from maildesk.store.apply_letters import Letters, Post, spend
from maildesk.store.apply_mail import Entry, filed, rescue
from maildesk.store.apply_ticket import Changes
from maildesk.store.database import Store
from maildesk.store.facts import receipt
from maildesk.store.recent import is_answer, mark_answered
from maildesk.words import (
    AddContact,
    AddMessage,
    Agent,
    AtTheDoor,
    Charge,
    Decision,
    DropHeld,
    Facts,
    FailLetter,
    FileAs,
    Hold,
    Letter,
    LinkTickets,
    MergeTicket,
    MoveMail,
    Nobody,
    OpenTicket,
    Ours,
    Outcome,
    Receipt,
    ReleaseHeld,
    Ruling,
    SendLetter,
    SetAway,
    SetField,
    SettleNewcomers,
    SpendKeys,
    SwapContact,
    Ticket,
    Visibility,
)

UNCOUNTED = (Outcome.SURVEY, Outcome.REQUEST, Outcome.DUPLICATE)  # a person's taps on a letter's links may be quick

__all__ = ["Letters", "apply", "apply_moment", "rescue"]


def apply(store: Store, ruling: Ruling, facts: Facts, packed: bytes, letters: Letters, now: datetime) -> Receipt:
    """Write what was ruled of a mail; `packed` are its bytes. A vouched mail is stored already and run again."""
    if facts.vouched and not held.is_released(store, facts.mail_id):
        return receipt(store, facts.mail_id)  # two sweeps took it; the first has done it
    work = Work(store, Post(store, letters, facts.mail_id, now), facts.queue, facts.ticket)
    entry = Entry(store, facts.mail_id, filed(facts.mail, ruling), facts.envelope)
    _count_answers(store, facts, ruling, now)
    work.take(ruling)
    ticket_id = work.ticket_id(ruling.ticket or _thread(ruling))
    if facts.vouched:
        entry.rewrite(ruling, ticket_id, now)
        held.done(store, facts.mail_id)
    else:
        entry.write(ruling, ticket_id, packed)
    work.finish()
    return Receipt(facts.mail_id, ruling.outcome, ruling.reason, ruling.ticket, ruling.refusal)


def apply_moment(
    store: Store,
    ruling: Ruling,
    ticket: Ticket | None,
    now: datetime,
    letters: Letters,
    *,
    wall: datetime | None = None,
) -> None:
    """Write what was ruled of a moment: no mail is in hand.

    `now` is the moment it was due, which stamps the history; `wall` the present, when its letters are to go.
    """
    work = Work(store, Post(store, letters, None, now, wall), ticket.queue if ticket else "")
    work.take(ruling)
    work.finish()


class Work:
    """One ruling on its way into the store."""

    def __init__(self, store: Store, post: Post, queue: str, loaded: Ticket | None = None) -> None:
        self.store = store
        self.post = post
        self.now = post.now
        self.mail_id = post.mail_id
        self.queue = queue
        self.loaded = loaded  # the ticket that a mail belongs to, as this transaction has read it
        self.tickets: dict[str, Changes] = {}
        self.letters: list[Letter] = []
        self.later: list[Callable[[], object]] = []  # what refers to the mail's row, and so comes after it

    def take(self, ruling: Ruling) -> None:
        for decision in ruling.decisions:
            self._take(decision)
        for changes in self.tickets.values():
            changes.write()

    def finish(self) -> None:
        for act in self.later:
            act()
        self.post.send([(letter, self._ticket_of(letter)) for letter in self.letters])
        for changes in self.tickets.values():
            changes.write()

    def ticket(self, reference: str) -> Changes:
        if reference not in self.tickets:
            loaded = self.loaded if self.loaded and self.loaded.reference == reference else None
            self.tickets[reference] = Changes(self.store, reference, self.now, loaded=loaded)
        return self.tickets[reference]

    def ticket_id(self, reference: str) -> int | None:
        return self.ticket(reference).ident if reference else None

    def _take(self, decision: Decision) -> None:  # noqa: C901, PLR0912 - one flat match
        match decision:
            case OpenTicket(ticket):
                self.tickets[ticket.reference] = Changes(self.store, ticket.reference, self.now, opens=ticket)
            case AddMessage(reference, visibility, by):
                self._add_message(reference, visibility, by)
            case SendLetter(letter):
                self.letters.append(letter)
            case SpendKeys(serials):
                spend(self.store, serials)
            case FailLetter():
                self._fail(decision)
            case FileAs():
                pass  # the mail's row is written so
            case Hold() | ReleaseHeld() | DropHeld() | AddContact() | SwapContact():
                self._at_the_door(decision)
            case Charge():
                incidents.record(self.store, decision, self.now)
            case SetAway(agent, until, deputy):
                people.leave_desk(self.store, agent, until, deputy)
            case MergeTicket(reference, into, by):
                self.later.append(partial(self._merge, reference, into, by))
            case MoveMail(id, _, into, _):
                self.later.append(partial(self._move, id, into))
            case LinkTickets(reference, other, by):
                self.later.append(partial(self._link, reference, other, by))
            case _:
                change(self.ticket(decision.reference), decision)

    def _at_the_door(self, decision: AtTheDoor) -> None:
        match decision:
            case Hold(reason, until):
                self.later.append(partial(self._park, reason, until))
            case ReleaseHeld(id, answer, by, taker):
                held.release(self.store, id, answer, by, taker)
            case DropHeld(id, reason, by):
                held.drop(self.store, id, reason, self.now, by)
            case AddContact(organisation, person):
                people.enter(self.store, organisation, person)
            case SwapContact(organisation, old, person):
                people.leave(self.store, organisation, old)
                people.enter(self.store, organisation, person)
            case _:
                assert_never(decision)

    def _add_message(self, reference: str, visibility: Visibility, by: str) -> None:
        opened = any(name == "opened" for name, _, _ in self.ticket(reference).events)
        if not opened:
            name = "noted" if visibility is Visibility.NOTE else "message"
            self.ticket(reference).event(name, by, mail=self.mail_id)

    def _ticket_of(self, letter: Letter) -> int | None:
        return None if letter.about.startswith("held-") else self.ticket_id(letter.about)

    def _fail(self, failed: FailLetter) -> None:
        reference = self.post.fail(failed)
        if reference:
            self.ticket(reference).event("letter_failed", failed.address, status=failed.status, letter=failed.serial)

    def _park(self, reason: str, until: datetime | None) -> None:
        if self.mail_id is None:
            raise AssertionError("there is no mail in hand to hold")
        held.park(self.store, self.mail_id, reason, self.queue, until)

    def _link(self, reference: str, other: str, by: str) -> None:
        """Both ways, when the other is a ticket of ours and no address of a bug tracker."""
        self.ticket(reference).link(other, by)
        if self.store.one("SELECT id FROM ticket WHERE reference = ?", (other,)):
            self.ticket(other).link(reference, by)

    def _move(self, ident: int, into: str) -> None:
        self.store.execute("UPDATE mail SET ticket_id = ? WHERE id = ?", (self.ticket_id(into), ident))

    def _merge(self, reference: str, into: str, by: str) -> None:
        incidents.move(self.store, reference, into)
        self.ticket(reference).merge_into(into, by)
        self.ticket(into).event("merged_here", by, other=reference)


def _thread(ruling: Ruling) -> str:
    return next((each.reference for each in ruling.decisions if isinstance(each, AddMessage)), "")


def _count_answers(store: Store, facts: Facts, ruling: Ruling, now: datetime) -> None:
    """The loop guard (promise P19): who answers automatic letters at once, again and again, is no person."""
    if isinstance(facts.writer, Agent | Nobody | Ours) or ruling.outcome in UNCOUNTED or facts.recent.ongoing == 0:
        return
    asked = (SetField,) if any(key.letter == LETTER for key in facts.keys[:1]) else ()
    if any(isinstance(each, (ReleaseHeld, DropHeld, SettleNewcomers, *asked)) for each in ruling.decisions):
        return  # he did what a letter had asked him to
    if facts.mail.sender and is_answer(facts.mail, facts.keys):
        mark_answered(store, facts.mail.sender.address, now)
