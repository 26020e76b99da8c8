"""When triage ends and engineering begins: by the calendar of the promises, less the rests, in that calendar's week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from maildesk.config import Config
from maildesk.policy import triage
from maildesk.policy.escalation_told import experts
from maildesk.policy.tickets import Change
from maildesk.policy.timers import due, elapse
from maildesk.words import (
    Address,
    Agent,
    Attachment,
    Clocks,
    Escalation,
    RecordEvent,
    SetClocks,
    SetLevel,
    Shown,
    Status,
    Ticket,
)
from tests.policy.given import ALICE, BOB, CONFIG, LENA, MARY, NOW, SAM, STAFF, config, effects, elapsed, letters, sent
from tests.policy.given import ticket as plain

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLAIN = 'calendar = "office"\n'
CALENDARS = """
[calendar.office]
hours = { mon-fri = "08:00-16:00" }
[calendar.pacific]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "06:00-17:00" }
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { tue-sun = "09:00-17:00" }
closed = [2026-03-31]
[calendar.sundays]
time_zone = "Asia/Tokyo"
hours = { sun = "10:00-12:00" }
[calendar.never]
open = ["2020-01-01 09:00-10:00"]
[calendar.sun]
of = ["pacific", "office"]
"""
KNOWN = config(CALENDARS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ruled_by(calendar: str, more: str = "") -> Config:
    """The plan of the tickets goes by that calendar."""
    return config(f'[plan.timed]\ncontacts = 9\ncalendar = "{calendar}"\n{CALENDARS}{more}')


def ticket(**fields: object) -> Ticket:
    return replace(plain(plan="timed", status=Status.OPEN, status_since=NOW, owner=ALICE), **fields)  # type: ignore[arg-type]


def triaged(since: datetime = NOW, **fields: object) -> Ticket:
    return ticket(clocks=Clocks(escalation=Escalation(since)), **fields)


def after_triage(moment: datetime = NOW, **fields: object) -> Ticket:
    return ticket(clocks=Clocks(escalation=Escalation(moment - DAY, moment)), **fields)


@pytest.mark.parametrize(
    ("calendar", "moment", "expected"),
    [
        ("office", "2026-03-04T10:00", "2026-03-09T08:00"),
        ("office", "2026-03-02T00:00", "2026-03-09T08:00"),  # a Monday has the week after, too
        ("office", "2026-03-08T23:59", "2026-03-09T08:00"),
        ("pacific", "2026-03-04T10:00", "2026-03-09T13:00"),  # clocks were set forward the day before
        ("pacific", "2026-10-28T10:00", "2026-11-02T14:00"),  # and back
        ("pacific", "2026-03-09T06:00", "2026-03-09T13:00"),  # still Sunday there
        ("berlin", "2026-03-25T10:00", "2026-04-01T07:00"),  # Monday has no hours, Tuesday is closed
        ("sundays", "2026-03-02T10:00", "2026-03-15T01:00"),
        ("sun", "2026-03-04T10:00", "2026-03-09T08:00"),
        ("", "2026-03-04T10:00", "2026-03-09T00:00"),
        ("always", "2026-03-04T10:00", "2026-03-09T00:00"),
        ("never", "2026-03-04T10:00", None),
    ],
)
def test_the_following_week_begins_with_the_first_opening_from_monday_on(
    calendar: str, moment: str, expected: str | None
) -> None:
    assert triage.next_week(KNOWN, calendar, at(moment)) == (at(expected) if expected else None)


def test_around_the_clock_a_week_begins_by_the_desk_s_own_zone() -> None:
    known = config().model_copy(update={"desk": CONFIG.desk.model_copy(update={"time_zone": "Asia/Tokyo"})})
    assert triage.next_week(known, "", at("2026-03-04T10:00")) == at("2026-03-08T15:00")


def test_triage_is_a_business_day_by_the_calendar_of_the_plan() -> None:
    known = ruled_by("office")
    assert triage.triage_ends(triaged(at("2026-03-06T10:00")), known) == at("2026-03-09T10:00")
    assert triage.triage_ends(triaged(at("2026-03-07T10:00")), known) == at("2026-03-10T08:00")


def test_of_severities_around_the_clock_it_is_24_hours() -> None:
    known = ruled_by('office"\naround_the_clock = [3]\ntitle = "x')
    assert triage.triage_ends(triaged(at("2026-03-06T10:00")), known) == at("2026-03-07T10:00")


def test_what_it_rested_is_added() -> None:
    clocks = Clocks(rests=((NOW + HOUR, NOW + 4 * HOUR), (NOW - DAY, NOW - HOUR)), escalation=Escalation(NOW))
    assert triage.triage_ends(ticket(clocks=clocks), ruled_by("office")) == NOW + DAY + 3 * HOUR


def test_an_answer_keeps_the_way_and_its_rests() -> None:
    known, rests = ruled_by("office"), ((NOW + HOUR, NOW + 4 * HOUR),)
    before = ticket(clocks=Clocks(asked=NOW, rests=rests, missed=(("update", NOW),), escalation=Escalation(NOW)))
    after = Change(before, NOW + 5 * HOUR, "alice@desk.example").spoken().ticket
    assert after.clocks == Clocks(told=NOW + 5 * HOUR, rests=rests, escalation=Escalation(NOW))
    assert triage.triage_ends(after, known) == triage.triage_ends(before, known)
    assert Change(ticket(clocks=Clocks(rests=rests)), NOW, "").spoken().ticket.clocks == Clocks(told=NOW)


@pytest.mark.parametrize("calendar", ["never", "office"])
@pytest.mark.parametrize("make", [triaged, after_triage])
def test_a_calendar_that_never_opens_leaves_a_ticket_where_it_is(calendar: str, make: object) -> None:
    known = ruled_by(calendar)
    assert bool(due(make(), known)) == (calendar == "office")  # type: ignore[operator]


def test_a_plan_that_is_configured_no_more_goes_around_the_clock() -> None:
    assert due(triaged(), CONFIG) == ((NOW + DAY, "triage"),)
    done = elapse(elapsed(triaged(), NOW + DAY), CONFIG)
    assert [name for name, _ in sent(done)] == ["escalation"] * 2


@pytest.mark.parametrize("make", [triaged, after_triage])
@pytest.mark.parametrize(
    "over",
    [{"status": Status.PENDING}, {"status": Status.SOLVED}, {"status": Status.CLOSED}, {"merged": "EX-9"}],
)
def test_nothing_is_due_while_a_ticket_is_pending_or_over(make: object, over: dict[str, object]) -> None:
    names = {name for _, name in due(make(**over), ruled_by("office"))}  # type: ignore[operator]
    assert not names & {"triage", "engineering"}


@pytest.mark.parametrize(
    ("fields", "begins"),
    [
        ({}, True),
        ({"stage": "configuration"}, True),
        ({"stage": "bug"}, False),
        ({"stage": "released"}, False),
        ({"forecast": date(2026, 3, 20)}, False),
    ],
)
def test_engineering_begins_unless_it_has_the_ticket_already(fields: dict[str, object], begins: bool) -> None:
    assert bool(triage.engineering_begins(after_triage(**fields), ruled_by("office"))) == begins


@pytest.mark.parametrize(("span", "expected"), [("2bd", NOW + 2 * DAY), ("36h", NOW + 36 * HOUR), ("0s", NOW)])
def test_engineering_may_begin_after_a_span(span: str, expected: datetime) -> None:
    known = ruled_by("office", f'[escalation]\nengineering = "{span}"\n')
    assert triage.engineering_begins(after_triage(), known) == expected


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
def test_what_is_over_ends_its_way_and_begins_none(status: Status) -> None:
    ended = Change(triaged(), NOW, "").set_status(status)
    assert ended.ticket.clocks.escalation is None
    assert triage.begun(ended) is ended


def test_a_second_escalation_puts_nothing_off() -> None:
    change = Change(triaged(), NOW + HOUR, "")
    assert triage.begun(change) is change


def test_to_take_back_what_is_not_escalated_is_nothing() -> None:
    change = Change(ticket(), NOW, "mary@desk.example")
    assert triage.declined(change) is change
    back = triage.declined(Change(triaged(), NOW, "mary@desk.example"))
    assert effects(back.decisions, RecordEvent) == [RecordEvent("EX-7", "escalation_declined", "mary@desk.example")]


def test_triage_ends_with_a_letter_to_the_owner_and_the_managers() -> None:
    known = ruled_by("office")
    done = elapse(elapsed(triaged(), NOW + DAY, shown=Shown(cause=("carol@acme.example", "help"))), known)
    assert sent(done) == [("escalation", "alice@desk.example"), ("escalation", "mary@desk.example")]
    context = letters(done)[0].context
    assert (context["occasion"], context["by"], context["reason"]) == ("triage", "Carol Jones", "help")
    assert context["next_at"] == at("2026-03-09T08:00")
    assert [each.copy for each in letters(done)] == [False, True]  # its thread shows it once
    [clocks] = effects(done, SetClocks)
    assert clocks.clocks.escalation == Escalation(NOW, NOW + DAY)


def test_engineering_gets_it_at_the_next_level_with_its_files() -> None:
    known = ruled_by("office")
    done = elapse(elapsed(after_triage(), at("2026-03-09T08:00")), known)
    assert effects(done, SetLevel) == [SetLevel("EX-7", 2, "")]
    told = [("escalation", f"{each}@desk.example") for each in ("alice", "mary", "lena")]
    assert sent(done) == [*told, ("escalated", "carol@acme.example"), ("escalated", "amy@desk.example")]
    assert [each.copy for each in letters(done)] == [False, True, True, False, True]


def test_engineering_reads_which_files_were_too_large_to_come_along() -> None:
    small, large = (Attachment(name, "text/plain", size) for name, size in (("log.txt", 1000), ("dump", 10**9)))
    done = elapse(elapsed(after_triage(), at("2026-03-09T08:00"), files=(small, large)), ruled_by("office"))
    letter = letters(done, "escalation")[0]
    assert letter.attachments == (small,)
    assert (letter.context["attachments"], letter.context["not_carried"]) == (["log.txt", "dump"], ["dump"])


def test_engineers_who_are_all_away_are_written_to_all_the_same() -> None:
    staff = (ALICE, MARY, replace(LENA, present=False))
    done = elapse(elapsed(after_triage(), at("2026-03-09T08:00"), agents=staff), ruled_by("office"))
    assert ("escalation", "lena@desk.example") in sent(done)


def test_who_escalated_it_is_named_also_where_he_only_takes_part() -> None:
    known, guest = ruled_by("office"), Address("guest@acme.example", "Gus Guest")
    for participants, name in (((guest,), "Gus Guest"), ((), "guest@acme.example")):
        given = elapsed(triaged(participants=participants), NOW + DAY, shown=Shown(cause=(guest.address, "help")))
        assert letters(elapse(given, known))[0].context["by"] == name


def test_where_nobody_knows_more_the_level_stays() -> None:
    staff = (ALICE, BOB, MARY, SAM)
    done = elapse(elapsed(after_triage(), at("2026-03-09T08:00"), agents=staff), ruled_by("office"))
    assert effects(done, SetLevel) == []
    assert [to for name, to in sent(done) if name == "escalation"] == ["alice@desk.example", "mary@desk.example"]


def test_who_knows_more_is_offered_by_a_name_that_finds_him() -> None:
    twin = Agent(8, "Lena Second", ("lena2@desk.example",), level=3, queues=("technical",))
    away = replace(LENA, id=9, name="Nora", addresses=("nora@desk.example",), present=False)
    assert experts(ticket(), STAFF) == [["Lena Second", "Lena Second"]]
    assert experts(ticket(), (*STAFF, twin)) == [
        ["Lena Second", "lena@desk.example"],
        ["Lena Second", "lena2@desk.example"],
    ]
    assert experts(ticket(owner=LENA), STAFF) == []
    assert experts(ticket(), (ALICE, away)) == []


def test_no_more_than_four_are_offered() -> None:
    many = tuple(replace(LENA, id=20 + n, name=f"L{n}", addresses=(f"l{n}@desk.example",)) for n in range(9))
    assert [name for name, _ in experts(ticket(), many)] == ["L0", "L1", "L2", "L3"]


@pytest.mark.parametrize("make", [triaged, after_triage])
def test_a_queue_that_is_configured_no_more_stops_nothing(make: object) -> None:
    gone = make(queue="gone", fields=(("version", "8"),))  # type: ignore[operator]
    done = elapse(elapsed(gone, at("2026-03-20T08:00")), CONFIG)
    assert ("escalation", "mary@desk.example") in sent(done)
    assert letters(done, "escalation")[0].context["fields"] == [["version", "8", []]]
