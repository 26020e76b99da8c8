"""The header block of a letter (contract.md, section 5), without the fields of its body.

Called by letters/render. One From; Reply-To with the reader's own key; a subject with the reference exactly once; a
chain of references that begins with an id of ours; the marks by which robots know an automatic mail (RFC 3834).
"""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from maildesk.config import Config
from maildesk.letters.identity import Identity, is_keyed
from maildesk.letters.table import Kind
from maildesk.mime.write_headers import clean_id, identifiers, mailboxes, tidy, unstructured
from maildesk.words import Address, Letter

MOST_REFERENCES = 21  # the first, and the last twenty
LONGEST_SUBJECT = 250
LONGEST_NAME = 100
MOST_SHOWN = 100


def fields(letter: Letter, kind: Kind, identity: Identity, subject: str, now: datetime, config: Config) -> str:
    """All fields in order, each ended by CRLF."""
    answered = [] if is_keyed(letter.in_reply_to) else [letter.in_reply_to]
    return "".join(
        (
            _from(identity.sender, _from_name(letter, config)),
            mailboxes("Reply-To", [Address(identity.reply_to)]) if identity.reply_to else "",
            _readers(letter, kind),
            unstructured("Subject", subject),
            f"Date: {format_datetime(now)}\r\n",
            identifiers("Message-ID", [identity.message_id]),
            identifiers("In-Reply-To", answered),
            identifiers("References", _chain(letter, kind, identity, answered)),
            _for_robots(letter, kind),
            f"X-Maildesk-Letter: {letter.name}\r\n",
            f"X-Maildesk-Ticket: {identity.reference}\r\n" if identity.reference else "",
        )
    )


def subject_line(written: str, identity: Identity) -> str:
    """What the template gave, with the reference in it exactly once."""
    subject = tidy(written)
    if not identity.reference:
        return _cut(subject, LONGEST_SUBJECT)
    tag = f"[{identity.reference}]"
    before, found, after = subject.partition(tag)
    if not found:
        before, after = "", before
    return _cut(tidy(f"{before}{tag} {after.replace(tag, ' ')}"), LONGEST_SUBJECT)


def mail_from(letter: Letter, identity: Identity, config: Config) -> str:
    """The envelope sender: null for automatic mail; for a human's words the key that lets a bounce find its letter."""
    if config.relay.sender:
        return config.relay.sender
    if letter.human:
        return identity.reply_to or identity.sender
    return "" if config.relay.null_sender else identity.sender


@lru_cache(maxsize=256)
def _from(sender: str, name: str) -> str:
    return mailboxes("From", [Address(sender, name)])


def _from_name(letter: Letter, config: Config) -> str:
    queue = config.queue.get(letter.queue)
    title = queue.title if queue else config.desk.name
    speaker = _cut(tidy(letter.sender_name), LONGEST_NAME)
    return f"{speaker} ({title})" if speaker else title


def _readers(letter: Letter, kind: Kind) -> str:
    if kind.blank:
        return mailboxes("To", [Address(letter.to.address)])
    copies = mailboxes("Cc", _named(letter.shown_cc)) if letter.shown_cc else ""
    return mailboxes("To", _named(letter.shown_to or (letter.to,))) + copies


def _for_robots(letter: Letter, kind: Kind) -> str:
    if letter.human:
        return ""
    cause = "auto-replied" if kind.answers else "auto-generated"
    return f"Auto-Submitted: {cause}\r\nX-Auto-Response-Suppress: All\r\n"


def _named(people: tuple[Address, ...]) -> list[Address]:
    return [Address(each.address, _cut(tidy(each.name), LONGEST_NAME)) for each in people[:MOST_SHOWN]]


def _chain(letter: Letter, kind: Kind, identity: Identity, answered: list[str]) -> list[str]:
    """RFC 5322 3.6.4, behind an id of our own that survives a relay which rewrites Message-IDs."""
    cited = () if kind.blank else letter.references
    foreign = [each for each in (*cited, *answered) if clean_id(each) and not is_keyed(each)]
    # The mail that is answered stands last, wherever else it was named.
    chain = [identity.thread_id, *reversed(dict.fromkeys(reversed(foreign)))]
    return chain if len(chain) <= MOST_REFERENCES else [chain[0], *chain[1 - MOST_REFERENCES :]]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
