"""A mail that its writer passes on: who wrote what he passes on, and which words are whose.

Called by `read`. It reads the forms of the usual mail programs, written into the text or attached (message/rfc822).
Line by line and linear on hostile text; who cannot be read in one way only is nobody.
"""

from __future__ import annotations

import re

from maildesk.mime import limits, quotes
from maildesk.mime.address import normal
from maildesk.mime.body import Body
from maildesk.mime.body import of as body_of
from maildesk.mime.fields import cut
from maildesk.mime.quotes_heads import after_head, field_kind
from maildesk.mime.quotes_lines import FORWARD, RULE, is_original
from maildesk.mime.read_people import everyone, sender
from maildesk.mime.unread import message_id_of
from maildesk.mime.walk import Part, Walk, octets
from maildesk.words import Address, Forwarded

_BLOCK = 16  # lines in which the fields of a head stand
_LINE = 400  # characters of a line that are looked at
_MOST = 50  # people read from a Cc
_LOOKED_AT = 2000  # lines of one mail that might begin what is passed on
# The cheap question, asked of the whole text at once: a drawn line with words, "Begin ...:", or a field of a head.
# It begins with the line end above, which `re` skips to, and gives nothing back of what has no colon.
_MAYBE = re.compile(r"\n[ \t>*]{0,8}(?:[-_=~\u2010-\u2015\u2500]{2,}|[^\W\d_][^:：\n]{0,60}+[:：])")
_QUOTED = re.compile(r"[ \t\u00a0]{0,3}>[ ]?")
_MAILBOX = re.compile(r"[^\s<>()\[\]\"',;:@*|]{1,64}@[^\s<>()\[\]\"',;:@*|]{1,255}")
_NAME = re.compile(r"[\s\"'*<(\[]*([^<>\[\]\"@\n]{0,200})")
_END = re.compile(
    r"(?i)[ \t>]*[-_=]{2,}\s*(?:end (?:of )?(?:the )?forwarded message|ende der weitergeleiteten nachricht)\s*[-_=]*\s*"
)
_REPORTS = frozenset({"multipart/report", "multipart/digest"})


def of(raw: bytes, root: Part, found: Body, subject: str, *, answers: bool, said: str) -> Forwarded | None:
    """What this mail passes on; None where it passes nothing on. `said` are its new words."""
    passes = quotes.forwards(subject)
    answers = (answers or quotes.is_reply(subject)) and not passes
    if inline := in_text(said if answers else found.text, open_to_heads=not answers):
        return inline
    attached = [part for part in _parts(root) if part.type == "message/rfc822"] if not answers else []
    if not attached:
        return None
    if len(attached) > 1:
        return Forwarded(above=said, why="several")
    return _attached(raw, attached[0], found, said)


def in_text(text: str, *, open_to_heads: bool) -> Forwarded | None:
    """A mail written into the text: below a line that says so, or below a bare head where that may be."""
    text = text[: limits.QUOTED]
    places = _maybe(text)[:_LOOKED_AT]
    lines = text.split("\n") if places else []
    for at in places:
        line = lines[at][:200]
        if FORWARD.match(line) and (open_to_heads or not _QUOTED.match(line)):
            return _passed_on(lines, at, at + 1)
        if open_to_heads and field_kind(line) and after_head(lines, at, answers=False, drawn=False):
            return _passed_on(lines, _drawn_above(lines, at), at)
    return None


def _maybe(text: str) -> list[int]:
    """The numbers of the lines at which it might begin, in one pass."""
    found: list[int] = []
    text, number, at = f"\n{text}", 0, 0
    while match := _MAYBE.search(text, at):
        number += text.count("\n", at, match.start())
        found.append(number)
        number, at = number + 1, text.find("\n", match.end())
        if at < 0:
            break
    return found


def _drawn_above(lines: list[str], at: int) -> int:
    """Where a line is drawn above a bare head, or a program says that the original follows."""
    back = at
    while back and at - back < 3 and not lines[back - 1].strip():
        back -= 1
    above = lines[back - 1][:200] if back else ""
    return back - 1 if RULE.fullmatch(above) or is_original(above) else at


def _passed_on(lines: list[str], begins: int, at: int) -> Forwarded:
    above = quotes.new_words("\n".join(lines[:begins])).said
    seen, end = _head(lines, at)
    text = _body(lines, end)
    writer, why = _writer(seen.get("from", "")) if seen else (None, "no head")
    return Forwarded(
        sender=writer,
        cc=_people(seen.get("cc", "")),
        subject=seen.get("subject", "")[: limits.SUBJECT],
        text=text,
        above=above,
        why=why,
    )


def _head(lines: list[str], at: int) -> tuple[dict[str, str], int]:
    """The fields of a head by kind, and the line below it. A field may go on in the next line."""
    seen: dict[str, str] = {}
    last, end = "", at
    for number in range(at, min(at + _BLOCK, len(lines))):
        line = lines[number][:_LINE]
        bare = _QUOTED.sub("", line, count=1).strip()
        kind = field_kind(line)
        if not bare:
            if {"from", "subject"} <= seen.keys() or len(seen) > 2:
                break
            continue
        if kind and kind not in seen:
            seen[kind] = _value(line)
        elif last in ("to", "cc") and not kind and _MAILBOX.search(bare):
            seen[last] += f" {bare}"
        elif kind or _is_field(bare):
            pass
        else:
            break
        last, end = kind or last, number + 1
    return (seen, end) if "from" in seen else ({}, at)


def _is_field(line: str) -> bool:
    """A field that no table has, "Organization: Acme", inside of a head."""
    name, colon, value = line.partition(":")
    return bool(colon) and bool(value.strip()) and len(name) <= 26 and " " not in name.strip("*_ ")


def _value(line: str) -> str:
    wide, plain = line.find("："), line.find(":")
    at = wide if 0 <= wide < plain or plain < 0 else plain
    return line[at + 1 :].strip(" \t*_|\u00a0\u202f\u3000")


def _writer(value: str) -> tuple[Address | None, str]:
    """The one mailbox of a From, else why there is none: two of them may be anybody's."""
    found = _addresses(value)
    if len(found) != 1:
        return None, "ambiguous" if found else "no address"
    return Address(found[0], _name(value)), ""


def _addresses(value: str) -> list[str]:
    known = (normal(each) for each in _MAILBOX.findall(value.replace("mailto:", " ")))
    return list(dict.fromkeys(each for each in known if each))


def _name(value: str) -> str:
    named = _NAME.match(value)
    name = named[1].replace("mailto:", "").strip(" \t*_\"'(,") if named else ""
    return "" if "@" in value[: len(name) + 1] else name[: limits.NAME]


def _people(value: str) -> tuple[Address, ...]:
    return tuple(Address(each) for each in _addresses(value)[:_MOST])


def _body(lines: list[str], at: int) -> str:
    """The words below a head, without the marks that a program put before each of them."""
    below = [
        line for line in lines[at:] if not (line.lstrip(" \t>")[:2] in ("--", "__", "==") and _END.fullmatch(line))
    ]
    first = next((line for line in below if line.strip()), "")
    if _QUOTED.match(first):
        below = [_QUOTED.sub("", line, count=1) for line in below]
    return "\n".join(below).strip("\n")


def _parts(root: Part) -> list[Part]:
    return [] if root.type in _REPORTS or root.type == "message/rfc822" else list(root.leaves())


def _attached(raw: bytes, part: Part, outer: Body, said: str) -> Forwarded:
    """An attached mail. Files are told by where they stand in the raw octets: an encoded mail is itself the file."""
    whole, inner = raw, part.children[0] if part.children else None
    if inner is None:
        whole = octets(raw, part)
        walk = Walk(whole)
        inner = walk.tree(cut(whole, 0, len(whole)))
        if walk.over:
            return Forwarded(above=said, why="unreadable")
    found = body_of(whole, inner)
    writer, ambiguous = sender(inner.fields)
    itself = [each for each in outer.attachments if each.type == "message/rfc822"] if found.attachments else []
    return Forwarded(
        sender=writer,
        cc=everyone(inner.fields, "cc")[:_MOST],
        subject=inner.fields.text("subject")[: limits.SUBJECT],
        text=found.text,
        above=said,
        why="" if writer else ambiguous and "ambiguous",
        message_id=message_id_of(inner.fields),
        attachments=tuple(found.attachments if whole is raw else itself),
        attached=True,
    )
