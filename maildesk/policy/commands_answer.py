"""The agents' command `#answer NAME`: a canned answer in front of their text.

Read by commands. Policy reads no file: desk/canned has written the answers that the mail names, for the requester who
will read them, and the names of the others.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from maildesk.config import Config
from maildesk.policy import script
from maildesk.policy.commands_sorting import SPAM
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.gate import answers_a_note
from maildesk.policy.reply import aside, past_the_desk
from maildesk.policy.script import Line
from maildesk.words import Facts

ANSWER = "answer"
LONGEST = 100  # characters of an argument that are looked at
MOST_NAMED = 20  # names in one refusal


def asked(facts: Facts) -> tuple[str, ...]:
    """The names of the canned answers that a mail asks for."""
    return tuple(dict.fromkeys(named(line.argument) for line in script.read(facts).lines if line.word == ANSWER))


def named(argument: str) -> str:
    """The name that somebody means: as the file is called, in whatever case and with blanks."""
    return "-".join(argument[:LONGEST].casefold().removesuffix(".txt").replace("_", " ").replace("-", " ").split())


def _answer(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    if facts.ticket is None:
        return Refusal(line.text, "no_ticket")
    if _inside(facts, config):
        return Refusal(line.text, "inside")
    if past_the_desk(facts):
        return Refusal(line.text, "direct")
    name = named(line.argument)
    found = next((each for each in facts.canned if each.name == name), None)
    if found is None:
        near = sorted(
            (each.name for each in facts.canned), key=lambda known: -SequenceMatcher(None, name, known).ratio()
        )
        return Refusal(line.text, "no_canned", f"#answer {'|'.join(near[:MOST_NAMED])}" if near else "")
    if found.fault:
        return Refusal(line.text, "broken")
    return Deed(ANSWER, "canned", name, lambda change: change, puts=found.text)


def _inside(facts: Facts, config: Config) -> bool:
    """Whether no customer will read the text of this mail."""
    quiet = any(line.word in ("note", SPAM) for line in script.read(facts).lines)
    return quiet or answers_a_note(facts) or facts.mail.forwarded is not None or aside(facts, config)


COMMANDS_ANSWER = {
    ANSWER: Command("NAME", "a canned answer in front of your text", False, _answer),
}
