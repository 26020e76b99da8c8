"""What policy may decide: a closed union of effects, matched once, in store/apply.

A new effect is a class here and a line in `Decision`, or in `OnTicket` when it is one ticket's alone; the type checker
then shows the one `match` to extend.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.words.clocks import Clocks
from maildesk.words.door import AtTheDoor
from maildesk.words.frozen import frozen
from maildesk.words.kinds import Severity, Status, Visibility
from maildesk.words.letters import Letter
from maildesk.words.mail import Address, Attachment
from maildesk.words.people import Agent
from maildesk.words.tickets import Ticket
from maildesk.words.work import Charge, OnWork, SetAway


@frozen
class OpenTicket:
    ticket: Ticket


@frozen
class AddMessage:
    reference: str
    visibility: Visibility
    by: str


@frozen
class FileAs:
    """What of the mail in hand stands in the thread, where that is not its text: what an agent has passed on, or what
    customers read of his commands.
    """

    text: str
    attachments: tuple[Attachment, ...]


@frozen
class SetStatus:
    reference: str
    status: Status
    by: str


@frozen
class SetOwner:
    reference: str
    owner: Agent | None
    by: str


@frozen
class SetSeverity:
    reference: str
    severity: Severity
    by: str


@frozen
class SetAnswered:
    """The first public answer of an agent."""

    reference: str
    kind: str  # solution | question | escalation | answer
    by: str


@frozen
class AddParticipants:
    reference: str
    people: tuple[Address, ...]
    by: str


@frozen
class RemoveParticipants:
    reference: str
    addresses: tuple[str, ...]
    by: str


@frozen
class AskNewcomers:
    """The requester is asked whether these may join; they stay outside until then."""

    reference: str
    people: tuple[Address, ...]


@frozen
class SettleNewcomers:
    """Somebody who may say so said whether these may join."""

    reference: str
    addresses: tuple[str, ...]
    answer: str  # allow | refuse
    by: str


@frozen
class SetLevel:
    reference: str
    level: int
    by: str


@frozen
class SetCategory:
    reference: str
    category: str  # "" = none
    by: str


@frozen
class SetQueue:
    reference: str
    queue: str
    address: str  # from which its letters go from now on
    by: str


@frozen
class SetClocks:
    """What the promises to its requester go by."""

    reference: str
    clocks: Clocks


@frozen
class SetReminded:
    reference: str


@frozen
class SetSurveyDue:
    reference: str
    at: datetime | None


@frozen
class OpenSurvey:
    reference: str
    address: str
    valid_until: datetime


@frozen
class RecordMark:
    reference: str
    address: str
    mark: int
    comment: str
    reasons: tuple[str, ...] = ()  # of the configured ones, those that the comment picks


@frozen
class Schedule:
    """When time next has something to do with this ticket; None = never."""

    reference: str
    at: datetime | None


@frozen
class RecordEvent:
    """Something for the ticket's history that changes no state."""

    reference: str
    event: str
    by: str
    detail: str = ""


@frozen
class LinkTickets:
    reference: str
    other: str  # a reference, the address of a page, or words
    by: str = ""  # "" = the desk by itself


@frozen
class SendLetter:
    letter: Letter


@frozen
class SpendKeys:
    """These letters' keys were shown to outsiders."""

    serials: tuple[int, ...]


@frozen
class FailLetter:
    """A letter came back; automatic letters to its address pause when it is for good."""

    serial: int
    address: str
    status: str
    pause_until: datetime | None


@frozen
class MergeTicket:
    """One ticket goes into another: its reference and Message-IDs lead there from now on."""

    reference: str
    into: str
    by: str


@frozen
class MoveMail:
    """A mail of one ticket stands in another from now on, and whoever answers it lands there."""

    id: int
    reference: str
    into: str
    by: str


# Who takes part in one ticket.
OnPeople = AddParticipants | RemoveParticipants | AskNewcomers | SettleNewcomers

# What changes one ticket by itself.
OnTicket = (
    OnPeople
    | SetStatus
    | SetOwner
    | SetSeverity
    | SetLevel
    | SetCategory
    | SetQueue
    | SetAnswered
    | SetClocks
    | SetReminded
    | SetSurveyDue
    | OpenSurvey
    | RecordMark
    | Schedule
    | RecordEvent
    | OnWork
)

Decision = (
    OpenTicket
    | AddMessage
    | FileAs
    | OnTicket
    | LinkTickets
    | MergeTicket
    | MoveMail
    | SendLetter
    | SpendKeys
    | FailLetter
    | Charge
    | SetAway
    | AtTheDoor
)
