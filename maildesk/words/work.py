"""What agents do on a ticket besides answering it: fields, stages, hours, appointments; and what it costs.

A decision here is one of `OnWork` (one ticket's alone), or `Charge` and `SetAway`, which are not about one ticket.
"""

from __future__ import annotations

from datetime import date, datetime

from maildesk.words.frozen import frozen
from maildesk.words.people import Agent


@frozen
class Appointment:
    """The one appointment of a ticket; its times are in UTC."""

    uid: str  # RFC 5545, 3.8.4.7: the same as long as it is moved and cancelled
    starts: datetime
    ends: datetime
    agent: str  # the address of the agent who keeps it
    state: str = "set"  # offered | set | accepted | declined | cancelled | held | noshow
    sequence: int = 0  # RFC 5545, 3.8.7.4: rises whenever it is moved or cancelled
    offered: tuple[tuple[datetime, datetime], ...] = ()  # the free slots that the customer may choose from
    reminded: bool = False  # the agent was asked how it went
    asked: datetime | None = None  # when those were offered


@frozen
class SetField:
    """An intake field of the ticket's queue, by its name in the configuration."""

    reference: str
    field: str
    value: str  # "" = taken away
    by: str


@frozen
class SetStage:
    """How far an engineering case has come."""

    reference: str
    stage: str  # bug | feature | configuration | plan | executed | released
    by: str
    text: str = ""  # what the customer was told of it besides


@frozen
class SetForecast:
    """The day on which work is expected to begin."""

    reference: str
    on: date
    by: str


@frozen
class AddWork:
    """Time worked, or a call made."""

    reference: str
    minutes: int
    channel: str  # phone | chat | screenshare; "" = not said
    by: str


@frozen
class SetAppointment:
    reference: str
    appointment: Appointment
    event: str  # appointment_set | _moved | _cancelled | _accepted | _declined | _held | _noshow | _offered; "" = none
    by: str


@frozen
class Charge:
    """Incidents that an organisation spends (below zero) or gets (above it)."""

    organisation: str
    amount: int
    kind: str  # answer | charge | held | noshow | credit | bought | lapsed
    reason: str
    by: str
    reference: str = ""  # the ticket it was for


@frozen
class Account:
    """The incidents of the organisation that a mail is about; there is none where its plan charges nothing."""

    organisation: str
    plan: str  # its name in the configuration
    balance: int  # below zero once more was used than there was
    spent: int = 0  # on the ticket in hand and on those that went into it; what was given back is taken off
    answered: bool = False  # one of these was charged for its first answer


@frozen
class SetAway:
    """An agent leaves until then, or is back: `until` is None."""

    agent: Agent
    until: datetime | None
    deputy: Agent | None
    by: str


# What changes one ticket by itself.
OnWork = SetField | SetStage | SetForecast | AddWork | SetAppointment
