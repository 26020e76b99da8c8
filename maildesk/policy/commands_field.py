"""The agents' command for intake fields: `#field NAME VALUE`.

Read by commands. A field is named by its short name or its title, which may be several words; the queue that another
line of the mail names counts. What a field does not take is refused with the nearest that it does.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher, get_close_matches

from maildesk.config import Config, IntakeField
from maildesk.policy import fields
from maildesk.policy.commands_sorting import queue_meant
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.script import Line
from maildesk.words import Facts

FIELD = "field"
CLOSE = 0.7  # how like a title words must be to mean it
MOST_WORDS = 6  # of a title
_BETWEEN = re.compile(r"\s*[:=]?\s*")


def _field(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """Without a value it is emptied."""
    if facts.ticket is None:
        return Refusal(line.text, "no_ticket")
    known = fields.of_queue(queue_meant(facts.ticket, facts, config), config)
    if not known:
        return Refusal(line.text, "no_fields")
    name, said = _parted(line.argument, known)
    if not name:
        return Refusal(line.text, "argument", _near_field(line.argument, known))
    title = fields.title(name, known)
    if not said:
        return Deed(FIELD, "emptied", title, lambda change: change.set_field(name, ""))
    value = fields.accepted(said, known[name])
    if not value:
        return _refused(line, f"#{FIELD} {title}", said, known[name])
    return Deed(FIELD, FIELD, f"{title}: {value}", lambda change: change.set_field(name, value))


def _parted(argument: str, known: fields.Fields) -> tuple[str, str]:
    """The field's name, and what is said of it; the longest title that fits is meant."""
    names = fields.by_title(known)
    for called in sorted(names, key=len, reverse=True):
        written = r"\s+".join(map(re.escape, called.split()))
        found = re.match(rf"{written}(?=$|[\s:=])", argument, re.IGNORECASE)
        if found:
            between = _BETWEEN.match(argument, found.end())
            return names[called], argument[between.end() if between else found.end() :].strip()
    return "", ""


def _near_field(argument: str, known: fields.Fields) -> str:
    """With what was said behind it, so that the line can be copied."""
    titles = {called: fields.title(name, known) for called, name in fields.by_title(known).items()}
    words = argument[: fields.LONGEST].split()
    begun = [" ".join(words[:length]).rstrip(":=").casefold() for length in range(1, min(len(words), MOST_WORDS) + 1)]
    likely = [(_likeness(first, called), -number, called) for number, first in enumerate(begun) for called in titles]
    likeness, number, called = max(likely, default=(0.0, 0, ""))
    if likeness >= CLOSE:
        return " ".join((f"#{FIELD} {titles[called]}", *words[1 - number :]))
    return f"#{FIELD} {'|'.join(dict.fromkeys(titles.values()))} VALUE"


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _refused(line: Line, begun: str, said: str, field: IntakeField) -> Refusal:
    if len(said) > fields.LONGEST:
        return Refusal(line.text[: fields.LONGEST], "too_long", "")
    if field.choices:
        choices = {each.casefold(): each for each in field.choices}
        near = get_close_matches(said.casefold(), choices, n=1)
        return Refusal(line.text, "argument", f"{begun} {choices[near[0]] if near else '|'.join(choices.values())}")
    return Refusal(line.text, "pattern", f"{begun} {field.example}" if field.example else "")


COMMANDS_FIELD = {
    FIELD: Command("NAME [VALUE]", "an intake field of the queue; without a value it is emptied", True, _field),
}
