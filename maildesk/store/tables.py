"""The tables, as peewee models: what the columns are and mean.

Statements are fixed SQL elsewhere on this floor; a test holds the migrations to these models. Times are integers,
microseconds since 1970 in UTC, alike on SQLite and PostgreSQL. `Mail.id` and `Letter.id` are one id space, drawn by
`Store.serial`.
"""

from __future__ import annotations

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from maildesk.store.moments import MomentField
from maildesk.store.table import Table
from maildesk.store.tables_desk import Charge, Chore
from maildesk.store.tables_people import Agent, Contact, Domain, Organisation, PersonAddress


class Meta(Table):
    """Facts about the store itself: the key's fingerprint, the shape of the schema."""

    key = CharField(primary_key=True)
    value = TextField()


class Counter(Table):
    """Rising numbers on SQLite: serial, ticket; PostgreSQL has the sequences counter_serial and counter_ticket."""

    name = CharField(primary_key=True)
    value = BigIntegerField()


class Ticket(Table):
    number = BigIntegerField(unique=True)
    reference = CharField(unique=True)
    queue = CharField()
    address = CharField()
    subject = TextField()
    requester = CharField(index=True)
    requester_name = TextField(default="")
    organisation = ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    status = CharField(index=True)
    status_since = MomentField()
    severity = IntegerField(default=3)
    category = CharField(default="")
    level = IntegerField(default=1)
    owner = ForeignKeyField(Agent, null=True, on_delete="SET NULL")
    opened = MomentField()
    first_answered = MomentField(null=True)
    first_response_kind = CharField(default="")
    solved = MomentField(null=True)
    closed = MomentField(null=True)
    reminded = MomentField(null=True)
    survey_due = MomentField(null=True)
    next_check = MomentField(null=True)
    language = CharField(default="")
    merged = CharField(default="")  # the reference of the ticket that this one went into
    fields = TextField(default="{}")  # JSON {field: value}, intake fields by name
    stage = CharField(default="")
    forecast = CharField(default="")  # YYYY-MM-DD
    minutes = IntegerField(default=0)  # the sum of its work
    clocks = TextField(default="")  # JSON, words/clocks.Clocks; "" = untouched
    appointment = TextField(default="")  # JSON, words/work.Appointment; "" = none


class Participant(Table):
    ticket = ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
    address = CharField(index=True)
    name = TextField(default="")

    class Meta:
        primary_key = CompositeKey("ticket", "address")


class Newcomer(Table):
    """Somebody outside who was named in a conversation, or wrote into it, and about whom the requester was asked."""

    ticket = ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
    address = CharField()
    name = TextField(default="")
    asked = MomentField()
    answer = CharField(default="")  # allow | refuse

    class Meta:
        primary_key = CompositeKey("ticket", "address")


class Mail(Table):
    """The ledger: one row for every accepted mail, with its outcome and why."""

    id = BigIntegerField(primary_key=True)
    door = CharField()
    received = MomentField(index=True)
    mail_from = TextField(default="")
    recipients = TextField(default="[]")  # JSON list
    peer = TextField(default="")
    source = TextField(default="")
    message_id = TextField(default="")
    id_hash = BigIntegerField(index=True)  # first 63 bits of SHA-256 of message_id
    sha256 = CharField()
    twin = CharField(default="")
    size = BigIntegerField(default=0)
    sender = TextField(default="")
    sender_name = TextField(default="")
    addressed = TextField(default="{}")  # JSON {"to": [...], "cc": [...]}, for the thread view
    subject = TextField(default="")
    text = TextField(default="")
    reply_text = TextField(default="")
    problems = TextField(default="[]")
    outcome = CharField(index=True)
    reason = TextField(default="")
    rule = CharField(default="")
    rules = TextField(default="[]")
    decisions = TextField(default="[]")  # JSON list of sentences, for `why`
    ticket = ForeignKeyField(Ticket, null=True, on_delete="CASCADE")
    visibility = CharField(default="")  # public | note, once it stands in a thread
    history = TextField(default="[]")  # JSON list of former outcomes, when it was held and released


class Chunk(Table):
    """The raw bytes as received: one zlib stream, cut into pieces of at most 1 MiB."""

    mail = ForeignKeyField(Mail, on_delete="CASCADE", index=False)
    number = IntegerField()
    data = BlobField()

    class Meta:
        primary_key = CompositeKey("mail", "number")


class Attachment(Table):
    mail = ForeignKeyField(Mail, on_delete="CASCADE", index=False)
    number = IntegerField()
    name = TextField()
    type = TextField()
    size = BigIntegerField()
    inline = BooleanField()
    content_id = TextField(default="")
    sha256 = CharField(index=True)
    offset = BigIntegerField()
    length = BigIntegerField()
    encoding = TextField(default="")

    class Meta:
        primary_key = CompositeKey("mail", "number")


class Letter(Table):
    """The outbox: every letter, at first as what it says, then as it will leave; and what became of it."""

    id = BigIntegerField(primary_key=True)
    name = CharField()
    ticket = ForeignKeyField(Ticket, null=True, on_delete="CASCADE")
    answers = ForeignKeyField(Mail, null=True, on_delete="SET NULL")  # the mail it was written for
    about = CharField(default="")  # what its keys are about: a reference, or held-ID
    audience = CharField()
    sender = CharField()
    recipient = CharField()
    subject = TextField(default="")
    text = TextField(default="")  # the plain text, for the thread view
    message_id = CharField()
    mail_from = CharField(default="")
    head = BlobField()
    body = BlobField()
    boundary = CharField(default="")
    attachments = TextField(default="[]")  # JSON list of {name, type, sha256, size, inline, content_id}
    human = BooleanField(default=False)
    note = BooleanField(default=False)
    copy = BooleanField(default=False)
    spent = BooleanField(default=False)
    state = CharField(default="waiting")  # waiting | sent | failed | held
    attempts = IntegerField(default=0)
    created = MomentField()
    next_try = MomentField(null=True)
    last_error = TextField(default="")
    done = MomentField(null=True)  # when it was sent or failed
    answered = MomentField(null=True)  # a mail came back within two minutes (loop guard)
    lease_until = MomentField(null=True)
    lease_by = BigIntegerField(null=True)  # the number of the daemon that claimed it
    fence = BigIntegerField(default=0)  # rises with each claim; a stale holder's settling is refused
    unwritten = TextField(default="")  # words/orders; "" once sender, subject, text, head, body, boundary are there

    class Meta:
        indexes = (
            (("state", "next_try"), False),
            (("recipient", "created"), False),
        )


class Held(Table):
    mail = ForeignKeyField(Mail, primary_key=True, on_delete="CASCADE")
    reason = TextField()
    queue = CharField(default="")
    until = MomentField(null=True)
    state = CharField(default="waiting")  # waiting | released | done | dropped
    answer = CharField(default="")  # what somebody said of it: allow | take | swap | refuse
    answered_by = CharField(default="")
    taker = CharField(default="")  # the address of the contact who took it over


class Survey(Table):
    ticket = ForeignKeyField(Ticket, primary_key=True, on_delete="CASCADE")
    address = CharField()
    sent = MomentField()
    valid_until = MomentField()
    mark = IntegerField(null=True)
    comment = TextField(default="")
    marked = MomentField(null=True)
    reasons = TextField(default="[]")  # JSON array of those that the comment picks


class Event(Table):
    ticket = ForeignKeyField(Ticket, backref="events", on_delete="CASCADE")
    at = MomentField()
    event = CharField()
    by = CharField()
    detail = TextField(default="{}")  # JSON object


class Work(Table):
    """Time that an agent worked on a ticket, and by which channel."""

    ticket = ForeignKeyField(Ticket, on_delete="CASCADE")
    agent = CharField()  # his first address then
    at = MomentField()
    minutes = IntegerField()
    channel = CharField(default="")  # phone | chat | screenshare


class Link(Table):
    ticket = ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
    other = CharField()  # a reference or a URL

    class Meta:
        primary_key = CompositeKey("ticket", "other")


class Pause(Table):
    """Addresses that get no automatic letters for a while: they bounced, or they are robots in a loop."""

    address = CharField(primary_key=True)
    until = MomentField()
    why = TextField(default="")


class Tally(Table):
    """Automatic letters by the minute, so that the brake needs no count over the outbox."""

    name = CharField()
    minute = BigIntegerField()
    count = IntegerField()

    class Meta:
        primary_key = CompositeKey("name", "minute")


class Mailbox(Table):
    """What is remembered of an IMAP folder."""

    name = CharField(primary_key=True)
    first_login = MomentField()
    uidvalidity = BigIntegerField(default=0)
    last_good = MomentField(null=True)


TABLES: tuple[type[Table], ...] = (
    Meta, Counter, Organisation, Domain, Contact, Agent, PersonAddress, Ticket, Participant, Newcomer, Mail, Chunk,
    Attachment, Letter, Held, Survey, Event, Work, Link, Pause, Tally, Mailbox, Charge, Chore,
)  # fmt: skip

# The same mail is stored once, whichever daemon or door was first; the loser's row is a duplicate.
Mail.add_index(Mail.id_hash, Mail.sha256, unique=True, where=Mail.outcome != "duplicate")
Mail.add_index(Mail.source, unique=True, where=Mail.source != "")
Mail.add_index(Mail.sender, where=Mail.outcome == "held")  # what else of a stranger's waits
Ticket.add_index(Ticket.next_check, Ticket.number)
Ticket.add_index(Ticket.queue, Ticket.owner, name="ticket_at_work", where=Ticket.status != "closed")
Held.add_index(Held.state, Held.until)
Survey.add_index(Survey.address, Survey.sent)
Ticket.add_index(Ticket.number, name="ticket_appointment", where=Ticket.appointment != "")  # of few, asked as a whole
