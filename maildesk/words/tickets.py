"""A ticket as policy sees it."""

from __future__ import annotations

from datetime import date, datetime

from maildesk.words.clocks import UNTOUCHED, Clocks
from maildesk.words.frozen import frozen
from maildesk.words.kinds import Severity, Status
from maildesk.words.mail import Address
from maildesk.words.people import Agent
from maildesk.words.work import Appointment


@frozen
class Survey:
    sent: datetime
    valid_until: datetime
    mark: int | None = None  # 1 to 5
    comment: str = ""


@frozen
class Newcomer:
    """Somebody outside of the organisation who was named in a conversation, or wrote into it: he waits for a word."""

    person: Address
    asked: datetime  # when the requester was asked about him
    answer: str = ""  # "" = none yet; allow | refuse

    @property
    def waits(self) -> bool:
        return not self.answer


@frozen
class Ticket:
    reference: str
    queue: str
    address: str  # the one of our addresses that the requester wrote to; letters come from it
    subject: str
    requester: Address
    opened: datetime
    status: Status = Status.NEW
    status_since: datetime | None = None
    severity: Severity = Severity.MEDIUM
    category: str = ""
    level: int = 1
    organisation: str = ""
    plan: str = ""  # of that organisation
    participants: tuple[Address, ...] = ()  # besides the requester
    newcomers: tuple[Newcomer, ...] = ()  # whom the requester was asked about
    language: str = ""  # of the mail that opened it, as far as it tells
    merged: str = ""  # the reference of the ticket that this one went into
    owner: Agent | None = None
    first_answered: datetime | None = None
    first_response_kind: str = ""
    solved: datetime | None = None
    closed: datetime | None = None
    clocks: Clocks = UNTOUCHED
    reminded: datetime | None = None  # closing_soon went out in this stay of solved or pending
    survey_due: datetime | None = None
    survey: Survey | None = None
    links: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()  # intake fields that have a value, by name
    stage: str = ""  # of an engineering case; see words/work
    forecast: date | None = None  # when work on it is expected to begin
    minutes: int = 0  # worked on it
    appointment: Appointment | None = None
    thread: tuple[str, ...] = ()  # Message-IDs of the public mails that came in, oldest first
    # What the store knows of one that it has loaded:
    id: int = 0
    next_check: datetime | None = None
    happened: datetime | None = None  # the newest of its history

    @property
    def people(self) -> tuple[Address, ...]:
        return (self.requester, *self.participants)

    @property
    def latest(self) -> datetime:
        """When something last happened to it: ahead of the clock where time was run ahead, and nothing comes before."""
        said = self.clocks.asked, self.clocks.told
        surveyed = self.survey.sent if self.survey else None
        known = (self.opened, self.status_since, self.reminded, self.closed, surveyed, *said)
        return max(at for at in known if at)
