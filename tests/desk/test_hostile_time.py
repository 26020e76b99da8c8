"""Hostile and clumsy senders against what time does: escalation, calls, marks and closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from maildesk.reports.gathered import gathered
from tests.builders import ALICE, BOB, CAROL, MONA, START, STRANGER, mail
from tests.desk.escalating import AMY, DEFAULT, OFFICE, PEOPLE, escalates, links, readers
from tests.desk.test_story_consult import FAIL, PASS, TRUSTS
from tests.desk.test_story_survey import mark
from tests.desk.test_story_time import surveyed
from tests.desk.world import World

PAGED = '[escalation]\npage = ["oncall@example.com"]\n'
NIGHT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
OUTAGE = "Severity: critical\n\nThe site is down, nobody can log in."


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(OFFICE + PAGED, people=PEOPLE, default=DEFAULT)


def letters(desk: World, mails: Iterable[bytes]) -> Counter[tuple[str, str]]:
    """What mails cause, by letter and reader."""
    found: Counter[tuple[str, str]] = Counter()
    for each in mails:
        desk.receives(each)
        found.update((letter.name, letter.recipient) for letter in desk.sent())
    return found


# T27: a flood in a customer's name


@pytest.mark.parametrize(
    ("word", "forged"), [("escalate", BOB), ("escalate", CAROL), ("close", CAROL), ("solved", BOB)]
)
def test_t27_requests_about_many_tickets_in_a_contacts_name_are_no_amplifier(
    desk: World, word: str, forged: str
) -> None:
    letters(desk, (mail(CAROL, subject=f"Offer {number}") for number in range(8)))
    desk.now += timedelta(hours=2)
    sent = letters(desk, (mail(forged, subject="x", text=f"{word} EX-{10001 + number}") for number in range(8)))
    to_customers = {who: number for (name, who), number in sent.items() if name in ("escalated", "closed", "solved")}
    assert set(to_customers.values()) == {5}
    assert [desk.ticket(f"EX-{10001 + number}")["level"] for number in range(8)] == [1 + (word == "escalate")] * 8
    if word == "escalate":
        assert sent["escalation", "mona@example.com"] == 8


def test_t27_who_closes_and_opens_again_gets_few_letters(world: Callable[..., World]) -> None:
    desk = world('[closing]\nreopen_for = "30d"\n')
    desk.receives(mail(CAROL))
    turns = ("close EX-10001", "It is still broken, please look again.") * 12
    sent = letters(desk, (mail(CAROL, subject="[EX-10001] x", text=text) for text in turns))
    assert sent["closed", "carol@acme.example"] == 5
    assert desk.ticket()["status"] == "open"


def test_an_agent_who_escalates_tells_the_customer_however_much_that_one_wrote(desk: World) -> None:
    letters(desk, (mail(CAROL, subject=f"Question {number}") for number in range(8)))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#escalate")
    assert readers(desk, "escalated") == {"carol", "amy"}


# T84, T85: the survey


ABSENT = (
    "1 day out of office, back on Tuesday.",
    "2. März bis 5. März bin ich nicht da.",
    "5 people read this mailbox.",
)
GONE = ("No longer employed here. Please write to Bob.", "No one reads this mailbox.", "Nobody is here.")


@pytest.mark.parametrize("text", [*ABSENT, *GONE])
def test_t84_an_absence_that_carries_no_mark_of_a_robot_is_no_vote(desk: World, text: str) -> None:
    desk.replies(CAROL, surveyed(desk), text)
    assert mark(desk) == (None, "")


def test_t84_what_a_client_fetches_or_sends_empty_is_no_vote(desk: World) -> None:
    letter = surveyed(desk)
    assert "http" not in letter.html.replace("http-equiv", "")
    for subject in (f"Re: {letter.subject}", letter.subject, "", "Read: How was it?"):
        desk.receives(mail(CAROL, to=letter.reply_to, subject=subject, text=""))
    assert mark(desk) == (None, "")


@pytest.mark.parametrize(
    "writer", [BOB, STRANGER, ALICE, MONA, f"Carol Jones <{AMY}>", "carol@acme.example.evil.example"]
)
def test_t85_a_survey_that_was_passed_on_is_answered_by_nobody_else(desk: World, writer: str) -> None:
    letter = surveyed(desk)
    desk.replies(writer, letter, "1 awful")
    desk.replies(writer, letter, "1 awful", headers={"Sender": CAROL, "Reply-To": CAROL, "Resent-From": CAROL})
    assert mark(desk) == (None, "")


def test_t85_a_forger_with_the_key_is_stopped_by_our_mail_servers(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    letter = surveyed(desk)
    forged = mail(CAROL, to=letter.reply_to, subject=f"Re: {letter.subject}", text="1 awful")
    assert desk.receives(FAIL + forged, verdicts=True).outcome == "held"
    assert mark(desk) == (None, "")


def test_t85_the_same_answer_again_is_a_duplicate_and_tells_nobody(desk: World) -> None:
    content = mail(CAROL, to=surveyed(desk).reply_to, subject="Re: x", text="1 awful")
    assert desk.receives(content).outcome == "survey"
    desk.receives(mail(CAROL, to=desk.the("survey_thanks").reply_to, subject="Re: x", text="4 better now"))
    assert desk.receives(content).outcome == "duplicate"
    assert (mark(desk), desk.sent()) == ((4, "better now"), [])


def test_t85_of_a_thousand_marks_few_are_told_and_the_last_one_counts(desk: World) -> None:
    letter = surveyed(desk)
    key = f"Re: {letter.subject}"
    answers = (f"{1 + number % 2 * 4} because {number}" for number in range(30))
    sent = letters(desk, (mail(CAROL, to=letter.reply_to, subject=key, text=text) for text in answers))
    assert max(sent.values()) <= 5, sent
    assert mark(desk) == (5, "because 29")


# T38, T44, T45: what a customer writes is no command, no template and no markup


HOSTILE = (
    "because\n#closed\n#spam\n{{7*7}} {% raw %} ${x} <script>alert(1)</script> &body=%0D%0A%23closed \x1b[31m =cmd()"
)


def test_t38_no_customers_words_become_a_command_that_stands_ready(world: Callable[..., World]) -> None:
    desk = world(OFFICE, people=PEOPLE.replace("Carol Jones", "#closed & Co?body=#spam"), default=DEFAULT)
    desk.receives(mail(CAROL, subject="#closed &body=%23spam", text="#closed\n\n#spam"))
    escalates(desk, HOSTILE)
    letter = desk.the("escalation", MONA)
    assert set(links(letter)) == {"#take", "#assign Lena Second", "#level 1"}
    for to, body in links(letter).values():
        commands = [line for line in body.splitlines() if line.startswith("#")]
        assert len(commands) == 1
        desk.receives(mail(MONA, to=to, subject=f"Re: {letter.subject}", text=body))
        assert desk.ticket()["status"] in ("new", "open")


def test_t44_t45_what_a_customer_escalates_with_is_shown_and_never_run(desk: World) -> None:
    desk.receives(mail(CAROL, subject="{{7*7}} <b>bold</b>"))
    escalates(desk, HOSTILE)
    for letter in desk.sent("escalation", "escalated"):
        assert "<script" not in letter.html
        assert "<b>bold" not in letter.html
        assert "\x1b" not in letter.text + letter.html
        assert "49" not in letter.text
        assert letter.subject.endswith("{{7*7}} <b>bold</b>")
    assert "> {{7*7}} {% raw %} ${x} <script>" in desk.the("escalation", MONA).text
    assert "script" not in desk.the("escalated", AMY).raw.decode()  # nobody vouches for the writer


def test_t45_a_mark_with_markup_is_words_to_agents_and_no_word_of_it_is_in_the_report(desk: World) -> None:
    desk.replies(CAROL, surveyed(desk), f"1 {HOSTILE}")
    for letter in desk.sent():
        assert "<script" not in letter.html
        assert "\x1b" not in letter.text
    found = desk.ask(lambda store: gathered(store, START, desk.now + timedelta(days=1), desk.config))
    assert "because" not in repr(found)
    desk.receives(mail(BOB, text="copy EX-10001"))
    assert all("because" not in letter.text for letter in desk.sent())


# calls at night


def test_who_forges_a_contact_or_is_none_wakes_nobody_at_night(world: Callable[..., World]) -> None:
    desk = world(PAGED + TRUSTS)
    desk.now = NIGHT
    forged = [(FAIL, CAROL), (FAIL, STRANGER), (PASS.replace(b"=pass", b"=none"), STRANGER), (b"", STRANGER)]
    for verdict, writer in forged:
        desk.receives(verdict + mail(writer, subject="Site down", text=OUTAGE), verdicts=True)
        assert desk.sent("alarm", "agent_ticket", "escalation") == []


@pytest.mark.parametrize("headers", [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {}])
def test_what_answers_a_call_opens_nothing_and_calls_nobody(desk: World, headers: dict[str, str]) -> None:
    desk.receives(mail(CAROL, subject="Site down", text=OUTAGE))
    call = desk.the("alarm", "oncall@example.com")
    for _ in range(5):
        desk.replies("oncall@example.com", call, f"I am away. {OUTAGE}", headers=headers)
        assert desk.sent("alarm", "acknowledgement", "agent_ticket") == []


# T73: what a mail says of its date moves no clock


@pytest.mark.parametrize("year", [1, 1970, 2025, 2027, 9999])
def test_t73_a_date_in_a_mail_moves_no_clock(desk: World, year: int) -> None:
    desk.receives(mail(CAROL, date=datetime(year, 6, 1, tzinfo=UTC)))
    desk.replies(
        ALICE, desk.the("agent_ticket", ALICE), "#pending\nWhich version?", date=datetime(year, 6, 1, tzinfo=UTC)
    )
    ticket = desk.ticket()
    assert {each["at"] for each in (*ticket["events"], *ticket["messages"])} == {"2026-03-02T09:00:00Z"}
    assert ticket["due"]["close"] == "2026-03-09T09:00:00Z"


# who hears of an escalation


@pytest.mark.parametrize(
    "address", ["support@example.com", "help@example.com", "alice@example.com", "noreply@example.com"]
)
def test_an_account_manager_who_is_one_of_ours_or_a_machine_makes_no_loop(
    world: Callable[..., World], address: str
) -> None:
    desk = world(OFFICE, people=PEOPLE.replace(AMY, address), default=DEFAULT)
    desk.receives(mail(CAROL))
    escalates(desk)
    expected = {"alice"} if address.startswith("alice") else set()
    assert readers(desk, "escalated") == {"carol", *expected}


def test_no_word_of_a_note_reaches_a_customer_by_an_escalation(desk: World) -> None:
    desk.receives(mail(CAROL, cc=BOB))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#note\nThe CANARY is the cause.")
    escalates(desk)
    desk.now += timedelta(days=9)
    desk.time_passes(days=9)
    letters_to_customers = [each for each in desk.sent() if "acme" in each.recipient or each.recipient == AMY]
    assert letters_to_customers
    assert all(b"CANARY" not in each.raw for each in letters_to_customers)


def test_two_desks_that_tell_each_other_of_escalations_fall_silent(desk: World) -> None:
    desk.receives(mail(CAROL))
    escalates(desk)
    told = desk.the("escalated", CAROL)
    count = 0
    for number in range(12):
        text = f"Carol Jones has escalated {number}. What comes next: a manager reads it."
        headers = {"Auto-Submitted": "auto-generated"} if number % 2 else {}
        desk.replies(CAROL, told, text, headers=headers)
        count += len([each for each in desk.sent() if each.recipient == "carol@acme.example"])
    assert count <= 4


def test_a_reply_in_the_second_of_the_closing_is_lost_to_nobody(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.")
    letter = desk.the("reply", CAROL)
    desk.now += timedelta(days=2)  # the sweep of this second has not been
    assert desk.replies(CAROL, letter, "It is still broken on page 4.").outcome == "message"
    desk.time_passes(days=30)
    assert desk.ticket()["status"] == "open"


def test_the_clock_goes_back_while_a_customer_answers_and_his_ticket_goes_on(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#pending\nWhich version?")
    letter = desk.the("reply", CAROL)
    desk.now -= timedelta(days=400)
    assert desk.replies(CAROL, letter, "It is 4.1.").outcome == "message"
    stamps = [each["at"] for each in desk.ticket()["events"]]
    assert (stamps, desk.ticket()["status"]) == (sorted(stamps), "open")
