"""Builders of test data: defaults for everything, so that a test names only what matters.

`mail(...)` gives the raw bytes of a mail; `configuration(...)` a configuration's text; `DIRECTORY` the people of
the stories: Carol and Bob of Acme, Alice and Anton the agents, Mona the manager.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from tests.fields import WRITING

SUPPORT = "support@example.com"
CAROL = "Carol Jones <carol@acme.example>"
BOB = "Bob Brown <bob@acme.example>"
DAVE = "Dave Dent <dave@acme.example>"  # works at Acme, is no contact
STRANGER = "Sam Stray <sam@elsewhere.example>"
ALICE = "Alice Agent <alice@example.com>"
ANTON = "Anton Agent <anton@example.com>"
MONA = "Mona Manager <mona@example.com>"

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday

CONFIGURATION = """
[desk]
name = "Example Support"
domain = "example.com"
state_dir = "state"
prefix = "EX"
postmaster = "ops@example.com"

[store]
url = "{url}"

[relay]
host = "127.0.0.1"
port = 2525
tls = "none"

[queue.technical]
title = "Technical Support"
address = "support@example.com"
aliases = ["help@example.com"]
default = true

[queue.sales]
title = "Sales"
address = "sales@example.com"

[plan.standard]
title = "Standard"
contacts = 2
queues = ["technical", "sales"]
survey = true
"""

DIRECTORY = """
[[organisation]]
name = "Acme"
domains = ["acme.example"]
plan = "standard"
[[organisation.contact]]
name = "Carol Jones"
addresses = ["carol@acme.example", "carol.jones@acme.example"]
[[organisation.contact]]
name = "Bob Brown"
addresses = ["bob@acme.example"]
language = "de"
time_zone = "Europe/Berlin"

[[organisation]]
name = "Globex"
domains = ["globex.example"]
plan = "standard"
[[organisation.contact]]
name = "Gil Glow"
addresses = ["gil@globex.example"]

[[agent]]
name = "Alice Agent"
addresses = ["alice@example.com"]
queues = ["technical"]
[[agent]]
name = "Anton Agent"
addresses = ["anton@example.com"]
queues = ["technical"]
[[agent]]
name = "Mona Manager"
addresses = ["mona@example.com"]
role = "manager"
queues = ["technical", "sales"]
"""

_numbers = itertools.count(1)


def configuration(more: str = "", *, url: str = "sqlite:///maildesk.db", **replaced: str) -> str:
    """The stories' configuration: `more` is appended, `replaced` exchanges whole lines by their key."""
    lines = CONFIGURATION.format(url=url).splitlines()
    for key, value in replaced.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in lines]
    return "\n".join(lines) + "\n" + more


def mail(
    sender: str = CAROL,
    to: str | Iterable[str] = SUPPORT,
    subject: str = "The export fails",
    text: str = "Hello,\n\nthe export to PDF stops at page 3.\n\nCarol",
    *,
    html: str = "",
    cc: str | Iterable[str] = (),
    message_id: str | None = None,
    date: datetime = START,
    attachments: Iterable[tuple[str, bytes, str]] = (),
    headers: dict[str, str] | None = None,
) -> bytes:
    message = EmailMessage(policy=WRITING)
    message["From"] = sender
    message["To"] = to if isinstance(to, str) else ", ".join(to)
    if cc:
        message["Cc"] = cc if isinstance(cc, str) else ", ".join(cc)
    message["Subject"] = subject
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id or f"<m{next(_numbers)}@mail.test>"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, data, kind in attachments:
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes()
