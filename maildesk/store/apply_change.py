"""What changes one ticket by itself: each such decision becomes a step of its `Changes`.

Called by store/apply. Every one is matched here, once. Nothing is decided here.
"""

from __future__ import annotations

from typing import assert_never

from maildesk.store.apply_ticket import Changes
from maildesk.store.apply_work import change_work
from maildesk.store.clocks import written
from maildesk.store.moments import micros
from maildesk.words import (
    AddParticipants,
    AddWork,
    AskNewcomers,
    OnPeople,
    OnTicket,
    OpenSurvey,
    RecordEvent,
    RecordMark,
    RemoveParticipants,
    Schedule,
    SetAnswered,
    SetAppointment,
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
)


def change(ticket: Changes, decision: OnTicket) -> None:  # noqa: C901, PLR0912 - one flat match
    match decision:
        case SetStatus(_, status, by):
            ticket.set_status(status, by)
        case SetOwner(_, owner, by):
            ticket.set_owner(owner, by)
        case SetSeverity(_, severity, by):
            ticket.set_severity(severity, by)
        case SetAnswered(_, kind, by):
            ticket.set_answered(kind, by)
        case AddParticipants() | RemoveParticipants() | AskNewcomers() | SettleNewcomers():
            _change_people(ticket, decision)
        case SetLevel(_, level, by):
            ticket.set_level(level, by)
        case SetCategory(_, category, by):
            ticket.set_category(category, by)
        case SetQueue(_, queue, address, by):
            ticket.set_queue(queue, address, by)
        case SetClocks(_, clocks):
            ticket.columns["clocks"] = written(clocks)
        case SetReminded():
            ticket.set_reminded()
        case SetSurveyDue(_, at):
            ticket.columns["survey_due"] = None if at is None else micros(at)
        case OpenSurvey(_, address, valid_until):
            ticket.open_survey(address, valid_until)
        case RecordMark(_, address, mark, comment, reasons):
            ticket.record_mark(address, mark, comment, reasons)
        case Schedule(_, at):
            ticket.columns["next_check"] = None if at is None else micros(at)
        case RecordEvent(_, event, by, detail):
            ticket.event(event, by, **({"detail": detail} if detail else {}))
        case SetField() | SetStage() | SetForecast() | AddWork() | SetAppointment():
            change_work(ticket, decision)
        case _:
            assert_never(decision)


def _change_people(ticket: Changes, decision: OnPeople) -> None:
    match decision:
        case AddParticipants(_, people, by):
            ticket.add_participants(people, by)
        case RemoveParticipants(_, addresses, by):
            ticket.remove_participants(addresses, by)
        case AskNewcomers(_, people):
            ticket.ask_newcomers(people)
        case SettleNewcomers(_, addresses, answer, by):
            ticket.settle_newcomers(addresses, answer, by)
        case _:
            assert_never(decision)
