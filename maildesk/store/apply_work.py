"""What agents do on a ticket besides answering it becomes columns, rows and history.

Called by store/apply for `OnWork`. Nothing is decided here.
"""

from __future__ import annotations

import json
from typing import assert_never

from maildesk.store.apply_ticket import Changes
from maildesk.store.appointments import written
from maildesk.store.moments import micros
from maildesk.store.stamps import rfc3339
from maildesk.store.text import as_json
from maildesk.words import AddWork, OnWork, SetAppointment, SetField, SetForecast, SetStage

WORKED = "INSERT INTO work (ticket_id, agent, at, minutes, channel) VALUES (?, ?, ?, ?, ?)"
SUM = "SELECT COALESCE(SUM(minutes), 0) FROM work WHERE ticket_id = ?"
MOST_TEXT = 500  # characters of an agent's words that the history keeps
FIELDS = "SELECT fields FROM ticket WHERE id = ?"


def change_work(ticket: Changes, decision: OnWork) -> None:
    match decision:
        case SetField(_, field, value, by):
            _set_field(ticket, field, value)
            ticket.event("field", by, field=field, value=value)
        case SetStage(_, stage, by, text):
            ticket.columns["stage"] = stage
            ticket.event("stage", by, to=stage, **({"text": text[:MOST_TEXT]} if text else {}))
        case SetForecast(_, on, by):
            ticket.columns["forecast"] = on.isoformat()
            ticket.event("forecast", by, to=on.isoformat())
        case AddWork(_, minutes, channel, by):
            _add_work(ticket, minutes, channel, by)
            ticket.event("worked", by, minutes=minutes, **({"channel": channel} if channel else {}))
        case SetAppointment(_, appointment, event, by):
            ticket.columns["appointment"] = written(appointment)
            if event:
                ticket.event(event, by, starts=rfc3339(appointment.starts), ends=rfc3339(appointment.ends))
        case _:
            assert_never(decision)


def _set_field(ticket: Changes, field: str, value: str) -> None:
    known = ticket.columns.get("fields")
    if known is None and ticket.opens is not None:
        known = as_json(dict(ticket.opens.fields))
    if known is None:
        row = ticket.store.one(FIELDS, (ticket.ident,))
        known = row[0] if row else "{}"
    fields = json.loads(known)
    fields.pop(field, None)
    ticket.columns["fields"] = as_json(fields | ({field: value} if value else {}))


def _add_work(ticket: Changes, minutes: int, channel: str, by: str) -> None:
    ticket.store.execute(WORKED, (ticket.ident, by, micros(ticket.at), minutes, channel))
    row = ticket.store.one(SUM, (ticket.ident,))
    ticket.columns["minutes"] = row[0] if row else minutes
