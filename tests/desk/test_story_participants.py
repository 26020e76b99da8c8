"""Who takes part in a conversation: colleagues at once, others by an agent's word; all of them see each other."""

from __future__ import annotations

import pytest

from tests.builders import ALICE, BOB, CAROL, DAVE, STRANGER, SUPPORT, mail
from tests.desk.taking_part import EVE, NED, SECRET, answers, named, opened, people, texts, written_in
from tests.desk.world import World, reply_to

# colleagues


def test_a_colleague_in_cc_of_the_request_gets_the_answers(desk: World) -> None:
    opened(desk, cc=BOB)
    copies = answers(desk, desk.the("agent_ticket", ALICE))
    assert {letter.recipient for letter in copies} == {"carol@acme.example", "bob@acme.example"}


def test_somebody_of_the_organisations_domain_joins_at_once_and_nobody_is_asked(desk: World) -> None:
    opened(desk, cc=DAVE)
    assert people(desk) == ["dave@acme.example"]
    assert desk.sent("consult") == []


def test_a_colleague_who_joins_later_gets_nothing_of_what_was_written_before(desk: World) -> None:
    opened(desk, text=SECRET)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which vault?")
    desk.replies(CAROL, desk.the("reply", CAROL), "The red one.", cc=DAVE)  # of which he has a copy
    answers(desk, desk.the("agent_update", ALICE), "I see.")
    assert "I see." in texts(desk, "dave@acme.example")
    assert not [word for word in (SECRET, "vault") if word in texts(desk, "dave@acme.example")]


def test_everybody_who_takes_part_stands_in_to_and_cc_of_every_copy(desk: World) -> None:
    opened(desk, cc=(BOB, DAVE))
    copies = answers(desk, desk.the("agent_ticket", ALICE))
    assert len(copies) == 3
    for letter in copies:
        assert letter.addresses("To") == {"carol@acme.example"}
        assert letter.addresses("Cc") == {"bob@acme.example", "dave@acme.example"}
    assert len({letter.reply_to for letter in copies}) == 3


def test_a_reply_to_all_reaches_everybody_once(desk: World) -> None:
    opened(desk, cc=(BOB, DAVE))
    answers(desk, desk.the("agent_ticket", ALICE))
    copy = desk.the("reply", BOB)
    receipt = desk.replies(BOB, copy, "It is version 4.1.", cc=("carol@acme.example", "dave@acme.example"))
    assert (receipt.outcome, receipt.ticket) == ("message", "EX-10001")
    assert [(letter.name, letter.recipient) for letter in desk.sent()] == [("agent_update", "alice@example.com")]
    assert people(desk) == ["bob@acme.example", "dave@acme.example"]


def test_the_requester_stays_the_requester_whoever_writes(desk: World) -> None:
    opened(desk, cc=BOB)
    answers(desk, desk.the("agent_ticket", ALICE))
    desk.replies(BOB, desk.the("reply", BOB), "It is mine now.")
    assert desk.ticket()["requester"] == "carol@acme.example"


def test_a_mail_to_two_of_our_addresses_is_one_ticket(desk: World) -> None:
    opened(desk, to=SUPPORT, cc="sales@example.com")
    assert desk.ticket()["queue"] == "technical"
    assert [row["outcome"] for row in desk.rows()] == ["ticket"]
    assert people(desk) == []


def test_the_answer_leaves_from_the_address_that_was_written_to(desk: World) -> None:
    opened(desk, to="help@example.com")
    for letter in answers(desk, desk.the("agent_ticket", ALICE)):
        assert letter.addresses("From") == {"help@example.com"}
        assert letter.reply_to.startswith("help+")


# agents


def test_an_agent_lets_people_in_and_takes_them_out_in_one_line(desk: World) -> None:
    opened(desk, cc=BOB)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#cc +ned@partner.example -bob@acme.example")
    assert people(desk) == ["ned@partner.example"]
    assert "+ned@partner.example, -bob@acme.example" in desk.the("receipt", ALICE).text


def test_an_agents_yes_brings_in_what_waits(desk: World) -> None:
    opened(desk)
    written_in(desk)
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#cc +ned@partner.example")
    assert people(desk) == ["ned@partner.example"]
    assert [row["outcome"] for row in desk.rows()] == ["ticket", "message", "command"]


def test_an_agents_no_drops_what_waits(desk: World) -> None:
    opened(desk)
    written_in(desk)
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#cc -ned@partner.example")
    assert [row["outcome"] for row in desk.rows()] == ["ticket", "refused", "command"]


def test_somebody_new_gets_the_words_of_that_very_mail_and_none_before(desk: World) -> None:
    opened(desk, text=SECRET)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#cc +ned@partner.example\nNed, please have a look.")
    assert "please have a look" in desk.the("reply", NED).text
    assert SECRET not in desk.the("reply", NED).text


@pytest.mark.parametrize(
    "line", ["#cc", "#cc bob", "#cc +", "#cc -ned@partner.example", "#cc -carol@acme.example", "#cc +alice@example.com"]
)
def test_what_cannot_be_done_is_refused_and_named(desk: World, line: str) -> None:
    opened(desk, cc=BOB)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), line)
    assert people(desk) == ["bob@acme.example"]
    assert f'"{line}"' in desk.the("receipt", ALICE).text


def test_without_proof_nobody_lets_anybody_in(desk: World) -> None:
    named(desk, NED)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#cc +ned@partner.example"))
    assert people(desk) == []


def test_a_stranger_who_names_people_adds_nobody(desk: World) -> None:
    opened(desk)
    desk.receives(mail(STRANGER, subject="Re: [EX-10001] x", cc=(EVE, BOB)))
    written_in(desk, cc=(EVE, BOB))
    assert people(desk) == []
    assert "eve@attacker.example" not in desk.the("consult", CAROL).text


def test_an_agents_own_address_in_a_customers_bcc_is_in_no_letter(desk: World) -> None:
    opened(desk)
    letter = desk.the("agent_ticket", ALICE)
    desk.receives(reply_to(ALICE, letter, "Try this.", headers={"Bcc": "boss@example.com"}))
    assert b"boss@example.com" not in desk.the("reply", CAROL).raw
