"""People from outside, named in a conversation or writing into it: the requester is asked, and his word counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from maildesk.store import held
from tests.builders import ALICE, BOB, CAROL, mail
from tests.desk.taking_part import EVE, NED, SECRET, answers, events, named, opened, people, texts, written_in
from tests.desk.world import World

# whom a mail names


def test_the_requester_is_asked_once_about_whom_his_mail_names_from_outside(desk: World) -> None:
    letter = named(desk, NED, EVE)
    assert people(desk) == []
    assert "ned@partner.example" in letter.text
    assert "eve@attacker.example" in letter.text
    assert SECRET not in letter.text
    desk.replies(CAROL, desk.the("acknowledgement", CAROL), "One more thing.", cc=(NED, EVE))
    assert desk.sent("consult") == []


def test_agents_read_who_waits_outside_and_how_to_let_him_in(desk: World) -> None:
    named(desk, NED)
    assert "#cc +ned@partner.example" in desk.the("agent_ticket", ALICE).text


def test_a_newcomer_gets_nothing_until_somebody_says_yes(desk: World) -> None:
    named(desk, NED)
    answers(desk, desk.the("agent_ticket", ALICE))
    assert texts(desk, "ned@partner.example") == ""


def test_with_the_requesters_yes_a_newcomer_takes_part_from_now_on(desk: World) -> None:
    asking = named(desk, NED)
    for_agent = desk.the("agent_ticket", ALICE)
    receipt = desk.replies(CAROL, asking, "allow")
    assert (receipt.outcome, receipt.ticket) == ("consent", "EX-10001")
    assert people(desk) == ["ned@partner.example"]
    assert "ned@partner.example is let in" in desk.the("answer", CAROL).text
    copies = answers(desk, for_agent, "It is in version 4.2.")
    assert {letter.recipient for letter in copies} == {"carol@acme.example", "ned@partner.example"}
    assert "4.2" in texts(desk, "ned@partner.example")
    assert SECRET not in texts(desk, "ned@partner.example")


def test_who_says_yes_is_called_by_the_directorys_name_whatever_his_mail_client_calls_him(desk: World) -> None:
    desk.replies("carol@acme.example", named(desk, NED), "allow")
    assert "Hello Carol Jones," in desk.the("answer", CAROL).text


@pytest.mark.parametrize("word", ["erlauben", "Erlauben.", "allow ned@partner.example", "Allow\nned@partner.example"])
def test_yes_is_understood_as(desk: World, word: str) -> None:
    asking = named(desk, NED)
    assert desk.replies(CAROL, asking, word).outcome == "consent"
    assert people(desk) == ["ned@partner.example"]


def test_a_mailto_link_answers_too(desk: World) -> None:
    asking = named(desk, NED)
    desk.receives(mail(CAROL, to=asking.reply_to, subject="refuse", text=""))
    assert events(desk)[-1] == "newcomer_refused"


def test_with_the_requesters_no_a_newcomer_stays_outside_and_is_not_asked_about_again(desk: World) -> None:
    asking = named(desk, NED)
    ack = desk.the("acknowledgement", CAROL)
    assert desk.replies(CAROL, asking, "ablehnen").outcome == "consent"
    desk.replies(CAROL, ack, "One more thing.", cc=NED)
    assert (people(desk), desk.sent("consult")) == ([], [])


def test_of_several_newcomers_one_may_be_named(desk: World) -> None:
    asking = named(desk, NED, EVE)
    desk.replies(CAROL, asking, "allow ned@partner.example")
    assert people(desk) == ["ned@partner.example"]
    desk.replies(CAROL, asking, "refuse eve@attacker.example")
    assert people(desk) == ["ned@partner.example"]
    assert "newcomer_refused" in events(desk)


def test_a_yes_is_about_those_whom_that_letter_named(desk: World) -> None:
    """Who turned up later, while the letter lay unanswered, does not come in by it."""
    asking = named(desk, NED)
    ack = desk.the("acknowledgement", CAROL)
    desk.time_passes(hours=1)
    desk.replies(CAROL, ack, "One more thing.", cc=EVE)
    desk.replies(CAROL, asking, "allow")
    assert people(desk) == ["ned@partner.example"]


def test_who_is_not_among_them_is_not_let_in_by_name(desk: World) -> None:
    asking = named(desk, NED)
    desk.replies(CAROL, asking, "allow eve@attacker.example")
    assert people(desk) == []
    assert "allow ned@partner.example" in desk.the("answer", CAROL).text


def test_a_second_answer_changes_nothing_and_says_what_was_decided(desk: World) -> None:
    asking = named(desk, NED)
    desk.replies(CAROL, asking, "refuse")
    desk.replies(CAROL, asking, "allow")
    assert people(desk) == []
    assert "stays outside" in desk.the("answer", CAROL).text


def test_words_below_the_answer_are_not_lost(desk: World) -> None:
    asking = named(desk, NED)
    desk.replies(CAROL, asking, "allow\n\nHe runs our server.")
    assert "He runs our server." in desk.the("agent_update", ALICE).text
    assert desk.ticket()["messages"][-2]["text"].startswith("allow")


def test_an_ordinary_mail_in_answer_to_the_question_goes_into_the_ticket_and_leaves_it_open(desk: World) -> None:
    asking = named(desk, NED)
    receipt = desk.replies(CAROL, asking, "Allow me to add that it is urgent.")
    assert (receipt.outcome, people(desk)) == ("message", [])
    desk.replies(CAROL, asking, "allow")
    assert people(desk) == ["ned@partner.example"]


def test_only_who_was_asked_may_answer(desk: World) -> None:
    asking = named(desk, NED)
    for forwarded_to in (BOB, NED, EVE):
        assert desk.replies(forwarded_to, asking, "allow").outcome != "consent"
    assert "ned@partner.example" not in people(desk)


def test_a_forger_of_the_requester_without_the_letter_lets_nobody_in(desk: World) -> None:
    named(desk, NED)
    headers = {"In-Reply-To": "<first@acme.example>"}
    desk.receives(mail(CAROL, subject="Re: [EX-10001]", text="allow ned@partner.example", headers=headers))
    assert people(desk) == []


def test_many_answers_in_a_row_make_nobody_a_robot(desk: World) -> None:
    opened(desk, cc=[f"p{number}@partner.example" for number in range(6)])
    asking = desk.the("consult", CAROL)
    for number in range(6):
        desk.replies(CAROL, asking, f"allow p{number}@partner.example")
    assert len(people(desk)) == 6
    desk.receives(mail(CAROL, subject="Another matter"))
    assert desk.the("acknowledgement", CAROL)


def test_where_the_queue_has_no_subaddresses_the_subject_holds_the_key(world: Callable[..., World]) -> None:
    desk = world(default="true\nsubaddress = false")
    asking = named(desk, NED)
    link = re.search(r"mailto:support@example\.com\?subject=([^&\"]*)&(?:amp;)?body=allow", asking.html)
    assert link
    assert desk.receives(mail(CAROL, subject=unquote(link[1]), text="allow")).outcome == "consent"
    assert people(desk) == ["ned@partner.example"]


def test_an_import_asks_nobody(desk: World) -> None:
    desk.receives(mail(CAROL, cc=NED, message_id="<first@acme.example>"), quiet=True)
    assert desk.sent() == []
    assert "newcomer_waits" not in events(desk)


# who writes in


def test_somebody_from_outside_who_answers_waits_and_the_requester_is_asked(desk: World) -> None:
    opened(desk)
    receipt = written_in(desk)
    assert (receipt.outcome, receipt.ticket) == ("held", "")
    assert "awaiting consent: EX-10001" in receipt.reason
    assert "ned@partner.example" in desk.the("consult", CAROL).text
    assert len(desk.ticket()["messages"]) == 3  # the request, its acknowledgement, the question


def test_what_he_wrote_is_nobodys_to_read_before_he_is_let_in(desk: World) -> None:
    opened(desk)
    written_in(desk, text="Your code is 4711")
    assert [letter.name for letter in desk.sent() if b"4711" in letter.raw] == []


def test_agents_hear_of_him_and_read_his_words_only_where_our_servers_vouch_for_him(
    world: Callable[..., World],
) -> None:
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n')
    opened(desk)
    headers = {"In-Reply-To": "<first@acme.example>"}
    vouched = b"Authentication-Results: mx.example.com; dmarc=pass header.from=partner.example\r\n"
    content = mail(NED, text="I know more.", headers=headers, attachments=[("x.txt", b"secret", "text/plain")])
    desk.receives(vouched + content, verdicts=True)
    told = desk.the("agent_update", ALICE)
    assert "I know more." in told.text
    assert told.attachments == {}
    assert "I know more." not in desk.the("consult", CAROL).text


def test_he_hears_what_every_stranger_hears(desk: World) -> None:
    opened(desk)
    written_in(desk)
    inside = desk.the("redirect", NED)
    desk.receives(mail("other@partner.example", subject="Something else"))
    ordinary = desk.the("redirect", "other@partner.example")
    assert (inside.subject, inside.text) == (ordinary.subject, ordinary.text)


def test_with_yes_what_he_wrote_comes_into_the_ticket(desk: World) -> None:
    opened(desk)
    written_in(desk)
    desk.replies(CAROL, desk.the("consult", CAROL), "allow")
    assert people(desk) == ["ned@partner.example"]
    assert "I know more." in [each["text"].strip() for each in desk.ticket()["messages"]]
    assert "I know more." in desk.the("agent_update", ALICE).text
    assert [row["outcome"] for row in desk.rows()] == ["ticket", "message", "consent"]


def test_with_no_what_he_wrote_is_dropped(desk: World) -> None:
    opened(desk)
    written_in(desk)
    desk.replies(CAROL, desk.the("consult", CAROL), "refuse")
    assert [row["outcome"] for row in desk.rows()] == ["ticket", "refused", "consent"]
    assert written_in(desk, text="Again.").outcome == "refused"
    assert desk.sent("consult", "agent_update") == []


def test_one_question_while_he_waits(desk: World) -> None:
    opened(desk)
    written_in(desk)
    assert written_in(desk, text="And this.").outcome == "held"
    assert desk.sent("consult", "agent_update", "redirect") == []
    desk.receives(mail(CAROL, subject="Re: [EX-10001]", text="More.", cc=NED))
    assert desk.sent("consult") == []


def test_the_operators_release_lets_him_in_too(desk: World) -> None:
    opened(desk)
    receipt = written_in(desk)
    desk.ask(lambda store: held.release(store, receipt.id))
    desk.time_passes(seconds=1)
    assert people(desk) == ["ned@partner.example"]
    assert "newcomer_allowed" in events(desk)


def test_a_bare_reference_brings_a_stranger_nowhere_near_the_ticket(desk: World) -> None:
    opened(desk)
    receipt = desk.receives(mail(NED, subject="Re: [EX-10001] The export fails", text="Let me in."))
    assert receipt.outcome == "refused"
    assert [letter.name for letter in desk.sent()] == ["redirect"]
    assert "newcomer_waits" not in events(desk)


def test_a_forged_message_id_of_ours_brings_a_stranger_nowhere_near_the_ticket(desk: World) -> None:
    opened(desk)
    genuine = desk.the("acknowledgement", CAROL).message_id
    forged = genuine.replace("@", "a@") if "a@" not in genuine else genuine.replace("a@", "b@")
    receipt = desk.receives(mail(EVE, subject="Re: x", headers={"In-Reply-To": forged, "References": forged}))
    assert (receipt.outcome, [letter.name for letter in desk.sent()]) == ("refused", ["redirect"])


def test_a_machine_that_was_given_the_keyed_address_is_not_taken_for_an_answer(desk: World) -> None:
    """T1, the ticket trick: a mail that some service sends to the address of a ticket reaches nobody."""
    opened(desk)
    keyed = desk.the("acknowledgement", CAROL).reply_to
    receipt = desk.receives(mail("feedback@service.example", to=keyed, subject="Confirm", text="Your code is 4711"))
    assert receipt.outcome == "refused"
    assert {letter.name for letter in desk.sent()} <= {"redirect"}
    desk.receives(mail(CAROL, subject="copy EX-10001", text="copy EX-10001"))
    desk.seen = 0
    assert [letter for letter in desk.sent() if b"4711" in letter.raw] == []


def test_strangers_get_no_notice_where_the_desk_says_nothing_to_them(world: Callable[..., World]) -> None:
    desk = world('[gate]\nstrangers = "hold"\n')
    opened(desk)
    assert written_in(desk).outcome == "held"
    assert desk.sent("redirect") == []
    assert desk.the("consult", CAROL)


def test_silence_drops_what_he_wrote_and_his_next_mail_is_told_to_agents_again(desk: World) -> None:
    opened(desk)
    written_in(desk)
    desk.time_passes(days=30, seconds=1)
    assert [row["outcome"] for row in desk.rows()] == ["ticket", "refused"]
    assert "nobody answered in time" in desk.rows()[1]["reason"]
    assert written_in(desk, text="Hello?").outcome == "held"
    assert {letter.name for letter in desk.sent()} == {"agent_update", "redirect"}


def test_agents_hear_when_somebody_writes_about_whom_only_a_mail_had_spoken(desk: World) -> None:
    named(desk, NED)
    written_in(desk)
    assert "ned@partner.example" in desk.the("agent_update", ALICE).text
    assert desk.sent("consult") == []
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#cc +ned@partner.example")
    assert "I know more." in [each["text"].strip() for each in desk.ticket()["messages"]]
