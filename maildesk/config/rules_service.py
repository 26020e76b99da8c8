"""What must hold between calendars, plans and planned events.

The second half of the checks in `rules`, which lists them; each yields the problems it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from maildesk.config.options import Calendar, Config, Plan, Promises
from maildesk.config.problems import Path, Problem, unknown
from maildesk.config.values import nearest, shown

BUILT_IN = "always"


def calendars_named(config: Config) -> Iterator[Problem]:
    known = [*config.calendar, BUILT_IN]
    for kind, users in (("queue", config.queue), ("plan", config.plan)):
        for name, user in users.items():
            if user.calendar and user.calendar not in known:
                yield unknown((kind, name, "calendar"), "calendar", user.calendar, known)


def calendars(config: Config) -> Iterator[Problem]:
    for name, calendar in config.calendar.items():
        path = ("calendar", name)
        if name == BUILT_IN:
            yield Problem(path, f"the calendar {BUILT_IN} is built in", "choose another name")
        written = calendar.model_fields_set
        if calendar.of:
            yield from _composed(config, path, calendar, written)
        elif not any(calendar.hours or ()) and not calendar.open:
            yield Problem(path, "this calendar has no hours", 'write hours = { mon-fri = "09:00-17:00" }')
        yield from _holidays(path, calendar.holidays)


def _composed(config: Config, path: Path, calendar: Calendar, written: set[str]) -> Iterator[Problem]:
    known = [*config.calendar, BUILT_IN]
    for number, name in enumerate(calendar.of):
        if name not in known:
            yield unknown((*path, "of", number), "calendar", name, known)
        elif path[-1] in _reached(config, name):
            yield Problem((*path, "of", number), f"{name} leads back to {path[-1]}", "name calendars that have hours")
    for key in ("hours", "holidays", "closed", "open"):
        if key in written:
            yield Problem((*path, key), "a calendar made of others has none of its own", f"leave out {key}, or of")


def _reached(config: Config, name: str) -> set[str]:
    """The calendar and all that it is made of."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        if here not in reached and here in config.calendar:
            waiting += config.calendar[here].of
        reached.add(here)
    return reached


def _holidays(path: Path, written: str) -> Iterator[Problem]:
    code, *kinds = written.split() or [""]
    if not code:
        return
    import holidays  # noqa: PLC0415 - slow to import, and most verbs never need it

    supported = holidays.list_supported_countries()
    country, _, region = code.partition("-")
    if country not in supported:
        guess = nearest(country.upper(), list(supported)) if country.upper() != country else ""
        remedy = f"did you mean {guess}?" if guess else 'write the code of a country or region, such as "DE" or "US-CA"'
        yield Problem((*path, "holidays"), f"no holidays are known for {shown(code)}", remedy)
    elif region and region not in supported[country]:
        regions = ", ".join(sorted(supported[country])) or "none"
        what = f"no holidays are known for {shown(code)}"
        yield Problem((*path, "holidays"), what, f'write "{country}", or one of its regions: {regions}')
    elif kinds:
        known = holidays.country_holidays(country).supported_categories
        for kind in kinds:
            if kind not in known:
                yield unknown((*path, "holidays"), "kind of holiday", kind, list(known))


def plans(config: Config) -> Iterator[Problem]:
    for name, plan in config.plan.items():
        path = ("plan", name)
        for number, queue in enumerate(plan.queues):
            if queue not in config.queue:
                yield unknown((*path, "queues", number), "queue", queue, list(config.queue))
        if plan.rollover and not plan.incidents:
            yield Problem(
                (*path, "rollover"), "nothing is charged, so nothing is left over", "write incidents, or leave it out"
            )
        yield from _targets(path, plan)
        yield from _promises(config, path, plan)


def _promises(config: Config, path: Path, plan: Plan) -> Iterator[Problem]:
    for name, promises in plan.queue.items():
        if name not in config.queue:
            yield unknown((*path, "queue", name), "queue", name, list(plan.queues or config.queue))
        elif plan.queues and name not in plan.queues:
            what = f"its contacts do not write to {name}"
            yield Problem((*path, "queue", name), what, "name it in queues as well, or leave this out")
        yield from _targets((*path, "queue", name), promises)


def _targets(path: Path, plan: Plan | Promises) -> Iterator[Problem]:
    for key in ("first_response", "next_response", "update_every"):
        for severity, span in getattr(plan, key).items():
            if not span.amount:
                yield Problem(
                    (*path, key, str(severity)), "a target of no time is always missed", 'write at least "1m"'
                )


def planned_events(config: Config) -> Iterator[Problem]:
    for number, event in enumerate(config.maintenance):
        if event.until <= event.from_:
            yield Problem(("maintenance", number, "until"), "it ends before it begins", "write a time after from")


SERVICE_CHECKS: tuple[Callable[[Config], Iterator[Problem]], ...] = (
    calendars_named,
    calendars,
    plans,
    planned_events,
)
