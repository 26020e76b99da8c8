"""What stands below an agent's answer: the customer's last words, from the thread, to those who know them."""

from __future__ import annotations

from maildesk.policy.cited import CUT, MOST_LINES, WORTH, shortened
from tests.builders import ALICE, BOB, CAROL, DAVE, mail
from tests.desk.world import Sent, World

INTRODUCED = "Carol Jones wrote on Monday, 2 March 2026, 09:00 (UTC):"


def text(letter: Sent) -> str:
    return letter.text.replace("\r\n", "\n")


def below(letter: Sent) -> list[str]:
    """The lines that are quoted in a letter."""
    return [line.removeprefix(">").strip() for line in letter.text.splitlines() if line.startswith(">")]


def opened(desk: World, words: str = "The export stops.", **fields: object) -> Sent:
    desk.receives(mail(CAROL, text=words, **fields))  # type: ignore[arg-type]
    return desk.the("agent_ticket", ALICE)


def test_the_customers_last_words_stand_below_the_answer(desk: World) -> None:
    desk.replies(ALICE, opened(desk, "The export stops.\nAt page 3."), "Please send us the log.")
    letter = desk.the("reply")
    assert f"{INTRODUCED}\n> The export stops.\n> At page 3.\n" in text(letter)
    assert letter.text.index("Please send us the log.") < letter.text.index(INTRODUCED)
    assert INTRODUCED in letter.html
    assert "The export stops.<br>" in letter.html


def test_a_reader_of_german_is_introduced_to_them_in_german(desk: World) -> None:
    desk.receives(mail(BOB, text="Es geht nicht."))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Moment.")
    assert "Bob Brown schrieb am Montag, 2. März 2026, 10:00 Uhr (MEZ):\n> Es geht nicht." in text(desk.the("reply"))


def test_they_are_the_threads_and_not_what_the_agents_client_quoted(desk: World) -> None:
    letter = opened(desk)
    quoted = "Please wait.\n\nOn Monday Carol Jones wrote:\n> The export stops. Or so the note says.\n"
    desk.replies(ALICE, letter, quoted)
    assert below(desk.the("reply")) == ["The export stops."]


def test_the_newest_of_them_are_taken_and_no_agents_words(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "Which version?")
    reply = desk.the("reply")
    desk.time_passes(hours=1)
    desk.replies(CAROL, reply, "4.2, on Debian.")
    update = desk.the("agent_update", ALICE)
    desk.replies(ALICE, update, "#note\nIt is the font.")
    desk.replies(ALICE, update, "It will be mended.")
    assert below(desk.the("reply")) == ["4.2, on Debian."]
    desk.replies(ALICE, update, "It is mended.")
    assert below(desk.the("reply")) == ["4.2, on Debian."]


def test_what_the_customer_quoted_himself_is_not_quoted_again(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "Which version?")
    reply = desk.the("reply")
    desk.time_passes(hours=1)
    desk.replies(CAROL, reply, "4.2, on Debian.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "Thanks.")
    assert below(desk.the("reply")) == ["4.2, on Debian."]


def test_whoever_came_later_gets_no_past_text(desk: World) -> None:
    letter = opened(desk)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "#cc +dave@acme.example\nPlease wait.")
    nothing_old(desk)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "It is mended.")
    nothing_old(desk)


def nothing_old(desk: World) -> None:
    """For Dave, who has come in; Carol knows it."""
    assert below(desk.the("reply", "carol@acme.example")) == ["The export stops."]
    late = desk.the("reply", "dave@acme.example")
    assert below(late) == []
    assert "The export stops" not in late.text + late.html


def test_whoever_was_in_copy_of_them_gets_them(desk: World) -> None:
    letter = opened(desk, cc=DAVE)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "Please wait.")
    assert below(desk.the("reply", "dave@acme.example")) == ["The export stops."]
    reply = desk.the("reply", "carol@acme.example")
    desk.time_passes(hours=1)
    desk.replies(CAROL, reply, "Bob knows more.", cc=BOB)
    desk.replies(ALICE, desk.the("agent_update", ALICE), "Then I ask him.")
    assert below(desk.the("reply", "bob@acme.example")) == ["Bob knows more."]


def test_a_mail_that_gets_a_ticket_of_its_own_is_not_quoted_in_the_old_one(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "Please wait.")
    reply = desk.the("reply")
    desk.time_passes(hours=1)
    desk.replies(CAROL, reply, "Besides, the invoice is wrong.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#split\nTwo matters are better off apart.")
    assert below(desk.the("reply")) == ["The export stops."]


def test_a_long_mail_is_quoted_in_part(desk: World) -> None:
    desk.replies(ALICE, opened(desk, "\n".join(f"Line {number}." for number in range(100))), "Too long.")
    assert below(desk.the("reply")) == [*(f"Line {number}." for number in range(MOST_LINES)), CUT]


def test_a_mail_without_words_is_not_quoted(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "Please wait.")
    reply = desk.the("reply")
    desk.time_passes(hours=1)
    desk.replies(CAROL, reply, "", attachments=[("log.txt", b"log", "text/plain")])
    desk.replies(ALICE, desk.the("agent_update", ALICE), "Thank you for the log.")
    assert below(desk.the("reply")) == []


def test_the_thread_shows_each_word_once(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "Please wait.\n\n-- \nAlice")
    shown = [each for each in desk.ticket()["messages"] if each["direction"] == "out" and "Please wait" in each["text"]]
    assert len(shown) == 1
    assert "The export stops" not in shown[0]["text"]
    assert INTRODUCED not in shown[0]["text"]
    assert "We keep working on EX-10001" in shown[0]["text"]
    assert "Technical Support\nExample Support" in shown[0]["text"]


def test_a_reader_who_quotes_the_letter_adds_nothing_of_it(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "Which version?")
    desk.replies(CAROL, desk.the("reply"), "4.2.")
    update = desk.the("agent_update", ALICE)
    assert "4.2." in update.text
    assert "The export stops" not in update.text


def test_a_line_without_end_is_cut_too() -> None:
    assert shortened("x" * 5000) == "x" * 4000 + f"\n{CUT}"
    assert shortened("y" * 3990 + "\n" + "x" * WORTH) == "y" * 3990 + f"\n{CUT}"
    assert shortened(" short \n\n") == "short"
