"""Charged plans: what an answer costs, what agents charge and give back, and who hears of what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from maildesk.store import incidents
from maildesk.store.database import Store
from tests.builders import ALICE, ANTON, BOB, CAROL, DIRECTORY, MONA, SUPPORT, mail
from tests.desk.test_story_forwards import TRUSTS
from tests.desk.test_story_new import begin
from tests.desk.world import Sent, World

GIL = "Gil Glow <gil@globex.example>"
CHARGED = "true\nincidents = 10\nrollover = 3"
FREE = """
[plan.free]
title = "Free"
contacts = 2
queues = ["technical", "sales"]
"""
PEOPLE = DIRECTORY.replace('plan = "standard"', 'plan = "standard"\naccount_manager = "amy@example.com"', 1).replace(
    'domains = ["globex.example"]\nplan = "standard"', 'domains = ["globex.example"]\nplan = "free"'
)


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Acme has ten incidents a year, Globex a plan that charges nothing."""
    return world(FREE, people=PEOPLE, survey=CHARGED)


def opened(desk: World, sender: str = CAROL, **fields: Any) -> Sent:
    desk.receives(mail(sender, **fields))
    return desk.the("agent_ticket", ALICE)


def balance(desk: World, organisation: str = "Acme") -> int:
    return desk.ask(incidents.balances)[organisation]


def rows(desk: World) -> list[tuple[Any, ...]]:
    """What was charged and credited, but for what was bought."""

    def ask(store: Store) -> list[tuple[Any, ...]]:
        return store.all("SELECT amount, kind, reason, by, reference FROM charge WHERE kind <> 'bought' ORDER BY id")

    return desk.ask(ask)


def spends(desk: World, amount: int) -> None:
    """A ticket of its own takes so many incidents."""
    desk.replies(ALICE, opened(desk), f"#charge {amount}")


def test_the_first_answer_costs_an_incident_and_later_ones_nothing(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "Have you tried another font?")
    assert rows(desk) == [(-1, "answer", "", "alice@example.com", "EX-10001")]
    desk.replies(CAROL, desk.the("reply", CAROL), "Yes, I have.")
    desk.replies(ANTON, desk.the("agent_update", ALICE), "Then please send us the file.")
    assert balance(desk) == 9
    events = desk.ticket()["events"]
    assert [(each["by"], each["detail"]) for each in events if each["event"] == "charged"] == [
        ("alice@example.com", "1")
    ]


def test_notes_commands_and_automatic_letters_cost_nothing(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#note She has called before.")
    desk.replies(ALICE, letter, "#take\n#severity 2")
    desk.replies(ALICE, letter, "#solved")
    desk.time_passes(days=10)
    assert balance(desk) == 10
    desk.replies(ALICE, opened(desk, subject="Another matter"), "#take")
    assert "Incidents: 10 left." in desk.the("receipt", ALICE).text


def test_charge_beside_the_first_answer_sets_its_price_and_zero_waives_it(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#charge 3\n\nThis took us a day.")
    assert (balance(desk), rows(desk)[0][:2]) == (7, (-3, "charge"))
    told = desk.the("receipt", ALICE)
    assert "Incidents: 3 charged, 7 left." in told.text
    assert "3 charged, 7 left" in " ".join(told.html.split())
    letter = opened(desk)
    desk.replies(ALICE, letter, "#charge 0\n\nThis was our mistake.")
    desk.replies(ALICE, letter, "And it will not happen again.")
    assert balance(desk) == 7
    assert "- incidents charged: 0" not in desk.the("reply", CAROL).text


def test_charge_alone_costs_so_many_more(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "We have repaired it.")
    desk.replies(ALICE, letter, "#charge 2")
    assert balance(desk) == 7
    assert {each.name for each in desk.sent()} == {"receipt"}


def test_credit_gives_back_and_wants_a_reason(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "Please switch it off and on.")
    desk.replies(ALICE, letter, "#credit 1")
    refused = desk.the("receipt", ALICE).text
    assert '"#credit 1" wants a reason; did you mean #credit 1 REASON?' in refused
    assert "Incidents: 9 left." in refused
    desk.replies(ALICE, letter, "#credit 1 it was  our own mistake")
    assert rows(desk)[-1] == (1, "credit", "it was our own mistake", "alice@example.com", "EX-10001")
    assert "Incidents: 1 given back, 10 left." in desk.the("receipt", ALICE).text


@pytest.mark.parametrize(
    "line",
    [
        "#charge",
        "#charge -1",
        "#charge 101",
        "#charge 1.5",
        "#charge ten",
        "#charge 99999999999999999999",
        "#charge \u0663",
        "#charge \u00b2",
        "#charge 1 2",
        "#credit 0 sorry",
        "#credit 101 sorry",
        "#credit -1 sorry",
        "#credit sorry",
    ],
)
def test_what_is_no_number_of_incidents_is_refused_and_the_answer_waits(desk: World, line: str) -> None:
    desk.replies(ALICE, opened(desk), f"{line}\n\nDear Carol, it works again.")
    told = " ".join(desk.the("receipt", ALICE).text.split())
    assert "cannot be read so; did you mean #c" in told
    assert "> Dear Carol, it works again." in told
    assert (balance(desk), desk.sent("reply")) == (10, [])


def test_two_charges_in_one_mail_are_not_guessed_at(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#charge 1\n#charge 1\n\nDone.")
    assert "stands in the mail twice" in desk.the("receipt", ALICE).text
    assert balance(desk) == 10


@pytest.mark.parametrize("text", ["#charge 0", "#charge 0\n#note\n\nShe is a friend."])
def test_nothing_is_waived_where_nothing_is_charged(desk: World, text: str) -> None:
    desk.replies(ALICE, opened(desk), text)
    assert "stands beside the first answer alone" in desk.the("receipt", ALICE).text


def test_what_was_charged_is_given_back_and_not_waived_afterwards(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "It works again.")
    desk.replies(ALICE, letter, "#charge 0\n\nWe do not charge for this.")
    assert "did you mean #credit 1 REASON?" in desk.the("receipt", ALICE).text
    assert (balance(desk), desk.sent("reply")) == (9, [])


def test_a_plan_that_charges_nothing_knows_no_incidents(desk: World) -> None:
    letter = opened(desk, GIL)
    assert "incidents" not in desk.the("acknowledgement", GIL).text
    desk.replies(ALICE, letter, "It works again.")
    desk.replies(ALICE, letter, "#charge 2")
    told = desk.the("receipt", ALICE).text
    assert '"#charge 2" has nothing to charge: the plan counts no incidents' in told
    assert "Incidents:" not in told
    assert rows(desk) == []


def test_a_ticket_of_no_organisation_is_charged_to_nobody(desk: World) -> None:
    letter = opened(desk)
    desk.ask(lambda store: store.execute("UPDATE ticket SET organisation_id = NULL"))
    desk.replies(ALICE, letter, "#charge 2")
    assert "the ticket belongs to no organisation" in desk.the("receipt", ALICE).text
    assert balance(desk) == 10


def test_spam_gives_back_what_it_cost(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#charge 4\n\nWhich printer is it?")
    desk.replies(ALICE, letter, "#spam")
    assert (balance(desk), rows(desk)[-1][:3]) == (10, (4, "credit", "spam"))
    assert "Incidents: 4 given back, 10 left." in desk.the("receipt", ALICE).text
    desk.replies(ALICE, letter, "#spam")
    assert balance(desk) == 10


def test_merged_tickets_are_charged_for_one_answer(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "We look into it.")
    first = desk.the("reply", CAROL)
    second = opened(desk, subject="Once more: the export")
    desk.replies(ALICE, second, "#merge EX-10001\n\nWe go on with this in your first request.")
    desk.replies(CAROL, first, "Any news?")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "It works again.")
    assert [row[0] for row in rows(desk)] == [-1, -1]
    third = opened(desk, subject="And once more")
    desk.replies(ALICE, third, "#charge 5")
    desk.replies(ALICE, third, "#merge EX-10001")
    assert {row[4] for row in rows(desk)} == {"EX-10001"}
    desk.replies(ALICE, third, "#charge 1")  # it lands where the ticket went
    assert (balance(desk), rows(desk)[-1][4]) == (2, "EX-10001")


def test_a_request_that_went_into_an_unanswered_one_is_charged_no_second_time(desk: World) -> None:
    letter = opened(desk)
    opened(desk, subject="Once more: the export")
    desk.replies(ALICE, letter, "We look into it.")
    desk.replies(ALICE, letter, "#merge EX-10002")
    desk.replies(ALICE, letter, "It works again.")
    assert [row[0] for row in rows(desk)] == [-1]


def test_a_split_mail_is_a_request_of_its_own(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "It works again.")
    desk.replies(CAROL, desk.the("reply", CAROL), "Thank you. And another thing: the scanner is broken.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#split")
    assert "9 incidents left" in desk.the("acknowledgement", CAROL).text
    desk.replies(ALICE, desk.the("receipt", ALICE), "Glad to hear it.")
    assert balance(desk) == 9
    assert desk.ticket("EX-10002")["status"] == "new"


def test_a_ticket_that_an_agent_begins_is_charged_for_his_words(world: Callable[..., World]) -> None:
    desk = world(TRUSTS + FREE, people=PEOPLE, survey=CHARGED)
    begin(desk, "#new carol@acme.example\n#charge 9\n\nWe have repaired it on the telephone.")
    assert (balance(desk), rows(desk)[0][4]) == (1, "EX-10001")
    assert "Incidents: 9 charged, 1 left." in desk.the("receipt", ALICE).text
    assert len(desk.sent("low_balance")) == 3
    begin(desk, "#new carol@acme.example\n\nAnd the other one, too.")
    assert balance(desk) == 0


def test_the_number_stands_in_acknowledgements_and_in_the_answer_to_status(desk: World) -> None:
    desk.receives(mail(CAROL))
    assert "Your organisation has 10 incidents left." in desk.the("acknowledgement", CAROL).text
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#charge 9")
    desk.receives(mail(CAROL, text="status", subject="How is it?"))
    answer = desk.the("answer", CAROL)
    assert "Your organisation has 1 incident left." in answer.text
    assert "Your organisation has 1 incident left." in " ".join(answer.html.split())
    desk.receives(mail(BOB, text="status EX-10001", subject="Stand"))
    assert "hat noch einen Supportfall." in desk.the("answer", BOB).text
    desk.receives(mail(BOB, text="Der Drucker brennt."))
    assert "hat noch einen Supportfall." in desk.the("acknowledgement", BOB).text


def test_who_takes_part_from_outside_is_not_told_what_is_left(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#cc +sam@elsewhere.example\n\nSam helps you, too.")
    desk.receives(mail("sam@elsewhere.example", text="status EX-10001", subject="status"))
    assert "incident" not in desk.the("answer", "sam@elsewhere.example").text


def test_contacts_and_account_manager_hear_once_at_a_fifth_and_once_at_nothing(desk: World) -> None:
    spends(desk, 7)
    assert desk.sent("low_balance") == []
    desk.replies(ALICE, opened(desk), "It works again.")
    told = desk.sent("low_balance")
    assert {each.recipient for each in told} == {"carol@acme.example", "bob@acme.example", "amy@example.com"}
    carol = desk.the("low_balance", CAROL)
    assert "Acme has 2 incidents left." in carol.text
    assert "10 a year" in carol.text
    assert carol.message["X-Maildesk-Ticket"] is None
    assert "EX-10002" not in carol.raw.decode()
    assert "Acme hat noch 2 Supportfälle." in desk.the("low_balance", BOB).text
    assert "low_balance" not in str(desk.sent("receipt"))
    spends(desk, 1)
    assert desk.sent("low_balance") == []
    spends(desk, 1)
    assert "Acme has no incidents left." in desk.the("low_balance", CAROL).text
    spends(desk, 2)
    assert (desk.sent("low_balance"), balance(desk)) == ([], -2)


def test_who_is_below_nothing_is_served_on(desk: World) -> None:
    spends(desk, 12)
    letter = opened(desk)
    assert "Your organisation has used 2 incidents more than it had." in desk.the("acknowledgement", CAROL).text
    desk.replies(ALICE, letter, "It works again.")
    assert desk.the("reply", CAROL)
    assert balance(desk) == -3


def test_one_mail_that_passes_both_marks_says_so_once(desk: World) -> None:
    spends(desk, 10)
    assert "Acme has no incidents left." in desk.the("low_balance", CAROL).text


def test_they_hear_again_only_after_it_has_risen_and_fallen_again(desk: World) -> None:
    spends(desk, 8)
    letter = opened(desk)
    desk.replies(ALICE, letter, "#credit 3 our mistake")
    assert desk.sent("low_balance") == []
    desk.replies(ALICE, letter, "#charge 3")
    assert len(desk.sent("low_balance")) == 3


def test_a_receipt_names_who_got_the_answer_and_not_who_heard_of_the_balance(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#charge 8\n\nIt works again.")
    assert len(desk.sent("low_balance")) == 3
    assert "Sent to: carol@acme.example" in desk.the("receipt", ALICE).text.splitlines()


def test_a_manager_of_another_queue_charges_as_an_agent_does(desk: World) -> None:
    desk.receives(mail(CAROL, to=SUPPORT))
    desk.replies(MONA, desk.the("agent_ticket", MONA), "#berechnen 2")
    assert balance(desk) == 8
