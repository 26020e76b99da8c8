"""Intake fields: which ones a queue has, which values they take, what a mail tells of them, and what is still wanted.

Used by sorting, intake, the commands and the letters about fields. A value that a field does not take is never kept,
and nobody is shown it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from maildesk.config import Config, IntakeField
from maildesk.mime.keyless import keyless
from maildesk.words import Ticket

LONGEST = 200  # characters of a value
SEARCHED = 64 * 1024  # characters of a mail that are looked through
BELOW = 3  # lines in which an answer stands below the line that it answers
_QUOTED = re.compile(r"[ \t\u00a0]*[>|]")
_SAYS = re.compile(r"[^\W_]")  # a line to be filled in has dots or dashes
_NUMBER = re.compile(r"\d+(?:\.\d+)*")

Fields = Mapping[str, IntakeField]


def of_queue(queue: str, config: Config) -> Fields:
    known = config.queue.get(queue)
    return known.field if known else {}


def title(name: str, fields: Fields) -> str:
    """As customers and agents read it."""
    known = fields.get(name)
    return (known.title if known else "") or name


def by_title(fields: Fields) -> dict[str, str]:
    """The names of fields by what they are called; where two could be meant, by the title."""
    names = {name.casefold(): name for name in fields}
    return names | {_plain(title(name, fields)).casefold(): name for name in fields}


def accepted(value: str, field: IntakeField) -> str:
    """The value as it is kept; "" = the field does not take it."""
    value = keyless(_plain(value[: 2 * LONGEST]))
    if not value or len(value) > LONGEST:
        return ""
    if field.choices:
        value = next((each for each in field.choices if _plain(each).casefold() == value.casefold()), "")
    return value if not field.pattern or re.fullmatch(field.pattern, value) else ""


def told(text: str, fields: Fields, *, quoted: bool = False) -> Iterator[tuple[str, str]]:
    """What lines such as `Product: Backup` say, by the fields' names; also of lines that are `quoted`.

    Where a quoted line was left as it was, the answer may stand below it.
    """
    if not fields:
        return
    names = by_title(fields)
    line = _line(tuple(sorted(names, key=len, reverse=True)))
    lines = text[:SEARCHED].split("\n")
    for number, row in enumerate(lines):
        marked = _QUOTED.match(row) is not None
        if (marked and not quoted) or not (hit := line.match(row)):
            continue
        value = _value(hit[2])
        if not value and marked:
            value = next(_below(lines[number + 1 : number + 1 + BELOW], line), "")
        name = names.get(_plain(hit[1]).casefold(), "")
        if value and name:
            yield name, value


def lacking(ticket: Ticket, config: Config) -> tuple[str, ...]:
    """The required fields of its queue that are empty, by their names."""
    known = of_queue(ticket.queue, config)
    have = dict(ticket.fields) if known else {}
    return tuple(name for name, field in known.items() if field.required and not have.get(name))


def unsupported(ticket: Ticket, config: Config) -> tuple[str, ...]:
    """The fields whose value is a version that is supported no more, or not yet."""
    known = of_queue(ticket.queue, config)
    return tuple(name for name, value in ticket.fields if name in known and not is_supported(value, known[name]))


def is_supported(value: str, field: IntakeField) -> bool:
    """Whether one of the versions is meant: 8.2.1 is of 8, and 8 may be 8.2. Words without a number cannot be judged.

    A version without a number is looked for as it is written.
    """
    told_parts = [_parts(each) for each in _NUMBER.findall(value)]
    known_parts = [_parts(found[0]) for each in field.supported if (found := _NUMBER.search(each))]
    named = [each for each in field.supported if not _NUMBER.search(each)]
    if any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", value, re.IGNORECASE) for each in named):
        return True
    if not named and not told_parts:
        return True
    return any(_same(one, other) for one in told_parts for other in known_parts) or not field.supported


def shown(ticket: Ticket, config: Config) -> list[list[object]]:
    """For agents: title, value, and the supported versions where it is none of them; in the queue's order."""
    known = of_queue(ticket.queue, config)
    outdated = unsupported(ticket, config)
    have = dict(ticket.fields)
    names = [*(name for name in known if name in have), *(name for name in have if name not in known)]
    return [[title(n, known), have[n], list(known[n].supported) if n in outdated else []] for n in names]


def news(before: Ticket | None, after: Ticket, config: Config) -> list[list[object]]:
    """For agents: what a mail has filled or changed."""
    if before is None or before.reference != after.reference or before.fields == after.fields:
        return []
    known = of_queue(after.queue, config)
    old = {title(name, known): value for name, value in before.fields}
    return [row for row in shown(after, config) if old.get(str(row[0])) != row[1]]


def missing(ticket: Ticket, config: Config) -> list[str]:
    """For agents: the titles of what is lacking."""
    known = of_queue(ticket.queue, config)
    return [title(name, known) for name in lacking(ticket, config)]


def notices(ticket: Ticket, config: Config) -> list[list[object]]:
    """For customers: title and supported versions of what is not supported. The value may be a forger's (T26)."""
    known = of_queue(ticket.queue, config)
    return [[title(name, known), list(known[name].supported)] for name in unsupported(ticket, config)]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split("."))


def _same(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


@lru_cache(maxsize=64)
def _line(names: tuple[str, ...]) -> re.Pattern[str]:
    """A line that names a field, behind marks of quoting, of a list or of emphasis."""
    called = "|".join(r"\s+".join(map(re.escape, each.split())) for each in names)
    before = r"(?:[ \t\u00a0]*[>|])*[ \t\u00a0]*(?:[-*\u2022][ \t]+)?[*_]?"
    return re.compile(rf"{before}({called})[*_]?[ \t\u00a0]*[:：](.*)", re.IGNORECASE)


def _value(text: str) -> str:
    value = _plain(text).strip("* ")
    return value if _SAYS.search(value) else ""


def _below(lines: list[str], line: re.Pattern[str]) -> Iterator[str]:
    """The first line of these that says something, unless it is quoted, too, or names a field itself."""
    first = next((each for each in lines if each.strip()), "")
    if first and not _QUOTED.match(first) and not line.match(first):
        yield _value(first)
