"""Ways into somebody else's ticket by its reference, its thread or a key: rows T3 to T5 and T24 of the threat table.

A reference and a thread find a ticket and admit nobody; a key with a character changed finds nothing at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maildesk.policy.keys import DIGITS
from maildesk.words import Address, Hold, Outcome, SendLetter
from tests.builders import ALICE, ANTON, BOB, CAROL, DAVE, STRANGER, mail
from tests.desk.hostile import (
    EVIL,
    GIL,
    TRUSTS,
    answered,
    came,
    changed,
    earlier,
    letters,
    reached,
    read,
    ruled,
    said_of,
    token,
    untouched,
)
from tests.desk.world import Sent, World, reply_to

MANY = int(os.environ.get("MAILDESK_FLOOD", "2000"))  # .ci/run says 10,000
WRITTEN = (
    "Re: [EX-10001] The export fails",
    "[EX-10001]",
    "EX-10001",
    "AW: WG: [ex-10001] the export fails",
    "[EX-10001] [EX-10001]",
    "Re: [EX-99999] [EX-10001]",
    "(EX-10001) status",
)

# T3: the reference


def test_t3_a_contact_of_somebody_else_who_knows_the_reference_opens_a_ticket_of_his_own(desk: World) -> None:
    answered(desk)
    for number, subject in enumerate(WRITTEN):
        with untouched(desk):
            receipt = desk.receives(mail(GIL, subject=subject, text="What was that?"))
        assert (receipt.outcome, receipt.ticket) == ("ticket", f"EX-1000{number + 2}")
        assert reached(desk) <= {"gil@globex.example", "alice@example.com", "anton@example.com", "mona@example.com"}
        assert not [each.name for each in desk.sent("acknowledgement") if b"acme" in each.raw]
        assert desk.ticket(receipt.ticket)["links"] == []


def test_t3_a_stranger_who_knows_the_reference_is_a_stranger_like_any_other(desk: World) -> None:
    answered(desk)
    for subject in WRITTEN:
        desk.now += timedelta(days=8)  # notices come once a week
        with untouched(desk):
            assert desk.receives(mail(STRANGER, subject=subject)).outcome == "refused"
        assert [(each.name, each.recipient) for each in desk.sent()] == [("redirect", "sam@elsewhere.example")]


def test_t3_the_reference_in_our_address_is_no_key(desk: World) -> None:
    answered(desk)
    for detail in ("+EX-10001", "+ex-10001", "+EX-10001-x", "+EX-10001-", "+10001"):
        for writer in (GIL, STRANGER, DAVE):
            with untouched(desk):
                assert desk.receives(mail(writer, to=f"support{detail}@example.com")).ticket != "EX-10001"
            assert not desk.sent("agent_update", "reply")


def test_t3_nobody_else_asks_for_anything_by_the_reference(desk: World) -> None:
    answered(desk)
    for word in ("status", "copy", "escalate", "close", "solved", "stop copies"):
        for writer in (GIL, STRANGER):
            with untouched(desk):
                desk.receives(mail(writer, subject="Question", text=f"{word} EX-10001"))
            assert reached(desk) <= {"gil@globex.example", "sam@elsewhere.example"}
            assert not [each for each in desk.sent() if b"export" in each.raw]


def test_t3_a_reference_elsewhere_in_the_mail_leads_nowhere(desk: World) -> None:
    answered(desk)
    with untouched(desk):
        receipt = desk.receives(
            mail(
                CAROL,
                subject="Something else",
                text="About [EX-10001]: no.\n\n> Subject: [EX-10001]",
                attachments=[("[EX-10001].txt", b"[EX-10001]", "text/plain")],
                headers={"X-Ticket": "EX-10001", "Thread-Topic": "[EX-10001]", "Comments": "[EX-10001]"},
            )
        )
    assert receipt.ticket == "EX-10002"


# T4: the thread


def in_thread(ident: str, field: str = "In-Reply-To") -> dict[str, str]:
    return {field: ident}


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
@pytest.mark.parametrize("writer", [GIL, STRANGER])
def test_t4_the_genuine_id_of_a_letter_admits_nobody_but_its_reader(desk: World, writer: str, field: str) -> None:
    letter = answered(desk)
    for ident in (letter.message_id, "<first@acme.example>", str(letter.message["References"]).split()[0]):
        before = desk.ticket()
        receipt = desk.receives(mail(writer, subject="Re: x", headers=in_thread(ident, field)))
        assert receipt.outcome == ("ticket" if writer == GIL else "held")
        after = desk.ticket()
        assert arrived(after) == arrived(before)
        for told in ("participants", "status", "requester", "owner"):
            assert after[told] == before[told]
        assert "export" not in "".join(each.text for each in desk.sent() if each.recipient in writer)


def arrived(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """Its thread, but for our letters: its people are asked about who writes into it from outside."""
    return [each for each in ticket["messages"] if each["direction"] == "in"]


def test_t4_a_key_with_any_one_character_changed_is_none(desk: World) -> None:
    """Though it is Carol's own, and though Carol writes: what is changed was not ours."""
    letter = answered(desk)
    for key in (letter.message_id, str(letter.message["References"]).split()[0], letter.reply_to):
        start = key.index(token(key))
        contents = []
        for place in range(start, start + len(token(key))):
            forged = changed(key, place)
            given = {"headers": in_thread(forged)} if key.startswith("<") else {"to": forged}
            contents.append(mail(CAROL, subject="Something else", **given))
        for facts, ruling in ruled(desk, read(contents), came(desk, "carol@acme.example")):
            assert (facts.keys, facts.ticket, ruling.outcome) == ((), None, Outcome.TICKET), key


def test_t4_the_key_of_one_ticket_is_none_for_another(desk: World) -> None:
    desk.receives(mail(GIL))
    his = desk.the("acknowledgement", GIL)
    assert desk.receives(mail(CAROL)).ticket == "EX-10002"
    ident, address = (each.replace("EX-10001", "EX-10002") for each in (his.message_id, his.reply_to))
    contents = []
    for writer in (CAROL, GIL, STRANGER, ALICE):
        contents += [
            mail(writer, subject="Something else", headers=in_thread(ident)),
            mail(writer, subject="Something else", headers=in_thread(ident, "References")),
            mail(writer, subject="Something else", to=address),
        ]
    for facts, ruling in ruled(desk, read(contents), came(desk)):
        assert (facts.keys, facts.ticket) == ((), None)
        assert ruling.ticket != "EX-10002"


def test_t4_ids_that_only_look_like_ours_find_nothing(desk: World) -> None:
    letter = answered(desk)
    key = token(letter.message_id)
    forms = (
        "<EX-10001@example.com>", "<EX-10001.@example.com>", f"<.{key}@example.com>", f"<{key}@example.com>",
        f"<EX-1000{'0' * 20}1.{key}@example.com>", f"<EX-10001.{key[:-1]}@example.com>",
        f"<EX-10001.{key}a@example.com>",
        f"<EX-10001.{'a' * 27}@example.com>", f"<EX-10001.{'7' * 39}@example.com>", f"<EX-010001.{key}@example.com>",
        f"<XE-10001.{key}@example.com>", f"<EX-10001-{key}@example.com>", f"<EX-10001.{key}.x@example.com>",
        f"<held-1.{key}@example.com>", f"<LETTER-0.{key}@example.com>", f"EX-10001.{key[::-1]}@example.com",
    )  # fmt: skip
    contents = [mail(CAROL, subject="Something else", headers=in_thread(form)) for form in forms]
    for form, (facts, _) in zip(forms, ruled(desk, read(contents), came(desk, "carol@acme.example")), strict=True):
        assert (facts.keys, facts.ticket) == ((), None), form


def test_t4_a_thousand_forged_ids_before_the_true_one_cost_little_and_admit_nobody(desk: World) -> None:
    letter = answered(desk)
    many = " ".join(f"<EX-10001.{'a' * 20}{number:07d}@example.com>".replace("0", "a").replace("1", "b")
                    .replace("8", "c").replace("9", "d") for number in range(900))  # fmt: skip
    content = mail(GIL, subject="Re: x", headers={"References": f"{many} {letter.message_id}"})
    [(facts, ruling)] = ruled(desk, read([content]), came(desk, "gil@globex.example"))
    assert ruling.outcome is Outcome.TICKET
    assert len(facts.keys) <= 1


# T5: the ids of agents' notifications


def his_forgeries(desk: World) -> dict[str, dict[str, Any]]:
    """Alice in From, and every form in which a key of ours may be shown."""
    letter, answer = earlier(desk, "agent_ticket", ALICE), earlier(desk, "reply", CAROL)
    thread = str(letter.message["References"]).split()[0]
    return {
        "her letter's id, a character changed": {"headers": in_thread(changed(letter.message_id, 12))},
        "her letter's id, its last character changed": {
            "headers": in_thread(changed(letter.message_id, letter.message_id.index("@") - 1))
        },
        "her thread's id, a character changed": {"headers": in_thread(changed(thread, 12), "References")},
        "her keyed address, a character changed": {"to": changed(letter.reply_to, letter.reply_to.index("@") - 1)},
        "her key for another ticket": {"to": letter.reply_to.replace("EX-10001", "EX-10002")},
        "her id for another ticket": {"headers": in_thread(letter.message_id.replace("EX-10001", "EX-10002"))},
        "the customer's own key": {"to": answer.reply_to},
        "the customer's own letter": {"headers": in_thread(answer.message_id)},
        "the key of another agent": {"to": earlier(desk, "agent_ticket", ANTON).reply_to},
        "a key in the subject alone": {"subject": f"Re: [EX-10001] x ({changed(token(letter.reply_to), 20)})"},
        "no MAC at all": {"headers": in_thread("<EX-10001.alice@example.com>")},
        "the address of a notification without its key": {"to": "support+EX-10001@example.com"},
    }


def test_t5_a_forged_notification_makes_nobody_an_agent(desk: World) -> None:
    answered(desk)
    assert desk.receives(mail(CAROL, subject="Another one")).ticket == "EX-10002"
    subject, text = "Re: [EX-10001] The export fails", "Pay the invoice to this account."
    for form, given in his_forgeries(desk).items():
        desk.now += timedelta(hours=2)  # the question has its own limit
        with untouched(desk), untouched(desk, "EX-10002"):
            receipt = desk.receives(mail(ALICE, text=text, **({"subject": subject} | given)), sender=EVIL)
        assert (receipt.outcome, receipt.reason) == ("held", "unproved"), form
        assert [(each.name, each.recipient) for each in desk.sent()] == [("confirm", "alice@example.com")], form
        assert "invoice" not in desk.the("confirm").text


def test_t5_every_character_of_an_agents_key_counts(desk: World) -> None:
    answered(desk)
    for key in (earlier(desk, "agent_ticket", ALICE).message_id, earlier(desk, "agent_ticket", ALICE).reply_to):
        start = key.index(token(key))
        contents = []
        for place in range(start, start + len(token(key))):
            forged = changed(key, place)
            given = {"to": forged} if not key.startswith("<") else {"headers": in_thread(forged)}
            contents.append(mail(ALICE, subject="[EX-10001]", text="#solved", **given))
        for facts, ruling in ruled(desk, read(contents), came(desk)):
            assert (facts.keys, ruling.outcome, ruling.reason) == ((), Outcome.HELD, "unproved")


def test_t5_a_customer_with_an_agents_key_is_a_customer(desk: World) -> None:
    """He has it from a forwarded notification: his words go to the agents, his commands nowhere."""
    answered(desk)
    letter = earlier(desk, "agent_ticket", ALICE)
    for writer, outcome in ((CAROL, "message"), (GIL, "ticket"), (STRANGER, "held")):
        receipt = desk.replies(writer, letter, "#solved\nPay the invoice to this account.")
        assert receipt.outcome == outcome
        assert not desk.sent("reply", "solved", "receipt", "status")
    assert desk.ticket()["status"] == "open"


def test_t5_a_key_proves_its_agent_for_its_own_ticket_alone(desk: World) -> None:
    """Named beside it, another ticket's reference is passed over: the key says which is meant."""
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    desk.receives(mail(BOB, subject="Another one"))
    with untouched(desk, "EX-10002"):
        desk.receives(mail(ALICE, to=letter.reply_to, subject="Re: [EX-10002] Another one", text="#solved"))
    assert desk.ticket("EX-10001")["status"] == "solved"


def test_t5_a_failing_verdict_overrules_every_form_of_key(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    answered(desk)
    letter = earlier(desk, "agent_ticket", ALICE)
    content = said_of("example.com", "fail") + reply_to(ALICE, letter, "#solved")
    with untouched(desk):
        receipt = desk.receives(content, verdicts=True)
    assert (receipt.outcome, receipt.reason) == ("held", "unproved")
    assert desk.sent() == []


# T24: guessing


def test_t24_guessed_references_are_answered_alike_and_find_nothing(desk: World) -> None:
    """Three of them exist."""
    for _ in range(3):
        desk.receives(mail(CAROL))
    many = MANY // 10 if desk.ask(lambda store: store.postgres) else MANY
    [guess] = read([mail(STRANGER, message_id="<guess@elsewhere.example>")])
    guesses = (
        replace(guess, mail=replace(guess.mail, subject=f"Re: [EX-{number}] Hello"))
        for number in range(10_001 - many // 2, 10_001 + many // 2)
    )
    told, found = set(), 0
    for facts, ruling in ruled(desk, guesses, came(desk, "sam@elsewhere.example")):
        assert not [each for each in ruling.decisions if not isinstance(each, SendLetter | Hold)]
        told.add((ruling.outcome, ruling.reason, ruling.refusal, repr(letters(ruling))))
        found += facts.ticket is not None
    assert found == 3
    assert len(told) == 1


@pytest.mark.parametrize("writer", [STRANGER, GIL, DAVE])
def test_t24_who_guesses_right_hears_the_same_octets_as_who_does_not(desk: World, writer: str) -> None:
    answered(desk)
    heard = []
    for reference in ("EX-10001", "EX-99999", "EX-1"):
        desk.now += timedelta(days=8)  # notices come once a week
        desk.receives(mail(writer, subject=f"Re: [{reference}] Hello", to=f"support+{reference}@example.com"))
        mine = [each for each in desk.sent() if each.recipient in writer]
        heard.append([(each.name, plain(each, reference)) for each in mine])
    assert heard[0] == heard[1] == heard[2]
    assert heard[0]


def plain(letter: Sent, guessed: str) -> str:
    """What he reads, without the reference that he wrote himself and that of a new ticket of his own."""
    own = letter.message["X-Maildesk-Ticket"]
    text = "\n".join(line for line in (letter.subject, *letter.text.splitlines()) if "mailto:" not in line)
    return text.replace(f"[{guessed}]", "").replace(own or guessed, "")


def test_t24_requests_for_guessed_references_are_answered_alike(desk: World) -> None:
    """But for the reference that is asked for; Gil is a contact, and none of these is his."""
    answered(desk)
    for word in ("status", "copy", "close", "escalate"):
        heard = set()
        for reference in ("EX-10001", "EX-10002", "EX-99999", "XX-10001"):
            desk.now += timedelta(hours=2)
            desk.receives(mail(GIL, subject="Question", text=f"{word} {reference}"))
            letter = desk.the("answer", GIL)
            heard.add(letter.text.replace(reference, "REF"))
        assert len(heard) == 1, word


def test_t24_keys_are_too_many_to_guess(desk: World) -> None:
    """So many at Carol's keyed address, in order: none is a key, and all are answered alike."""
    answered(desk)
    [mailed] = read([mail(STRANGER, message_id="<guess@elsewhere.example>")])
    guesses = (
        replace(mailed, mail=replace(mailed.mail, to=(Address(f"support+ex-10001-{guess}@example.com"),)))
        for guess in (f"b{serial}{'a' * 25}{last}" for serial in DIGITS for last in DIGITS[: MANY // 400])
    )
    told = set()
    for facts, ruling in ruled(desk, guesses, came(desk, "sam@elsewhere.example")):
        assert facts.keys == ()
        assert facts.ticket is None
        told.add((ruling.outcome, ruling.reason, repr(letters(ruling))))
    assert len(told) == 1


def test_t24_every_detail_of_our_address_is_taken_and_answered_alike(desk: World) -> None:
    answered(desk)
    key = token(earlier(desk, "reply", CAROL).reply_to)
    details = ("", "+EX-10001", "+EX-99999", f"+EX-10001-{key}", f"+EX-10002-{key}", f"+held-1-{key}", "+anything")
    contents = [mail(STRANGER, to=f"support{each}@example.com", message_id="<g@elsewhere.example>") for each in details]
    told = {(ruling.refusal, repr(letters(ruling))) for _, ruling in ruled(desk, read(contents), came(desk, EVIL))}
    assert len(told) == 1
