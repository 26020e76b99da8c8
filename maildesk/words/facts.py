"""What is known of a mail when policy is asked: the whole input of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from maildesk.words.frozen import frozen
from maildesk.words.kinds import Severity, Status, Verdict
from maildesk.words.mail import Address, Attachment, Envelope, Incoming
from maildesk.words.people import Agent, Contact, Organisation, Writer
from maildesk.words.tickets import Ticket
from maildesk.words.work import Account


@frozen
class Claim:
    """A token as it stands in a mail, not yet believed."""

    about: str  # a reference, or held-ID
    token: str
    place: str  # address | message-id | subject


@frozen
class Key:
    """A claim that proved genuine: a letter of ours that this mail answers or returns."""

    about: str  # a reference, or held-ID
    serial: int  # the letter's id
    letter: str  # the letter's name
    address: str  # to whom that letter went
    place: str
    note: bool = False  # the letter was about a note, so an answer to it stays one
    spent: bool = False  # seen where outsiders could read it; proves nothing any more
    sent: datetime | None = None  # when that letter was decided, where it is still known


@frozen
class Waiting:
    """A held mail that somebody is, or was, asked about."""

    id: int
    reason: str
    sender: Address | None
    until: datetime | None
    state: str = "waiting"  # waiting | released | done | dropped
    answer: str = ""  # what was said of it: allow | take | swap | refuse
    answered_by: str = ""  # whose word that was


@frozen
class Knocking:
    """Somebody at the door whom a mail in hand speaks of: by its key, or by an agent's command."""

    person: Address
    organisation: Organisation | None = None  # as his domain tells
    contacts: tuple[Contact, ...] = ()  # the validated ones of that organisation
    mails: tuple[int, ...] = ()  # of his that are held for consent to a matter of his own, oldest first
    asked: bool = False  # whether those contacts were asked about one of them
    turned_away: tuple[int, ...] = ()  # those that wait for an operator's or an agent's word alone
    inside: tuple[tuple[str, int], ...] = ()  # those that he wrote into a ticket: its reference, and the mail


@frozen
class Seen:
    """A ticket as a customer may see it in a list."""

    reference: str
    subject: str
    status: Status
    severity: Severity
    requester: Address
    opened: datetime
    updated: datetime


@frozen
class Said:
    """A public message of a thread, as a customer may see it."""

    at: datetime
    writer: str  # a name or an address
    text: str
    attachments: tuple[str, ...] = ()  # their names


@frozen
class Heard:
    """What a customer wrote last in a ticket, for the letter with an agent's answer."""

    said: Said
    later: frozenset[str] = frozenset()  # who came into the ticket after it


@frozen
class Shown:
    """What a customer asked to see, as far as he may: loaded for a request alone."""

    tickets: tuple[Seen, ...] = ()  # his own and his organisation's that are not closed, or the one he named
    more: int = 0  # further ones, or older messages, that are left out
    thread: tuple[Said, ...] = ()  # oldest first
    ticket: Ticket | None = None  # the one he named, when he may see it
    takes_part: bool = False  # in any ticket, whatever became of it
    history: tuple[tuple[datetime, str], ...] = ()  # of a ticket to be escalated, in words, oldest first
    escalated: datetime | None = None  # when managers were last called to it
    cause: tuple[str, str] = ("", "")  # of its last escalation: by whom, and why


@frozen
class Mine:
    """A ticket that an agent owns, as a list shows it."""

    reference: str
    subject: str
    status: Status
    severity: Severity
    requester: Address
    opened: datetime
    plan: str  # of its organisation


@frozen
class Handled:
    """A mail that was handled, and how."""

    id: int
    received: datetime
    sender: str
    queue: str  # of its ticket, or where it is held; "" = of none
    outcome: str
    reason: str
    rules: tuple[str, ...]
    decisions: tuple[str, ...]  # in words
    problems: tuple[str, ...]
    whole: Attachment  # the mail itself


@frozen
class Inside:
    """What an agent's commands are about, as agents may know it: loaded where such a command stands, and only then."""

    named: tuple[tuple[str, Ticket], ...] = ()  # tickets that commands name: as they are named, and as they are found
    thread: tuple[Said, ...] = ()  # the newest of what is public, oldest first
    files: tuple[Attachment, ...] = ()  # that came with it
    mine: tuple[Mine, ...] = ()  # of the writer, and not closed
    handled: Handled | None = None  # the mail that the letter in answer was about


@frozen
class Parting:
    """The mail that the letter in answer was about, where an agent's `#split` would give it a ticket of its own."""

    id: int
    mail: Incoming
    why: str = ""  # it stays: opener | of_agent


@frozen
class Neighbour:
    """A ticket that the same organisation has at work, by the words that tell what it is about."""

    reference: str
    title: frozenset[str]  # of its subject
    body: frozenset[str]  # of its first words


@frozen
class Canned:
    """A canned answer. Its text is written where a mail asks for it, unless something is wrong with its file."""

    name: str
    text: str = ""
    fault: str = ""


@frozen
class Recent:
    """What was sent lately, for the limits that keep automatic mail small."""

    acknowledgements: int = 0  # to this writer, last hour
    questions: int = 0  # confirm letters to this writer, in the span of [limits] acks_per_contact
    notices: int = 0  # to this writer, in [gate] notice_every
    domain_notices: int = 0  # to this writer's domain, in its span
    consults: int = 0  # questions about strangers to this organisation, or about this ticket, in that span, too
    automatic: int = 0  # by the whole desk, in the span of [limits] automatic_mail
    answers: int = 0  # to this writer's requests, in the span of [limits] acks_per_contact
    wanted: int = 0  # fields_wanted letters about this ticket, however long ago
    reminders: Mapping[str, int] = field(default_factory=dict)  # by time to each agent, in the span of automatic_mail
    exchanges: int = 0  # automatic letters to this writer, each answered within two minutes, last day
    ongoing: int | None = None  # those among them that the mail in hand answers; None = nobody asked
    paused: bool = False  # a letter to this writer failed for good, or four exchanges, not long ago
    pauses: tuple[str, ...] = ()  # of the ticket's people and the keys' addresses: those that get nothing automatic
    alarms: Mapping[str, int] = field(default_factory=dict)  # to operators, last hour, by kind
    at_work: bool = False  # tickets of the writer's organisation are, for a mail that may open another
    surveyed: datetime | None = None  # when the requester was asked how it was last, where a mail may close his ticket
    votes: int = 0  # answers to this ticket's survey, however long ago
    paged: datetime | None = None  # when a customer's word in this running ticket called somebody last
    alarmed: bool = False  # operators were told of the brake within the span of [limits] automatic_mail


@frozen
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
    waiting: Waiting | None = None  # the held mail that a key is about, whatever became of it
    knocking: tuple[Knocking, ...] = ()
    shown: Shown = Shown()
    heard: Heard | None = None  # loaded for agents' answers alone
    inside: Inside = Inside()
    busy: tuple[tuple[datetime, datetime], ...] = ()  # other appointments of an agent, where free times are wanted
    neighbours: tuple[Neighbour, ...] = ()  # where a ticket is about to be opened, the newest first
    crossed: Said | None = None  # another agent's answer that the writer, an agent, cannot have known of
    canned: tuple[Canned, ...] = ()  # all there are, where an agent's mail asks for one
    parting: Parting | None = None  # the mail that an agent's #split would move
    behalf: Writer | None = None  # in whose name an agent's mail would open a ticket: as `#new` or a forward tells
    taker: Contact | None = None  # who took this held mail over: the ticket will be his
    merging: Ticket | None = None  # the ticket that an agent's #merge names
    recent: Recent = Recent()
    vouched: bool = False  # an operator, or the agent himself, released this mail
    mail_id: int = 0  # its ledger id
    account: Account | None = None  # of the ticket's organisation for an agent, else of the writer's

    @property
    def balance(self) -> int | None:
        """The incidents that are left, where the plan charges them."""
        return self.account.balance if self.account else None


@frozen
class Elapsed:
    """All that policy may know when time has made something due: `now` is the moment it was due."""

    ticket: Ticket
    now: datetime
    agents: tuple[Agent, ...] = ()
    colleagues: tuple[Contact, ...] = ()  # the validated contacts of the ticket's organisation
    recent: Recent = Recent()
    last_survey: datetime | None = None  # the requester's last one, on whatever ticket
    shown: Shown = Shown()  # of an escalated ticket: its history, its newest words, and why
    files: tuple[Attachment, ...] = ()  # of an escalated ticket: what came with its public mails
