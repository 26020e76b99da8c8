"""Facts for decisions: everybody and everything has a default, a test names only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from maildesk.config import Config, parse
from maildesk.policy.decide import decide
from maildesk.words import (
    Address,
    Agent,
    Contact,
    Elapsed,
    Envelope,
    Facts,
    Incoming,
    Key,
    Letter,
    Organisation,
    Ruling,
    SendLetter,
    Status,
    Stranger,
    Ticket,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SUPPORT, SALES, OPS = "support@desk.example", "sales@desk.example", "ops@desk.example"

ALICE = Agent(1, "Alice Agent", ("alice@desk.example", "alice@home.example"), queues=("technical",))
BOB = Agent(2, "Bob Builder", ("bob@desk.example",), queues=("technical",))
LENA = Agent(3, "Lena Second", ("lena@desk.example",), level=2, queues=("technical",))
SAM = Agent(4, "Sam Seller", ("sam@desk.example",), queues=("sales",))
MARY = Agent(5, "Mary Manager", ("mary@desk.example",), manager=True)
STAFF = (ALICE, BOB, LENA, SAM, MARY)

ACME = Organisation(1, "Acme", "standard", account_manager="amy@desk.example", domains=("acme.example",))
OTHER = Organisation(2, "Other", "quiet", domains=("other.example",))
CAROL = Contact(1, "Carol Jones", ("carol@acme.example",), ACME, language="de", time_zone="Europe/Berlin")
DAVE = Contact(2, "Dave Smith", ("dave@acme.example",), ACME)
OLGA = Contact(3, "Olga Other", ("olga@other.example",), OTHER)
STRANGER = Stranger("who@nowhere.example")
NEWCOMER = Stranger("nick@acme.example", "Nick", ACME)

BASE = """
[desk]
name = "Example Support"
domain = "desk.example"
postmaster = "ops@desk.example"
[queue.technical]
title = "Technical Support"
address = "support@desk.example"
aliases = ["help@desk.example"]
default = true
categories = ["pro"]
[queue.sales]
title = "Sales"
address = "sales@desk.example"
categories = ["money"]
[plan.standard]
title = "Standard"
contacts = 9
[plan.quiet]
contacts = 9
survey = false
"""


def config(more: str = "") -> Config:
    return parse(BASE + more, Path("/nowhere"))


CONFIG = config()


def mail(sender: str = "carol@acme.example", **fields: Any) -> Incoming:
    text = fields.pop("text", "The printer is on fire.")
    given = {
        "message_id": "m1@acme.example",
        "sender": Address(sender) if sender else None,
        "to": (Address(SUPPORT),),
        "subject": "Printer",
        "text": text,
        "said": text,
        "reply_text": text,
        "sha256": "0" * 64,
    }
    return Incoming(**{**given, **fields})


def envelope(**fields: Any) -> Envelope:
    given = {"door": "smtp:in", "received": NOW, "sender": "carol@acme.example", "recipients": (SUPPORT,)}
    return Envelope(**{**given, **fields})


def ticket(**fields: Any) -> Ticket:
    given = {
        "reference": "EX-7",
        "queue": "technical",
        "address": SUPPORT,
        "subject": "Printer",
        "requester": Address("carol@acme.example", "Carol Jones"),
        "opened": NOW - timedelta(days=1),
        "status_since": NOW - timedelta(hours=20),
        "organisation": "Acme",
        "thread": ("first@acme.example",),
    }
    return Ticket(**{**given, **fields})


def closed(ago: timedelta = timedelta(hours=1), **fields: Any) -> Ticket:
    return ticket(status=Status.CLOSED, status_since=NOW - ago, closed=NOW - ago, owner=ALICE, **fields)


def key(address: str = "alice@desk.example", letter: str = "agent_ticket", about: str = "EX-7", **fields: Any) -> Key:
    return Key(**{"about": about, "serial": 41, "letter": letter, "address": address, "place": "address", **fields})


def from_customer(writer: Any = CAROL, **fields: Any) -> Facts:
    address = writer.addresses[0] if isinstance(writer, Contact) else getattr(writer, "address", "")
    given = {
        "mail": mail(address),
        "envelope": envelope(sender=address),
        "now": NOW,
        "writer": writer,
        "queue": "technical",
        "address": SUPPORT,
        "fresh": "EX-8",
        "agents": STAFF,
        "colleagues": (CAROL, DAVE),
        "mail_id": 99,
    }
    return Facts(**{**given, **fields})


def from_agent(text: str, agent: Agent = ALICE, **fields: Any) -> Facts:
    """A reply of a proved agent to a letter about a ticket."""
    address = agent.addresses[0]
    given = {
        "mail": mail(address, text=text, message_id="a1@desk.example", subject="Re: [EX-7] Printer"),
        "envelope": envelope(sender=address),
        "keys": (key(address),),
        "ticket": ticket(),
        "fresh": "",
    }
    return replace(from_customer(agent), **{**given, **fields})


def elapsed(on: Ticket, now: datetime = NOW, **fields: Any) -> Elapsed:
    return Elapsed(**{"ticket": on, "now": now, "agents": STAFF, "colleagues": (CAROL, DAVE), **fields})


def ruled(facts: Facts, with_config: Config = CONFIG) -> Ruling:
    return decide(facts, with_config)


def letters(decided: Any, name: str = "") -> list[Letter]:
    """The letters of a ruling or of decisions, or those of one name."""
    decisions = decided.decisions if isinstance(decided, Ruling) else decided
    sent = [each.letter for each in decisions if isinstance(each, SendLetter)]
    return [letter for letter in sent if not name or letter.name == name]


def sent(decided: Any) -> list[tuple[str, str]]:
    """Name and recipient of each letter."""
    return [(letter.name, letter.to.address) for letter in letters(decided)]


def effects(decided: Any, kind: type) -> list[Any]:
    decisions = decided.decisions if isinstance(decided, Ruling) else decided
    return [each for each in decisions if isinstance(each, kind)]
