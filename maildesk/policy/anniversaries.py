"""A year of incidents ends: what moves over, what lapses, what comes new, and what the contacts are told of it.

Asked by policy/chores for the moments of `rollover` and `statement`, and by desk/anniversaries for what is done then.
A year begins on the day on which an organisation got the incidents of its plan first, and ends when that day begins a
year later, in the desk's zone; who began on 29 February goes on on 28 February where there is no other.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.policy.incidents import charges
from maildesk.policy.incidents_told import readers
from maildesk.policy.letter import CUSTOMER
from maildesk.words import Address, Charge, Contact, Letter, Organisation, SendLetter
from maildesk.words.years import Term, Year

DESK = "maildesk"  # who does it
MOST_LISTED = 100  # tickets of a statement
FEBRUARY = 2


def ends(term: Term, config: Config) -> bool:
    """Whether years of incidents end for this organisation at all."""
    return term.active and charges(term.organisation, config)


def anniversary(began: datetime, years: int, config: Config) -> datetime:
    """The moment at which that day begins so many years later."""
    zone = _zone(config)
    day = began.astimezone(zone).date()
    year = day.year + years
    number = 28 if day.month == FEBRUARY and not isleap(year) else 31
    return datetime.combine(date(year, day.month, min(day.day, number)), time(), zone).astimezone(UTC)


def following(term: Term, after: datetime, config: Config) -> datetime | None:
    """The first anniversary later than that; None where the organisation is served no more by then."""
    years = max(1, after.year - term.began.year)
    at = anniversary(term.began, years, config)
    while at <= after:
        years += 1
        at = anniversary(term.began, years, config)
    return None if term.until and at.astimezone(_zone(config)).date() > term.until else at


def year_before(term: Term, at: datetime, config: Config) -> tuple[int, datetime]:
    """Which year ends then, counted from 1, and when it began."""
    number = at.astimezone(_zone(config)).year - term.began.astimezone(_zone(config)).year
    return number, anniversary(term.began, number - 1, config) if number > 1 else term.began


def rollover(term: Term, at: datetime, year: Year, config: Config) -> tuple[Charge, ...]:
    """What is unused above what may move over goes, and the plan's incidents come."""
    name, plan = term.organisation.name, term.organisation.plan
    agreed = config.plan[plan]
    number, _ = year_before(term, at, config)
    lapsed = max(0, year.unused - agreed.rollover)
    gone = Charge(name, -lapsed, "lapsed", f"{plan}, year {number}", DESK)
    come = Charge(name, agreed.incidents, "bought", f"{plan}, year {number + 1}", DESK)
    return (*(gone,) * bool(lapsed), come)


def statement(
    term: Term, at: datetime, year: Year, colleagues: Iterable[Contact], config: Config
) -> tuple[SendLetter, ...]:
    """The year's figures to every contact of the organisation."""
    home = term.organisation
    queue = _queue(home, config)
    context = _figures(term, at, year, config)
    return tuple(
        SendLetter(
            Letter(
                "statement",
                Address(address, name),
                CUSTOMER,
                queue=queue,
                language=language,
                time_zone=zone,
                plan=home.plan,
                context=context,
            )
        )
        for address, (name, language, zone) in readers(home, colleagues).items()
    )


def _figures(term: Term, at: datetime, year: Year, config: Config) -> dict[str, object]:
    plan = config.plan[term.organisation.plan]
    zone = _zone(config)
    _, since = year_before(term, at, config)
    rolled = min(year.unused, plan.rollover)
    listed = year.spent[:MOST_LISTED]
    return {
        "organisation": term.organisation.name,
        "plan": plan.title,
        "since": since.astimezone(zone).date().isoformat(),
        "until": (at.astimezone(zone) - timedelta(days=1)).date().isoformat(),
        "carried": year.carried,
        "bought": year.bought,
        "credited": year.credited,
        "spent": [list(each) for each in listed],
        "more": len(year.spent) - len(listed),
        "used": year.used,
        "unused": year.unused,
        "rolled": rolled,
        "lapsed": year.unused - rolled,
        "incidents": plan.incidents,
        "balance": rolled + plan.incidents,
    }


def _queue(home: Organisation, config: Config) -> str:
    """From where its letters about no ticket come: a queue that it may write to."""
    queues = config.plan[home.plan].queues
    return config.default_queue if not queues or config.default_queue in queues else queues[0]


def _zone(config: Config) -> ZoneInfo:
    return ZoneInfo(str(config.desk.time_zone))
