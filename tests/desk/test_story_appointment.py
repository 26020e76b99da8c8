"""An agent and a customer meet at a time that the agent sets: the invitation, its moving and its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from maildesk.store.database import Store
from maildesk.store.outlook import rows
from maildesk.store.person import find as person_of
from maildesk.store.person_erase import erase
from maildesk.store.person_export import export
from tests.builders import ALICE, ANTON, BOB, CAROL, SUPPORT, mail
from tests.desk.appointed import BERLIN, PEOPLE, answers, events, invitation, told
from tests.desk.world import World

TUESDAY = datetime(2026, 3, 3, 13, tzinfo=UTC)  # 14:00 in Berlin


@pytest.fixture
def berlin(world: Callable[..., World]) -> World:
    return world(BERLIN, people=PEOPLE)


def test_the_customer_gets_an_invitation_at_the_time_of_the_agents_calendar(berlin: World) -> None:
    told(berlin, "#appointment 2026-03-03 14:00 1h30m")
    letter = berlin.the("appointment")
    event = invitation(letter)
    assert letter.recipient == "carol@acme.example"
    assert (event["METHOD"], event["SEQUENCE"], str(event["SUMMARY"])) == ("REQUEST", 0, "[EX-10001] The export fails")
    assert event["DTSTART"].dt == TUESDAY
    assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == 90 * 60
    assert events(berlin) == ["appointment_set"]


def test_an_agent_without_a_calendar_means_the_desks_time(desk: World) -> None:
    told(desk, "#appointment 3.3. 14:00 1h")
    assert invitation(desk.the("appointment"))["DTSTART"].dt == datetime(2026, 3, 3, 14, tzinfo=UTC)


def test_each_reader_reads_his_own_time_and_answers_to_his_own_key(berlin: World) -> None:
    told(berlin, "#cc +bob@acme.example", "#appointment tomorrow 2pm 1h")
    carol, bob = (berlin.the("appointment", each) for each in ("carol@acme.example", "bob@acme.example"))
    assert "Tuesday, 3 March 2026, 13:00 (UTC)" in carol.text
    assert "Dienstag, 3. März 2026, 14:00 Uhr (MEZ)" in bob.text
    for letter in (carol, bob):
        event = invitation(letter)
        assert event["ORGANIZER"] == f"mailto:{letter.reply_to}"
        assert event["ATTENDEE"] == f"mailto:{letter.recipient}"
    assert invitation(carol)["UID"] == invitation(bob)["UID"]
    assert carol.reply_to != bob.reply_to


def test_with_plain_addresses_alone_the_organizer_is_the_queue(world: Callable[..., World]) -> None:
    desk = world(BERLIN, people=PEOPLE, aliases="[]\nsubaddress = false")
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", "alice@example.com"), "#appointment 3.3. 14:00 1h", to=SUPPORT)
    letter = desk.the("appointment")
    assert invitation(letter)["ORGANIZER"] == "mailto:support@example.com"
    assert answers(desk, CAROL, letter, "ACCEPTED").outcome == "request"
    assert events(desk) == ["appointment_set", "appointment_accepted"]


def test_the_receipt_says_when_in_the_agents_time(berlin: World) -> None:
    receipt = told(berlin, "#appointment 3.3. 14:00-15:30")
    assert "appointment: 2026-03-03 14:00-15:30 Europe/Berlin" in receipt.text
    assert "Sent to: carol@acme.example" in receipt.text


def test_the_agents_words_go_beside_the_invitation(berlin: World) -> None:
    told(berlin, "#termin 3.3. 14 Uhr 1h", "Let us look at it together.")
    assert {each.name for each in berlin.sent()} >= {"reply", "appointment"}


def test_a_second_one_moves_the_first(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")
    first = invitation(berlin.the("appointment"))
    berlin.replies(ALICE, berlin.the("receipt"), "#appointment 4.3. 9:00 30m")
    second = invitation(berlin.the("appointment"))
    assert "is moved" in berlin.the("appointment").text
    assert (second["UID"], second["SEQUENCE"]) == (first["UID"], 1)
    assert second["DTSTART"].dt == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert events(berlin) == ["appointment_set", "appointment_moved"]


def test_cancel_takes_it_out_of_calendars_and_another_one_is_new(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")
    first = invitation(berlin.the("appointment"))
    berlin.replies(ALICE, berlin.the("receipt"), "#cancel")
    off = invitation(berlin.the("appointment"))
    assert (off["METHOD"], off["STATUS"], off["UID"], off["SEQUENCE"]) == ("CANCEL", "CANCELLED", first["UID"], 1)
    letter = berlin.the("receipt")
    berlin.time_passes(hours=1)
    berlin.replies(ALICE, letter, "#appointment 5.3. 9:00 1h")
    again = invitation(berlin.the("appointment"))
    assert again["UID"] != first["UID"]
    assert events(berlin) == ["appointment_set", "appointment_cancelled", "appointment_set"]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("#appointment", "cannot be read so; did you mean #appointment 2026-03-03 14:00 1h?"),
        ("#appointment 4.3. 10:00", "cannot be read so; did you mean #appointment 2026-03-04 10:00 1h?"),
        ("#appointment 30.2. 14:00 1h", "cannot be read so"),
        ("#appointment 3.3. 14:00 1h please", "cannot be read so"),
        ("#appointment today 9:00 1h", "is over already"),
        ("#appointment 2026-02-01 9:00 1h", "is over already"),
        ("#appointment 2029-02-01 9:00 1h", "is more than two years ahead"),
        ("#appointment 2199-12-31 9:00 1h", "is more than two years ahead"),
        ("#appointment 4.3. 9:00 25h", "is longer than a day"),
        ("#appointment 4.3. 9:00 9999h", "is longer than a day"),
        ("#appointment 29.3. 2:30 1h", "is a time that the clock skips that day"),
        ("#appointment 4.3. 9:00 -1h", "cannot be read so"),
        ("#appointment ٤.٣. ٩:٠٠ 1h", "cannot be read so"),
        ("#appointment " + "1.1. " * 500, "cannot be read so"),
        ("#cancel", "there is no appointment"),
        ("#held 1h", "there is no appointment"),
        ("#noshow", "there is no appointment"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(berlin: World, command: str, why: str) -> None:
    receipt = told(berlin, command, "See you then.")
    assert why in receipt.text
    assert "See you then." in receipt.text
    assert not berlin.sent("appointment", "reply")
    assert events(berlin) == []


def test_two_in_one_mail_are_both_refused(berlin: World) -> None:
    receipt = told(berlin, "#appointment 3.3. 14:00 1h", "#appointment 3.3. 14:00 1h")
    assert receipt.text.count("twice") == 2
    assert not berlin.sent("appointment")


def test_nothing_is_arranged_about_what_is_closed_unless_it_is_opened(berlin: World) -> None:
    told(berlin, "#closed")
    letter = berlin.the("receipt")
    berlin.replies(ALICE, letter, "#appointment 3.3. 14:00 1h")
    assert "the ticket is closed" in berlin.the("receipt").text
    berlin.replies(ALICE, letter, "#open\n#appointment 3.3. 14:00 1h")
    assert invitation(berlin.the("appointment"))["METHOD"] == "REQUEST"


def test_an_agent_of_another_queue_arranges_nothing(world: Callable[..., World]) -> None:
    people = PEOPLE.replace(
        'addresses = ["anton@example.com"]\nqueues = ["technical"]',
        'addresses = ["anton@example.com"]\nqueues = ["sales"]',
    )
    desk = world(BERLIN, people=people)
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", "alice@example.com")
    desk.replies(ANTON, letter, "#appointment 3.3. 14:00 1h")
    assert not desk.sent("appointment")
    assert events(desk) == []


def test_when_it_has_ended_the_agent_is_asked_how_it_went_once(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h", "#release")
    berlin.time_passes(hours=28, minutes=59)
    assert not berlin.sent("due_soon")
    berlin.time_passes(minutes=1)
    letter = berlin.the("due_soon")
    assert letter.recipient == "alice@example.com"
    assert "Tuesday, 3 March 2026, 14:00 (UTC+01:00)" in letter.text
    for body in ("%23held%2060m", "%23noshow"):
        assert "mailto:" + letter.reply_to.replace("+", "%2B") in letter.html
        assert f"&amp;body={body}" in letter.html
    berlin.time_passes(days=9)
    assert not berlin.sent("due_soon")


def test_due_shows_when_it_ends(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")
    ahead = berlin.ask(lambda store: rows(store, berlin.config, berlin.now, datetime(2026, 3, 9, tzinfo=UTC)))
    assert {"at": "2026-03-03T14:00:00Z", "ticket": "EX-10001", "what": "appointment"} in ahead


def test_one_that_was_called_off_is_asked_about_by_nobody(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")
    berlin.replies(ALICE, berlin.the("receipt"), "#cancel")
    berlin.time_passes(days=3)
    assert not berlin.sent("due_soon")


def test_held_keeps_the_hours_and_is_told_once(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")
    berlin.time_passes(hours=29)
    letter = berlin.the("due_soon")
    assert berlin.replies(ALICE, letter, "#held 1h15m").outcome == "command"
    assert "the appointment took: 1 h 15 min" in berlin.the("receipt").text
    assert berlin.ticket()["time_worked"] == 75
    berlin.replies(ALICE, letter, "#held 1h15m")
    assert "was told already" in berlin.the("receipt").text
    berlin.replies(ALICE, letter, "#noshow")
    assert "was told already" in berlin.the("receipt").text
    assert berlin.ticket()["time_worked"] == 75
    assert events(berlin) == ["appointment_set", "appointment_held"]


def test_nobody_came(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")
    berlin.time_passes(hours=29)
    berlin.replies(ALICE, berlin.the("due_soon"), "#noshow")
    assert events(berlin) == ["appointment_set", "appointment_noshow"]
    assert berlin.ticket()["time_worked"] == 0
    assert not [each for each in berlin.sent() if each.recipient == "carol@acme.example"]


def test_how_it_went_cannot_be_told_before_it_began(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")
    letter = berlin.the("receipt")
    berlin.replies(ALICE, letter, "#held 1h")
    assert "the appointment has not begun" in berlin.the("receipt").text
    berlin.time_passes(hours=28, minutes=15)
    berlin.replies(ALICE, letter, "#held 15m")
    assert events(berlin) == ["appointment_set", "appointment_held"]
    berlin.time_passes(days=2)
    assert not berlin.sent("due_soon")


def test_a_merged_ticket_takes_its_appointment_along(berlin: World) -> None:
    berlin.receives(mail(CAROL, subject="The same again"))
    berlin.receives(mail(CAROL))
    berlin.replies(ALICE, berlin.the("agent_ticket", "alice@example.com"), "#appointment 3.3. 14:00 1h")
    invited, receipt = berlin.the("appointment"), berlin.the("receipt")
    berlin.replies(ALICE, receipt, "#merge EX-10001")
    answers(berlin, CAROL, invited, "ACCEPTED")
    assert events(berlin) == ["appointment_set", "appointment_accepted"]
    berlin.time_passes(days=2)
    assert "[EX-10001]" in berlin.the("due_soon").subject
    berlin.replies(ALICE, berlin.the("due_soon"), "#held 1h")
    assert berlin.ticket()["time_worked"] == 60


def test_two_tickets_with_an_appointment_each_are_not_merged(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")
    berlin.receives(mail(CAROL, subject="Another"))
    letter = berlin.the("agent_ticket", "alice@example.com")
    berlin.replies(ALICE, letter, "#appointment 4.3. 14:00 1h")
    berlin.replies(ALICE, letter, "#merge EX-10001")
    assert "both tickets have an appointment; did you mean #cancel?" in berlin.the("receipt").text
    assert berlin.ticket("EX-10002")["status"] == "new"


def test_a_person_is_told_his_appointments_and_forgotten_without_their_times(berlin: World) -> None:
    told(berlin, "#appointment 3.3. 14:00 1h")

    def kept(store: Store, address: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = export(store, person_of(store, address), berlin.config, berlin.now, berlin.write)[
            "appointments"
        ]
        return found

    [his] = berlin.ask(lambda store: kept(store, "carol@acme.example"))
    assert (his["ticket"], his["starts"], his["state"]) == ("EX-10001", "2026-03-03T13:00:00Z", "set")
    assert berlin.ask(lambda store: kept(store, "alice@example.com")) == [his]
    assert berlin.ask(lambda store: kept(store, "anton@example.com")) == []
    assert berlin.ask(lambda store: kept(store, "gil@globex.example")) == []

    def forgets(store: Store) -> None:
        erase(store, person_of(store, "alice@example.com"), berlin.config)

    berlin.ask(forgets)
    [after] = berlin.ask(lambda store: kept(store, "carol@acme.example"))
    assert after["starts"] == his["starts"]
    assert "alice" not in after["agent"]
    [event] = [each for each in berlin.ticket()["events"] if each["event"] == "appointment_set"]
    assert (event["starts"], event["ends"]) == (his["starts"], his["ends"])


def test_a_customer_commands_no_appointment(berlin: World) -> None:
    berlin.receives(mail(BOB))
    berlin.replies(BOB, berlin.the("acknowledgement"), "#appointment 3.3. 14:00 1h")
    assert not berlin.sent("appointment")
    assert events(berlin) == []
