"""The digest: an agent's letter in the morning, of what his day holds.

Called by desk/chores, at the beginning of a day's work by the agent's calendar. Each line has answers that are ready
to be sent, each keyed to its ticket and this agent; letters/render makes them. Who is away gets none, and whoever has
nothing to be told.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from maildesk.config import Config
from maildesk.policy.audience import GRAVE, name_of, of_queue
from maildesk.policy.letter import AGENT, directory_address
from maildesk.policy.order import Place, place
from maildesk.policy.recipients import own_address
from maildesk.policy.shifts import day_ends, reads_digest, zone_of
from maildesk.policy.targets import targets
from maildesk.policy.timers import due
from maildesk.words import Agent, Letter, SendLetter, Status, Target, Ticket
from maildesk.words.day import Listed, Morning

MOST = 50  # lines of a section
LONGEST = 200  # characters of a subject, or of a last word
AT_WORK = (Status.NEW, Status.OPEN)
RESTING = (Status.PENDING, Status.SOLVED)
SILENT = ("survey", "warn")  # what asks nothing of an agent
Line = dict[str, object]


def looks_ahead(agent: Agent, now: datetime, config: Config) -> datetime:
    """How far: to the end of tomorrow, by his clock."""
    return day_ends(now, zone_of(agent, config), 1)


def digest(facts: Morning, config: Config) -> tuple[SendLetter, ...]:
    if not facts.agent.present:
        return ()
    sections = _sections(facts, config)
    if not any(lines for _, lines in sections):
        return ()
    return (to_read(facts.agent, "digest", {"sections": [section(*each) for each in sections if each[1]]}, config),)


def to_read(agent: Agent, name: str, context: dict[str, object], config: Config) -> SendLetter:
    """A letter about many tickets and so about none; it comes from a queue of his."""
    queue = next((each for each in agent.queues if each in config.queue), config.default_queue)
    sender = own_address(config, queue) if queue else ""
    zone = zone_of(agent, config).key
    to = directory_address(agent)
    return SendLetter(Letter(name, to, AGENT, queue=queue, sender=sender, time_zone=zone, context=context))


def section(name: str, lines: list[Line]) -> dict[str, object]:
    return {"name": name, "lines": lines[:MOST], "more": max(0, len(lines) - MOST)}


def ranked(tickets: Iterable[Listed], config: Config) -> list[Listed]:
    return sorted(tickets, key=lambda each: placed(each, config))


def placed(each: Listed, config: Config) -> Place:
    return place(each.severity, each.plan, each.opened, each.reference, config)


def line(each: Listed, reader: Agent, at: datetime | None = None, what: str = "", *, fresh: bool = False) -> Line:
    """`at` is the moment that the section is about, and `what` happens then."""
    return {
        "reference": each.reference,
        "queue": each.queue,
        "address": each.address,
        "subject": short(each.subject),
        "severity": int(each.severity),
        "status": each.status.value,
        "requester": name_of(each.requester),
        "opened": each.opened,
        "owner": each.owner.name if each.owner and each.owner != reader else "",
        "at": at,
        "what": what,
        "fresh": fresh,
        "offers": _offers(each, reader),
    }


def unkept(ticket: Ticket, now: datetime, config: Config) -> Target | None:
    """The promise that has been overdue the longest."""
    late = [each for each in targets(ticket, config) if each.missed or each.due <= now]
    return min(late, key=lambda each: each.due, default=None)


def line_late(each: Listed, reader: Agent, target: Target, ticket: Ticket) -> Line:
    way = ticket.clocks.escalation
    return line(each, reader, target.due, target.name) | {"late": True, "escalated": way.since if way else None}


def _line_escalated(each: Listed, reader: Agent, at: datetime) -> Line:
    """He may take it, or decline: then it is the first level's again."""
    told = line(each, reader, at, "escalated")
    return told | {"offers": [*_offers(each, reader), *(["level 1"] if each.level > 1 else [])]}


def short(text: str) -> str:
    """On one line, and not too long for a list."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "\u2026"


def _offers(each: Listed, reader: Agent) -> list[str]:
    """Commands that make sense on it."""
    offers = [] if each.owner == reader or each.status is Status.CLOSED else ["take"]
    if each.owner is None or each.status is Status.CLOSED or (each.waits and each.status in AT_WORK):
        return offers
    return [*offers, "nudge", *(["open"] if each.status in RESTING else [])]


def _sections(facts: Morning, config: Config) -> tuple[tuple[str, list[Line]], ...]:
    agent, since = facts.agent, facts.since
    zone = zone_of(agent, config)
    tonight, tomorrow = day_ends(facts.now, zone), day_ends(facts.now, zone, 1)
    overdue = _overdue(facts, config)
    first = {each.reference for each, *_ in overdue}
    mine = [each for each in facts.mine if each.waits and each.status in AT_WORK and _may(agent, each)]
    waiting = [each for each in mine if each.reference not in first]
    free = [each for each in facts.unassigned if _concerns(each, facts) and each.reference not in first]
    told = first | {each.reference for each in (*facts.mine, *free)}
    news = [each for each in facts.news if each.reference not in told and int(each.severity) > GRAVE]
    return (
        ("overdue", [line_late(each, agent, target, ticket) for each, target, ticket in overdue]),
        ("escalated", [_line_escalated(each, agent, at) for each, at in _escalated(facts, first, config)]),
        ("due", [line(each, agent, at, what) for each, at, what in _due(facts, tonight, config)]),
        ("waiting", [line(each, agent, each.waits, "wrote") for each in ranked(waiting, config)]),
        (
            "unassigned",
            [line(each, agent, each.opened, "opened", fresh=_fresh(each, since)) for each in ranked(free, config)],
        ),
        ("closing", [line(each, agent, at) for each, at in _closing(facts, tonight, tomorrow, config)]),
        (
            "news",
            [line(each, agent, each.waits, "wrote") for each in ranked(news, config) if _concerns(each, facts)]
            if reads_digest(agent, config)
            else [],
        ),
    )


def _overdue(facts: Morning, config: Config) -> list[tuple[Listed, Target, Ticket]]:
    """His own, and what he would be told of, were it nobody's; a manager hears of all that was not kept."""
    agent = facts.agent
    found = [
        (each, target, ticket)
        for each, ticket in facts.overdue
        if agent.manager or (_may(agent, each) if each.owner else _concerns(each, facts))
        if (target := unkept(ticket, facts.now, config))
    ]
    return sorted(found, key=lambda each: placed(each[0], config))


def _escalated(facts: Morning, besides: Container[str], config: Config) -> list[tuple[Listed, datetime]]:
    """What waits for a manager's decision: since then no agent has answered, and nobody was given it."""
    found = []
    for each, ticket, given in facts.escalated:
        way, told = ticket.clocks.escalation, ticket.clocks.told
        asked = (way.triaged or way.since) if way else None
        if asked is None or each.reference in besides or max(told or asked, given or asked) > asked:
            continue
        found.append((each, asked))
    return sorted(found, key=lambda each: placed(each[0], config))


def _concerns(each: Listed, facts: Morning) -> bool:
    """Whether he would be told of it, were it nobody's."""
    return facts.agent in of_queue(facts.agents, each.queue, each.level)


def _may(agent: Agent, each: Listed) -> bool:
    """Whether he may act on it: of whom he stands in for, there may be tickets of other queues."""
    return each.owner == agent or agent.manager or each.queue in agent.queues


def _fresh(each: Listed, since: datetime) -> bool:
    return each.opened >= since or (each.waits is not None and each.waits >= since)


def _due(facts: Morning, tonight: datetime, config: Config) -> list[tuple[Listed, datetime, str]]:
    found = [
        (each, at, what)
        for each, ticket in facts.ahead
        if _may(facts.agent, each)
        for at, what in _today(ticket, tonight, config)
    ]
    return sorted(found, key=lambda each: (each[1], placed(each[0], config)))


def _today(ticket: Ticket, tonight: datetime, config: Config) -> list[tuple[datetime, str]]:
    """Where more than the reminder comes, that is not worth a line."""
    coming = [(at, what) for at, what in due(ticket, config) if at <= tonight and what not in SILENT]
    return [each for each in coming if each[1] != "remind"] or coming


def _closing(facts: Morning, tonight: datetime, tomorrow: datetime, config: Config) -> list[tuple[Listed, datetime]]:
    found = [(each, _closes(ticket, config)) for each, ticket in facts.ahead if _may(facts.agent, each)]
    soon = [(each, at) for each, at in found if at is not None and tonight < at <= tomorrow]
    return sorted(soon, key=lambda each: (each[1], placed(each[0], config)))


def _closes(ticket: Ticket, config: Config) -> datetime | None:
    return next((at for at, what in due(ticket, config) if what == "close"), None)
