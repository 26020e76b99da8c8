"""Decisions as sentences: what `why` and `explain` print, and what the ledger row keeps.

A sentence names references, addresses, letters and values of fields, never a token and never the text of a mail.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from maildesk.store.stamps import rfc3339
from maildesk.words import (
    AddContact,
    AddMessage,
    AddParticipants,
    Address,
    AddWork,
    AskNewcomers,
    AtTheDoor,
    Charge,
    Clocks,
    Decision,
    DropHeld,
    FailLetter,
    FileAs,
    Hold,
    LinkTickets,
    MergeTicket,
    MoveMail,
    OnPeople,
    OnTicket,
    OnWork,
    OpenSurvey,
    OpenTicket,
    RecordEvent,
    RecordMark,
    ReleaseHeld,
    RemoveParticipants,
    Schedule,
    SendLetter,
    SetAnswered,
    SetAppointment,
    SetAway,
    SetCategory,
    SetClocks,
    SetField,
    SetForecast,
    SetLevel,
    SetOwner,
    SetQueue,
    SetReminded,
    SetSeverity,
    SetStage,
    SetStatus,
    SetSurveyDue,
    SettleNewcomers,
    SpendKeys,
    SwapContact,
)


def tell(decision: Decision) -> str:  # noqa: C901, PLR0911, PLR0912 - one flat match
    """One decision as one sentence without a full stop."""
    match decision:  # the frequent ones first, here and below
        case SendLetter(letter):
            about = f" about {letter.about}" if letter.about else ""
            return f"send {letter.name} to {letter.to.address}{about}{_held(letter.held)}"
        case OpenTicket(ticket):
            return f"open {ticket.reference} in queue {ticket.queue} for {ticket.requester.address}"
        case AddMessage(reference, visibility, by):
            return f"add the mail to {reference} as {visibility.value}, by {by}"
        case FileAs(_, attachments):
            return f"keep in the thread what is public of it, with {len(attachments)} attachments"
        case LinkTickets(reference, other, by):
            return f"{reference}: link to {other}{_word(by)}"
        case SpendKeys(serials):
            return f"believe the keys of {_letters(serials)} no more"
        case FailLetter(serial, address, status, pause_until):
            pause = f", no automatic letters until {rfc3339(pause_until)}" if pause_until else ""
            return f"letter {serial} to {address} came back with {status or 'no code'}{pause}"
        case MoveMail(id, reference, into, by):
            return f"move mail {id} of {reference} to {into}, by {by}"
        case MergeTicket(reference, into, by):
            return f"{reference}: goes into {into}, by {by}"
        case Charge(organisation, amount, kind, _, by, reference):
            about = f" for {reference}" if reference else ""
            return f"{amount:+d} incidents for {organisation}{about} ({kind}), by {by}"
        case SetAway(agent, until, deputy, by):
            stands_in = f", {deputy.name} stands in" if deputy else ""
            return (
                f"{agent.name} is away{_until(until)}{stands_in}, by {by}"
                if until
                else f"{agent.name} is back, by {by}"
            )
        case Hold() | ReleaseHeld() | DropHeld() | AddContact() | SwapContact():
            return _at_the_door(decision)
        case _:
            return _on_ticket(decision)


def _at_the_door(decision: AtTheDoor) -> str:
    match decision:
        case Hold(reason, until):
            return f"hold the mail as {reason}{_until(until)}"
        case ReleaseHeld(id, _, by, taker):
            return f"handle held mail {id} now{_word(by)}{f', as the matter of {taker}' if taker else ''}"
        case DropHeld(id, reason, by):
            return f"drop held mail {id}: {reason}{_word(by)}"
        case AddContact(organisation, person, by):
            return f"make {person.address} a contact of {organisation}, by {by}"
        case SwapContact(organisation, old, person, by):
            return f"put {person.address} in the place of {old} as a contact of {organisation}, by {by}"
        case _:
            assert_never(decision)


def _on_ticket(decision: OnTicket) -> str:  # noqa: C901, PLR0912 - one flat match
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
        case AddParticipants() | RemoveParticipants() | AskNewcomers() | SettleNewcomers():
            reference, said = decision.reference, _on_people(decision)
        case SetLevel(reference, level, by):
            said = f"set the level to {level}, by {by}"
        case SetCategory(reference, category, by):
            said = f"set the category to {category}, by {by}" if category else f"take its category away, by {by}"
        case SetQueue(reference, queue, address, by):
            said = f"move it to queue {queue}, letters go from {address}, by {by}"
        case SetClocks(reference, clocks):
            said = f"set its clocks: {_on_clocks(clocks)}"
        case SetReminded(reference):
            said = "remember that its closing was announced"
        case SetSurveyDue(reference, at):
            said = f"send its survey at {rfc3339(at)}" if at else "send it no survey"
        case OpenSurvey(reference, address, valid_until):
            said = f"take marks from {address} until {rfc3339(valid_until)}"
        case RecordMark(reference, address, mark, _, reasons):
            said = f"record mark {mark} by {address}{f', with {len(reasons)} reasons' if reasons else ''}"
        case RecordEvent(reference, event, by, detail):
            said = f"note the event {event}{f' ({detail})' if detail else ''}, by {by}"
        case SetField() | SetStage() | SetForecast() | AddWork() | SetAppointment():
            reference, said = decision.reference, _on_work(decision)
        case _:
            assert_never(decision)
    return f"{reference}: {said}"


def _on_work(decision: OnWork) -> str:
    match decision:
        case SetField(_, field, value, by):
            return f'set the field {field} to "{value}"{_word(by)}' if value else f"empty the field {field}{_word(by)}"
        case SetStage(_, stage, by):
            return f"set the stage to {stage}, by {by}"
        case SetForecast(_, on, by):
            return f"expect work to begin on {on.isoformat()}, by {by}"
        case AddWork(_, minutes, channel, by):
            return f"add {minutes} minutes of work{f' ({channel})' if channel else ''}, by {by}"
        case SetAppointment(_, appointment, _, by):
            times = f"{rfc3339(appointment.starts)} to {rfc3339(appointment.ends)}"
            return f"appointment {appointment.state}, {times}, by {by}"
        case _:
            assert_never(decision)


def _on_clocks(clocks: Clocks) -> str:
    waits = f"a further answer is waited for since {rfc3339(clocks.asked)}" if clocks.asked else ""
    warned = "".join(f", {name} announced" for name, _ in clocks.warned)
    missed = "".join(f", {name} missed" for name, _ in clocks.missed)
    return f"{waits or 'no further answer is waited for'}{warned}{missed}"


def _on_people(decision: OnPeople) -> str:
    match decision:
        case AddParticipants(_, people, by):
            return f"add {_named(people)}, by {by}"
        case RemoveParticipants(_, addresses, by):
            return f"{', '.join(addresses)} gets no more copies, by {by}"
        case AskNewcomers(_, people):
            return f"{_named(people)} stays outside until somebody says yes"
        case SettleNewcomers(_, addresses, answer, by):
            return f"{', '.join(addresses)} may {'' if answer == 'allow' else 'not '}join, by {by}"
        case _:
            assert_never(decision)


def _named(people: tuple[Address, ...]) -> str:
    return ", ".join(each.address for each in people)


def _word(by: str) -> str:
    return f", by {by}" if by else ""


def _held(reason: str) -> str:
    return f", held: {reason}" if reason else ""


def _until(at: datetime | None) -> str:
    return f" until {rfc3339(at)}" if at else ""


def _letters(serials: tuple[int, ...]) -> str:
    return f"letter {serials[0]}" if len(serials) == 1 else f"letters {', '.join(map(str, serials))}"
