"""Redirect with consent: somebody of a known organisation waits until one of its contacts says what is to be done."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Event
from typing import Any
from urllib.parse import unquote

import pytest

from maildesk.store import held
from maildesk.words import Envelope, Receipt
from tests.builders import BOB, CAROL, DAVE, STRANGER, mail
from tests.desk.world import Sent, World, reply_to

ROOMY = {"contacts": "3"}  # a place is free
ERIN = "Erin East <erin@acme.example>"
GIL = "Gil Glow <gil@globex.example>"
PASS = b"Authentication-Results: mx.example.com; dmarc=pass header.from=acme.example\r\n"
FAIL = PASS.replace(b"pass", b"fail")
TRUSTS = '[gate]\nauthserv_ids = ["mx.example.com"]\n'


def knocks(desk: World, sender: str = DAVE, **fields: Any) -> Sent:
    """A stranger's mail; the question to Carol."""
    assert desk.receives(mail(sender, **fields)).outcome == "held"
    return desk.the("consult", CAROL)


def contacts(desk: World, organisation: str = "Acme") -> list[str]:
    def ask(store: Any) -> list[str]:
        rows = store.all(
            "SELECT p.address FROM contact c JOIN person_address p ON p.contact_id = c.id AND p.position = 0"
            " JOIN organisation o ON o.id = c.organisation_id WHERE o.name = ? ORDER BY p.address",
            (organisation,),
        )
        return [address for (address,) in rows]

    return list(desk.ask(ask))


def waiting(desk: World) -> list[str]:
    return [row["from"] for row in desk.ask(held.listed)]


def references(desk: World) -> list[str]:
    return [row["ticket"] for row in desk.rows() if row["ticket"]]


def at_once(desk: World, *mails: bytes) -> list[Receipt]:
    """In one batch of the ledger."""
    ready = Event()
    desk.ledger.submit(lambda _: ready.wait(20))
    envelope = Envelope("lmtp:main", desk.now, "somebody@acme.example", ("support@example.com",))
    waiting = [desk.desk.receive(each, envelope) for each in mails]
    ready.set()
    return [each.result(20) for each in waiting]


# asking


def test_the_stranger_of_a_known_organisation_is_redirected_and_every_contact_is_asked(desk: World) -> None:
    receipt = desk.receives(mail(DAVE))
    assert (receipt.outcome, receipt.reason) == ("held", "awaiting consent")
    assert desk.the("redirect", DAVE)
    assert {each.recipient for each in desk.sent("consult")} == {"carol@acme.example", "bob@acme.example"}
    letter = desk.the("consult", CAROL)
    assert "dave@acme.example" in letter.text
    assert letter.mail_from == ""
    assert f"+held-{receipt.id}-" in letter.reply_to


def test_a_contact_is_asked_in_his_own_language_and_zone(desk: World) -> None:
    desk.receives(mail(DAVE))
    assert "übernehmen" in desk.the("consult", BOB).text
    assert "take" in desk.the("consult", CAROL).text
    assert "1. April 2026, 11:00 Uhr" in desk.the("consult", BOB).text


def test_the_question_repeats_nothing_that_nobody_vouches_for(desk: World) -> None:
    letter = knocks(desk, subject="Cheap pills", text="Buy them here", message_id="<pills@evil.example>")
    assert not [word for word in (b"pills", b"Buy them", b"Dent") if word in letter.raw]


def test_the_question_repeats_the_first_words_of_a_writer_our_servers_vouch_for(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    desk.receives(PASS + mail(DAVE, subject="The export fails", text=f"It stops at page 3. {'x' * 900}"), verdicts=True)
    letter = desk.the("consult", CAROL)
    assert "The export fails" in letter.text
    assert "It stops at page 3." in letter.text
    assert letter.text.count("x") < 520


def test_no_notice_and_no_question_when_authentication_failed(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    receipt = desk.receives(FAIL + mail(DAVE), verdicts=True)
    assert (receipt.outcome, receipt.reason) == ("held", "unproved")
    assert desk.sent() == []


def test_three_mails_of_one_stranger_ask_once_and_one_word_lets_all_of_them_in(desk: World) -> None:
    letter = knocks(desk)
    for number in range(2):
        assert desk.receives(mail(DAVE, subject=f"More {number}")).outcome == "held"
        assert desk.sent() == []
    desk.replies(CAROL, letter, "allow")
    assert waiting(desk) == []
    assert references(desk) == ["EX-10001", "EX-10002", "EX-10003"]


def test_an_organisation_is_asked_about_so_many_strangers_a_day_and_no_more(world: Callable[..., World]) -> None:
    desk = world('[limits]\nnotices_per_domain = "2/d"\n')
    asked = []
    for number in range(4):
        receipt = desk.receives(mail(f"n{number}@acme.example"))
        asked.append(len(desk.sent("consult")))
    assert asked == [2, 2, 0, 0]
    assert "consult suppressed: notices_per_domain" in receipt.reason


def test_who_was_not_asked_about_is_asked_about_with_his_next_mail(world: Callable[..., World]) -> None:
    desk = world('[limits]\nnotices_per_domain = "1/d"\n')
    desk.receives(mail(ERIN))
    desk.receives(mail(DAVE))
    assert desk.sent("consult") == []
    desk.time_passes(days=1, minutes=2)
    letter = knocks(desk, subject="Again")
    desk.replies(CAROL, letter, "allow")
    assert waiting(desk) == ["erin@acme.example"]


@pytest.mark.parametrize("mode", ["refuse", "hold"])
def test_of_a_known_organisation_the_contacts_are_asked_whatever_becomes_of_other_strangers(
    world: Callable[..., World], mode: str
) -> None:
    desk = world(f'[gate]\nstrangers = "{mode}"\n')
    assert knocks(desk)
    assert desk.receives(mail(STRANGER)).outcome == {"refuse": "refused", "hold": "held"}[mode]
    assert desk.sent() == []


# answers


def test_allow_opens_the_newcomers_ticket_this_once_and_his_next_mail_waits_again(desk: World) -> None:
    letter = knocks(desk)
    receipt = desk.replies(CAROL, letter, "allow")
    assert (receipt.outcome, receipt.ticket) == ("consent", "")
    ticket = desk.ticket("EX-10001")
    assert (ticket["requester"], ticket["organisation"]) == ("dave@acme.example", "Acme")
    assert desk.the("acknowledgement", DAVE)
    assert desk.rows()[0]["outcome"] == "ticket"
    assert contacts(desk) == ["bob@acme.example", "carol@acme.example"]
    assert knocks(desk, subject="Something else")


def test_take_makes_it_the_contacts_ticket(desk: World) -> None:
    letter = knocks(desk, text="The export fails.")
    assert desk.replies(CAROL, letter, "take").outcome == "consent"
    ticket = desk.ticket("EX-10001")
    assert ticket["requester"] == "carol@acme.example"
    assert ticket["participants"] == []
    assert ticket["messages"][0]["from"] == "dave@acme.example"
    assert desk.the("acknowledgement").recipient == "carol@acme.example"
    told = desk.the("agent_ticket", "alice@example.com").text
    assert "Carol Jones" in told
    assert "Written by: dave@acme.example" in told


def test_who_took_a_request_over_gets_the_answers_and_the_stranger_gets_none(desk: World) -> None:
    desk.replies(CAROL, knocks(desk), "take")
    desk.replies("Alice Agent <alice@example.com>", desk.the("agent_ticket", "alice@example.com"), "Which version?")
    assert [each.recipient for each in desk.sent("reply")] == ["carol@acme.example"]
    assert desk.replies(CAROL, desk.the("reply", CAROL), "Version 4.2.").ticket == "EX-10001"


def test_swap_exchanges_the_contacts_and_keeps_the_allotment(desk: World) -> None:
    letter = knocks(desk)
    desk.replies(CAROL, letter, "swap bob@acme.example")
    assert contacts(desk) == ["carol@acme.example", "dave@acme.example"]
    assert desk.ticket("EX-10001")["requester"] == "dave@acme.example"
    assert desk.receives(mail(DAVE, subject="Next")).ticket == "EX-10002"
    assert desk.receives(mail(BOB)).outcome == "held"


def test_who_left_for_it_is_named_to_all_and_hears_that_he_is_no_contact_any_more(desk: World) -> None:
    desk.replies(CAROL, knocks(desk), "swap bob@acme.example")
    told = {letter.recipient: letter for letter in desk.sent("answer")}
    for text in (told["carol@acme.example"].text, told["carol@acme.example"].html):
        assert "in the place of Bob Brown" in " ".join(text.split())
        assert "no contact of your organisation" not in " ".join(text.split())
    for text in (told["bob@acme.example"].text, told["bob@acme.example"].html):
        assert "Sie sind hier nicht mehr Kontakt Ihrer Organisation" in " ".join(text.split())


def test_the_address_of_who_leaves_may_stand_in_the_next_line(desk: World) -> None:
    desk.replies(CAROL, knocks(desk), "Swap\n\nbob@acme.example")
    assert contacts(desk) == ["carol@acme.example", "dave@acme.example"]


def test_a_contact_may_give_his_own_place_away(desk: World) -> None:
    desk.replies(BOB, knocks(desk) and desk.the("consult", BOB), "tauschen bob@acme.example")
    assert contacts(desk) == ["carol@acme.example", "dave@acme.example"]


def test_a_free_place_is_taken_where_nobody_is_named(world: Callable[..., World]) -> None:
    desk = world(**ROOMY)
    desk.replies(CAROL, knocks(desk), "swap")
    assert contacts(desk) == ["bob@acme.example", "carol@acme.example", "dave@acme.example"]
    assert desk.ticket("EX-10001")["requester"] == "dave@acme.example"


@pytest.mark.parametrize("words", ["swap", "swap gil@globex.example", "Let us talk about it.", "allow?"])
def test_what_is_not_understood_is_answered_with_the_words_and_the_question_stays_open(desk: World, words: str) -> None:
    letter = knocks(desk)
    assert desk.replies(CAROL, letter, words).outcome == "consent"
    answer = desk.the("answer", CAROL)
    assert "refuse" in answer.text
    assert waiting(desk) == ["dave@acme.example"]
    desk.replies(CAROL, answer, "refuse")
    assert waiting(desk) == []


def test_refuse_drops_with_a_ledger_row(desk: World) -> None:
    desk.replies(CAROL, knocks(desk), "refuse\nWe do not know him.")
    row = desk.rows()[0]
    assert (row["outcome"], row["reason"]) == ("refused", "refused by carol@acme.example")
    assert references(desk) == []
    assert waiting(desk) == []


@pytest.mark.parametrize("word", ["erlauben", "Übernehmen", "Ablehnen.", "ALLOW", "\n\nallow, thanks"])
def test_the_words_count_in_both_languages_and_in_any_case(desk: World, word: str) -> None:
    desk.replies(CAROL, knocks(desk), word)
    assert waiting(desk) == []


def test_a_mailto_link_may_carry_the_word_in_its_subject(desk: World) -> None:
    letter = knocks(desk)
    assert desk.receives(mail(CAROL, to=letter.reply_to, subject="allow", text="")).outcome == "consent"
    assert references(desk) == ["EX-10001"]


def test_every_answer_stands_in_the_question_as_a_link(desk: World) -> None:
    letter = knocks(desk)
    assert f"mailto:{letter.reply_to}" in letter.html.replace("%2B", "+")
    for word in ("allow", "take", "refuse", "swap%20bob%40acme.example"):
        assert f"body={word}" in letter.html


PLAIN = '[queue.plain]\ntitle = "Plain"\naddress = "plain@example.com"\nsubaddress = false\n'


@pytest.mark.parametrize("way", ["a reply", "a link"])
def test_without_keyed_addresses_an_answer_is_known_by(world: Callable[..., World], way: str) -> None:
    desk = world(PLAIN, queues='["plain"]')
    letter = knocks(desk, to="plain@example.com")
    if way == "a reply":
        assert desk.replies(CAROL, letter, "allow", to="plain@example.com").outcome == "consent"
    else:
        [link] = re.findall(r"mailto:plain@example\.com\?subject=([^&\"]*)&amp;body=allow", letter.html)
        answer = mail(CAROL, to="plain@example.com", subject=unquote(link), text="allow")
        assert desk.receives(answer).outcome == "consent"
    assert references(desk) == ["EX-10001"]


def test_where_held_mail_is_kept_for_ever_the_question_names_no_last_day(world: Callable[..., World]) -> None:
    desk = world('[retention]\nheld = ""\n')
    letter = knocks(desk)
    desk.time_passes(days=400)
    assert "dropped on" not in letter.text
    desk.replies(CAROL, letter, "allow")
    assert references(desk) == ["EX-10001"]


def test_the_first_answer_counts_and_the_others_are_told(desk: World) -> None:
    letter = knocks(desk)
    other = desk.the("consult", BOB)
    desk.replies(CAROL, letter, "take")
    assert {each.recipient for each in desk.sent("answer")} == {"carol@acme.example", "bob@acme.example"}
    assert "Carol Jones" in desk.the("answer", BOB).text
    assert desk.replies(BOB, other, "ablehnen").outcome == "consent"
    assert "Carol Jones" in desk.the("answer", BOB).text
    assert len(desk.sent()) == 1
    assert desk.ticket("EX-10001")["requester"] == "carol@acme.example"


def test_of_two_contacts_who_answer_at_once_the_first_one_counts(desk: World) -> None:
    letter = knocks(desk)
    mails = [reply_to(CAROL, letter, "refuse"), reply_to(BOB, desk.the("consult", BOB), "erlauben")]
    receipts = at_once(desk, *mails)
    assert [each.outcome for each in receipts] == ["consent", "consent"]
    assert references(desk) == []
    assert [each["outcome"] for each in desk.rows()] == ["refused", "consent", "consent"]


def test_a_word_of_thanks_for_the_news_is_filed_and_other_words_are_a_request(desk: World) -> None:
    desk.replies(CAROL, knocks(desk), "refuse")
    told = desk.the("answer", BOB)
    assert desk.replies(BOB, told, "Danke!").outcome == "consent"
    assert desk.sent() == []
    assert desk.replies(BOB, told, "Bitte richten Sie auch noch einen Zugang ein.").outcome == "ticket"


def test_silence_drops_what_waits_when_its_time_is_over(desk: World) -> None:
    letter = knocks(desk)
    desk.time_passes(days=30, minutes=1)
    row = desk.rows()[0]
    assert (row["outcome"], row["reason"]) == ("refused", "awaiting consent: nobody answered in time")
    assert desk.replies(CAROL, letter, "allow").outcome == "consent"
    assert references(desk) == []
    assert "too long" in desk.the("answer", CAROL).text


def test_what_an_operator_released_is_decided(desk: World) -> None:
    letter = knocks(desk)
    ident = desk.rows()[0]["id"]
    desk.ask(lambda store: held.release(store, ident))
    desk.desk.release(ident).result(20)
    assert desk.replies(CAROL, letter, "refuse").outcome == "consent"
    assert references(desk) == ["EX-10001"]
    assert "Example Support" in desk.the("answer", CAROL).text
