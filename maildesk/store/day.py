"""What is known of a day's work: tickets in lists, for the digest and the handover.

Called by desk/chores. Reads only, by fixed SQL; what of it an agent is told, policy says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
from maildesk.words import Address, Agent, Severity, Status, Ticket
from maildesk.words.day import Handing, Listed, Morning

Listing = Iterator[tuple[Listed, int | None]]  # with the moment at which time looks at it next
MOST = 500  # tickets of one list that are looked at: all that one job of the ledger loads
CHOSEN = """
    SELECT t.id FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id WHERE {} ORDER BY {} LIMIT ?"""
LISTED = """
    SELECT t.id, t.reference, t.queue, t.address, t.subject, t.requester, t.requester_name, t.status, t.severity,
        t.level, t.opened, t.owner_id, t.next_check, o.plan, m.sender, m.received, m.rule, SUBSTR(m.reply_text, 1, 400)
    FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id
    LEFT JOIN mail m ON m.id = (SELECT MAX(l.id) FROM mail l WHERE l.ticket_id = t.id AND l.visibility = 'public')
    WHERE t.id IN {}"""
OWNED = "t.owner_id IN {} AND t.status <> 'closed'"
UNASSIGNED = "t.owner_id IS NULL AND t.status <> 'closed' AND t.status IN ('new', 'open') AND t.queue IN {}"
AT_WORK = """
    t.queue IN {} AND t.status <> 'closed'
    AND (t.status IN ('new', 'open') OR (t.status = 'pending' AND t.severity <= 2))"""
CLOCKED = "t.status <> 'closed' AND t.status IN ('new', 'open') AND t.merged = '' AND t.clocks LIKE ?"
MISSED, ESCALATED = '%"missed": [[%', '%"escalation": [%'  # as store/clocks writes them
HIS = """ AND t.id IN (SELECT w.id FROM ticket w WHERE w.owner_id IN {}
    UNION ALL SELECT w.id FROM ticket w WHERE w.status <> 'closed' AND w.owner_id IS NULL AND w.queue IN {})"""
GIVEN = "SELECT MAX(e.at) FROM event e JOIN ticket t ON t.id = e.ticket_id WHERE t.reference = ? AND e.event = 'owner'"
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
    queues = agent.queues or ("",)
    his = "" if agent.manager else HIS.format(places(len(served)), places(len(queues)))
    unkept = listing(CLOCKED + his, (MISSED, *(() if agent.manager else (*served, *queues))))
    escalated = listing(CLOCKED, (ESCALATED,)) if agent.manager else ()
    return Morning(
        agent,
        now,
        since,
        agents=staff,
        mine=tuple(each for each, _ in mine),
        ahead=_in_full(store, staff, (each for each, check in mine if check is not None and check <= micros(until))),
        overdue=_in_full(store, staff, (each for each, _ in unkept)),
        escalated=tuple(
            (each, ticket, _given(store, each.reference))
            for each, ticket in _in_full(store, staff, (each for each, _ in escalated))
        ),
        unassigned=_of_queues(listing, UNASSIGNED, agent.queues),
        news=_of_queues(listing, NEWS, agent.queues, micros(since), micros(now)),
    )


def handing(
    store: Store, config: Config, calendar: str, staff: tuple[Agent, ...], queues: Sequence[str], now: datetime
) -> Handing:
    """Of the queues of those who go home, by their calendar."""
    if not queues:
        return Handing(calendar, now, staff, ())
    listing, of = partial(_listed, store, config, staff), places(len(queues))
    unkept = [each for each, _ in listing(f"{CLOCKED} AND t.queue IN {of}", (MISSED, *queues))]
    grave = (each for each, _ in listing(AT_WORK.format(of), queues) if each.severity <= Severity.HIGH or each.waits)
    found = {each.reference: each for each in (*unkept, *grave)}
    return Handing(calendar, now, staff, _in_full(store, staff, found.values()))


def _in_full(store: Store, staff: tuple[Agent, ...], found: Iterable[Listed]) -> tuple[tuple[Listed, Ticket], ...]:
    listed = {each.reference: each for each in found}
    return tuple((listed[each.reference], each) for each in tickets.load_all(store, list(listed), staff))


def _given(store: Store, reference: str) -> datetime | None:
    """When it last got its owner, or lost him."""
    row = store.one(GIVEN, (reference,))
    return None if row is None or row[0] is None else moment(row[0])


def _of_queues(
    listing: Callable[[str, Sequence[object]], Listing], where: str, queues: Sequence[str], *more: object
) -> tuple[Listed, ...]:
    if not queues:
        return ()
    return tuple(each for each, _ in listing(where.format(places(len(queues))), (*queues, *more)))


def _listed(store: Store, config: Config, staff: Sequence[Agent], where: str, values: Sequence[object]) -> Listing:
    """What is looked at is chosen first: of a ticket that is not, nobody need know the last word."""
    order, plans = served(config)
    chosen = [ident for (ident,) in store.all(CHOSEN.format(where, order), (*values, *plans, MOST))]
    if not chosen:
        return
    rows = {row[0]: row[1:] for row in store.all(LISTED.format(places(len(chosen))), chosen)}
    ours = frozenset(address for each in staff for address in each.addresses)
    owners = {each.id: each for each in staff}
    for row in map(rows.__getitem__, chosen):
        yield _read(row, ours, owners), row[11]


def _read(row: Row, ours: Collection[str], owners: Mapping[int, Agent]) -> Listed:
    reference, queue, address, subject, requester, name, status, severity, level, opened, owner, _, plan = row[:13]
    sender, received, rule, text = row[13:]
    waits = sender is not None and (rule == PASSED_ON or not (rule in BY_AGENT or sender in ours))
    return Listed(
        *(reference, queue, address, subject, Address(requester, name)),
        *(Status(status), Severity(severity), level, moment(opened)),
        plan=plan or "",
        owner=owners.get(owner),
        waits=moment(received) if waits else None,
        said=text or "",
    )
