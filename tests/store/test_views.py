"""The JSON forms of the contract, and what time has due."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from maildesk.config import parse
from maildesk.mime.read import read
from maildesk.store import due, people, unwritten, views, views_ticket
from maildesk.store.health import health
from maildesk.store.mailboxes import first_login, good
from maildesk.store.outlook import rows
from maildesk.words import (
    AddMessage,
    Address,
    Hold,
    OpenSurvey,
    Outcome,
    RecordMark,
    ReleaseHeld,
    Schedule,
    SendLetter,
    SetOwner,
    SetStatus,
    Status,
    Visibility,
)
from tests.builders import ALICE, START, STRANGER, configuration, mail
from tests.store.house import House, acknowledgement, filed

REFERENCE = "EX-10001"
CAROL = Address("carol@acme.example", "Carol Jones")
TICKET_KEYS = {
    "reference", "queue", "status", "severity", "category", "subject", "organisation", "requester", "participants",
    "owner", "level", "opened", "first_answered", "first_response_kind", "solved", "closed", "time_worked", "survey",
    "due", "fields", "links",
}  # fmt: skip
MESSAGE_KEYS = {
    "id", "at", "direction", "visibility", "from", "to", "subject", "text", "message_id", "sha256", "attachments",
}  # fmt: skip


def shown(house: House, reference: str = REFERENCE) -> dict[str, object]:
    return views_ticket.show(house.store, reference, house.config, house.now, house.letters.write)


def test_a_ticket_is_shown_with_its_messages_and_events(house: House) -> None:
    sent = mail(message_id="<first@mail.test>", attachments=[("log.txt", b"lines", "text/plain")])
    house.opens(sent)
    told = shown(house, "[ex-10001]")
    assert set(told) == {*TICKET_KEYS, "messages", "events"}
    assert (told["requester"], told["organisation"], told["severity"]) == ("carol@acme.example", "Acme", 3)
    assert (told["owner"], told["survey"], told["opened"]) == (None, None, "2026-03-02T09:00:00Z")
    assert told["due"] == {"first_response": None, "next_response": None, "update": None, "close": None}
    came, went = told["messages"]  # type: ignore[misc]
    assert set(came) == set(went) == MESSAGE_KEYS
    assert (came["direction"], came["message_id"], came["sha256"]) == ("in", "first@mail.test", read(sent).sha256)
    assert came["attachments"] == [{"name": "log.txt", "type": "text/plain", "size": 5}]
    assert (came["from"], came["to"]) == ("carol@acme.example", ["support@example.com"])
    assert (went["direction"], went["visibility"], went["to"]) == ("out", "public", ["carol@acme.example"])
    assert went["sha256"] == hashlib.sha256(views.message(house.store, went["id"], house.letters.write)).hexdigest()
    assert told["events"] == [{"at": "2026-03-02T09:00:00Z", "event": "opened", "by": "carol@acme.example"}]


def test_the_hash_of_a_letter_covers_the_files_it_carries(house: House) -> None:
    house.opens(mail(attachments=[("log.txt", b"lines of a log\n" * 50, "text/plain")]))
    letter = acknowledgement(CAROL, REFERENCE, house.facts, attachments=house.facts.mail.attachments)
    house.takes(mail(), filed(Outcome.MESSAGE, SendLetter(letter), ticket=REFERENCE))
    went = shown(house)["messages"][-1]  # type: ignore[index]
    raw = views.message(house.store, went["id"], house.letters.write)
    assert b"multipart/mixed" in raw
    assert went["attachments"] == [{"name": "log.txt", "type": "text/plain", "size": 750}]
    assert went["sha256"] == hashlib.sha256(raw).hexdigest()


def test_copies_and_letters_to_agents_are_no_messages_of_the_thread(house: House) -> None:
    house.opens()
    copy = acknowledgement(Address("bob@acme.example"), REFERENCE, house.facts, copy=True)
    inside = acknowledgement(Address("alice@example.com"), REFERENCE, house.facts, audience="agent")
    house.takes(mail(), filed(Outcome.ROBOT, SendLetter(copy), SendLetter(inside), ticket=REFERENCE))
    assert [each["direction"] for each in shown(house)["messages"]] == ["in", "out"]  # type: ignore[attr-defined]


def test_notes_are_in_the_thread_and_robots_are_not(house: House) -> None:
    house.opens()
    house.takes(mail(ALICE), filed(Outcome.NOTE, AddMessage(REFERENCE, Visibility.NOTE, "alice@example.com")))
    house.takes(mail(), filed(Outcome.ROBOT, ticket=REFERENCE))
    visible = [each["visibility"] for each in shown(house)["messages"]]  # type: ignore[attr-defined]
    assert visible == ["public", "public", "note"]


def test_tickets_are_listed_by_status_queue_and_owner(house: House) -> None:
    house.opens()
    house.opens()
    staff = people.agents(house.store, house.now)
    changes = (SetOwner("EX-10002", staff[0], "x"), SetStatus("EX-10002", Status.SOLVED, "x"))
    house.takes(mail(ALICE), filed(Outcome.MESSAGE, *changes, ticket="EX-10002"))

    def listed(**asked: str) -> list[str]:
        rows = views_ticket.listed(house.store, house.config, house.now, **asked)
        return [row["reference"] for row in rows]

    assert listed() == [REFERENCE, "EX-10002"]
    assert listed(status="solved") == ["EX-10002"]
    assert listed(queue="sales") == []
    assert listed(owner="alice@example.com") == ["EX-10002"]
    assert listed(owner="Alice Agent", status="new") == []
    [row] = views_ticket.listed(house.store, house.config, house.now, status="solved")
    assert set(row) == TICKET_KEYS
    assert row["due"]["close"] == "2026-03-04T09:00:00Z"
    assert row["owner"] == "alice@example.com"


def test_a_survey_is_shown_with_its_mark(house: House) -> None:
    house.opens()
    house.takes(mail(), filed(Outcome.ROBOT, OpenSurvey(REFERENCE, CAROL.address, START + timedelta(days=30))))
    house.takes(mail(), filed(Outcome.SURVEY, RecordMark(REFERENCE, CAROL.address, 4, "good")))
    assert shown(house)["survey"] == {"sent": "2026-03-02T09:00:00Z", "mark": 4, "comment": "good"}


def test_history_is_the_events_and_an_unknown_reference_is_told(house: House) -> None:
    house.opens()
    assert [each["event"] for each in views_ticket.history(house.store, REFERENCE)] == ["opened"]
    with pytest.raises(LookupError, match="there is no ticket EX-99"):
        shown(house, "EX-99")


def test_the_ledger_has_one_row_a_mail_and_filters(house: House) -> None:
    house.opens(mail(message_id="<a@mail.test>"))
    house.later(hours=1)
    house.takes(mail(STRANGER), filed(Outcome.REFUSED))
    rows = list(views.ledger(house.store))
    assert [row["outcome"] for row in rows] == ["ticket", "refused"]
    assert set(rows[0]) == {"id", "door", "received", "message_id", "sha256", "outcome", "reason", "rule", "ticket"}
    assert [row["outcome"] for row in views.ledger(house.store, since=START + timedelta(minutes=1))] == ["refused"]
    assert [row["message_id"] for row in views.ledger(house.store, outcome="ticket")] == ["a@mail.test"]


def test_why_tells_rules_decisions_and_letters(house: House) -> None:
    receipt = house.opens(mail(message_id="<a@mail.test>"))
    [told] = views.why(house.store, "<a@mail.test>")
    assert (told["id"], told["rules"], told["rule"]) == (receipt.id, ["contact", "new"], "new")
    assert len(told["decisions"]) == 3
    assert [each["letter"] for each in told["letters"]] == ["acknowledgement"]
    assert views.why(house.store, str(receipt.id)) == [told]
    with pytest.raises(LookupError, match="no mail with the Message-ID b@mail"):
        views.why(house.store, "b@mail.test")


def test_status_counts(house: House) -> None:
    house.opens()
    house.takes(mail(ALICE), filed(Outcome.HELD, Hold("unproved", None)))
    told = views.status(house.store, house.now)
    assert told["tickets"] == {"new": 1, "open": 0, "pending": 0, "solved": 0, "closed": 0}
    assert (told["outbox"]["waiting"], told["held"]) == (1, 1)
    assert told["mails_last_day"] == {"held": 1, "ticket": 1}


MAILBOX = """
[mailbox.box]
host = "imap.example.com"
user = "support"
password_file = "password"
"""


def codes(house: House) -> list[tuple[str, str]]:
    return [(severity, code) for severity, code, _ in health(house.store, house.config, house.now) if code != "disk"]


def test_a_desk_at_rest_is_healthy(house: House) -> None:
    house.opens()
    assert codes(house) == []


def test_health_tells_of_letters_that_do_not_leave(house: House) -> None:
    house.opens()
    house.later(hours=2)
    assert codes(house) == [("warning", "outbox")]
    house.later(days=2)
    assert codes(house) == [("failing", "outbox")]


def test_health_tells_of_things_overdue_of_faults_and_of_held_letters(house: House) -> None:
    house.opens(None, Schedule(REFERENCE, START))
    letter = acknowledgement(CAROL, REFERENCE, house.facts, held="automatic_mail")
    house.takes(mail(), filed(Outcome.HELD, Hold("internal fault", None), SendLetter(letter)))
    house.later(minutes=6)
    assert codes(house) == [("failing", "clock"), ("failing", "fault"), ("warning", "brake")]


def test_health_tells_letters_that_cannot_be_written_from_those_the_brake_holds(house: House) -> None:
    house.opens()
    [order] = unwritten.due(house.store, house.now, 10)
    unwritten.refuse(house.store, order.serial, "KeyError: 'severity'")
    assert codes(house) == [("warning", "unwritten")]


def test_health_tells_of_a_mailbox_that_is_not_read(house: House, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret")
    (tmp_path / "password").chmod(0o600)
    house.config = parse(configuration(MAILBOX), tmp_path)
    assert codes(house) == [("warning", "mailbox")]
    first_login(house.store, "box", house.now)
    good(house.store, "box", house.now)
    assert codes(house) == []
    house.later(minutes=11)
    assert codes(house) == [("failing", "mailbox")]


def test_tickets_come_due_in_the_order_of_their_moments(house: House) -> None:
    house.opens(None, Schedule(REFERENCE, START + timedelta(hours=3)))
    house.opens(None, Schedule("EX-10002", START + timedelta(hours=1)))
    assert due.first(house.store, START) == ""
    assert due.first(house.store, START + timedelta(hours=4)) == "EX-10002"
    facts = due.elapsed(house.store, "EX-10002", house.config)
    assert (facts.now, facts.ticket.reference) == (START + timedelta(hours=1), "EX-10002")
    assert len(facts.colleagues) == 2
    due.put_off(house.store, "EX-10002", None)
    assert due.first(house.store, START + timedelta(hours=4)) == REFERENCE
    with pytest.raises(LookupError):
        due.elapsed(house.store, "EX-10002", house.config)


def test_the_last_survey_of_the_requester_is_known_whatever_its_ticket(house: House) -> None:
    house.opens(None, OpenSurvey(REFERENCE, CAROL.address, START + timedelta(days=30)))
    house.opens(None, Schedule("EX-10002", START))
    assert due.elapsed(house.store, "EX-10002", house.config).last_survey == START


def test_what_time_will_do_is_listed_in_order(house: House) -> None:
    house.opens()
    solved = (SetStatus(REFERENCE, Status.SOLVED, "x"), Schedule(REFERENCE, START + timedelta(days=1)))
    house.takes(mail(ALICE), filed(Outcome.MESSAGE, *solved, ticket=REFERENCE))
    assert rows(house.store, house.config, START, START + timedelta(days=9)) == [
        {"at": "2026-03-03T09:00:00Z", "ticket": REFERENCE, "what": "remind"},
        {"at": "2026-03-04T09:00:00Z", "ticket": REFERENCE, "what": "close"},
    ]
    assert rows(house.store, house.config, START, START) == []


def test_no_key_of_anybody_is_shown_among_the_recipients(house: House) -> None:
    house.opens(mail(to="Support+EX-10001-abcdefghijklmnopqrstuvwxyz2@example.com"))
    assert shown(house)["messages"][0]["to"] == ["support@example.com"]  # type: ignore[index]


def test_why_tells_whose_word_let_a_held_mail_in(house: House) -> None:
    house.opens()
    ident = house.takes(mail(STRANGER), filed(Outcome.HELD, Hold("awaiting consent", None))).id
    assert [(each["answer"], each["answered_by"]) for each in views.why(house.store, str(ident))] == [("", "")]
    house.takes(mail(), filed(Outcome.CONSENT, ReleaseHeld(ident, "allow", "carol@acme.example")))
    [told] = views.why(house.store, str(ident))
    assert (told["answer"], told["answered_by"]) == ("allow", "carol@acme.example")
