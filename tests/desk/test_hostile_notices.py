"""What forgers would have us send: rows T1, T2 and T25 to T27 of the threat table.

Whoever writes cannot choose words that reach somebody else, gets nothing to read that he did not write himself, and
has less sent by us than he sends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.builders import ALICE, ANTON, BOB, CAROL, DAVE, STRANGER, SUPPORT, mail
from tests.desk.hostile import EVIL, GIL, TRUSTS, answered, earlier, flooded, reached, said_of, token, untouched
from tests.desk.world import Sent, World, reply_to

CODE = "Your code is 424242"
SECRET = "the password is zebra"
VERIFYING = ("noreply@bank.example", "verify@bank.example", "team@chat.example")


def words_of(letters: list[Sent]) -> str:
    return "".join(each.text + each.html + each.raw.decode("ascii", "replace") for each in letters)


# T1: the ticket trick


def test_t1_a_verification_mail_to_the_support_address_is_relayed_to_nobody(desk: World) -> None:
    """Somebody has signed up as support@, and would read the code in a ticket of his."""
    answered(desk)
    for machine in VERIFYING:
        with untouched(desk):
            receipt = desk.receives(mail(machine, subject=CODE, text=f"{CODE}: https://bank.example/verify?424242"))
        assert receipt.outcome in ("refused", "robot")
        assert "424242" not in words_of(desk.sent())
        assert reached(desk) == (set() if machine.startswith("no") else {machine})


def test_t1_one_to_a_tickets_address_is_relayed_to_nobody(desk: World) -> None:
    """Signed up with the Reply-To of his letter: the key finds his ticket, and the machine takes no part in it."""
    letter = answered(desk)
    for machine in VERIFYING:
        for to in (letter.reply_to, "support+EX-10001@example.com"):
            with untouched(desk):
                receipt = desk.receives(mail(machine, to=to, subject=f"[EX-10001] {CODE}", text=CODE))
            assert receipt.ticket != "EX-10001"
            assert "424242" not in words_of(desk.sent())
            assert "carol@acme.example" not in reached(desk)


def test_t1_one_that_answers_the_thread_waits_and_nobody_reads_it_before_a_word_is_said(desk: World) -> None:
    letter = answered(desk)
    content = mail("verify@bank.example", subject=CODE, text=CODE, headers={"In-Reply-To": letter.message_id})
    desk.receives(content)
    assert "424242" not in words_of(desk.sent())
    desk.receives(mail(CAROL, subject="copy EX-10001", text="copy EX-10001"))
    assert "424242" not in words_of(desk.sent())
    desk.receives(mail(CAROL, subject="status EX-10001", text="status EX-10001"))
    assert "424242" not in words_of(desk.sent())
    desk.replies(ALICE, earlier(desk, "agent_ticket", ALICE), "Here you are.")
    assert "424242" not in words_of(desk.sent())


def test_t1_one_that_a_colleagues_domain_sent_is_relayed_to_nobody(desk: World) -> None:
    """Of the customer's own domain: the contacts are asked by the address alone."""
    answered(desk)
    desk.receives(mail("security@acme.example", subject=CODE, text=CODE))
    assert desk.sent("consult")
    assert "424242" not in words_of(desk.sent())


def test_t1_a_machine_that_the_ticket_names_in_cc_gets_nothing_and_says_nothing(desk: World) -> None:
    desk.receives(mail(CAROL, cc="verify@bank.example"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Please send us the log.")
    assert reached(desk) == {"carol@acme.example"}
    desk.receives(mail("verify@bank.example", subject=f"Re: [EX-10001] {CODE}", text=CODE))
    assert "424242" not in words_of(desk.sent())


def test_t1_a_robot_that_takes_part_is_filed_and_sent_on_to_nobody(desk: World) -> None:
    letter = answered(desk)
    content = reply_to(CAROL, letter, CODE, headers={"Auto-Submitted": "auto-generated"})
    assert desk.receives(content).outcome == "robot"
    assert desk.sent() == []


# T2: the forged participant and his Cc


def with_history(desk: World) -> Sent:
    """A ticket with a secret in every past message."""
    letter = answered(desk, text=f"Hello, {SECRET}")
    desk.now += timedelta(minutes=10)
    desk.replies(CAROL, letter, f"Again: {SECRET}")
    desk.now += timedelta(minutes=10)
    desk.replies(ALICE, desk.the("agent_update", ALICE), f"So {SECRET}.")
    desk.now += timedelta(minutes=10)
    return desk.the("reply", CAROL)


@pytest.mark.parametrize("how", ["by the key", "by the reference", "by the thread"])
def test_t2_whom_a_forged_participant_names_gets_nothing(desk: World, how: str) -> None:
    letter = with_history(desk)
    ways: dict[str, dict[str, Any]] = {
        "by the key": {"to": letter.reply_to},
        "by the reference": {"subject": "Re: [EX-10001] The export fails"},
        "by the thread": {"headers": {"In-Reply-To": letter.message_id}},
    }
    given: dict[str, Any] = {"subject": "Re: x", "cc": EVIL, "text": "Adding my colleague.", **ways[how]}
    desk.receives(mail(CAROL, **given), sender=EVIL)
    assert EVIL not in reached(desk)
    desk.replies(ALICE, desk.the("agent_update", ALICE), "Welcome.")
    desk.replies(ALICE, earlier(desk, "agent_ticket", ALICE), "#solved")
    desk.time_passes(days=10)
    desk.seen = 0
    assert EVIL not in {each.recipient for each in desk.sent()}
    for each in desk.sent("reply", "solved", "closed", "survey"):
        assert EVIL not in each.addresses("Cc") | each.addresses("To")


def test_t2_whom_he_named_asks_for_the_history_in_vain(desk: World) -> None:
    letter = with_history(desk)
    desk.receives(mail(CAROL, to=letter.reply_to, cc=EVIL, subject="Re: x", text="Adding my colleague."), sender=EVIL)
    key = token(letter.reply_to)
    for text in ("copy EX-10001", "status EX-10001", "copy", "status", "allow", f"allow {EVIL}", f"#cc +{EVIL}"):
        for to in (SUPPORT, letter.reply_to, f"support+EX-10001-{key}@example.com"):
            desk.receives(mail(EVIL, to=to, subject="Re: [EX-10001]", text=text))
            assert "zebra" not in words_of([each for each in desk.sent() if each.recipient == EVIL])
    assert desk.ticket()["participants"] == []


def test_t2_who_is_let_in_gets_no_past_text_and_asks_for_none(desk: World) -> None:
    letter = with_history(desk)
    desk.replies(CAROL, letter, "My neighbour knows more.", cc=EVIL)
    desk.replies(CAROL, desk.the("consult", CAROL), "allow")
    assert desk.ticket()["participants"] == [EVIL]
    desk.replies(ALICE, earlier(desk, "agent_ticket", ALICE), "Welcome.")
    hers = desk.the("reply", EVIL)
    assert "zebra" not in words_of([hers])
    for text in ("copy EX-10001", "copy", "status EX-10001"):
        desk.replies(EVIL, hers, text)
        assert "zebra" not in words_of([each for each in desk.sent() if each.recipient == EVIL])


def test_t2_whom_a_colleague_of_the_domain_names_is_let_in_without_past_text(desk: World) -> None:
    letter = with_history(desk)
    desk.replies(CAROL, letter, "With Dave.", cc=DAVE)
    desk.replies(ALICE, desk.the("agent_update", ALICE), "Welcome.")
    copy = desk.the("reply", DAVE)
    assert "zebra" not in words_of([copy])
    desk.replies(DAVE, copy, "copy EX-10001")
    assert "zebra" not in words_of([each for each in desk.sent() if each.recipient in DAVE])


def test_t2_a_stranger_who_takes_the_words_of_consent_into_his_mouth_lets_nobody_in(desk: World) -> None:
    """The question went to Carol; its key in other hands is worth nothing."""
    letter = answered(desk)
    desk.replies(CAROL, letter, "My neighbour knows more.", cc=EVIL)
    question = desk.the("consult", CAROL)
    for writer in (EVIL, STRANGER, GIL, DAVE, BOB):
        desk.receives(mail(writer, to=question.reply_to, subject="Re: x", text="allow"))
        assert EVIL not in desk.ticket()["participants"], writer


# T25: backscatter


BOUNCED = ("victim@victim.example", "postmaster@victim.example", "abuse@victim.example")


@pytest.mark.parametrize("gate", ["redirect", "hold", "refuse"])
def test_t25_a_failed_verdict_brings_nobody_a_letter(world: Callable[..., World], gate: str) -> None:
    desk = world(f'{TRUSTS}strangers = "{gate}"\n')
    for address in (*BOUNCED, "dave@acme.example", "carol@acme.example", "alice@example.com"):
        domain = address.partition("@")[2]
        for what in ("fail", "fail reason=x"):
            receipt = desk.receives(said_of(domain, what) + mail(address), verdicts=True, sender=address)
            assert receipt.outcome == "held"
            assert desk.sent() == []


def test_t25_one_victim_gets_one_notice_whatever_is_forged_in_his_name(desk: World) -> None:
    notices = 0
    for number in range(20):
        writer = ("victim@victim.example", "Victim@VICTIM.example", f"V {number} <victim@victim.example>")[number % 3]
        to = (SUPPORT, "sales@example.com", "help@example.com")[number % 3]
        desk.receives(mail(writer, to=to, subject=f"N {number}"))
        notices += len(desk.sent())
    assert notices == 1


def test_t25_a_notice_is_small_bounces_to_nobody_and_is_marked_for_robots(desk: World) -> None:
    desk.receives(mail("victim@victim.example", text="long " * 20_000))
    notice = desk.the("redirect")
    assert len(notice.raw) <= 4096
    assert notice.mail_from == ""
    assert notice.message["Auto-Submitted"] == "auto-replied"
    assert notice.attachments == {}


MARKS = (
    {"Auto-Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"Precedence": "junk"}, {"List-Id": "<x.example>"},
    {"List-Unsubscribe": "<mailto:x@x.example>"}, {"X-Autoreply": "yes"},
)  # fmt: skip


def test_t25_what_is_marked_is_not_answered_to_whomever_it_names(desk: World) -> None:
    for headers in MARKS:
        for writer in ("victim@victim.example", DAVE):
            desk.receives(mail(writer, headers=headers))
            assert not [each for each in desk.sent() if each.recipient in writer], headers


def test_t25_to_a_null_return_path_nothing_goes(desk: World) -> None:
    for writer in ("victim@victim.example", DAVE, CAROL):
        desk.receives(mail(writer), sender="")
        assert desk.sent() == []


# T26: relay spam

SPAM = "Buy pills at pills.example now"
ASPECTS: dict[str, dict[str, Any]] = {
    "subject": {"subject": SPAM},
    "text": {"text": SPAM},
    "page": {"text": "x", "html": f"<h1>{SPAM}</h1><a href='https://pills.example/'>pills</a>"},
    "files": {"attachments": [(f"{SPAM}.pdf", b"pills pills", "application/pdf")]},
    "other fields": {"headers": {"Comments": SPAM, "Keywords": SPAM, "Organization": SPAM, "Thread-Topic": SPAM}},
    "whom else it names": {"cc": f'"{SPAM}" <x@pills.example>'},
}
NAMED = (
    '"{}" <victim@victim.example>', '"{}" <dave@acme.example>', '"{}" <carol@acme.example>', '"{}" <gil@globex.example>'
)  # fmt: skip


def test_t26_no_word_of_a_forger_goes_to_whomever_he_names(desk: World) -> None:
    """A contact reads the subject of his own ticket as its letter's; the question about an outsider has his address."""
    for aspect in ASPECTS.values():
        desk.now += timedelta(days=8)
        repeated = {"x@pills.example", str(aspect.get("subject", "x@pills.example"))}
        for name in NAMED:
            desk.receives(mail(name.format(SPAM), **aspect))
            for each in desk.sent():
                if each.recipient.endswith("@example.com"):  # agents read what they are written
                    continue
                shown = each.text + each.html + each.raw.decode() * (each.name == "redirect")
                for known in repeated if each.name in ("acknowledgement", "consult") else ():
                    shown = shown.replace(known, "").replace(quote(known), "")
                assert "pills" not in shown, (name, each.name)


def test_t26_a_notices_subject_and_body_are_the_same_for_everybody(desk: World) -> None:
    heard = set()
    for number, aspect in enumerate(ASPECTS.values()):
        desk.receives(mail(f'"{SPAM}" <s{number}@d{number}.example>', **aspect))
        notice = desk.the("redirect")
        heard.add((notice.subject, notice.text, notice.html, str(notice.message["From"])))
    assert len(heard) == 1


def test_t26_of_an_address_that_is_itself_an_advertisement_nothing_is_written_out_by_name(desk: World) -> None:
    """The question to contacts names the address, and has to: that alone."""
    desk.receives(mail(f'"{SPAM}" <buy-pills@acme.example>', subject=SPAM, text=SPAM))
    for each in desk.sent("consult"):
        assert "pills" not in each.raw.decode().replace("buy-pills@acme.example", "").replace("buy-pills%40acme", "")


def test_t26_a_ticket_of_the_forgers_victim_repeats_nothing_to_him(desk: World) -> None:
    desk.receives(mail(CAROL, text=SPAM))
    assert "pills" not in desk.the("acknowledgement").raw.decode()


# T27: the mail bomb


def bomb(
    text: str = "Hello", subject: str = "Number {}", writer: str = CAROL, many: int = 500, **fields: Any
) -> list[bytes]:
    return [mail(writer, subject=subject.format(number), text=text, **fields) for number in range(many)]


def to_customers(desk: World) -> Counter[str]:
    """How many letters of each name have been decided since, to people who are no agents and no operators."""
    sql = "SELECT name FROM letter WHERE id > ? AND audience = 'customer'"
    return Counter(desk.ask(lambda store: [name for (name,) in store.all(sql, (desk.seen,))]))


def test_t27_five_hundred_mails_in_a_contacts_name_bring_him_five_letters(desk: World) -> None:
    many = 100 if desk.ask(lambda store: store.postgres) else 500
    outcomes = flooded(desk, bomb(many=many), "carol@acme.example")
    assert Counter(outcomes) == {"ticket": many}
    assert to_customers(desk) == {"acknowledgement": 5}
    assert len(desk.rows()) == many


REQUESTS = (
    "status", "status EX-10001", "copy EX-10001", "status EX-99999", "stop copies EX-10001", "solved EX-10001",
    "close EX-10001", "escalate EX-10001",
)  # fmt: skip


def test_t27_requests_in_a_contacts_name_are_no_amplifier(desk: World) -> None:
    desk.receives(mail(CAROL, text="x" * 5000))
    for text in REQUESTS:
        desk.now += timedelta(hours=2)
        flooded(desk, bomb(text, "Question {}", many=8), "carol@acme.example")
        letters = to_customers(desk)
        assert sum(letters.values()) <= 6, (text, letters)
    assert len(desk.rows()) == 1 + 8 * len(REQUESTS)


def test_t27_replies_in_a_contacts_name_reach_no_customer(desk: World) -> None:
    letter = answered(desk, cc=BOB)
    many = [reply_to(CAROL, letter, f"Number {number}", message_id=f"<b{number}@mail.test>") for number in range(30)]
    assert set(flooded(desk, many, "carol@acme.example")) == {"message"}
    assert to_customers(desk) == {}


def test_t27_questions_to_contacts_are_no_amplifier(desk: World) -> None:
    """A hundred colleagues who never were: so many questions a day, and no more."""
    many = [mail(f"n{number}@acme.example") for number in range(100)]
    assert set(flooded(desk, many, "n@acme.example")) == {"held"}
    letters = to_customers(desk)
    assert letters["consult"] == 2 * 20  # both contacts; [limits] notices_per_domain
    assert letters["redirect"] == 20


def test_t27_questions_about_newcomers_are_no_amplifier(desk: World) -> None:
    letter = answered(desk)
    many = [
        reply_to(CAROL, letter, "And him.", cc=f"x{number}@d{number}.example", message_id=f"<b{number}@mail.test>")
        for number in range(30)
    ]
    flooded(desk, many, "carol@acme.example")
    assert to_customers(desk)["consult"] <= 20
    thread = [mail(f"y{number}@d{number}.example", headers={"In-Reply-To": letter.message_id}) for number in range(30)]
    flooded(desk, thread, EVIL)
    assert to_customers(desk)["consult"] <= 20


def test_t27_new_tickets_that_each_name_outsiders_are_no_amplifier(desk: World) -> None:
    many = [mail(CAROL, subject=f"N {number}", cc=f"x{number}@d{number}.example") for number in range(30)]
    flooded(desk, many, "carol@acme.example")
    letters = to_customers(desk)
    assert letters["consult"] <= 20
    assert letters["acknowledgement"] == 5


def test_t27_answers_to_one_question_are_no_amplifier(desk: World) -> None:
    """Not understood forty times, in the name of the contact who was asked."""
    desk.receives(mail(DAVE))
    question = desk.the("consult", CAROL)
    many = [reply_to(CAROL, question, "What?", message_id=f"<b{number}@mail.test>") for number in range(30)]
    flooded(desk, many, "carol@acme.example")
    assert to_customers(desk)["answer"] <= 5


def test_t27_agents_are_asked_so_many_times_in_their_name_and_no_more(desk: World) -> None:
    desk.receives(mail(CAROL))
    flooded(desk, bomb("#solved", "[EX-10001] {}", ALICE, 40), EVIL)
    assert len(desk.sent("confirm")) == 5
    flooded(desk, bomb("#solved", "[EX-10001] {}", ANTON, 40), EVIL)
    assert len(desk.sent("confirm")) == 5
