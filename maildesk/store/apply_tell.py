"""Decisions as sentences: what `why` and `explain` print, and what the ledger row keeps.

A sentence names references, addresses and letters, never a token and never the text of a mail.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from maildesk.store.stamps import rfc3339
from maildesk.words import (
    AddMessage,
    AddParticipants,
    Decision,
    DropHeld,
    FailLetter,
    Hold,
    LinkTickets,
    OnTicket,
    OpenSurvey,
    OpenTicket,
    RecordEvent,
    RecordMark,
    ReleaseHeld,
    Schedule,
    SendLetter,
    SetAnswered,
    SetOwner,
    SetReminded,
    SetSeverity,
    SetStatus,
    SetSurveyDue,
    SpendKeys,
)


def tell(decision: Decision) -> str:  # noqa: PLR0911 - one flat match
    """One decision as one sentence without a full stop."""
    match decision:  # the frequent ones first, here and below
        case SendLetter(letter):
            about = f" about {letter.about}" if letter.about else ""
            return f"send {letter.name} to {letter.to.address}{about}{_held(letter.held)}"
        case OpenTicket(ticket):
            return f"open {ticket.reference} in queue {ticket.queue} for {ticket.requester.address}"
        case AddMessage(reference, visibility, by):
            return f"add the mail to {reference} as {visibility.value}, by {by}"
        case LinkTickets(reference, other):
            return f"{reference}: link to {other}"
        case SpendKeys(serials):
            return f"believe the keys of {_letters(serials)} no more"
        case FailLetter(serial, address, status, pause_until):
            pause = f", no automatic letters until {rfc3339(pause_until)}" if pause_until else ""
            return f"letter {serial} to {address} came back with {status or 'no code'}{pause}"
        case Hold(reason, until):
            return f"hold the mail as {reason}{_until(until)}"
        case ReleaseHeld(id):
            return f"handle held mail {id} now"
        case DropHeld(id, reason):
            return f"drop held mail {id}: {reason}"
        case _:
            return _on_ticket(decision)


def _on_ticket(decision: OnTicket) -> str:  # noqa: C901 - one flat match
    match decision:
        case Schedule(reference, at):
            said = f"look again at {rfc3339(at)}" if at else "time has nothing more to do with it"
        case SetStatus(reference, status, by):
            said = f"set the status to {status.value}, by {by}"
        case SetOwner(reference, owner, by):
            said = f"give it to {owner.name}, by {by}" if owner else f"take its owner away, by {by}"
        case SetSeverity(reference, severity, by):
            said = f"set the severity to {int(severity)}, by {by}"
        case SetAnswered(reference, kind, by):
            said = f"first answered by {by} ({kind})"
        case AddParticipants(reference, people, by):
            said = f"add {', '.join(each.address for each in people)}, by {by}"
        case SetReminded(reference):
            said = "remember that its closing was announced"
        case SetSurveyDue(reference, at):
            said = f"send its survey at {rfc3339(at)}" if at else "send it no survey"
        case OpenSurvey(reference, address, valid_until):
            said = f"take marks from {address} until {rfc3339(valid_until)}"
        case RecordMark(reference, address, mark, _):
            said = f"record mark {mark} by {address}"
        case RecordEvent(reference, event, by, detail):
            said = f"note the event {event}{f' ({detail})' if detail else ''}, by {by}"
        case _:
            assert_never(decision)
    return f"{reference}: {said}"


def _held(reason: str) -> str:
    return f", held: {reason}" if reason else ""


def _until(at: datetime | None) -> str:
    return f" until {rfc3339(at)}" if at else ""


def _letters(serials: tuple[int, ...]) -> str:
    return f"letter {serials[0]}" if len(serials) == 1 else f"letters {', '.join(map(str, serials))}"
