"""Agents decide about who waits at the door: `#contact allow`, `add` and `swap`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maildesk.words import Receipt
from tests.builders import ALICE, BOB, CAROL, DAVE, DIRECTORY, STRANGER, mail
from tests.desk.test_story_consult import ROOMY, contacts, knocks, references, waiting
from tests.desk.world import World

PROVED = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
TRUSTS = '[gate]\nauthserv_ids = ["mx.example.com"]\n'


def says(desk: World, command: str, **fields: str) -> Receipt:
    """An agent's mail to the queue's address, with a verdict of ours."""
    return desk.receives(PROVED + mail(ALICE, **{"subject": "The door", "text": command} | fields), verdicts=True)


@pytest.fixture
def trusting(world: Callable[..., World]) -> World:
    return world(TRUSTS)


def test_allow_lets_in_all_that_the_named_person_wrote(trusting: World) -> None:
    desk = trusting
    knocks(desk)
    desk.receives(mail(DAVE, subject="More"))
    assert says(desk, "#contact allow dave@acme.example").outcome == "command"
    assert references(desk) == ["EX-10001", "EX-10002"]
    assert desk.ticket()["requester"] == "dave@acme.example"
    assert "dave@acme.example" in desk.the("receipt", ALICE).text
    assert contacts(desk) == ["bob@acme.example", "carol@acme.example"]


def test_the_contacts_who_were_asked_hear_what_an_agent_decided_and_come_too_late(trusting: World) -> None:
    desk = trusting
    letter = knocks(desk)
    says(desk, "#contact allow dave@acme.example")
    assert {each.recipient for each in desk.sent("answer")} == {"carol@acme.example", "bob@acme.example"}
    assert "Alice Agent" in desk.the("answer", CAROL).text
    desk.replies(CAROL, letter, "refuse")
    assert "Alice Agent" in desk.the("answer", CAROL).text
    assert references(desk) == ["EX-10001"]


def test_add_makes_a_contact_where_the_plan_has_a_place(world: Callable[..., World]) -> None:
    desk = world(TRUSTS, **ROOMY)
    knocks(desk)
    says(desk, "#contact add dave@acme.example")
    assert contacts(desk) == ["bob@acme.example", "carol@acme.example", "dave@acme.example"]
    assert references(desk) == ["EX-10001"]


def test_add_is_refused_with_the_numbers_where_it_has_none(trusting: World) -> None:
    desk = trusting
    knocks(desk)
    says(desk, "#contact add dave@acme.example")
    assert "2/2" in desk.the("receipt", ALICE).text
    assert contacts(desk) == ["bob@acme.example", "carol@acme.example"]
    assert waiting(desk) == ["dave@acme.example"]


def test_one_mail_adds_no_more_than_there_are_places(world: Callable[..., World]) -> None:
    desk = world(TRUSTS, **ROOMY)
    knocks(desk)
    desk.receives(mail("erin@acme.example"))
    says(desk, "#contact add dave@acme.example\n#contact add erin@acme.example")
    assert len(contacts(desk)) == 2


def test_swap_puts_the_person_in_the_place_of_another(trusting: World) -> None:
    desk = trusting
    knocks(desk)
    says(desk, "#contact swap dave@acme.example bob@acme.example")
    assert contacts(desk) == ["carol@acme.example", "dave@acme.example"]
    assert desk.receives(mail(BOB)).outcome == "held"


@pytest.mark.parametrize(
    "command",
    [
        "#contact",
        "#contact dave@acme.example",
        "#contact admit dave@acme.example",
        "#contact allow erin@acme.example",
        "#contact allow carol@acme.example",
        "#contact swap dave@acme.example",
        "#contact swap dave@acme.example gil@globex.example",
        "#contact allow dave@acme.example\n#contact allow dave@acme.example",
    ],
)
def test_what_cannot_be_done_is_refused_in_the_receipt_and_lets_in_nobody(trusting: World, command: str) -> None:
    desk = trusting
    knocks(desk)
    assert says(desk, command).outcome == "command"
    assert command.partition("\n")[0] in desk.the("receipt", ALICE).text
    assert waiting(desk) == ["dave@acme.example"]
    assert references(desk) == []


@pytest.mark.parametrize("written", ["<dave@acme.example>", "Dave@ACME.example<mailto:dave@acme.example>"])
def test_the_address_counts_as_mail_clients_write_it(trusting: World, written: str) -> None:
    desk = trusting
    knocks(desk, "Dave@acme.example" if written.startswith("D") else DAVE)
    says(desk, f"#contact allow {written}")
    assert references(desk) == ["EX-10001"]


def test_the_command_may_stand_in_the_subject(trusting: World) -> None:
    desk = trusting
    knocks(desk)
    says(desk, "", subject="#contact allow dave@acme.example")
    assert references(desk) == ["EX-10001"]


def test_the_command_may_stand_in_a_reply_about_another_matter(desk: World) -> None:
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    desk.receives(mail(DAVE))
    assert desk.replies(ALICE, letter, "#contact allow dave@acme.example\n#take").outcome == "command"
    assert references(desk)[:2] == ["EX-10001", "EX-10002"]
    assert desk.ticket()["owner"] == "alice@example.com"
    assert [event["event"] for event in desk.ticket()["events"]].count("message") == 0


def test_without_proof_nobody_is_let_in(desk: World) -> None:
    knocks(desk)
    assert desk.receives(mail(ALICE, text="#contact allow dave@acme.example")).outcome == "held"
    assert desk.the("confirm", ALICE)
    assert waiting(desk) == ["dave@acme.example", "alice@example.com"]


def test_a_customer_who_writes_the_command_lets_in_nobody(desk: World) -> None:
    knocks(desk)
    desk.receives(mail(CAROL, text="#contact allow dave@acme.example"))
    assert "dave@acme.example" in waiting(desk)


def test_allow_also_lets_in_a_stranger_whom_the_desk_holds(world: Callable[..., World]) -> None:
    desk = world(TRUSTS.replace("[gate]", '[gate]\nstrangers = "hold"'))
    desk.receives(mail(STRANGER))
    says(desk, "#contact allow sam@elsewhere.example")
    assert desk.ticket()["requester"] == "sam@elsewhere.example"


def test_nobody_becomes_a_contact_of_an_organisation_that_has_ended(world: Callable[..., World]) -> None:
    people = DIRECTORY.replace('plan = "standard"', 'plan = "standard"\nactive = false', 1)
    desk = world(TRUSTS, people=people, **ROOMY)
    desk.receives(mail(DAVE))
    says(desk, "#contact add dave@acme.example")
    assert contacts(desk) == ["bob@acme.example", "carol@acme.example"]
    says(desk, "#contact allow dave@acme.example")
    assert desk.ticket()["requester"] == "dave@acme.example"
