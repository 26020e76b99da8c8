"""Rulings become rows: tickets, history, letters, what is held, what is counted."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta

import pytest

from maildesk.mime.read import read
from maildesk.store import held, people, raw, tickets
from maildesk.store.apply import apply, apply_moment, rescue
from maildesk.store.outbox import claim, rows
from maildesk.store.views import ledger
from maildesk.words import (
    AddMessage,
    AddParticipants,
    Address,
    Agent,
    Decision,
    DropHeld,
    Envelope,
    FailLetter,
    Hold,
    LinkTickets,
    OpenSurvey,
    Outcome,
    RecordEvent,
    RecordMark,
    ReleaseHeld,
    Ruling,
    Schedule,
    SendLetter,
    SetAnswered,
    SetOwner,
    SetReminded,
    SetSeverity,
    SetStatus,
    SetSurveyDue,
    Severity,
    SpendKeys,
    Status,
    Ticket,
    Visibility,
)
from tests.builders import ALICE, START, mail
from tests.store.house import House, acknowledgement, filed

CAROL = Address("carol@acme.example", "Carol Jones")
REFERENCE = "EX-10001"


def alice(house: House) -> Agent:
    found = people.writer(house.store, "alice@example.com", "", house.config, house.now)
    assert isinstance(found, Agent)
    return found


def ticket(house: House, reference: str = REFERENCE) -> Ticket:
    found = tickets.load(house.store, reference, people.agents(house.store, house.now))
    assert found is not None
    return found


def events(house: House, reference: str = REFERENCE) -> list[tuple[str, str, dict[str, object]]]:
    found = house.store.all(
        "SELECT e.event, e.by, e.detail FROM event e JOIN ticket t ON t.id = e.ticket_id"
        " WHERE t.reference = ? ORDER BY e.id",
        (reference,),
    )
    return [(event, by, json.loads(detail)) for event, by, detail in found]


def rules(house: House, *decisions: Decision, outcome: Outcome = Outcome.MESSAGE) -> None:
    """A later mail of Alice's, ruled so."""
    house.takes(mail(ALICE), filed(outcome, *decisions, ticket=REFERENCE))


def test_a_mail_becomes_a_ticket_with_its_row_its_bytes_and_its_acknowledgement(house: House) -> None:
    sent = mail(attachments=[("log.txt", b"lines", "text/plain")])
    receipt = house.opens(sent, Schedule(REFERENCE, START + timedelta(days=2)))
    assert (receipt.outcome, receipt.ticket) == (Outcome.TICKET, REFERENCE)
    assert raw.load(house.store, receipt.id) == sent
    [row] = ledger(house.store)
    assert row["ticket"] == REFERENCE
    assert row["rule"] == "new"
    [letter] = rows(house.store)
    assert (letter["letter"], letter["to"], letter["ticket"]) == ("acknowledgement", CAROL.address, REFERENCE)
    opened = ticket(house)
    assert (opened.status, opened.organisation, opened.requester) == (Status.NEW, "Acme", CAROL)
    assert events(house) == [("opened", CAROL.address, {})]
    assert house.store.one("SELECT next_check FROM ticket") == (1772614800000000,)
    assert house.count("attachment") == 1


def test_ids_of_mails_and_letters_are_one_space(house: House) -> None:
    receipt = house.opens()
    [letter] = rows(house.store)
    assert letter["id"] != receipt.id


def test_status_and_owner_change_with_their_events(house: House) -> None:
    house.opens()
    house.later(hours=1)
    rules(
        house,
        AddMessage(REFERENCE, Visibility.PUBLIC, "alice@example.com"),
        SetAnswered(REFERENCE, "answer", "alice@example.com"),
        SetStatus(REFERENCE, Status.OPEN, "alice@example.com"),
        SetOwner(REFERENCE, alice(house), "alice@example.com"),
        SetSeverity(REFERENCE, Severity.HIGH, "alice@example.com"),
    )
    now = ticket(house)
    assert now.owner is not None
    assert (now.status, now.status_since, now.owner.name) == (Status.OPEN, house.now, "Alice Agent")
    assert (now.first_answered, now.first_response_kind, now.severity) == (house.now, "answer", Severity.HIGH)
    assert [event[0] for event in events(house)] == ["opened", "message", "answered", "status", "owner", "severity"]
    assert events(house)[3] == ("status", "alice@example.com", {"from": "new", "to": "open"})
    assert events(house)[4][2] == {"from": None, "to": "alice@example.com"}
    rules(house, SetOwner(REFERENCE, None, "alice@example.com"))
    assert ticket(house).owner is None
    assert events(house)[-1][2] == {"from": "alice@example.com", "to": None}


def test_solved_closed_and_reopened_keep_their_times(house: House) -> None:
    house.opens()
    rules(house, SetStatus(REFERENCE, Status.SOLVED, "alice@example.com"), SetReminded(REFERENCE))
    solved = ticket(house)
    assert (solved.solved, solved.closed, solved.reminded) == (house.now, None, house.now)
    house.later(days=2)
    rules(house, SetStatus(REFERENCE, Status.CLOSED, "maildesk"), SetSurveyDue(REFERENCE, house.now))
    closed = ticket(house)
    assert (closed.solved, closed.closed, closed.reminded) == (START, house.now, None)
    assert closed.survey_due == house.now
    rules(house, SetStatus(REFERENCE, Status.OPEN, CAROL.address))
    assert (ticket(house).solved, ticket(house).closed) == (None, None)


def test_the_history_never_runs_backwards(house: House) -> None:
    house.opens()
    house.later(days=3)
    rules(house, SetStatus(REFERENCE, Status.SOLVED, "alice@example.com"))
    ahead = house.now
    house.later(days=-2)
    rules(house, SetStatus(REFERENCE, Status.OPEN, CAROL.address))
    assert ticket(house).status_since == ahead


def test_a_note_stands_in_the_thread_as_a_note(house: House) -> None:
    house.opens(mail(message_id="<first@mail.test>"))
    rules(house, AddMessage(REFERENCE, Visibility.NOTE, "alice@example.com"), outcome=Outcome.NOTE)
    assert ticket(house).thread == ("first@mail.test",)
    assert events(house)[-1][0] == "noted"


def test_participants_join_once(house: House) -> None:
    house.opens()
    bob = Address("bob@acme.example", "Bob Brown")
    rules(house, AddParticipants(REFERENCE, (bob,), CAROL.address))
    rules(house, AddParticipants(REFERENCE, (bob,), CAROL.address))
    assert ticket(house).participants == (bob,)
    assert [event[0] for event in events(house)].count("participant_added") == 1


def test_a_survey_is_opened_and_a_later_mark_replaces_an_earlier(house: House) -> None:
    house.opens()
    until = START + timedelta(days=30)
    rules(house, OpenSurvey(REFERENCE, CAROL.address, until))
    survey = ticket(house).survey
    assert survey is not None
    assert (survey.sent, survey.valid_until, survey.mark) == (START, until, None)
    rules(house, RecordMark(REFERENCE, CAROL.address, 2, "slow"))
    rules(house, RecordMark(REFERENCE, CAROL.address, 5, "fine after all"))
    survey = ticket(house).survey
    assert survey is not None
    assert (survey.mark, survey.comment) == (5, "fine after all")
    assert events(house)[-1] == ("survey_answered", CAROL.address, {"mark": 5, "comment": "fine after all"})


def test_links_stand_on_both_tickets_and_a_bug_trackers_on_one(house: House) -> None:
    house.opens()
    house.opens()
    rules(house, LinkTickets("EX-10002", REFERENCE), LinkTickets(REFERENCE, "https://bugs.example/7"))
    assert ticket(house).links == ("EX-10002", "https://bugs.example/7")
    assert ticket(house, "EX-10002").links == (REFERENCE,)
    assert events(house, "EX-10002")[-1] == ("linked", "maildesk", {"other": REFERENCE})


def test_events_without_a_change_of_state_are_kept_with_their_words(house: House) -> None:
    house.opens()
    rules(house, RecordEvent(REFERENCE, "thanks", CAROL.address, "filed"), Schedule(REFERENCE, None))
    assert events(house)[-1] == ("thanks", CAROL.address, {"detail": "filed"})


def test_letters_that_are_held_wait_for_an_operator_and_do_not_count(house: House) -> None:
    house.opens()
    letter = acknowledgement(CAROL, REFERENCE, house.facts, held="automatic_mail")
    rules(house, SendLetter(letter))
    [first, second] = rows(house.store)
    assert (first["state"], second["state"], second["last_error"]) == ("waiting", "held", "automatic_mail")
    assert house.gathers(mail()).recent.automatic == 1
    assert house.writes() == [first["id"]]
    assert [parcel.id for parcel in claim(house.store, house.now, 10, timedelta(minutes=5))] == [first["id"]]


def test_spent_keys_are_known_as_spent(house: House) -> None:
    house.opens()
    [letter] = rows(house.store)
    answer = mail(headers={"In-Reply-To": f"<{letter['message_id']}>"})
    assert [key.spent for key in house.gathers(answer).keys] == [False]
    rules(house, SpendKeys((letter["id"],)))
    assert [key.spent for key in house.gathers(answer).keys] == [True]


def test_a_letter_that_came_back_for_good_pauses_its_address(house: House) -> None:
    house.opens()
    [letter] = rows(house.store)
    until = START + timedelta(days=30)
    rules(house, FailLetter(letter["id"], CAROL.address, "5.1.1", until), outcome=Outcome.BOUNCE)
    [letter] = rows(house.store)
    assert letter["state"] == "failed"
    assert house.gathers(mail()).recent.paused
    assert events(house)[-1] == ("letter_failed", CAROL.address, {"status": "5.1.1", "letter": letter["id"]})


def test_a_letter_that_came_back_without_a_pause_has_failed_all_the_same(house: House) -> None:
    house.opens()
    [letter] = rows(house.store)
    rules(house, FailLetter(letter["id"], CAROL.address, "5.2.2", None), outcome=Outcome.BOUNCE)
    [letter] = rows(house.store)
    assert (letter["state"], letter["last_error"]) == ("failed", "returned: 5.2.2")
    assert not house.gathers(mail()).recent.paused


def test_a_held_mail_is_released_by_a_decision_and_run_again_once(house: House) -> None:
    sent = mail(ALICE)
    parked = house.takes(sent, filed(Outcome.HELD, Hold("unproved", START + timedelta(days=2))))
    assert [each["id"] for each in held.listed(house.store)] == [parked.id]
    house.takes(mail(ALICE), filed(Outcome.CONSENT, ReleaseHeld(parked.id)))
    assert held.released(house.store) == [parked.id]
    again, envelope = held.take(house.store, parked.id)
    assert again == sent
    assert (envelope.door, envelope.queue) == ("lmtp:main", "technical")
    first = house.takes(again, filed(Outcome.MESSAGE), mail_id=parked.id)
    second = house.takes(again, filed(Outcome.ROBOT), mail_id=parked.id)
    assert (first.id, first.outcome) == (parked.id, Outcome.MESSAGE)
    assert second.outcome is Outcome.MESSAGE
    assert held.released(house.store) == []
    [row] = [each for each in ledger(house.store) if each["id"] == parked.id]
    assert row["outcome"] == "message"
    [(history,)] = house.store.all("SELECT history FROM mail WHERE id = ?", (parked.id,))
    assert [each["outcome"] for each in json.loads(history)] == ["held"]
    assert raw.load(house.store, parked.id) == sent


def test_a_held_mail_is_dropped_by_a_decision(house: House) -> None:
    parked = house.takes(mail(ALICE), filed(Outcome.HELD, Hold("unproved", None)))
    house.takes(mail(ALICE), filed(Outcome.CONSENT, DropHeld(parked.id, "the agent said no")))
    assert held.listed(house.store) == []
    row = next(each for each in ledger(house.store) if each["id"] == parked.id)
    assert (row["outcome"], row["reason"]) == ("refused", "the agent said no")


def test_a_decision_about_no_ticket_is_an_error_of_our_own(house: House) -> None:
    with pytest.raises(LookupError, match="there is no ticket EX-7"):
        house.takes(mail(), filed(Outcome.MESSAGE, SetStatus("EX-7", Status.OPEN, "x")))
    assert house.count("mail") == 0


def test_a_mail_our_code_failed_on_is_held_with_its_bytes(house: House) -> None:
    sent = mail()
    envelope = Envelope("lmtp:main", START, queue="technical", source="box/1/2")
    with house.store.atomic():
        receipt = rescue(house.store, zlib.compress(sent), read(sent), envelope, KeyError("x"), START)
    assert (receipt.outcome, receipt.reason) == (Outcome.HELD, "internal fault: KeyError")
    assert [each["reason"] for each in held.listed(house.store)] == ["internal fault"]
    assert raw.load(house.store, receipt.id) == sent


def test_a_released_mail_our_code_failed_on_is_held_again(house: House) -> None:
    sent = mail()
    parked = house.takes(sent, filed(Outcome.HELD, Hold("unreadable", None)))
    held.release(house.store, parked.id)
    envelope = Envelope("lmtp:main", START)
    rescue(house.store, zlib.compress(sent), read(sent), envelope, KeyError("x"), START, parked.id)
    assert [(each["id"], each["reason"]) for each in held.listed(house.store)] == [(parked.id, "internal fault")]
    assert house.count("mail") == 1


def test_a_mail_that_another_daemon_stored_first_is_rescued_as_a_duplicate(house: House) -> None:
    sent = mail()
    first = house.takes(sent, filed(Outcome.ROBOT), source="box/1/2")
    envelope = Envelope("imap:box", START, source="box/1/2")
    receipt = rescue(house.store, zlib.compress(sent), read(sent), envelope, KeyError("x"), START)
    assert (receipt.outcome, receipt.reason) == (Outcome.DUPLICATE, f"duplicate of {first.id}")
    assert held.listed(house.store) == []


def test_what_time_does_is_stamped_with_its_moment_and_its_letters_go_now(house: House) -> None:
    house.opens()
    [(ident, *_)] = house.store.all("SELECT id FROM letter")
    house.store.execute("DELETE FROM letter WHERE id = ?", (ident,))
    moment = START + timedelta(days=2)
    decisions = (SetReminded(REFERENCE), SendLetter(acknowledgement(CAROL, REFERENCE, house.facts)))
    ruling = Ruling(Outcome.MESSAGE, "time", ("time",), decisions, REFERENCE)
    with house.store.atomic():
        apply_moment(house.store, ruling, ticket(house), moment, house.letters, wall=START)
    assert ticket(house).reminded == moment
    house.writes()
    [parcel] = claim(house.store, START, 10, timedelta(minutes=5))
    assert parcel.created == START


def test_every_decision_is_told_in_words_without_a_token(house: House) -> None:
    house.opens()
    [(told,)] = house.store.all("SELECT decisions FROM mail")
    assert json.loads(told) == [
        "open EX-10001 in queue technical for carol@acme.example",
        "add the mail to EX-10001 as public, by carol@acme.example",
        "send acknowledgement to carol@acme.example about EX-10001",
    ]


def test_bytes_that_no_database_takes_do_not_stop_a_mail(house: House) -> None:
    sent = mail(text="a nul here: \x00 and on")
    receipt = house.takes(sent, filed(Outcome.ROBOT), peer="caf\udce9", sender="a\x00b@x")
    assert raw.load(house.store, receipt.id) == sent


def test_apply_is_told_of_by_its_facts_alone(house: House) -> None:
    facts = house.gathers(mail())
    receipt = apply(
        house.store,
        Ruling(Outcome.ROBOT, "r", ("r",), refusal="550 no"),
        facts,
        zlib.compress(b"x"),
        house.letters,
        START,
    )
    assert (receipt.id, receipt.refusal) == (facts.mail_id, "550 no")
