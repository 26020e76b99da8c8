"""What a request does and who is told: the decisions, with what the store found of it given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maildesk.words import (
    AddMessage,
    Address,
    Contact,
    Facts,
    Outcome,
    Recent,
    RemoveParticipants,
    Said,
    SetLevel,
    SetStatus,
    Shown,
    Status,
    Stranger,
    Ticket,
    Verdict,
)
from tests.policy.given import (
    ACME,
    CAROL,
    DAVE,
    NOW,
    OLGA,
    closed,
    config,
    effects,
    from_customer,
    letters,
    mail,
    ruled,
    sent,
    ticket,
)

AMY = Address("amy@desk.example")
NICK = Stranger("nick@acme.example", "Nick the Loud")


def asking(text: str, writer: Any = CAROL, on: Ticket | None = None, **fields: Any) -> Facts:
    """A mail of its own about a ticket that its writer may see."""
    address = writer.addresses[0] if isinstance(writer, Contact) else writer.address
    found = Shown(ticket=on or ticket(), takes_part=True)
    given: dict[str, Any] = {"mail": mail(address, text=text), "shown": found, **fields}
    return replace(from_customer(writer), **given)


def test_the_answers_are_counted_and_those_above_the_limit_are_left_out() -> None:
    ruling = ruled(asking("status", shown=Shown(takes_part=True), recent=Recent(answers=5)))
    assert (ruling.outcome, sent(ruling)) == (Outcome.REQUEST, [])
    assert "answer suppressed: acks_per_contact" in ruling.reason
    assert sent(ruled(asking("status", shown=Shown(takes_part=True), recent=Recent(answers=4))))


def test_above_the_limit_a_ticket_is_closed_all_the_same_and_its_requester_hears_of_it() -> None:
    ruling = ruled(asking("close", DAVE, recent=Recent(answers=9)))
    assert [each.status.value for each in effects(ruling, SetStatus)] == ["closed"]
    assert ("closed", "carol@acme.example") in sent(ruling)
    assert ("answer", "dave@acme.example") not in sent(ruling)


def test_above_the_limit_nobody_is_written_to_about_solving_again_and_again() -> None:
    ruling = ruled(asking("solved", DAVE, recent=Recent(answers=5)))
    assert [name for name, _ in sent(ruling)] == ["agent_update", "agent_update"]


def test_a_brief_of_what_was_found_never_shows_a_ticket_of_others() -> None:
    ruling = ruled(asking("copy", OLGA))
    assert [letter.context["kind"] for letter in letters(ruling)] == ["list"]
    assert effects(ruling, AddMessage) == []


def test_a_newcomer_is_named_by_his_address_and_never_by_words_of_his_own() -> None:
    on = ticket(participants=(Address("nick@acme.example"),))
    for text in ("solved", "escalate\nit is urgent"):
        told = [letter for letter in letters(ruled(asking(text, NICK, on))) if letter.audience == "customer"]
        assert told
        assert "Loud" not in str([(letter.context, letter.to.name) for letter in told])


@pytest.mark.parametrize(("verdict", "reason"), [(Verdict.PASS, "it is urgent"), (Verdict.NONE, "")])
def test_the_reason_is_repeated_of_a_writer_who_is_vouched_for(verdict: Verdict, reason: str) -> None:
    ruling = ruled(asking("escalate EX-7 it is urgent", verdict=verdict))
    assert {letter.context["reason"] for letter in letters(ruling, "escalated")} == {reason}
    assert {letter.context["reason"] for letter in letters(ruling, "escalation")} == {"it is urgent"}


def test_requester_writer_and_account_manager_hear_of_an_escalation_each_once() -> None:
    told = [to for name, to in sent(ruled(asking("escalate\nnow", DAVE))) if name == "escalated"]
    assert told == ["carol@acme.example", "dave@acme.example", AMY.address]


def test_an_account_manager_who_reads_the_escalation_gets_no_other_letter_about_it() -> None:
    organisation = replace(ACME, account_manager="mary@desk.example")
    carol = replace(CAROL, organisation=organisation)
    told = sent(ruled(asking("escalate\nnow", carol, colleagues=(carol,))))
    assert ("escalation", "mary@desk.example") in told
    assert ("escalated", "mary@desk.example") not in told


def test_a_ticket_of_the_second_level_stays_there() -> None:
    assert effects(ruled(asking("escalate\nnow", on=ticket(level=3))), SetLevel) == []
    assert [each.level for each in effects(ruled(asking("escalate\nnow")), SetLevel)] == [2]


def test_who_reads_of_an_escalation_reads_that_it_has_opened_a_solved_ticket_again() -> None:
    ruling = ruled(asking("escalate\nnow", on=ticket(status=Status.SOLVED, solved=NOW - timedelta(hours=1))))
    assert letters(ruling, "escalation")[0].context["status"] == "open"


def test_an_escalation_of_yesterday_does_not_hinder_one_of_today() -> None:
    for ago, names in ((timedelta(hours=23), {"agent_update", "answer"}), (timedelta(hours=25), {"escalation"})):
        found = Shown(ticket=ticket(), takes_part=True, escalated=NOW - ago)
        assert names <= {name for name, _ in sent(ruled(asking("escalate\nnow", shown=found)))}


def test_all_addresses_of_a_contact_leave_at_once() -> None:
    dave = replace(DAVE, addresses=("dave@acme.example", "d@acme.example"))
    on = ticket(participants=(Address("d@acme.example"), Address("bob@acme.example")))
    [removed] = effects(ruled(asking("stop copies", dave, on)), RemoveParticipants)
    assert removed.addresses == ("d@acme.example",)


def test_a_requester_who_writes_from_his_other_address_cannot_leave_either() -> None:
    carol = replace(CAROL, addresses=("c@acme.example", "carol@acme.example"))
    ruling = ruled(asking("stop copies", carol))
    assert effects(ruling, RemoveParticipants) == []
    assert letters(ruling)[0].context["kind"] == "requester"


def test_words_for_a_ticket_that_is_long_closed_open_a_new_one() -> None:
    assert ruled(asking("status\nIt fails again.", on=closed())).outcome is Outcome.TICKET
    assert ruled(asking("status", on=closed())).outcome is Outcome.REQUEST


def test_words_with_solved_on_a_closed_ticket_are_kept_and_it_stays_closed() -> None:
    ruling = ruled(asking("solved\nIt was the cable.", on=closed()))
    assert [each.reference for each in effects(ruling, AddMessage)] == ["EX-7"]
    assert effects(ruling, SetStatus) == []


def test_a_copy_takes_the_newest_messages_and_says_how_many_it_leaves_out() -> None:
    thread = tuple(Said(NOW, "Carol", f"{number}" * 9000) for number in range(9))
    found = Shown(ticket=ticket(), takes_part=True, thread=thread, more=3)
    small = config('[limits]\nletter_size = "1MB"\n')
    [letter] = letters(ruled(asking("copy", shown=found), small))
    texts = [each["text"][0] for each in letter.context["messages"]]  # type: ignore[attr-defined, index]
    assert texts == ["5", "6", "7", "8"]
    assert letter.context["left_out"] == 8


def test_a_message_that_is_too_long_by_itself_is_cut_and_shows_that() -> None:
    found = Shown(ticket=ticket(), takes_part=True, thread=(Said(NOW, "Carol", "x" * 90_000),))
    [letter] = letters(ruled(asking("copy", shown=found)))
    [message] = letter.context["messages"]  # type: ignore[misc]
    assert message["text"].endswith("\n[\u2026]")  # type: ignore[index]
    assert len(message["text"]) < 30_000  # type: ignore[index]


def test_keys_that_stand_in_messages_are_no_part_of_a_copy() -> None:
    quoted = "support+EX-7-abcdefghijklmnopqrstuvwxyz2@desk.example wrote: and then?"
    found = Shown(ticket=ticket(), takes_part=True, thread=(Said(NOW, "Carol", quoted),))
    [letter] = letters(ruled(asking("copy", shown=found)))
    assert "abcdefghij" not in str(letter.context)
    assert "and then?" in str(letter.context)
