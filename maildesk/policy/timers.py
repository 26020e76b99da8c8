"""What time does to a ticket: reminds, closes, asks how it was.

`due` and `next_check` say when; `elapse` says what, for the first thing that is due. The sweep does one thing at
a time, each stamped with the moment it was due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from maildesk.config import Config
from maildesk.policy import appointments, handing_on, promises, targets, triage
from maildesk.policy.letter import to_customer
from maildesk.policy.limits import Traffic, weigh
from maildesk.policy.survey import kind, settled
from maildesk.policy.tickets import Change
from maildesk.words import Contact, Decision, Elapsed, OpenSurvey, Schedule, SendLetter, Status, Ticket
from maildesk.words.frozen import frozen

Elapse = Callable[[Change, Elapsed, Config], Change]


@frozen
class Timer:
    name: str
    due: Callable[[Ticket, Config], datetime | None]  # None: it does not run for this ticket
    elapse: Elapse


def due(ticket: Ticket, config: Config) -> tuple[tuple[datetime, str], ...]:
    """What time will do next to this ticket, soonest first."""
    moments = ((timer.due(ticket, config), timer.name) for timer in TIMERS)
    told = ((at, name) for at, name in moments if at is not None)
    return tuple(sorted((*told, *targets.moments(ticket, config))))


def ahead(ticket: Ticket, config: Config) -> tuple[tuple[datetime, str], ...]:
    """As agents read it: without warnings of what stands there anyway, and with promises that were not kept in time."""
    late = ((each.due, each.name) for each in targets.targets(ticket, config) if each.missed)
    return tuple(sorted((*late, *((at, what) for at, what in due(ticket, config) if what != targets.WARN))))


def next_check(ticket: Ticket, config: Config) -> datetime | None:
    return min((at for at, _ in due(ticket, config)), default=None)


def elapse(facts: Elapsed, config: Config) -> tuple[Decision, ...]:
    """The first thing that is due at `facts.now`; () when nothing is."""
    ready = [name for at, name in due(facts.ticket, config) if at <= facts.now]
    if not ready:
        return ()
    done = scheduled(ELAPSES[ready[0]](Change(facts.ticket, facts.now, ""), facts, config), config)
    return weigh(done.decisions, Traffic(facts.recent, timed=True), config)[0]


def scheduled(change: Change, config: Config) -> Change:
    """The same change, knowing when time next has something to do with its ticket."""
    if not change.decisions:
        return change
    at = next_check(change.ticket, config)
    at = max(at, change.now) if at else None  # what a change makes due comes after it
    return change.also(Schedule(change.ticket.reference, at))


def close_at(ticket: Ticket, config: Config) -> datetime | None:
    """When a solved or pending ticket closes by itself."""
    delay = _delay(ticket, config)
    return ticket.status_since + delay if ticket.status_since and delay is not None else None


def reminder(ticket: Ticket, colleagues: Iterable[Contact], config: Config) -> SendLetter:
    """That a solved or pending ticket closes unless its requester writes."""
    context = {"status": ticket.status.value, "close_at": close_at(ticket, config)}
    return to_customer("closing_soon", ticket, ticket.requester, colleagues, context=context)


def _delay(ticket: Ticket, config: Config) -> timedelta | None:
    if ticket.status is Status.SOLVED:
        return config.closing.solved_after
    return config.closing.pending_after if ticket.status is Status.PENDING else None


def _remind_at(ticket: Ticket, config: Config) -> datetime | None:
    """Once in each stay; not at all when it would fall on the stay's beginning or before."""
    delay = _delay(ticket, config)
    if ticket.status_since is None or delay is None or ticket.reminded:
        return None
    before = config.closing.remind_before
    return ticket.status_since + delay - before if timedelta(0) < before < delay else None


def _survey_at(ticket: Ticket, _config: Config) -> datetime | None:
    return ticket.survey_due


def _remind(change: Change, facts: Elapsed, config: Config) -> Change:
    change = change.set_reminded()
    silent = change.ticket.clocks.silent
    return change if silent else change.also(reminder(change.ticket, facts.colleagues, config))


def _close(change: Change, facts: Elapsed, config: Config) -> Change:
    before = change.ticket.status
    change = settled(change.set_status(Status.CLOSED), facts.colleagues, config)
    at = change.ticket.survey_due
    if change.ticket.clocks.silent:
        return change
    context = {"reason": before.value, "survey": at is not None and not _asked_lately(facts, at, config)}
    return change.also(to_customer("closed", change.ticket, change.ticket.requester, facts.colleagues, context=context))


def _ask(change: Change, facts: Elapsed, config: Config) -> Change:
    """The survey, unless its reader was asked not long ago."""
    change, ticket = change.set_survey_due(None), change.ticket
    if _asked_lately(facts, facts.now, config):
        return change
    valid_until = facts.now + config.survey.valid_for
    context = {
        "kind": kind(ticket, config),
        "reasons": list(config.survey.reasons),
        "valid_until": valid_until,
    }
    letter = to_customer("survey", ticket, ticket.requester, facts.colleagues, context=context)
    return change.also(OpenSurvey(ticket.reference, ticket.requester.address, valid_until), letter)


def _asked_lately(facts: Elapsed, at: datetime, config: Config) -> bool:
    return facts.last_survey is not None and at < facts.last_survey + config.survey.at_most_every


TIMERS: tuple[Timer, ...] = (
    Timer("remind", _remind_at, _remind),
    Timer("close", close_at, _close),
    Timer("survey", _survey_at, _ask),
    Timer("appointment", appointments.ended_at, appointments.ended),
    Timer(handing_on.TRIAGE, triage.triage_ends, handing_on.triaged),
    Timer(handing_on.ENGINEERING, triage.engineering_begins, handing_on.handed),
)
ELAPSES: Mapping[str, Elapse] = {
    **{timer.name: timer.elapse for timer in TIMERS},
    **dict.fromkeys(targets.PROMISES, promises.missed),
    targets.WARN: promises.warned,
}
