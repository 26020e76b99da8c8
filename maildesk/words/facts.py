"""What is known of a mail when policy is asked: the whole input of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maildesk.words.kinds import Verdict
from maildesk.words.mail import Address, Envelope, Incoming
from maildesk.words.people import Agent, Contact, Writer
from maildesk.words.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Claim:
    """A token as it stands in a mail, not yet believed."""

    about: str  # a reference, or held-ID
    token: str
    place: str  # address | message-id | subject


@dataclass(frozen=True, slots=True)
class Key:
    """A claim that proved genuine: a letter of ours that this mail answers or returns."""

    about: str  # a reference, or held-ID
    serial: int  # the letter's id
    letter: str  # the letter's name
    address: str  # to whom that letter went
    place: str
    note: bool = False  # the letter was about a note, so an answer to it stays one
    spent: bool = False  # seen where outsiders could read it; proves nothing any more


@dataclass(frozen=True, slots=True)
class Waiting:
    """A held mail that somebody is asked about."""

    id: int
    reason: str
    sender: Address | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Recent:
    """What was sent lately, for the limits that keep automatic mail small."""

    acknowledgements: int = 0  # to this writer, last hour
    questions: int = 0  # confirm letters to this writer, in the span of [limits] acks_per_contact
    notices: int = 0  # to this writer, in [gate] notice_every
    domain_notices: int = 0  # to this writer's domain, in its span
    automatic: int = 0  # by the whole desk, in the span of [limits] automatic_mail
    exchanges: int = 0  # automatic letters to this writer, each answered within two minutes, last day
    paused: bool = False  # a letter to this writer failed for good, or four exchanges, not long ago
    pauses: tuple[str, ...] = ()  # of the ticket's people and the keys' addresses: those that get nothing automatic
    alarms: Mapping[str, int] = field(default_factory=dict)  # to operators, last hour, by kind
    alarmed: bool = False  # operators were told of the brake within the span of [limits] automatic_mail


@dataclass(frozen=True, slots=True)
class Facts:
    """All that policy may know of one mail. Whoever gathers it decides nothing."""

    mail: Incoming
    envelope: Envelope
    now: datetime
    writer: Writer
    queue: str = ""  # the queue the mail is for; "" = none of ours
    address: str = ""  # our address it was written to
    keys: tuple[Key, ...] = ()
    verdict: Verdict = Verdict.NONE
    judged: bool = False  # our own mail servers said something of the writer, whatever it was
    checked: str = ""  # what our own check of signatures found, for operators
    duplicate_of: int | None = None
    ticket: Ticket | None = None
    matched: str = ""  # keyed address | keyed message-id | reference | message-id
    fresh: str = ""  # the reference a new ticket would get
    agents: tuple[Agent, ...] = ()  # all of them
    colleagues: tuple[Contact, ...] = ()  # the validated contacts of the writer's organisation, and the ticket's
    waiting: Waiting | None = None
    recent: Recent = Recent()
    vouched: bool = False  # an operator, or the agent himself, released this mail
    mail_id: int = 0  # its ledger id


@dataclass(frozen=True, slots=True)
class Elapsed:
    """All that policy may know when time has made something due: `now` is the moment it was due."""

    ticket: Ticket
    now: datetime
    agents: tuple[Agent, ...] = ()
    colleagues: tuple[Contact, ...] = ()  # the validated contacts of the ticket's organisation
    recent: Recent = Recent()
    last_survey: datetime | None = None  # the requester's last one, on whatever ticket
