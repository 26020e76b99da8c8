"""What a customer may ask for by mail: the first line of his own new text, and which words it may hold.

Read by store/facts, which then loads what the request is about, and by the rules. A line that holds anything but a
request and what belongs to it is an ordinary line: "Status of my order?" opens a ticket.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from maildesk.mime.keyless import keyless
from maildesk.mime.lazily import lazily
from maildesk.policy.gate import colleague, participates
from maildesk.policy.reference import canonical
from maildesk.policy.script import bare_subject
from maildesk.policy.thanks import CLOSING, thanks_alone
from maildesk.words import Incoming, Ticket, Writer
from maildesk.words.frozen import frozen

ACTS = {
    "status": "status",
    "stand": "status",
    "copy": "copy",
    "kopie": "copy",
    "escalate": "escalate",
    "eskalieren": "escalate",
    "solved": "solved",
    "gelöst": "solved",
    "geloest": "solved",
    "close": "close",
    "schließen": "close",
    "schliessen": "close",
    "stop copies": "leave",
    "keine kopien": "leave",
}
LONGEST = 1000  # characters of a line that may still be a request
_MEANT = {word.casefold(): act for word, act in ACTS.items()}
_WORDS = "|".join(word.replace(" ", "[ ]+") for word in ACTS)
_REFERENCE = r"[\[(<]?(?P<reference>[A-Za-z][A-Za-z0-9]{0,31}-[0-9]{1,18})(?![A-Za-z0-9-])[\])>]?"
_LINE = lazily(rf"(?P<word>{_WORDS})(?![\w-])(?:[ :]+{_REFERENCE})?(?P<rest>.*)", re.IGNORECASE)
_BLANK = " \t\r\n\u00a0\u200b\u2060\ufeff"
_SPACES = re.compile(r"[ \t\r\u00a0\u202f\u200b\u2060\ufeff]+")
_QUOTES = "\"'`*_\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb\u2039\u203a "
_ENDS = ".!?:, "


@frozen
class Request:
    act: str  # status | copy | escalate | solved | close | leave
    reference: str = ""  # as it was named; "" = the ticket that the mail belongs to, or none
    reason: str = ""  # of an escalation


def asked(mail: Incoming) -> tuple[Request | None, str]:
    """The request that a mail begins with, and the words below it; a mail without words may have it in its subject."""
    if mail.reply_text and not mail.reply_text.isspace():
        request, words = read(mail.reply_text)
        return request, below(words, mail) if request else ""
    answers = mail.cited or mail.text.strip() or mail.attachments
    return (None, "") if answers else (_in_subject(keyless(mail.subject)), "")


def bare(mail: Incoming) -> bool:
    """Whether it asks for something and says nothing else."""
    return asked(mail)[0] is not None and not says_more(mail)


def says_more(mail: Incoming) -> bool:
    """Whether a mail that asks for something brings words or files besides."""
    request, words = asked(mail)
    files = (each for each in mail.attachments if not (each.inline and each.content_id))  # a logo says nothing
    return bool(words or any(files) or (request and request.reason))


def may_see(writer: Writer, addresses: Sequence[str], ticket: Ticket) -> bool:
    """Whether somebody with these addresses may ask about a ticket: he takes part, or it is his organisation's."""
    return colleague(writer, ticket) or any(participates(address, ticket) for address in addresses)


def read(text: str) -> tuple[Request | None, str]:
    """The request that a text begins with, and the words below it."""
    seen = text.lstrip(_BLANK)
    first = seen[: LONGEST + 1].partition("\n")[0]
    request = _request(first)
    return (request, seen[len(first) :].strip(_BLANK)) if request else (None, text)


def _in_subject(subject: str) -> Request | None:
    """As it stands, or with its reference in front, as our letters have it."""
    return _request(subject) or _request(bare_subject(subject))


@lru_cache(maxsize=16)  # facts, rules and letters ask for the same line; a whole text would be kept with its answer
def _request(line: str) -> Request | None:
    line = _SPACES.sub(" ", unicodedata.normalize("NFC", line)).strip(_QUOTES) if len(line) <= LONGEST else ""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    act = _MEANT.get(" ".join(found["word"].casefold().split()), "")
    reference = canonical(found["reference"] or "")
    rest = found["rest"].strip(_ENDS + _QUOTES)
    if act == "escalate":
        return Request(act, reference, rest) if reference or not rest else None
    return None if rest or not act else Request(act, reference)


def below(words: str, mail: Incoming) -> str:
    """The words below a request or a choice, "" when they only thank, greet, or name their writer."""
    name = (mail.sender.name if mail.sender else "").casefold().split()
    lines = [line.strip(" \t,.!-\u2013") for line in words.split("\n")] if len(words) <= LONGEST else [words]
    left = [line for line in lines if line and not CLOSING.fullmatch(line) and not _names(line, name)]
    return "" if not left or thanks_alone("\n".join(left)) else words


def _names(line: str, name: list[str]) -> bool:
    return bool(name) and set(line.casefold().split()) <= set(name)
