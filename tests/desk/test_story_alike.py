"""A new ticket that looks like one of the same organisation says so to the agents, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable

from tests.builders import ALICE, BOB, CAROL, mail
from tests.desk.test_story_forwards import PASS, TRUSTS
from tests.desk.world import World

TEXT = "Our export to PDF stops as well, at page 3."
HINT = "Looks like: EX-10001, of the same organisation; #merge EX-10001 makes them one"


def told(desk: World) -> str:
    return desk.the("agent_ticket", ALICE).text


def test_a_colleagues_mail_about_the_same_names_the_first(desk: World) -> None:
    desk.receives(mail(CAROL))
    assert "Looks like" not in told(desk)
    desk.receives(mail(BOB, subject="Export fails", text=TEXT))
    assert HINT in told(desk)
    assert "EX-10001" not in desk.the("acknowledgement", BOB).text


def test_another_matter_and_another_organisation_are_not_named(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.receives(mail(BOB, subject="The printer is on fire", text="There is smoke, please come at once."))
    assert "Looks like" not in told(desk)
    desk.receives(mail("Gil Glow <gil@globex.example>", subject="The export fails", text=TEXT))
    assert "Looks like" not in told(desk)


def test_what_is_over_or_old_is_not_named(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.time_passes(days=15)
    desk.receives(mail(CAROL, text="The export to PDF stops again."))
    assert "Looks like" not in told(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved")
    desk.receives(mail(BOB, subject="Export fails", text=TEXT))
    assert "Looks like" not in told(desk)


def test_a_forwarded_mail_is_compared_by_its_own_words(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    desk.receives(mail(CAROL))
    head = "-------- Forwarded Message --------\nFrom: Bob Brown <bob@acme.example>\nSubject: Export fails"
    desk.receives(mail(ALICE, subject="Fwd: Export fails", text=f"{head}\n\n{TEXT}", headers=PASS), verdicts=True)
    assert HINT in desk.the("agent_ticket", "anton@example.com").text


def test_merging_by_the_hint_makes_them_one(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.receives(mail(BOB, subject="Export fails", text=TEXT))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#merge EX-10001")
    assert desk.ticket("EX-10002")["status"] == "closed"
    assert desk.ticket()["participants"] == ["bob@acme.example"]


def test_one_that_is_at_work_again_is_named_again(desk: World) -> None:
    desk.receives(mail(CAROL))
    hers = desk.the("agent_ticket", ALICE)
    desk.receives(mail(BOB, subject="The printer is on fire", text="There is smoke, please come at once."))
    desk.replies(ALICE, hers, "#solved")
    solved = desk.the("solved", CAROL)
    desk.receives(mail(BOB, subject="Where are our invoices?", text="Those of last year are missing."))
    assert "Looks like" not in told(desk)
    desk.replies(CAROL, solved, "No, it stops again.")
    desk.receives(mail(BOB, subject="Export fails", text=TEXT))
    assert HINT in told(desk)
