"""Who stands at the door: the people whose mail is held for consent and of whom a mail in hand speaks.

Called by store/facts for the few mails that let somebody in or ask for it: an answer to `consult`, an agent's
`#contact` or `#cc`, a stranger's next mail. Reads only, by fixed SQL; who is let in, policy says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from maildesk.mime.address import domain, normal
from maildesk.policy import script
from maildesk.policy.consult import CONSENT
from maildesk.policy.entitlement import NOT_IN_PLAN, NOT_SERVED
from maildesk.policy.gate import ASKING
from maildesk.store import people, tickets
from maildesk.store.match import Question
from maildesk.words import Address, Agent, Key, Knocking, Stranger, Ticket, Waiting, Writer

INSIDE = re.compile(CONSENT + r": ([A-Z][A-Z0-9]*-[0-9]+)")  # of one that was written into a ticket
_PARTS = re.compile(r"<mailto:[^<>]*>|[\s,;]")  # the first is what a mail client makes of an address
MOST = 20  # people one mail may speak of
MOST_HELD = 1000  # mails of one of them that one word lets in or keeps out, the oldest of them
NEWEST = 50  # mails that are looked at for a next one of the same writer: a forger may have sent ten thousand
ADMITS = ("contact", "cc")  # the agents' commands that name people
TURNED_AWAY = ("stranger", f"{NOT_SERVED}:", f"{NOT_IN_PLAN}:")
# CROSS, since SQLite would go over all that waits, and not by the index on the senders of held mail.
HELD_OF = """
    SELECT m.id, m.sender_name, h.reason FROM mail m CROSS JOIN held h
    WHERE m.sender = ? AND m.outcome = 'held' AND h.mail_id = m.id AND h.state = 'waiting' ORDER BY m.id"""
FIRST, LAST = f"{HELD_OF} LIMIT {MOST_HELD}", f"{HELD_OF} DESC LIMIT {NEWEST}"


# PostgreSQL: daemons that let people into one organisation do so one after the other, and each sees what was done.
IN_TURN = "UPDATE organisation SET name = name WHERE id = (SELECT organisation_id FROM domain WHERE name = ?)"


def knocking(
    ask: Question, writer: Writer, found: Sequence[Key], waiting: Waiting | None, ticket: Ticket | None
) -> tuple[Knocking, ...]:
    """One for each address, whether anything of it is held or not."""
    named = dict.fromkeys(each for each in _named(ask, writer, found, waiting, ticket) if each)
    if ask.store.postgres and not isinstance(writer, Stranger):
        for right in sorted({domain(each) for each in named}):
            ask.store.execute(IN_TURN, (right,))
    own = isinstance(writer, Stranger)
    return tuple(_knocking(ask, address, own=own) for address in list(named)[:MOST])


def taker(ask: Question, mail_id: int) -> Address | None:
    """Who took over the held mail that is run again."""
    row = ask.store.one("SELECT taker FROM held WHERE mail_id = ? AND taker <> ''", (mail_id,))
    return Address(row[0]) if row else None


def _named(
    ask: Question, writer: Writer, found: Sequence[Key], waiting: Waiting | None, ticket: Ticket | None
) -> Iterator[str]:
    if any(key.letter in ASKING for key in found):
        yield from _asked_about(waiting, ticket)
    if isinstance(writer, Agent):
        yield from _commanded(script.bare_subject(ask.mail.subject))
        yield from _commanded(ask.mail.said)
    elif isinstance(writer, Stranger):
        yield writer.address


def _asked_about(waiting: Waiting | None, ticket: Ticket | None) -> Iterable[str]:
    if waiting and waiting.sender:
        yield waiting.sender.address
    if ticket:
        yield from (each.person.address for each in ticket.newcomers if each.waits)


def _commanded(text: str) -> Iterator[str]:
    if not any(mark in text for mark in script.MARKS):
        return
    for line in script.read_text(text).lines:
        if line.word in ADMITS:
            words = _PARTS.split(line.argument)
            yield from (normal(word.lstrip("+-<").rstrip(">")) for word in words if "@" in word)


def _knocking(ask: Question, address: str, *, own: bool) -> Knocking:
    """Whoever was asked about has that in the reason of his newest mail, too."""
    rows = sorted(ask.store.all(LAST if own else FIRST, (address,)))
    names = {each[1] for each in rows}
    name = names.pop() if len(names) == 1 else ""  # whoever forges his address does not name him
    person, contacts = people.who(ask.store, Address(address, name), ask.config, ask.now, ask.staff)
    organisation = person.organisation if isinstance(person, Stranger) else None
    reasons = {ident: reason for ident, _, reason in rows}
    into = {ident: found[1] for ident, reason in reasons.items() if (found := INSIDE.match(reason))}
    mails = tuple(ident for ident, reason in reasons.items() if reason.startswith(CONSENT) and ident not in into)
    asked = any(reasons[ident] == CONSENT for ident in mails)
    away = tuple(ident for ident, reason in reasons.items() if reason.startswith(TURNED_AWAY))
    led = {reference: _survivor(ask, reference) for reference in set(into.values())}
    inside = tuple((led[reference], ident) for ident, reference in into.items())
    return Knocking(Address(address, name), organisation, contacts, mails, asked, away, inside)


def _survivor(ask: Question, reference: str) -> str:
    """Where what was written into a ticket belongs now that it may have gone into another."""
    found = tickets.survivor(ask.store, reference, ask.staff)
    return found.reference if found else reference
