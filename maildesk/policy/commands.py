"""The agents' commands: one entry a word, with its argument, its sentence and what it does.

Called by agents; docs and help are made from `COMMANDS`. A command reads its argument into a `Deed`, or says why
it cannot; nothing happens to the ticket until every line of a mail has been read.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from maildesk.config import Config
from maildesk.policy.aliases import ALIASES
from maildesk.policy.audience import called
from maildesk.policy.commands_answer import COMMANDS_ANSWER
from maildesk.policy.commands_appointment import COMMANDS_APPOINTMENT
from maildesk.policy.commands_asking import COMMANDS_ASKING
from maildesk.policy.commands_contact import COMMANDS_CONTACT
from maildesk.policy.commands_day import COMMANDS_DAY
from maildesk.policy.commands_field import COMMANDS_FIELD
from maildesk.policy.commands_hours import COMMANDS_HOURS, noted
from maildesk.policy.commands_new import COMMANDS_NEW
from maildesk.policy.commands_people import COMMANDS_PEOPLE
from maildesk.policy.commands_sorting import COMMANDS_SORTING
from maildesk.policy.commands_split import COMMANDS_SPLIT
from maildesk.policy.commands_stage import COMMANDS_STAGE
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.script import BELOW, Line
from maildesk.policy.severities import SEVERITIES, severity_of
from maildesk.words import Agent, Facts, Status

MOST_NAMED = 5  # agents whom a beginning of a name might mean


def understand(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """What one command line asks for."""
    word = line.word
    if word == BELOW:
        return Refusal(line.text, "below")
    if word not in COMMANDS:
        near = get_close_matches(word, (*COMMANDS, *ALIASES), n=1)
        return Refusal(line.text, "unknown", f"#{near[0]}" if near else "")
    command = COMMANDS[word]
    if line.argument and not command.argument:
        return Refusal(line.text, "argument", f"#{word}")
    return command.reads(line, facts, config)


def _status(status: Status) -> Callable[[Line, Facts, Config], Deed]:
    def read(_line: Line, _facts: Facts, _config: Config) -> Deed:
        return Deed(status.value, "status", status.value, lambda change: change.set_status(status))

    return read


def _take(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    if not isinstance(facts.writer, Agent):
        return Refusal(line.text, "not_allowed")
    return _owner("take", facts.writer)


def _assign(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    meant = called(line.argument.casefold(), facts.agents)
    if len(meant) == 1:
        return _owner("assign", meant[0])
    names = {agent.name.casefold(): agent.name for agent in facts.agents}
    near = [names[each] for each in get_close_matches(line.argument.casefold(), names, n=1, cutoff=0.4)]
    nearest = [agent.name for agent in meant[:MOST_NAMED]] or near or ["NAME"]
    return Refusal(line.text, "argument", f"#assign {'|'.join(nearest)}")


def _owner(word: str, agent: Agent) -> Deed:
    return Deed(word, "owner", agent.name, lambda change: change.set_owner(agent))


def _release(_line: Line, _facts: Facts, _config: Config) -> Deed:
    return Deed("release", "released", "", lambda change: change.set_owner(None))


def _severity(line: Line, _facts: Facts, _config: Config) -> Deed | Refusal:
    severity = severity_of(line.argument)
    if severity is None:
        near = get_close_matches(line.argument.lower(), SEVERITIES, n=1)
        return Refusal(line.text, "argument", f"#severity {near[0] if near else '1-4'}")
    return Deed("severity", "severity", str(int(severity)), lambda change: change.set_severity(severity))


def _help(_line: Line, _facts: Facts, _config: Config) -> Deed:
    """Each command with its argument, its sentence, and the other words for it."""
    other = {name: [f"#{word}" for word, meant in ALIASES.items() if meant == name] for name in COMMANDS}
    listed = [[name, each.argument, each.sentence, other[name]] for name, each in COMMANDS.items()]
    return Deed("help", "", "", lambda change: change, lambda _: {"help": listed})


COMMANDS: dict[str, Command] = {
    "note": Command(
        "[TEXT]", "the text stays inside; `phone 20m`, `chat` or `screenshare` before it logs a call", False, noted
    ),
    "open": Command("", "back to work: the status is open", False, _status(Status.OPEN)),
    "pending": Command("", "waits for the customer", False, _status(Status.PENDING)),
    "solved": Command("", "answered; closes by itself unless the customer writes again", False, _status(Status.SOLVED)),
    "closed": Command("", "closed now", False, _status(Status.CLOSED)),
    "take": Command("", "you own the ticket", True, _take),
    "assign": Command("NAME", "that agent owns it", True, _assign),
    "release": Command("", "nobody owns it", True, _release),
    "severity": Command("1-4|WORD", "1 critical, 2 high, 3 medium, 4 low", True, _severity),
    **COMMANDS_SORTING,
    **COMMANDS_STAGE,
    **COMMANDS_FIELD,
    **COMMANDS_HOURS,
    **COMMANDS_APPOINTMENT,
    **COMMANDS_NEW,
    **COMMANDS_ANSWER,
    **COMMANDS_PEOPLE,
    **COMMANDS_SPLIT,
    **COMMANDS_CONTACT,
    **COMMANDS_DAY,
    **COMMANDS_ASKING,
    "help": Command("", "this list", True, _help, alone=True),
}
