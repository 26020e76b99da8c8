"""What many mails must not do: bury operators, bomb people, vote for others, answer machines, wake a second desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, BOB, CAROL, DIRECTORY, SUPPORT, mail
from tests.desk.test_story_gate import returned
from tests.desk.world import World

MACHINES = [
    "no-reply+abc@a.example", "noreply-verify@b.example", "account-noreply@c.example", "no.reply@d.example",
    "bounces+123@e.example", "bounce-55@f.example", "do_not_reply@g.example", "donotreply-a@h.example",
    "daemon@i.example", "listserv@j.example", "majordomo@k.example", "root@l.example", "nobody@m.example",
    "owner-news@n.example", "news-request@o.example", "MAILER-DAEMON@p.example", "noreply@q.example",
]  # fmt: skip


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machines_address_gets_no_notice(desk: World, machine: str) -> None:
    assert desk.receives(mail(machine, subject="Verify your account")).outcome in ("refused", "robot")
    assert desk.sent() == []


@pytest.mark.parametrize("person", ["noreen@a.example", "nora.reply@b.example", "rootes@c.example", "reply@d.example"])
def test_a_person_whose_name_only_looks_so_gets_one(desk: World, person: str) -> None:
    desk.receives(mail(person))
    assert desk.the("redirect", person)


def test_mail_to_the_postmaster_does_not_bury_the_operators(desk: World) -> None:
    alarms = []
    for number in range(12):
        receipt = desk.receives(mail(f"s{number}@elsewhere.example", to="postmaster@example.com"))
        assert receipt.outcome == "held"
        alarms.append(len(desk.sent("alarm")))
    assert sum(alarms) == 5
    assert "alarm suppressed" in receipt.reason
    desk.time_passes(hours=1, minutes=1)
    desk.receives(mail("late@elsewhere.example", to="postmaster@example.com"))
    assert desk.the("alarm")


def test_a_flood_of_one_kind_of_alarm_silences_no_other(world: Callable[..., World]) -> None:
    desk = world(people=DIRECTORY.partition("[[agent]]")[0])
    for number in range(8):
        desk.receives(mail(f"s{number}@elsewhere.example", to="postmaster@example.com"))
    desk.receives(mail(CAROL))
    assert "no agent" in desk.the("alarm").text


def test_reports_of_an_agents_address_in_any_number_are_few_alarms(desk: World) -> None:
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    alarms = 0
    for number in range(9):
        report = returned(letter.reply_to, letter.message_id).replace(b"<report@", b"<report%d@" % number)
        assert desk.receives(report, sender="").outcome == "bounce"
        alarms += len(desk.sent("alarm"))
    assert alarms == 5


def test_a_ticket_has_at_most_a_hundred_people(desk: World) -> None:
    desk.receives(mail(CAROL, cc=[f"u{number}@acme.example" for number in range(300)]))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Hello all")
    assert len(desk.sent("reply")) == 100


def closed_with_survey(desk: World) -> str:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    desk.time_passes(minutes=1)
    return desk.the("survey", CAROL).reply_to


def test_a_guessed_key_votes_for_nobody(desk: World) -> None:
    local, _, domain = closed_with_survey(desk).partition("@")
    for last in "abcdefgh":
        if last != local[-1]:
            desk.receives(mail(CAROL, to=f"{local[:-1]}{last}@{domain}", subject="Re: [EX-10001] x", text="1"))
    assert desk.ticket()["survey"]["mark"] is None


def test_a_reference_and_a_forged_name_are_no_vote(desk: World) -> None:
    closed_with_survey(desk)
    desk.receives(mail(CAROL, to=SUPPORT, subject="Re: [EX-10001] The export fails", text="1 awful"))
    assert desk.ticket()["survey"]["mark"] is None


@pytest.mark.parametrize("other", [BOB, "Gil Glow <gil@globex.example>", "x@elsewhere.example", ALICE])
def test_another_persons_survey_is_not_ones_own(desk: World, other: str) -> None:
    keyed = closed_with_survey(desk)
    desk.receives(mail(other, to=keyed, subject="Re: [EX-10001] x", text="1"))
    assert desk.ticket()["survey"]["mark"] is None
