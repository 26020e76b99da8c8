"""The world's clock is moved by hand, far ahead and far back: no mass mailing, no time that runs backwards, and when it
is right again all works.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from maildesk.desk.post import Outbox
from maildesk.desk.sweep import Sweeper
from maildesk.reports.gathered import gathered
from maildesk.reports.shown import shown
from maildesk.store import held, outbox, views
from maildesk.store.health import health
from maildesk.store.moments import micros
from maildesk.store.person import find
from maildesk.store.person_erase import erase
from tests.builders import ALICE, BOB, CAROL, DAVE, DIRECTORY, mail
from tests.desk.test_story_brake import goes
from tests.desk.world import Sent, World, newest

MORE = """
[calendar.office]
hours = { mon-sun = "08:00-16:00" }
[limits]
automatic_mail = "20/h"
[report]
to = ["ops@example.com"]
"""
PLAN = """2
first_response = { 3 = "4h" }
next_response = { 3 = "4h" }
update_every = { 3 = "1d" }
"""
PEOPLE = DIRECTORY.replace('name = "Alice Agent"', 'name = "Alice Agent"\ncalendar = "office"')
FAR = {"ahead": {"days": 400}, "back": {"days": -3653}}
AGENTS = {"alice@example.com", "anton@example.com", "mona@example.com"}


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(MORE, contacts=PLAN, people=PEOPLE)


@pytest.fixture
def busy(desk: World) -> World:
    """Tickets in every state, a mail that is held, a morning digest and a weekly report that were sent."""
    for number in range(4):
        desk.receives(mail(CAROL, subject=f"Open {number}"))
    for number, word in enumerate(["#solved\nDone.", "#pending\nWhich version?", "#solved\nMended.", "Which one?"]):
        desk.receives(mail(BOB, subject=f"Answered {number}"))
        desk.replies(ALICE, desk.the("agent_ticket", ALICE), word)
    desk.receives(mail(DAVE))
    desk.time_passes(minutes=1)
    goes(desk)
    return desk


def jumps(desk: World, **span: float) -> list[dict[str, Any]]:
    """The letters that wait or are held for it."""
    last = desk.ask(newest)
    desk.time_passes(**span)
    return [row for row in desk.ask(outbox.rows) if row["id"] > last]


def references(desk: World) -> list[str]:
    return [reference for (reference,) in desk.ask(lambda store: store.all("SELECT reference FROM ticket ORDER BY id"))]


def in_order(desk: World) -> None:
    """No ticket's history or thread runs backwards."""
    for reference in references(desk):
        ticket = desk.ticket(reference)
        for each in (ticket["events"], ticket["messages"]):
            moments = [one["at"] for one in each]
            assert moments == sorted(moments), reference
        for earlier, later in (("opened", "first_answered"), ("opened", "solved"), ("opened", "closed")):
            assert not ticket[later] or ticket[later] >= ticket[earlier], reference


def no_age_is_negative(desk: World) -> None:
    week = timedelta(days=4000)
    found = desk.ask(lambda store: gathered(store, desk.now - week, desk.now + week, desk.config))
    assert not list(negative(found))
    assert not list(negative(shown(found, desk.config)))
    assert not list(negative(desk.ask(lambda store: views.status(store, desk.now))))


def negative(value: object) -> Any:
    if isinstance(value, dict):
        for each in value.values():
            yield from negative(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from negative(each)
    elif isinstance(value, timedelta):
        yield from [value] if value < timedelta(0) else []
    elif isinstance(value, int | float) and value < 0:
        yield value


def words(message: dict[str, Any]) -> bool:
    """What somebody wrote, in his mail or in the letter that brings it."""
    return message["direction"] == "in" or "Which version?" in message["text"]


def works(desk: World, subject: str) -> Sent:
    """A new request, its acknowledgement, an answer, the customer's reply, the end; the letter with the answer."""
    receipt = desk.receives(mail(CAROL, subject=subject))
    assert receipt.outcome == "ticket"
    assert desk.the("acknowledgement", CAROL)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version?")
    answer = desk.the("reply", CAROL)
    desk.time_passes(minutes=10)
    assert desk.replies(CAROL, answer, "Version 4.").ticket == receipt.ticket
    desk.replies(ALICE, desk.the("agent_update"), "#solved\nVersion 4.2 mends it.")
    return answer


# far ahead, far back


@pytest.mark.parametrize("way", FAR)
def test_a_jump_is_no_mass_mailing(busy: World, way: str) -> None:
    letters = jumps(busy, **FAR[way])
    going = Counter(row["to"] for row in letters if row["state"] == "waiting")
    assert all(going[agent] <= 4 for agent in AGENTS)  # two of promises, a digest, what the end of a ticket tells
    assert going["ops@example.com"] <= 2  # the alarm and a report
    assert sum(number for to, number in going.items() if to.endswith("acme.example")) <= 20


def test_a_jump_ahead_is_told_once_and_what_it_holds_is_listed(busy: World) -> None:
    letters = jumps(busy, days=400)
    assert len(busy.sent("alarm")) == 1
    assert {row["last_error"] for row in letters if row["state"] == "held"} == {"automatic_mail"}


@pytest.mark.parametrize("way", FAR)
def test_after_a_jump_the_desk_serves_customers(busy: World, way: str) -> None:
    jumps(busy, **FAR[way])
    works(busy, "While the clock is wrong")
    in_order(busy)
    no_age_is_negative(busy)


@pytest.mark.parametrize("way", FAR)
def test_when_the_clock_is_right_again_all_works(busy: World, way: str) -> None:
    jumps(busy, **FAR[way])
    works(busy, "While the clock is wrong")
    jumps(busy, **{name: -number for name, number in FAR[way].items()})
    answer = works(busy, "When it is right again")
    in_order(busy)
    no_age_is_negative(busy)
    busy.time_passes(days=3)
    assert busy.ticket(answer.subject.partition("[")[2].partition("]")[0])["status"] == "closed"


@pytest.mark.parametrize("way", FAR)
def test_an_old_ticket_goes_on_after_a_wrong_clock(busy: World, way: str) -> None:
    """Its customer wrote while the clock was wrong, its agent answers when it is right again."""
    jumps(busy, **FAR[way])
    busy.receives(mail(CAROL, subject="[EX-10001] and one more thing"))
    told = busy.sent("agent_update")[0]
    jumps(busy, **{name: -number for name, number in FAR[way].items()})
    busy.replies(ALICE, told, "Which version?")
    assert busy.the("reply", CAROL)
    said = [each["text"] for each in busy.ticket()["messages"] if words(each)]
    assert ["Which version?" in text for text in said[-2:]] == [True, True]
    in_order(busy)
    no_age_is_negative(busy)


@pytest.mark.parametrize("way", FAR)
def test_letters_of_a_wrong_clock_go_once_it_is_right(busy: World, way: str) -> None:
    jumps(busy, **FAR[way])
    busy.receives(mail(CAROL, subject="While the clock is wrong"))
    last = busy.ask(newest)
    jumps(busy, **{name: -number for name, number in FAR[way].items()})
    waiting = {row["id"] for row in busy.ask(outbox.rows) if row["state"] == "waiting" and row["id"] <= last}
    assert waiting
    assert waiting <= set(goes(busy))


def test_letters_in_hand_when_the_clock_went_back_are_not_kept_for_a_year(busy: World) -> None:
    busy.now += timedelta(days=400)
    busy.receives(mail(CAROL, subject="While the clock is wrong"))
    claimed = {parcel.id for parcel in Outbox(busy.desk).claim(200)}
    busy.time_passes(days=-400)
    assert claimed <= set(goes(busy))


def test_digests_and_reports_come_again_after_a_clock_that_was_ahead(busy: World) -> None:
    jumps(busy, days=400)
    jumps(busy, days=-400)
    busy.receives(mail(CAROL, subject="New"))
    for _ in range(8):
        jumps(busy, days=1)
    rows = Counter(row["letter"] for row in busy.ask(lambda store: outbox.rows(store, True)) if row["id"] > 0)
    assert rows["digest"] >= 7
    assert rows["report"] >= 2, rows


def test_an_acknowledgement_is_not_withheld_for_letters_of_a_clock_that_was_ahead(busy: World) -> None:
    busy.now += timedelta(days=400)
    for number in range(8):
        busy.receives(mail(BOB, subject=f"Ahead {number}"))
    busy.now -= timedelta(days=400, hours=-2)
    busy.receives(mail(BOB, subject="Right again"))
    assert busy.the("acknowledgement", BOB)


def test_a_pause_of_a_clock_that_was_ahead_ends_within_a_month(busy: World) -> None:
    until = busy.now + timedelta(days=430)
    pause = "INSERT INTO pause (address, until, why) VALUES ('bob@acme.example', ?, '')"
    busy.ask(lambda store: store.execute(pause, (micros(until),)))
    busy.time_passes(days=1)
    busy.time_passes(days=30, hours=1)
    busy.receives(mail(BOB, subject="Is anybody there?"))
    assert busy.the("acknowledgement", BOB)


def test_a_person_who_was_erased_gets_no_letter_whatever_the_clock_says(busy: World) -> None:
    busy.ask(lambda store: erase(store, find(store, "bob@acme.example"), busy.config))
    before = busy.ask(lambda store: store.all("SELECT address, until FROM pause"))
    assert before
    jumps(busy, days=400)
    jumps(busy, days=-400)
    assert busy.ask(lambda store: store.all("SELECT address, until FROM pause")) == before


def test_a_ticket_that_failed_while_the_clock_was_ahead_is_looked_at_again(busy: World) -> None:
    ahead = micros(busy.now + timedelta(days=400))
    sweeper = Sweeper(busy.desk)
    sweeper.sweep(busy.now)
    busy.ask(lambda store: store.execute("UPDATE ticket SET next_check = ? WHERE reference = 'EX-10001'", (ahead,)))
    busy.now += timedelta(days=400)
    sweeper.replanner.go_on()
    busy.now -= timedelta(days=400)
    sweeper.sweep(busy.now)
    [(at,)] = busy.ask(lambda store: store.all("SELECT next_check FROM ticket WHERE reference = 'EX-10001'"))
    assert at < ahead


def test_the_last_day_is_no_year_to_come(busy: World) -> None:
    jumps(busy, days=400)
    busy.receives(mail(CAROL, subject="While the clock is wrong"))
    busy.ask(lambda store: store.execute("UPDATE letter SET state = 'failed', done = ?", (micros(busy.now),)))
    jumps(busy, days=-390)
    assert busy.ask(lambda store: views.status(store, busy.now))["mails_last_day"] == {}
    codes = {code for _, code, _ in busy.ask(lambda store: health(store, busy.config, busy.now))}
    assert "undelivered" not in codes


JUMPS = ({"days": 400}, {"days": -3653}, {"hours": 1}, {"hours": -1}, {"days": 3}, {"days": -40}, {"seconds": 5})
SAYS = ("#solved\nDone.", "#pending\nWhich version?", "Which one?", "#closed", "#note\nInside.")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_clock_does_meanwhile_time_goes_on_in_every_ticket(desk: World, seed: int) -> None:
    chance = Random(seed)
    right, letters = desk.now, []
    for number in range(25):
        match chance.choice(("jump", "jump", "ask", "answer", "answer", "reply")):
            case "jump":
                desk.time_passes(**chance.choice(JUMPS))
            case "ask":
                desk.receives(mail(chance.choice((CAROL, BOB)), subject=f"Matter {number}"))
            case "answer" if told := [each for each in letters if each.name.startswith("agent_")]:
                letter = chance.choice(told)
                desk.replies(str(letter.message["To"]), letter, chance.choice(SAYS))
            case _ if heard := [each for each in letters if each.name in ("reply", "acknowledgement", "closed")]:
                letter = chance.choice(heard)
                desk.replies(str(letter.message["To"]), letter, "It still stops.")
        letters += desk.sent()
        in_order(desk)
    no_age_is_negative(desk)
    desk.time_passes(seconds=(right - desk.now).total_seconds())
    works(desk, "When it is right again")
    in_order(desk)
    no_age_is_negative(desk)


# held mail


def test_held_mail_that_a_clock_ahead_has_dropped_is_released_all_the_same(busy: World) -> None:
    [(ident,)] = busy.ask(lambda store: store.all("SELECT mail_id FROM held WHERE state = 'waiting'"))
    assert not [row for row in jumps(busy, days=400) if row["to"] == "dave@acme.example"]
    jumps(busy, days=-400)
    busy.ask(lambda store: held.release(store, ident))
    busy.time_passes(seconds=1)
    [row] = [row for row in busy.rows() if row["id"] == ident]
    assert row["outcome"] == "ticket"


def test_held_mail_that_is_dropped_in_masses_is_told_of_once(desk: World) -> None:
    for number in range(20):
        desk.receives(mail(f"dave{number}@acme.example", subject=f"Matter {number}"))
    jumps(desk, days=400)
    [alarm] = [letter for letter in desk.sent("alarm") if "held mail was dropped" in letter.subject]
    assert "20 held mails were dropped at once" in alarm.text
    jumps(desk, days=1)
    assert desk.sent("alarm") == []


# summer time


@pytest.mark.parametrize("day", ["2026-03-28T20:00:00Z", "2026-10-24T20:00:00Z"])
def test_both_changes_of_summer_time_do_nothing_twice_and_leave_nothing_out(
    world: Callable[..., World], day: str
) -> None:
    berlin = '"EX"\ntime_zone = "Europe/Berlin"'
    desk = world(MORE, contacts=PLAN, people=PEOPLE, prefix=berlin)
    desk.now = datetime.fromisoformat(day)
    desk.receives()
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.")
    desk.receives(mail(BOB, subject="Another"))
    last = desk.ask(newest)
    for _ in range(4 * 48):
        desk.time_passes(minutes=15)
    rows = [row for row in desk.ask(outbox.rows) if row["id"] > last]
    names = Counter((row["letter"], row["to"]) for row in rows)
    assert names["digest", "alice@example.com"] == 2
    assert names["closing_soon", "carol@acme.example"] == names["closed", "carol@acme.example"] == 1
    assert names["overdue", "alice@example.com"] == 1
    assert desk.ticket()["closed"] == desk.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    in_order(desk)
