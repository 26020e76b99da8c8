"""The agents' commands of a day at work: `#away`, `#back` and `#nudge`.

Read by commands. Nobody is sent away by another. The digest has links for `#nudge`; it works in a reply to any other
letter about a ticket, too.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from difflib import get_close_matches

from maildesk.config import Config
from maildesk.policy import script
from maildesk.policy.audience import called, name_of
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.script import Line
from maildesk.policy.shifts import day_ends, zone_of
from maildesk.policy.tickets import RESTING, Change
from maildesk.policy.timers import reminder
from maildesk.policy.when import date_of
from maildesk.words import Agent, Facts, RecordEvent, SetAway, Status

LONGEST = timedelta(days=730)  # a year that was mistyped is farther away
MOST_WORDS = 6  # of a date
_UNTIL = re.compile(r"(?:until|till|to|bis(?: zum)?)\s+", re.IGNORECASE)
_DEPUTY = re.compile(
    r"[\s,;:]*(?:(?:my |mein[e]? )?(?:deputy|vertretung|stellvertreter(?:in)?)\b)?[\s,;:]*(?:is |ist )?", re.IGNORECASE
)


def _away(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """To the end of that day, by his own clock."""
    agent = facts.writer
    if not isinstance(agent, Agent):
        return Refusal(line.text, "not_allowed")
    zone = zone_of(agent, config)
    today = facts.now.astimezone(zone).date()
    last, rest = _parted(line.argument, today)
    if last is None or not today <= last <= today + LONGEST:
        return Refusal(line.text, "argument", f"#away {(today + timedelta(days=7)).isoformat()}")
    name = rest[_begins(rest) :].rstrip(" .,;").casefold()
    deputy = _deputy(name, line, agent, facts) if name else None
    if isinstance(deputy, Refusal):
        return deputy
    until = day_ends(facts.now, zone, (last - today).days)
    away = SetAway(agent, until, deputy, agent.addresses[0])
    told = {
        "until": last.isoformat(),
        "deputy": deputy.name if deputy else "",
        "tickets": len(facts.inside.mine),
    }
    return Deed("away", "", "", lambda change: change.also(away), lambda _: {"away": told}, decides=(away,))


def _back(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    agent = facts.writer
    if not isinstance(agent, Agent):
        return Refusal(line.text, "not_allowed")
    back = SetAway(agent, None, None, agent.addresses[0])
    return Deed("back", "back", "", lambda change: change.also(back), decides=(back,))


def _parted(argument: str, today: date) -> tuple[date | None, str]:
    """The day, and what stands behind it: as many words as make one are the day."""
    words = _UNTIL.sub("", argument.strip(), count=1).split()
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        found = date_of(" ".join(words[:count]).rstrip(",;:"), today)
        if found is not None:
            return found, " ".join(words[count:])
    return None, ""


def _begins(rest: str) -> int:
    found = _DEPUTY.match(rest)
    return found.end() if found else 0


def _deputy(name: str, line: Line, agent: Agent, facts: Facts) -> Agent | Refusal:
    """Somebody else who is there, and who may act in one of his queues."""
    meant = called(name, facts.agents)
    if len(meant) != 1:
        names = {each.name.casefold(): each.name for each in (meant or facts.agents) if each != agent}
        near = get_close_matches(name, names, n=1, cutoff=0.4)
        return Refusal(line.text, "no_deputy", names[near[0]] if near else "")
    deputy = meant[0]
    if deputy.id == agent.id:
        return Refusal(line.text, "no_deputy")
    if not deputy.present:
        return Refusal(line.text, "deputy_away")
    if not deputy.manager and not set(deputy.queues) & set(agent.queues):
        return Refusal(line.text, "deputy_queues")
    return deputy


def _nudge(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """The customer is asked once more, and has the whole time again; by the agent's own words where he has some."""
    ticket = facts.ticket
    if ticket is None:
        return Refusal(line.text, "no_ticket")
    if ticket.status is Status.CLOSED:
        return Refusal(line.text, "closed")
    silent = not script.read(facts).text

    def does(change: Change) -> Change:
        change = change.also(RecordEvent(ticket.reference, "nudged", change.by))
        rests = change.ticket.status in RESTING
        if change.ticket.status is not Status.SOLVED:
            change = change.set_status(Status.PENDING)
        else:
            change = change.set_reminded()
        # A change of status is told by a letter of its own.
        return change.also(reminder(change.ticket, facts.colleagues, config)) if rests and silent else change

    return Deed("nudge", "nudged", name_of(ticket.requester), does)


COMMANDS_DAY: dict[str, Command] = {
    "nudge": Command("", "the customer is asked once more for a word", False, _nudge),
    "away": Command(
        "UNTIL [DEPUTY]", "you are away to the end of that day; the deputy stands in", True, _away, alone=True
    ),
    "back": Command("", "you are there again", True, _back, alone=True),
}
