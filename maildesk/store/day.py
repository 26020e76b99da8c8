"""What is known of a day's work: tickets in lists, for the digest and the handover.

Called by desk/chores. Reads only, by fixed SQL; what of it an agent is told, policy says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from maildesk.config import Config
from maildesk.policy.digest import looks_ahead
from maildesk.store import tickets
from maildesk.store.database import Row, Store
from maildesk.store.match import places
from maildesk.store.moments import micros, moment
from maildesk.store.order import served
from maildesk.store.thread import BY_AGENT, PASSED_ON
from maildesk.words import Address, Agent, Severity, Status
from maildesk.words.day import Handing, Listed, Morning

Listing = Iterator[tuple[Listed, int | None]]  # with the moment at which time looks at it next
MOST = 1000  # tickets of one list that are looked at
LISTED = """
    SELECT t.reference, t.queue, t.address, t.subject, t.requester, t.requester_name, t.status, t.severity, t.level,
        t.opened, t.owner_id, t.next_check, o.plan, m.sender, m.received, m.rule, SUBSTR(m.reply_text, 1, 400)
    FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id
    LEFT JOIN mail m ON m.id = (SELECT MAX(l.id) FROM mail l WHERE l.ticket_id = t.id AND l.visibility = 'public')
    WHERE {} ORDER BY {} LIMIT ?"""
OWNED = "t.owner_id IN {} AND t.status <> 'closed'"
UNASSIGNED = "t.owner_id IS NULL AND t.status IN ('new', 'open') AND t.queue IN {}"
AT_WORK = """
    t.queue IN {} AND (t.status IN ('new', 'open') OR (t.status = 'pending' AND t.severity <= 2))"""
NEWS = """
    t.queue IN {} AND t.merged = '' AND t.id IN
    (SELECT n.ticket_id FROM mail n WHERE n.received >= ? AND n.received <= ? AND n.visibility <> '')"""


def morning(
    store: Store, config: Config, agent: Agent, staff: tuple[Agent, ...], since: datetime, now: datetime
) -> Morning:
    """Of an agent."""
    until = looks_ahead(agent, now, config)
    listing = partial(_listed, store, config, staff)
    served = [agent.id, *(each.id for each in staff if not each.present and each.deputy == agent.id)]
    mine = list(listing(OWNED.format(places(len(served))), served))
    return Morning(
        agent,
        now,
        since,
        agents=staff,
        mine=tuple(each for each, _ in mine),
        ahead=tuple(
            (each, ticket)
            for each, check in mine
            if check is not None and check <= micros(until)
            if (ticket := tickets.load(store, each.reference, staff)) is not None
        ),
        unassigned=_of_queues(listing, UNASSIGNED, agent.queues),
        news=_of_queues(listing, NEWS, agent.queues, micros(since), micros(now)),
    )


def handing(
    store: Store, config: Config, calendar: str, staff: tuple[Agent, ...], queues: Sequence[str], now: datetime
) -> Handing:
    """Of the queues of those who go home, by their calendar."""
    found = _listed(store, config, staff, AT_WORK.format(places(len(queues))), queues) if queues else ()
    grave = [each for each, _ in found if each.severity <= Severity.HIGH or each.waits]
    return Handing(calendar, now, staff, tuple((each, tickets.load(store, each.reference, staff)) for each in grave))


def _of_queues(
    listing: Callable[[str, Sequence[object]], Listing], where: str, queues: Sequence[str], *more: object
) -> tuple[Listed, ...]:
    if not queues:
        return ()
    return tuple(each for each, _ in listing(where.format(places(len(queues))), (*queues, *more)))


def _listed(store: Store, config: Config, staff: Sequence[Agent], where: str, values: Sequence[object]) -> Listing:
    order, plans = served(config)
    for row in store.all(LISTED.format(where, order), (*values, *plans, MOST)):
        yield _read(row, staff), row[11]


def _read(row: Row, staff: Sequence[Agent]) -> Listed:
    reference, queue, address, subject, requester, name, status, severity, level, opened, owner, _, plan = row[:13]
    sender, received, rule, text = row[13:]
    by_agent = rule in BY_AGENT or any(sender in each.addresses for each in staff)
    waits = sender is not None and (rule == PASSED_ON or not by_agent)
    return Listed(
        *(reference, queue, address, subject, Address(requester, name)),
        *(Status(status), Severity(severity), level, moment(opened)),
        plan=plan or "",
        owner=next((each for each in staff if each.id == owner), None) if owner is not None else None,
        waits=moment(received) if waits else None,
        said=text or "",
    )
