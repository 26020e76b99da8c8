"""Letters: from a decision to write one, to its bytes.

`Letters` is used by the scribe, by views of letters that still wait to be written, and by the previews. It is pure
but for reading each template file once: the same letter, serial and moment give the same bytes. It asks no clock,
draws no number, and shows the token of a letter to nobody but its reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from maildesk.config import Config
from maildesk.letters.copies import Copies
from maildesk.letters.environment import Written
from maildesk.letters.fallback import Templates
from maildesk.letters.headers import fields, mail_from, subject_line
from maildesk.letters.identity import Identity, identify, listed, message_id
from maildesk.letters.invitation import meeting
from maildesk.letters.table import LETTERS, Kind, marker
from maildesk.letters.times import day, known_zone, said
from maildesk.letters.where import wanted
from maildesk.mime.keyless import keyless
from maildesk.mime.write import Composed, compose
from maildesk.mime.write_body import clean_text
from maildesk.mime.write_calendar import Meeting
from maildesk.mime.write_headers import tidy
from maildesk.policy.holidays import holiday
from maildesk.policy.keys import serial_of
from maildesk.policy.service import words
from maildesk.words import Attachment, Letter, Order
from maildesk.words.orders import decided

LONG_TEXT = 200_000  # characters; beyond, HTML would only double the letter


class Rendered(NamedTuple):
    """A letter as the outbox keeps it."""

    mail_from: str
    recipient: str
    sender: str
    subject: str
    message_id: str
    text: str
    head: bytes
    body: bytes
    boundary: str
    attachments: tuple[Attachment, ...]
    html: str = ""  # for previews; it stands in `body`


class Fulfilled(NamedTuple):
    """What became of an order."""

    rendered: Rendered | None
    error: str = ""


def unheard(fault: str) -> None:
    """For callers that check templates otherwise."""


class Letters:
    """All letters of one desk. `secrets`: the first one signs. `alarm` hears of broken overrides."""

    def __init__(self, config: Config, secrets: Sequence[bytes], alarm: Callable[[str], None] = unheard) -> None:
        self._config = config
        self._secret = secrets[0]
        self._templates = Templates(config, alarm)
        self._copies = Copies()

    def render(self, letter: Letter, serial: int, now: datetime) -> Rendered:
        """Raises KeyError for a letter that is not in LETTERS, and jinja2 errors for a context that lacks a field."""
        kind = LETTERS[letter.name]
        identity = identify(letter, serial, self._config, self._secret)
        written = self._copies.written(letter, identity.token, lambda: self._written(letter, kind, identity))
        subject = subject_line(written.subject, identity)
        first = f"{marker(written.language)}\n\n" if kind.answerable else ""
        text = clean_text(first + written.text)
        head = fields(letter, kind, identity, subject, now, self._config)
        composed = _composed(head, text, written, letter, kind, meeting(letter, identity, now, self._config))
        return Rendered(
            mail_from=mail_from(letter, identity, self._config),
            recipient=letter.to.address,
            sender=identity.sender,
            subject=subject,
            message_id=identity.message_id,
            text=text,
            head=composed.head,
            body=composed.body,
            boundary=composed.boundary,
            attachments=letter.attachments,
            html=written.html,
        )

    def message_id(self, letter: Letter, serial: int) -> str:
        """The one it will have, unless the key is exchanged before it is written."""
        return message_id(letter, serial, self._config, self._secret)

    def write(self, order: Order) -> Rendered:
        """A letter of the outbox. Raises as `render` does, and ValueError for an order that says nothing."""
        letter, now = decided(order.text)
        return self.render(letter, order.serial, now)

    def written(self, orders: Sequence[Order]) -> list[Fulfilled]:
        """Each of them, or why there is none: no letter stands in another's way."""
        return [self._attempt(order) for order in orders]

    def _attempt(self, order: Order) -> Fulfilled:
        try:
            return Fulfilled(self.write(order)._replace(html=""))
        except Exception as fault:  # the scribe's loop: this letter is held and told of, the next one goes on
            return Fulfilled(None, f"{type(fault).__name__}: {fault}")

    def _written(self, letter: Letter, kind: Kind, identity: Identity) -> Written:
        desk = self._config.desk
        languages = wanted(letter.language or desk.language, desk.language)

        def context(language: str) -> Mapping[str, Any]:
            return self._context(letter, kind, identity, language)

        return self._templates.write(letter.name, letter.queue, languages, context)

    def _context(self, letter: Letter, kind: Kind, identity: Identity, language: str) -> Mapping[str, Any]:
        """Plain data and two functions: a template can reach nothing else."""
        queue = self._config.queue.get(letter.queue)
        hours = self._config.calendar.get(letter.calendar)
        zone = known_zone(letter.time_zone, hours.time_zone if hours else "", self._config.desk.time_zone).key

        def when(moment: datetime) -> str:
            return said(moment, language, zone)

        return {
            "desk": self._config.desk.name,
            "queue": queue.title if queue else self._config.desk.name,
            "words": words(self._config, letter.plan, letter.queue),
            "reference": identity.reference,
            "subject": "" if kind.blank else identity.matter,
            "reader": "" if kind.blank else tidy(letter.to.name),
            "role": letter.role,
            "language": language,
            "marker": marker(language) if kind.answerable else "",
            "mailto": identity.mailto,
            "when": when,
            "day": lambda on: day(on, language),
            "holiday": lambda written, on: holiday(written, date.fromisoformat(on), language),
            **({"link": self._links(letter, identity)} if kind.lists else {}),
            **{name: _keyless(value) for name, value in letter.context.items()},
        }

    def _links(self, letter: Letter, identity: Identity) -> Callable[[Mapping[str, str], str], str]:
        """Answers to a letter that lists tickets, each about one of them."""
        serial = serial_of(identity.token) or 0
        found: dict[str, Identity] = {}

        def link(line: Mapping[str, str], body: str) -> str:
            if line["reference"] not in found:
                found[line["reference"]] = listed(letter, line, serial, self._config, self._secret)
            return found[line["reference"]].mailto(body)

        return link


def _keyless(value: Any) -> Any:
    """Words of mails stand in lists too, such as the messages of a thread."""
    if isinstance(value, str):
        return keyless(value)
    if isinstance(value, list | tuple):
        return [_keyless(each) for each in value]
    if isinstance(value, dict):
        return {name: _keyless(each) for name, each in value.items()}
    return value


def _composed(
    head: str, text: str, written: Written, letter: Letter, kind: Kind, invitation: Meeting | None
) -> Composed:
    """The bytes; HTML is left out where the letter would be too large with it."""
    html = "" if len(text) > LONG_TEXT else written.html
    # The Message-ID in the head is a secret until now, so that no text can hold a boundary made of it.
    composed = compose(head, text, html, head, letter.attachments, invitation)
    if kind.most and len(composed.head) + len(composed.body) > kind.most:
        return compose(head, text, "", head, letter.attachments)
    return composed
