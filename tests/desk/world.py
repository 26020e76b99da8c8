"""A whole desk for stories: real store, ledger, policy and letters; mails are handed in, time is moved by hand.

`desk.receives(...)` gives the receipt, `desk.time_passes(days=2)` does what falls due on the way, and `desk.sent()`
are the letters that the last of these caused. Only the relay and the clock are doubles: the postman's part is
reading the outbox.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr
from functools import cached_property
from pathlib import Path
from typing import Any

from maildesk.config import parse
from maildesk.desk.desk import Desk
from maildesk.desk.opening import build_desk
from maildesk.desk.reader import reading
from maildesk.desk.readers import Reading
from maildesk.desk.sweep import Sweeper
from maildesk.journal import Journal
from maildesk.store import raw, views, views_ticket
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger
from maildesk.store.unwritten import Rendered, in_full
from maildesk.words import Envelope, Order, Receipt
from tests.bodies import body_of, head_of
from tests.builders import START, SUPPORT, configuration, mail
from tests.desk.peopled import peopled
from tests.desk.zone import Zone
from tests.fields import READING

SECRETS = (b"k" * 32,)


@dataclass(frozen=True)
class Sent:
    """One letter as its reader gets it."""

    name: str
    recipient: str
    mail_from: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=READING)

    @cached_property
    def head(self) -> Message:
        return head_of(self.raw, READING)

    @property
    def subject(self) -> str:
        return str(self.head["Subject"])

    @cached_property
    def text(self) -> str:
        found = body_of(self.raw, "text/plain")
        assert found is not None
        return found

    @cached_property
    def html(self) -> str:
        return body_of(self.raw, "text/html") or ""

    @property
    def reply_to(self) -> str:
        return parseaddr(str(self.head["Reply-To"]))[1]

    @property
    def message_id(self) -> str:
        return str(self.head["Message-ID"])

    @property
    def attachments(self) -> dict[str, bytes]:
        return {str(part.get_filename()): part.get_payload(decode=True) for part in self.message.iter_attachments()}

    def addresses(self, field: str) -> set[str]:
        return {address for _, address in getaddresses([str(self.head[field] or "")]) if address}


class ReadsHere:
    """The same reading as the processes', in this one."""

    def read(self, content: bytes) -> Future[Reading]:
        future: Future[Reading] = Future()
        future.set_result(Reading(*reading(content)))
        return future


class World:
    def __init__(self, store: Store, folder: Path, more: str, people: str, replaced: dict[str, str]) -> None:
        self.now = START
        self.config = parse(configuration(more, **replaced), folder)
        peopled(store, people, self.config, self.now, more, *sorted(replaced.items()))
        store.close()
        self.ledger = Ledger(store, Journal(level="error"))
        self.ledger.start()
        self.zone = Zone()
        journal = Journal(level="error")
        self.desk: Desk = build_desk(
            self.config, SECRETS, self.ledger, ReadsHere(), lambda: self.now, journal, provers=self.zone
        )
        self.seen = 0  # the id of the last letter before the last mail or passing of time

    def stop(self) -> None:
        self.ledger.stop(5)

    # what a story does

    def receives(self, content: bytes | None = None, **envelope: Any) -> Receipt:
        """As by the LMTP door of a mail server that knows the sender from the From field."""
        self.seen = self.ask(newest)
        content = mail() if content is None else content
        parsed = head_of(content, READING)
        given: dict[str, Any] = {
            "door": "lmtp:main",
            "received": self.now,
            "sender": parseaddr(str(parsed["From"]))[1],
            "recipients": tuple(a for _, a in getaddresses([str(parsed["To"]), str(parsed["Cc"] or "")]) if a),
            "refusable": True,
        }
        return self.desk.receive(content, Envelope(**(given | envelope))).result(20)

    def replies(self, sender: str, letter: Sent, text: str, **fields: Any) -> Receipt:
        """What a mail client does with a letter: Reply-To, subject, references, and the letter quoted below."""
        return self.receives(reply_to(sender, letter, text, **fields))

    def time_passes(self, **span: float) -> None:
        self.seen = self.ask(newest)
        self.now += timedelta(**span)
        Sweeper(self.desk).sweep(self.now)

    # what a story sees

    def sent(self, *names: str, to: str = "") -> list[Sent]:
        """The letters that the last mail, or the last passing of time, caused; with names only those.

        `to` names their reader, or several. What nobody asks for is not written: a story looks at few of its letters.
        """

        def find(store: Store) -> list[Sent]:
            if not names and not to:
                return self._letters(store, "id > ?", [self.seen])
            listed = store.all("SELECT id, name, recipient FROM letter WHERE id > ?", (self.seen,))
            ids = [ident for ident, name, reader in listed if name in (names or (name,)) and reader in (to or reader)]
            return self._letters(store, f"id IN ({', '.join('?' * len(ids))})", ids) if ids else []

        found: list[Sent] = self.ask(find)
        return found

    def the(self, name: str, recipient: str = "") -> Sent:
        """The one letter of that name (and reader) among them."""
        found = self.sent(name, to=recipient)
        assert len(found) == 1, f"{len(found)} letters {name} to {recipient or 'anybody'}"
        return found[0]

    def ticket(self, reference: str = "EX-10001") -> dict[str, Any]:
        return self.ask(lambda store: views_ticket.show(store, reference, self.config, self.now, self.write))

    def rows(self) -> list[dict[str, Any]]:
        return self.ask(lambda store: list(views.ledger(store)))

    def raw(self, mail_id: int) -> bytes:
        return self.ask(lambda store: raw.load(store, mail_id))

    def write(self, order: Order) -> Rendered | None:
        [fulfilled] = self.desk.settings.letters.written([order])
        return fulfilled.rendered

    def ask(self, question: Any) -> Any:
        return self.ledger.submit(question).result(20)

    def _letters(self, store: Store, where: str, values: list[Any]) -> list[Sent]:
        columns = ("name", "recipient", "mail_from", *views.PARTS)
        found = []
        for row in in_full(store, columns, f"{where} ORDER BY id", values, self.write):
            name, recipient, mail_from = row[:3]
            content = b"".join(views.assembled(store, row[3:]))
            found.append(Sent(name, recipient, mail_from, content))
        return found


def newest(store: Store) -> int:
    row = store.one("SELECT COALESCE(MAX(id), 0) FROM letter")
    assert row is not None
    return int(row[0])


def reply_to(sender: str, letter: Sent, text: str, **fields: Any) -> bytes:
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    author = parseaddr(str(letter.head["From"]))[0]
    given = {
        "to": letter.reply_to or SUPPORT,
        "subject": f"Re: {letter.subject}",
        "text": f"{text}\n\nOn {letter.head['Date']}, {author} wrote:\n{quoted}\n",
    } | fields
    headers = {
        "In-Reply-To": letter.message_id,
        "References": " ".join(f"{letter.head['References'] or ''} {letter.message_id}".split()),
    } | given.pop("headers", {})
    return mail(sender, **given, headers=headers)
