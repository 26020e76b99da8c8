"""Newcomers: people from outside whom a conversation names, or who write into it, and the word that lets them in.

Called by customers for each mail that is taken in, and by the rules for who writes into a ticket and for the
requester's answer. Until the requester or an agent says yes, a newcomer gets nothing and nothing of his is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from maildesk.config import Config
from maildesk.policy import strangers
from maildesk.policy.audience import MOST_PEOPLE, barred, joining, outsiders
from maildesk.policy.consult import CAPPED, CONSENT, most
from maildesk.policy.gate import admitted, doubted, vouched_newcomer
from maildesk.policy.held import hold
from maildesk.policy.letter import to_customer
from maildesk.policy.notice import agent_update
from maildesk.policy.tickets import Change
from maildesk.words import (
    Address,
    Decision,
    DropHeld,
    Facts,
    ReleaseHeld,
    Ruling,
    SendLetter,
    Stranger,
    Ticket,
    Verdict,
)

MOST = 20  # whom a ticket's requester is ever asked about: a forger may name a thousand
MOST_UNASKED = 10  # of these that write in by themselves: there must be room for whom people name


def taken_in(change: Change, facts: Facts, config: Config) -> Change:
    """Who joins by this participant's mail does, and the requester is asked about whom else it names."""
    change = change.add_participants(joining(facts, change.ticket, config))
    sender = facts.mail.sender
    if sender and vouched_newcomer(facts):
        change = let_in(change, (sender.address,), facts)
    people = outsiders(facts, change.ticket, config)[: _room(change.ticket)]
    if not people or facts.envelope.quiet:  # of an import nobody would hear
        return change
    change = change.ask_newcomers(people)
    return change.also(_consult(change.ticket, people, facts))


def let_in(change: Change, addresses: Iterable[str], facts: Facts) -> Change:
    """They take part from now on, and what they wrote into this ticket is handled."""
    wanted = tuple(addresses)
    known = {person.address for person in change.ticket.people}
    change = change.add_participants(tuple(Address(each) for each in wanted if each not in known))
    released = (ReleaseHeld(ident, "allow", change.by) for ident in _inside(change.ticket, wanted, facts))
    return change.settle_newcomers(wanted, "allow").also(*released)


def keep_out(change: Change, addresses: Iterable[str], facts: Facts) -> Change:
    """They get no more copies, or never any, and what they wrote into this ticket is dropped."""
    wanted = tuple(addresses)
    change = change.remove_participants(wanted).settle_newcomers(wanted, "refuse")
    return change.also(*(DropHeld(each, "not let in", change.by) for each in _inside(change.ticket, wanted, facts)))


def writes_in(facts: Facts, config: Config) -> bool:
    """Whether somebody from outside answers what was written in a ticket at work.

    A reference can be guessed, and a keyed address can be given to a machine that writes to it (T1, T3): neither is an
    answer.
    """
    ticket, writer = facts.ticket, facts.writer
    if ticket is None or not isinstance(writer, Stranger) or facts.envelope.quiet:
        return False
    if facts.vouched or admitted(facts):
        return False
    if not _cites(facts, ticket) or ticket.closed or barred(writer.address, facts, config):
        return False
    known = next((each for each in ticket.newcomers if each.person.address == writer.address), None)
    return known.waits if known else _room(ticket, MOST_UNASKED) > 0


def waits(facts: Facts, config: Config) -> Ruling | None:
    """His mail is held, the requester and the agents hear of him, and he himself what every stranger hears."""
    ticket, writer = facts.ticket, facts.writer
    if ticket is None or not isinstance(writer, Stranger):
        return None
    person = Address(writer.address)  # his own words for himself are not repeated
    change, reason = _asked(Change(ticket, max(facts.now, ticket.latest), ""), person, facts, config)
    told = () if _inside(ticket, (writer.address,), facts) else _agents_hear(change.ticket, person, facts, config)
    return hold(facts, config, reason, *change.decisions, *told, *_notice(facts, config))


def _asked(change: Change, person: Address, facts: Facts, config: Config) -> tuple[Change, str]:
    """The requester is asked, once and for all; and the reason that the mail is held with."""
    reason = f"{CONSENT}: {change.ticket.reference}"
    if any(each.person.address == person.address for each in change.ticket.newcomers):
        return change, reason
    change = change.ask_newcomers((person,))
    if facts.recent.consults >= most(config, doubted=doubted(facts)):
        return change, f"{reason}; {CAPPED}"
    return change.also(_consult(change.ticket, (person,), facts)), reason


def _cites(facts: Facts, ticket: Ticket) -> bool:
    """Whether the mail names a Message-ID of the ticket's, ours or a participant's."""
    if facts.matched in ("message-id", "keyed message-id"):
        return True
    of_ours = f"{ticket.reference}."
    return facts.matched == "keyed address" and any(
        ident in ticket.thread or ident.upper().startswith(of_ours) for ident in facts.mail.cited
    )


def _room(ticket: Ticket, most_newcomers: int = MOST) -> int:
    return max(0, min(most_newcomers - len(ticket.newcomers), MOST_PEOPLE - len(ticket.people)))


def _inside(ticket: Ticket, addresses: tuple[str, ...], facts: Facts) -> list[int]:
    """The held mails of these people that were written into this ticket."""
    held = (each for knocking in facts.knocking if knocking.person.address in addresses for each in knocking.inside)
    return [ident for reference, ident in held if reference == ticket.reference and ident != facts.mail_id]


def _consult(ticket: Ticket, people: tuple[Address, ...], facts: Facts) -> SendLetter:
    """It names the people and quotes nothing: what an outsider wrote is nobody's to read before he is let in (T1)."""
    context = {
        "kind": "ticket",
        "people": [name.address for name in people],
        "received": facts.envelope.received,
        "subject": "",
        "text": "",
        "organisation": "",
        "plan": "",
        "places": 0,
        "contacts": [],
        "until": None,
    }
    return to_customer("consult", ticket, ticket.requester, facts.colleagues, context=context)


def _agents_hear(ticket: Ticket, person: Address, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    """His words only where our own mail servers vouch for him, and never his files."""
    bare = replace(facts.mail, sender=person, attachments=(), html="", html_said="", seals=())
    text = (facts.mail.said or facts.mail.text) if facts.verdict is Verdict.PASS else ""
    return agent_update("newcomer", ticket, replace(facts, mail=bare, writer=Stranger(person.address)), config, text)


def _notice(facts: Facts, config: Config) -> list[Decision]:
    """What any other stranger's mail would bring him: he cannot tell that he has found a ticket (T24)."""
    ordinary = strangers.of_organisation(facts, config) or strangers.of_none(facts, config)
    sent = (each for each in ordinary.decisions if isinstance(each, SendLetter))
    return [each for each in sent if each.letter.name == "redirect"]
