"""The handover: when a shift ends, a letter to those whose shift begins next, of what must not wait until the others
are back.

Called by desk/chores at the end of a shift by a calendar of agents. For each queue those are meant whose calendar
opens next; where the same people are back before anybody else, there is nothing to hand over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import dropwhile

from maildesk.config import Config
from maildesk.policy.audience import GRAVE
from maildesk.policy.digest import AT_WORK, Line, line, line_late, ranked, section, short, to_read, unkept
from maildesk.policy.hours import next_opening
from maildesk.policy.shifts import keeps_hours
from maildesk.policy.timers import due
from maildesk.words import Agent, SendLetter, Target, Ticket
from maildesk.words.day import Handing, Listed

SILENT = ("survey", "remind", "warn")


def shifts(agents: Iterable[Agent], config: Config) -> tuple[str, ...]:
    """The calendars whose ends may hand something over: somebody else of a queue has another one."""
    staff = [each for each in agents if keeps_hours(each, config)]
    names = dict.fromkeys(each.calendar for each in staff)
    return tuple(name for name in names if any(list(_others(name, queue, staff)) for queue in queues(name, staff)))


def queues(calendar: str, agents: Iterable[Agent]) -> tuple[str, ...]:
    """Of the agents who go home."""
    return tuple(dict.fromkeys(queue for agent in agents if agent.calendar == calendar for queue in agent.queues))


def handover(facts: Handing, config: Config) -> tuple[SendLetter, ...]:
    meant = {queue: _next(facts, queue, config) for queue in queues(facts.calendar, facts.agents)}
    readers = dict.fromkeys(agent for group in meant.values() for agent in group)
    letters = (_letter(agent, [queue for queue in meant if agent in meant[queue]], facts, config) for agent in readers)
    return tuple(letter for letter in letters if letter is not None)


def _letter(agent: Agent, queues: list[str], facts: Handing, config: Config) -> SendLetter | None:
    tickets = [(each, ticket) for each, ticket in facts.tickets if each.queue in queues]
    times = {each.reference: ticket for each, ticket in tickets}
    listed = ranked((each for each, _ in tickets), config)
    late = {each.reference: target for each, ticket in tickets if (target := unkept(ticket, facts.now, config))}
    overdue = [each for each in listed if each.reference in late]
    others = [each for each in listed if each.reference not in late]
    grave = [each for each in others if int(each.severity) <= GRAVE]
    waiting = [each for each in others if int(each.severity) > GRAVE and each.waits and each.status in AT_WORK]
    if not (overdue or grave or waiting):
        return None
    context: dict[str, object] = {
        "shift": facts.calendar,
        "back": next_opening(config, facts.calendar, facts.now),
        "sections": [
            section(
                name, [_line(each, agent, times[each.reference], late.get(each.reference), config) for each in found]
            )
            for name, found in (("overdue", overdue), ("grave", grave), ("waiting", waiting))
            if found
        ],
    }
    return to_read(agent, "handover", context, config)


def _line(each: Listed, reader: Agent, ticket: Ticket, late: Target | None, config: Config) -> Line:
    """With the last word, and what comes next, or what should have come."""
    coming = [(at, what) for at, what in due(ticket, config) if what not in SILENT]
    at, what = coming[0] if coming else (None, "")
    told = line_late(each, reader, late, ticket) if late else line(each, reader, at, what)
    return told | {
        "owner": each.owner.name if each.owner else "",
        "said": short(_words(each)),
        "since": _unanswered(each, ticket),
        "offers": [offer for offer in ("take",) if each.owner != reader],
    }


def _unanswered(each: Listed, ticket: Ticket) -> datetime | None:
    """Since when: who writes again has not begun to wait anew."""
    if each.waits is None or each.status not in AT_WORK:
        return None
    first = None if ticket.first_answered or ticket.clocks.taken_over else ticket.opened
    return ticket.clocks.asked or first or each.waits


def _words(each: Listed) -> str:
    """An agent's without the commands above them, which were done."""
    if each.waits:
        return each.said
    lines = each.said.splitlines()
    return "\n".join(dropwhile(lambda line: not line.strip() or line.startswith("#"), lines))


def _next(facts: Handing, queue: str, config: Config) -> tuple[Agent, ...]:
    """Whose calendar opens next, be it open already; nobody where those who go are back first."""
    others = list(_others(facts.calendar, queue, [each for each in facts.agents if keeps_hours(each, config)]))
    openings: dict[str, datetime] = {}
    for name in dict.fromkeys(each.calendar for each in others):
        if (opening := next_opening(config, name, facts.now)) is not None:
            openings[name] = opening
    first = min(openings.values(), default=None)
    back = next_opening(config, facts.calendar, facts.now)
    if first is None or (back is not None and back <= first):
        return ()
    return tuple(each for each in others if each.present and openings.get(each.calendar) == first)


def _others(calendar: str, queue: str, agents: Iterable[Agent]) -> Iterator[Agent]:
    return (each for each in agents if queue in each.queues and each.calendar != calendar)
