"""What the people of the demo write: mails as ordinary mail clients make them.

The scenes call it. A reply quotes the letter below its words and goes to the letter's Reply-To, which is all
that a client does and all that the desk needs.
"""

from __future__ import annotations

import itertools
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from maildesk.demo.sink import Taken
from maildesk.words.frozen import frozen

SUPPORT = "support@example.com"


@frozen
class Person:
    name: str
    address: str

    def __str__(self) -> str:
        return formataddr((self.name, self.address))


CAROL = Person("Carol Jones", "carol@acme.example")
DAVE = Person("Dave Dent", "dave@acme.example")
SAM = Person("Sam Stray", "sam@elsewhere.example")
ALICE = Person("Alice Agent", "alice@example.com")

_numbers = itertools.count(1)


def write(sender: Person, at: datetime, subject: str, text: str, to: str = SUPPORT) -> EmailMessage:
    message = EmailMessage()
    message["From"] = str(sender)
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{next(_numbers)}.{sender.address}>"
    message.set_content(text)
    return message


def reply(sender: Person, at: datetime, letter: Taken, text: str) -> EmailMessage:
    received = letter.message
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text().splitlines())
    author, _ = parseaddr(str(received["From"]))
    subject = str(received["Subject"])
    message = write(
        sender,
        at,
        subject if subject.startswith("Re:") else f"Re: {subject}",
        f"{text}\n\nOn {received['Date']}, {author} wrote:\n{quoted}\n",
        str(received["Reply-To"]),
    )
    message["In-Reply-To"] = str(received["Message-ID"])
    message["References"] = f"{received['References']} {received['Message-ID']}"
    return message


def away(sender: Person, at: datetime, letter: Taken) -> EmailMessage:
    """The answer of a mail server whose user is on holiday (RFC 3834)."""
    message = reply(sender, at, letter, "I am out of the office until Monday.")
    message["Auto-Submitted"] = "auto-replied"
    return message


def tap(sender: Person, at: datetime, link: str) -> EmailMessage:
    """What a client sends when its reader taps a mailto: link and presses send (RFC 6068)."""
    parts = urlsplit(link)
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return write(sender, at, fields.get("subject", ""), fields.get("body", ""), unquote(parts.path))
