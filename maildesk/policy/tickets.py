"""A ticket on its way: what it will be, and the decisions that make it so.

Used by agents, customers, survey and timers. Each step gives a new `Change`; nothing here decides whether a
step is right, and nothing here writes letters.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from maildesk.words import (
    AddMessage,
    AddParticipants,
    Address,
    AddWork,
    Agent,
    Appointment,
    AskNewcomers,
    Clocks,
    Decision,
    Escalation,
    LinkTickets,
    MergeTicket,
    Newcomer,
    OpenTicket,
    RecordEvent,
    RemoveParticipants,
    SetAnswered,
    SetAppointment,
    SetCategory,
    SetClocks,
    SetField,
    SetLevel,
    SetOwner,
    SetQueue,
    SetReminded,
    SetSeverity,
    SetStatus,
    SetSurveyDue,
    SettleNewcomers,
    Severity,
    Status,
    Ticket,
    Visibility,
)
from maildesk.words.frozen import frozen

RUNNING = (Status.NEW, Status.OPEN)  # the promises to the customer run
RESTING = (Status.SOLVED, Status.PENDING)  # time closes these
ENDS = (Status.SOLVED, Status.CLOSED)  # of an escalation


@frozen
class Change:
    ticket: Ticket
    now: datetime
    by: str  # the address of whoever does it; "" = time does
    decisions: tuple[Decision, ...] = ()

    def open(self) -> Change:
        return self._then(self.ticket, OpenTicket(self.ticket))

    def add_message(self, visibility: Visibility) -> Change:
        return self._then(self.ticket, AddMessage(self.ticket.reference, visibility, self.by))

    def set_status(self, status: Status) -> Change:
        ends = {Status.SOLVED: (self.now, None), Status.CLOSED: (self.ticket.solved, self.now)}
        solved, closed = ends.get(status, (None, None))
        ticket = replace(self.ticket, status=status, status_since=self.now, reminded=None, solved=solved, closed=closed)
        change = self._then(ticket, SetStatus(ticket.reference, status, self.by))
        rested, began = self.ticket.status not in RUNNING, self.ticket.status_since
        change = change.rested(began) if rested and began else change
        return change.set_escalation(None) if status in ENDS else change

    def rested(self, since: datetime) -> Change:
        """A stay is over in which no clock ran: of one that goes on in another status, the part until now."""
        clocks = self.ticket.clocks
        return self.set_clocks(replace(clocks, rests=(*clocks.rests, (since, self.now))))

    def heard(self) -> Change:
        """The customer has written: from now on he waits for a further answer, unless he did already."""
        clocks = self.ticket.clocks
        first = not self.ticket.first_answered and not clocks.taken_over  # its promise is another one
        return self if clocks.asked or first else self.set_clocks(replace(clocks, asked=self.now))

    def take_over(self) -> Change:
        """It is older than this desk knows, and nobody is answered."""
        change = self.set_clocks(replace(self.ticket.clocks, taken_over=True))
        return change.also(RecordEvent(self.ticket.reference, "imported", ""))

    def spoken(self) -> Change:
        """An agent has answered: all that was promised until now is kept. An escalation goes on, less its rests."""
        clocks = self.ticket.clocks
        rests = clocks.rests if clocks.escalation else ()
        return self.set_clocks(Clocks(told=self.now, rests=rests, escalation=clocks.escalation))

    def set_escalation(self, escalation: Escalation | None) -> Change:
        clocks = self.ticket.clocks
        if escalation == clocks.escalation:
            return self
        return self.set_clocks(replace(clocks, escalation=escalation))

    def set_clocks(self, clocks: Clocks) -> Change:
        return self._then(replace(self.ticket, clocks=clocks), SetClocks(self.ticket.reference, clocks))

    def set_owner(self, owner: Agent | None) -> Change:
        ticket = replace(self.ticket, owner=owner)
        return self._then(ticket, SetOwner(ticket.reference, owner, self.by))

    def set_severity(self, severity: Severity) -> Change:
        ticket = replace(self.ticket, severity=severity)
        return self._then(ticket, SetSeverity(ticket.reference, severity, self.by))

    def set_answered(self, kind: str) -> Change:
        ticket = replace(self.ticket, first_answered=self.now, first_response_kind=kind)
        return self._then(ticket, SetAnswered(ticket.reference, kind, self.by))

    def add_participants(self, people: tuple[Address, ...]) -> Change:
        if not people:
            return self
        ticket = replace(self.ticket, participants=(*self.ticket.participants, *people))
        return self._then(ticket, AddParticipants(ticket.reference, people, self.by))

    def remove_participants(self, addresses: tuple[str, ...]) -> Change:
        staying = tuple(each for each in self.ticket.participants if each.address not in addresses)
        if len(staying) == len(self.ticket.participants):
            return self
        ticket = replace(self.ticket, participants=staying)
        return self._then(ticket, RemoveParticipants(ticket.reference, addresses, self.by))

    def ask_newcomers(self, people: tuple[Address, ...]) -> Change:
        if not people:
            return self
        waiting = tuple(Newcomer(person, self.now) for person in people)
        ticket = replace(self.ticket, newcomers=(*self.ticket.newcomers, *waiting))
        return self._then(ticket, AskNewcomers(ticket.reference, people))

    def settle_newcomers(self, addresses: tuple[str, ...], answer: str) -> Change:
        """`allow` or `refuse`, of those among them who were ever asked about."""
        known = tuple(each.person.address for each in self.ticket.newcomers if each.person.address in addresses)
        if not known:
            return self
        newcomers = tuple(
            replace(each, answer=answer) if each.person.address in known else each for each in self.ticket.newcomers
        )
        ticket = replace(self.ticket, newcomers=newcomers)
        return self._then(ticket, SettleNewcomers(ticket.reference, known, answer, self.by))

    def set_level(self, level: int) -> Change:
        return self._then(replace(self.ticket, level=level), SetLevel(self.ticket.reference, level, self.by))

    def set_category(self, category: str) -> Change:
        if category == self.ticket.category:
            return self
        ticket = replace(self.ticket, category=category)
        return self._then(ticket, SetCategory(ticket.reference, category, self.by))

    def set_queue(self, queue: str, address: str) -> Change:
        ticket = replace(self.ticket, queue=queue, address=address)
        return self._then(ticket, SetQueue(ticket.reference, queue, address, self.by))

    def set_field(self, field: str, value: str, by: str | None = None) -> Change:
        """`by` where that is somebody else; "" is the desk by itself."""
        have = dict(self.ticket.fields)
        if have.pop(field, "") == value:
            return self
        ticket = replace(self.ticket, fields=tuple((have | ({field: value} if value else {})).items()))
        return self._then(ticket, SetField(ticket.reference, field, value, self.by if by is None else by))

    def add_work(self, minutes: int, channel: str) -> Change:
        """Below zero it is taken back."""
        ticket = replace(self.ticket, minutes=self.ticket.minutes + minutes)
        return self._then(ticket, AddWork(ticket.reference, minutes, channel, self.by))

    def set_appointment(self, appointment: Appointment, event: str) -> Change:
        """`event` is what its history says of it; "" = nothing."""
        ticket = replace(self.ticket, appointment=appointment)
        return self._then(ticket, SetAppointment(ticket.reference, appointment, event, self.by))

    def merge_into(self, other: str) -> Change:
        """It is over for this one: no survey, no letter; whoever answers it answers the other."""
        ticket = replace(self.ticket, merged=other)
        merging = MergeTicket(ticket.reference, other, self.by), LinkTickets(ticket.reference, other)
        return self._then(ticket, *merging).set_status(Status.CLOSED)

    def set_reminded(self) -> Change:
        return self._then(replace(self.ticket, reminded=self.now), SetReminded(self.ticket.reference))

    def set_survey_due(self, at: datetime | None) -> Change:
        if at == self.ticket.survey_due:
            return self
        return self._then(replace(self.ticket, survey_due=at), SetSurveyDue(self.ticket.reference, at))

    def link(self, other: str) -> Change:
        """Links two tickets, on both."""
        return self._then(self.ticket, LinkTickets(self.ticket.reference, other))

    def also(self, *decisions: Decision) -> Change:
        return self._then(self.ticket, *decisions)

    def _then(self, ticket: Ticket, *decisions: Decision) -> Change:
        return Change(ticket, self.now, self.by, (*self.decisions, *decisions))
