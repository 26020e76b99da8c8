"""Years of incidents as rows have them: whose began when, and what one came to.

Called by store/chores and desk/chores. Reads only; what an anniversary brings, policy/anniversaries says. A year is
counted from the rows that lie in it, so that one that is closed late comes to the same.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from maildesk.policy.incidents import SPENT
from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.words import Organisation
from maildesk.words.years import Term, Year

RENEWED = "%,%"  # the reason of a purchase that an anniversary brought names the year behind a comma
TERMS = """
    SELECT o.id, o.name, o.plan, o.account_manager, o.active, o.until,
        MIN(c.at), MAX(CASE WHEN c.reason LIKE ? THEN NULL ELSE c.at END), MAX(c.at)
    FROM charge c JOIN organisation o ON o.id = c.organisation_id WHERE c.kind = 'bought'{}
    GROUP BY o.id, o.name, o.plan, o.account_manager, o.active, o.until ORDER BY o.id"""
OF_ALL = TERMS.format("")
OF_ONE = TERMS.format(" AND c.organisation_id = ?")
CARRIED = """
    SELECT COALESCE(SUM(amount), 0) FROM charge
    WHERE organisation_id = ? AND (at < ? OR (at = ? AND kind = 'lapsed'))"""
WITHIN = """
    SELECT kind, reference, SUM(amount) FROM charge
    WHERE organisation_id = ? AND at >= ? AND at < ? AND kind <> 'lapsed' GROUP BY kind, reference"""


def terms(store: Store) -> tuple[Term, ...]:
    """Of all organisations."""
    return _terms(tuple(store.all(OF_ALL, (RENEWED,))))


def term(store: Store, organisation: int) -> tuple[Term, ...]:
    """Of the organisation with this id; none when it never got any."""
    return _terms(tuple(store.all(OF_ONE, (RENEWED, organisation))))


@lru_cache(maxsize=4)  # a function of the rows alone, which are the same minute after minute
def _terms(rows: tuple[Row, ...]) -> tuple[Term, ...]:
    return tuple(
        Term(
            Organisation(ident, name, plan, account_manager=manager),
            bool(active),
            date.fromisoformat(until) if until else None,
            moment(began or first),
            moment(latest),
        )
        for ident, name, plan, manager, active, until, first, began, latest in rows
    )


def year(store: Store, organisation: Organisation, since: datetime, until: datetime) -> Year:
    began, ended = micros(since), micros(until)
    [(carried,)] = store.all(CARRIED, (organisation.id, began, began))
    amounts: dict[str, int] = {}
    spent: dict[str, int] = {}
    for kind, reference, amount in store.all(WITHIN, (organisation.id, began, ended)):
        if kind in SPENT:
            spent[reference] = spent.get(reference, 0) - int(amount)
        else:
            amounts[kind] = amounts.get(kind, 0) + int(amount)
    by_ticket = sorted(spent.items(), key=lambda each: (len(each[0]), each[0]))
    return Year(int(carried), amounts.get("bought", 0), amounts.get("credit", 0), tuple(by_ticket))
