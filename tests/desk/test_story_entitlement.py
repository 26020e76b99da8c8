"""Who is served, and where: organisations that have ended, and queues that a plan does not name."""

from __future__ import annotations

from collections.abc import Callable

from maildesk.store import held
from maildesk.words import Receipt
from tests.builders import BOB, CAROL, DAVE, DIRECTORY, MONA, mail
from tests.desk.world import Sent, World

MANAGED = 'plan = "standard"\naccount_manager = "mona@example.com"'
ENDED = f"{MANAGED}\nactive = false"
NARROW = '["technical"]'
SALES = "sales@example.com"


def people(words: str) -> str:
    """The directory of the stories, with this about Acme."""
    return DIRECTORY.replace('plan = "standard"', words, 1)


def released(desk: World, receipt: Receipt) -> Receipt:
    desk.ask(lambda store: held.release(store, receipt.id))
    return desk.desk.release(receipt.id).result(20)


def manager_heard(desk: World) -> Sent:
    return desk.the("alarm", MONA)


# organisations that have ended


def test_people_of_an_inactive_organisation_are_sent_to_the_account_manager_who_is_told(
    world: Callable[..., World],
) -> None:
    desk = world(people=people(ENDED))
    receipt = desk.receives(mail(CAROL))
    assert (receipt.outcome, receipt.reason) == ("held", "not served: Acme")
    letter = desk.the("redirect", CAROL)
    assert "Mona Manager" in letter.text
    assert "is not active" in letter.text
    assert "Bob Brown" not in letter.text
    assert "carol@acme.example" in manager_heard(desk).text


def test_an_account_manager_who_is_no_agent_is_named_by_address(world: Callable[..., World]) -> None:
    desk = world(people=people(ENDED.replace("mona@example.com", "amy@partner.example")))
    desk.receives(mail(CAROL))
    assert "amy@partner.example" in desk.the("redirect", CAROL).text
    assert desk.the("alarm", "amy@partner.example")


def test_strangers_of_an_inactive_organisation_are_asked_about_by_nobody(world: Callable[..., World]) -> None:
    desk = world(people=people(ENDED))
    assert desk.receives(mail(DAVE)).reason == "not served: Acme"
    assert desk.sent("consult") == []


def test_the_account_manager_is_told_as_often_as_his_people_are(world: Callable[..., World]) -> None:
    desk = world(people=people(ENDED))
    told = []
    for _ in range(3):
        desk.receives(mail(CAROL))
        told.append(len(desk.sent()))
    assert told == [2, 0, 0]
    desk.time_passes(days=7, minutes=1)
    desk.receives(mail(CAROL))
    assert manager_heard(desk)


def test_the_last_day_of_a_plan_is_served_to_its_end_in_the_desks_zone(world: Callable[..., World]) -> None:
    desk = world(people=people(f"{MANAGED}\nuntil = 2026-03-02"), prefix='"EX"\ntime_zone = "America/Los_Angeles"')
    desk.time_passes(hours=22)  # 23:00 of the same day in Los Angeles
    assert desk.receives(mail(CAROL)).outcome == "ticket"
    desk.time_passes(hours=1, minutes=1)
    assert desk.receives(mail(CAROL)).reason == "not served: Acme"


def test_what_waits_is_handled_when_an_operator_releases_it(world: Callable[..., World]) -> None:
    desk = world(people=people(ENDED))
    receipt = desk.receives(mail(CAROL))
    assert released(desk, receipt).outcome == "ticket"
    assert desk.ticket()["requester"] == "carol@acme.example"


def test_what_nobody_released_is_dropped_when_its_time_is_over(world: Callable[..., World]) -> None:
    desk = world(people=people(ENDED))
    desk.receives(mail(CAROL))
    desk.time_passes(days=30, minutes=1)
    assert desk.rows()[0]["outcome"] == "refused"


# queues that a plan does not name


def test_a_contact_outside_his_plans_queues_is_told_which_addresses_it_names(world: Callable[..., World]) -> None:
    desk = world(people=people(MANAGED), queues=NARROW)
    receipt = desk.receives(mail(CAROL, to=SALES, subject="Prices", text="What is it?"))
    assert (receipt.outcome, receipt.reason) == ("held", "not in the plan: sales")
    letter = desk.the("redirect", CAROL)
    assert "support@example.com" in letter.text
    assert "Standard" in letter.text
    assert "Mona Manager" in letter.text
    assert b"Prices" not in letter.raw
    assert "carol@acme.example" in manager_heard(desk).text


def test_a_contact_reads_of_his_plan_in_his_own_language(world: Callable[..., World]) -> None:
    desk = world(people=people(MANAGED), queues=NARROW)
    desk.receives(mail(BOB, to=SALES))
    assert "Guten Tag" in desk.the("redirect", BOB).text


def test_a_contact_outside_his_plan_is_told_once_in_seven_days(world: Callable[..., World]) -> None:
    desk = world(people=people(MANAGED), queues=NARROW)
    told = []
    for _ in range(3):
        desk.receives(mail(CAROL, to=SALES))
        told.append(len(desk.sent()))
    assert told == [2, 0, 0]


def test_a_plan_that_names_no_queue_names_all(world: Callable[..., World]) -> None:
    desk = world(queues="[]")
    assert desk.receives(mail(CAROL, to=SALES)).outcome == "ticket"


def test_a_reply_into_a_ticket_goes_in_whatever_the_plan_names(world: Callable[..., World]) -> None:
    desk = world(queues=NARROW)
    receipt = desk.receives(mail(CAROL, to=SALES))
    released(desk, receipt)
    letter = desk.the("acknowledgement", CAROL)
    assert desk.replies(CAROL, letter, "One thing more.").ticket == "EX-10001"


def test_nobody_is_asked_to_let_a_stranger_in_where_no_contact_may_write(world: Callable[..., World]) -> None:
    desk = world(people=people(MANAGED), queues=NARROW)
    assert desk.receives(mail(DAVE, to=SALES)).reason == "not in the plan: sales"
    assert [each.name for each in desk.sent()] == ["redirect"]
    assert desk.receives(mail(DAVE, subject="Again")).reason.startswith("awaiting consent")
    assert len(desk.sent("consult")) == 2


def test_no_ticket_number_is_drawn_for_who_is_turned_away(world: Callable[..., World]) -> None:
    desk = world(queues=NARROW)
    desk.receives(mail(CAROL, to=SALES))
    assert desk.receives(mail(CAROL)).ticket == "EX-10001"
