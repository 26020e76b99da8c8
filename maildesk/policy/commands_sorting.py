"""The agents' commands that put a ticket where it belongs: `#category`, `#queue`, `#level`, `#link`, `#spam` and
`#escalate`.

Read by commands. Who takes over a ticket that was moved hears of it by `agent_ticket` (notice.handed_over), once for
all that a mail does. A link is for agents alone: no letter to a customer names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from urllib.parse import urlsplit

from maildesk.config import Config
from maildesk.policy import escalating, incidents, script, triage
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.recipients import ours
from maildesk.policy.reference import canonical
from maildesk.policy.script import Line
from maildesk.policy.tickets import Change
from maildesk.words import Facts, LinkTickets, RecordEvent, Status, Ticket

SPAM = "spam"
LEVELS = {1, 2}  # and those that agents have
LONGEST_LINK = 500  # characters of an address or of words
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):\S")
_TWICE = re.compile(r"<[^<>\s]*>$")  # what a mail client makes of an address


def _category(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """One of the closed list of the queue, which another line of the mail may have named."""
    ticket = facts.ticket
    if ticket is None:
        return Refusal(line.text, "no_ticket")
    queue = config.queue.get(queue_meant(ticket, facts, config))
    known = {each.casefold(): each for each in (queue.categories if queue else ())}
    if not known:
        return Refusal(line.text, "no_categories")
    category = known.get(line.argument.casefold())
    if category is None:
        return Refusal(line.text, "argument", f"#category {_near(line.argument, known, '|'.join(known.values()))}")
    return Deed("category", "category", category, lambda change: change.set_category(category))


def _queue(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """Its plan and its level stay; a category that the new queue does not know goes, and so does an owner not of it."""
    if facts.ticket is None:
        return Refusal(line.text, "no_ticket")
    name = _meant(line.argument, config)
    if not name:
        titles = {each.casefold(): each for title, queue in config.queue.items() for each in (title, queue.title)}
        return Refusal(line.text, "argument", f"#queue {_near(line.argument, titles, '|'.join(config.queue))}")

    def does(change: Change) -> Change:
        ticket = change.ticket
        if ticket.queue == name:
            return change
        stays = ours(config, ticket.address)
        change = change.set_queue(name, ticket.address if stays and stays[0] else config.queue[name].address)
        if ticket.category and ticket.category not in config.queue[name].categories:
            change = change.set_category("")
        leaves = ticket.owner is not None and not ticket.owner.manager and name not in ticket.owner.queues
        return change.set_owner(None) if leaves else change

    return Deed("queue", "queue", config.queue[name].title or name, does)


def _level(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    levels = {str(each): each for each in sorted(LEVELS | {agent.level for agent in facts.agents})}
    level = levels.get(line.argument)
    if level is None:
        return Refusal(line.text, "argument", f"#level {'|'.join(levels)}")
    escalated = facts.ticket is not None and facts.ticket.clocks.escalation is not None

    def does(change: Change) -> Change:
        change = change if change.ticket.level == level else change.set_level(level)
        return triage.declined(change) if level == 1 else change

    return Deed("level", "declined" if escalated and level == 1 else "level", line.argument, does)


def _link(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    """To a ticket of ours, to a page, or in words: the number of a bug, say."""
    ticket = facts.ticket
    if ticket is None:
        return Refusal(line.text, "no_ticket")
    named = {asked: found.reference for asked, found in facts.inside.named}
    asked = canonical(line.argument.strip("[]<> "))
    other = named.get(asked) or _elsewhere(line.argument)
    if not other or other == ticket.reference or len(other) > LONGEST_LINK:
        return Refusal(line.text, "argument", "#link REF|URL|TEXT")
    if other not in named.values() and asked.rpartition("-")[0] == ticket.reference.rpartition("-")[0]:
        return Refusal(line.text, "no_such")

    def does(change: Change) -> Change:
        linked = replace(change.ticket, links=tuple(sorted({*change.ticket.links, other})))
        return replace(change.also(LinkTickets(linked.reference, other, change.by)), ticket=linked)

    return Deed("link", "linked", other, does)


def _spam(_line: Line, facts: Facts, _config: Config) -> Deed:
    """It is over, without a letter, a survey and a charge, and counts in no figure: its history says so."""

    def does(change: Change) -> Change:
        change = change.also(RecordEvent(change.ticket.reference, SPAM, change.by))
        change = incidents.give_back(change, facts, SPAM)
        if change.ticket.status is not Status.CLOSED:
            change = change.set_status(Status.CLOSED)
        return change.set_survey_due(None)

    return Deed(SPAM, SPAM, "", does)


def _escalate(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """As when the customer asks for it, and not more often."""
    if facts.ticket is None:
        return Refusal(line.text, "no_ticket")
    repeated = [each for each in script.read(facts).lines if each.word == "escalate"][1:]
    if escalating.lately(facts) or line in repeated:
        return Refusal(line.text, "lately")

    def does(change: Change) -> Change:
        change, letters = escalating.escalated(change, line.argument, facts, config)
        return change.also(*letters)

    return Deed("escalate", "escalated", line.argument, does)


def queue_meant(ticket: Ticket, facts: Facts, config: Config) -> str:
    """Where the ticket will be when the mail is done with it."""
    named = (_meant(each.argument, config) for each in script.read(facts).lines if each.word == "queue")
    return next((name for name in named if name), ticket.queue)


def _meant(argument: str, config: Config) -> str:
    """The name of the queue that this names: by its name, its title or one of its addresses."""
    wanted = argument.casefold().strip("<> ")
    for name, queue in config.queue.items():
        if wanted and wanted in (name.casefold(), queue.title.casefold()):
            return name
    found = ours(config, wanted)
    return found[0] if found else ""


def _near(argument: str, known: dict[str, str], otherwise: str) -> str:
    near = get_close_matches(argument.casefold(), known, n=1)
    return known[near[0]] if near else otherwise


def _elsewhere(argument: str) -> str:
    """The address of a page, or the words; "" for an address that is neither http nor https."""
    first, _, rest = argument.strip("<> ").partition(" ")
    scheme = _SCHEME.match(first)
    if scheme is None:
        return " ".join(argument.split())
    url = _TWICE.sub("", first)
    return url if not _TWICE.sub("", rest.strip()) and _is_page(url) else ""


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def moves(words: Iterable[str]) -> bool:
    """Whether any of these commands may bring a ticket to other agents, who will want to read it."""
    return any(word in ("queue", "level", "escalate") for word in words)


COMMANDS_SORTING = {
    "category": Command("C", "one of the queue's categories", True, _category),
    "queue": Command("Q", "moves the ticket to that queue, whose agents hear of it", True, _queue),
    "level": Command("N", "moves it to the agents of that level, who hear of it", True, _level),
    "link": Command("REF|URL|TEXT", "belongs together with that; agents alone see it", True, _link),
    SPAM: Command("", "closed without a letter, and in no figure; text below it is a note", False, _spam),
    "escalate": Command("[REASON]", "to level 2 and the managers; the customer hears of it", False, _escalate),
}
