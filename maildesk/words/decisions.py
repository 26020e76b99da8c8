"""What policy may decide: a closed union of effects, matched once, in store/apply.

A new effect is a class here and a line in `Decision`, or in `OnTicket` when it is one ticket's alone; the type checker
then shows the one `match` to extend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maildesk.words.kinds import Severity, Status, Visibility
from maildesk.words.mail import Address, Attachment
from maildesk.words.people import Agent
from maildesk.words.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to write: to one recipient, from one template. Written when its turn to go comes."""

    name: str
    to: Address
    audience: str  # customer | agent | ops
    queue: str = ""
    sender: str = ""  # the From address; "" = the queue's, else the postmaster's
    sender_name: str = ""  # "" = the queue's title
    language: str = ""  # "" = the desk's
    time_zone: str = ""
    about: str = ""  # what an answer is about: a reference, or held-ID; "" = nothing
    shown_to: tuple[Address, ...] = ()  # To and Cc as every reader sees them; () = the recipient alone
    shown_cc: tuple[Address, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    human: bool = False  # an agent's words: no Auto-Submitted, a keyed envelope sender
    note: bool = False
    subject: str = ""  # the matter's; templates place it
    attachments: tuple[Attachment, ...] = ()  # of the mail in hand
    context: Mapping[str, object] = field(default_factory=dict)
    copy: bool = False  # another copy of a letter that already stands in the thread
    held: str = ""  # why it waits in the outbox until an operator releases it; "" = it goes


@dataclass(frozen=True, slots=True)
class OpenTicket:
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class AddMessage:
    reference: str
    visibility: Visibility
    by: str


@dataclass(frozen=True, slots=True)
class SetStatus:
    reference: str
    status: Status
    by: str


@dataclass(frozen=True, slots=True)
class SetOwner:
    reference: str
    owner: Agent | None
    by: str


@dataclass(frozen=True, slots=True)
class SetSeverity:
    reference: str
    severity: Severity
    by: str


@dataclass(frozen=True, slots=True)
class SetAnswered:
    """The first public answer of an agent."""

    reference: str
    kind: str  # solution | question | escalation | answer
    by: str


@dataclass(frozen=True, slots=True)
class AddParticipants:
    reference: str
    people: tuple[Address, ...]
    by: str


@dataclass(frozen=True, slots=True)
class SetReminded:
    reference: str


@dataclass(frozen=True, slots=True)
class SetSurveyDue:
    reference: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    reference: str
    address: str
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class RecordMark:
    reference: str
    address: str
    mark: int
    comment: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """When time next has something to do with this ticket; None = never."""

    reference: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordEvent:
    """Something for the ticket's history that changes no state."""

    reference: str
    event: str
    by: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LinkTickets:
    reference: str
    other: str


@dataclass(frozen=True, slots=True)
class SendLetter:
    letter: Letter


@dataclass(frozen=True, slots=True)
class SpendKeys:
    """These letters' keys were shown to outsiders."""

    serials: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FailLetter:
    """A letter came back; automatic letters to its address pause when it is for good."""

    serial: int
    address: str
    status: str
    pause_until: datetime | None


@dataclass(frozen=True, slots=True)
class Hold:
    """Park the mail in hand for a human."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ReleaseHeld:
    """Handle a parked mail now, as vouched for."""

    id: int


@dataclass(frozen=True, slots=True)
class DropHeld:
    id: int
    reason: str


# What changes one ticket by itself.
OnTicket = (
    SetStatus
    | SetOwner
    | SetSeverity
    | SetAnswered
    | AddParticipants
    | SetReminded
    | SetSurveyDue
    | OpenSurvey
    | RecordMark
    | Schedule
    | RecordEvent
)

Decision = (
    OpenTicket
    | AddMessage
    | OnTicket
    | LinkTickets
    | SendLetter
    | SpendKeys
    | FailLetter
    | Hold
    | ReleaseHeld
    | DropHeld
)
