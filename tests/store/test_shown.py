"""What a customer may see: his organisation's open tickets, his own parts, and never anybody else's."""

from __future__ import annotations

from datetime import timedelta

from maildesk.policy.requests import asked
from maildesk.store import people, thread
from maildesk.store import shown as module
from maildesk.store.match import Question, places
from maildesk.store.moments import micros
from maildesk.store.order import served
from maildesk.store.shown import MOST, shown
from maildesk.words import (
    AddMessage,
    AddParticipants,
    Address,
    Facts,
    MergeTicket,
    Outcome,
    RecordEvent,
    Ruling,
    SetStatus,
    Shown,
    Status,
    Visibility,
)
from tests.builders import ALICE, BOB, CAROL, DAVE, START, STRANGER, SUPPORT, mail
from tests.store.house import House, filed
from tests.store.plans import scans

GIL = "Gil Glow <gil@globex.example>"
CAROLS_OTHER = "Carol Jones <carol.jones@acme.example>"
MANY = 10_000


def sees(house: House, sender: str, text: str, **fields: object) -> Shown:
    return house.gathers(mail(sender, text=text, **fields)).shown  # type: ignore[arg-type]


def says(house: House, sender: str, text: str, reference: str, visibility: Visibility, rule: str) -> None:
    """A message of the thread, as that rule takes it in."""

    def ruling(_: Facts) -> Ruling:
        return Ruling(Outcome.MESSAGE, "x", (rule,), (AddMessage(reference, visibility, "x"),), reference)

    house.later(minutes=10)
    house.takes(mail(sender, text=text), ruling)


def joins(house: House, address: str, reference: str) -> None:
    house.later(minutes=10)
    house.takes(mail(CAROL), filed(Outcome.MESSAGE, AddParticipants(reference, (Address(address),), "x")))


def test_a_contact_sees_his_organisations_open_tickets_and_no_other_organisations(house: House) -> None:
    for _ in range(3):
        house.opens()
    house.takes(mail(CAROL), filed(Outcome.MESSAGE, SetStatus("EX-10002", Status.CLOSED, "x")))
    for each in (CAROL, BOB, CAROLS_OTHER):
        assert [ticket.reference for ticket in sees(house, each, "status").tickets] == ["EX-10001", "EX-10003"]
    assert sees(house, GIL, "status") == Shown(takes_part=True)
    assert sees(house, GIL, "status EX-10001") == sees(house, GIL, "status EX-99999") == Shown(takes_part=True)


def test_whoever_is_no_contact_sees_what_he_takes_part_in(house: House) -> None:
    house.opens()
    house.opens()
    joins(house, "dave@acme.example", "EX-10002")
    assert [ticket.reference for ticket in sees(house, DAVE, "status").tickets] == ["EX-10002"]
    assert sees(house, DAVE, "copy EX-10001") == Shown(takes_part=True)
    assert sees(house, DAVE, "status EX-10002").ticket is not None


def test_a_stranger_takes_part_in_nothing_and_sees_nothing(house: House) -> None:
    house.opens()
    for request in ("status", "status EX-10001", "copy EX-10001", "close EX-10001"):
        assert sees(house, STRANGER, request) == Shown()


def test_a_mail_that_asks_for_nothing_loads_nothing(house: House) -> None:
    house.opens()
    assert sees(house, CAROL, "Hello,\n\nit fails again.") == Shown()


def test_a_contact_with_a_place_in_another_organisations_ticket_sees_that_one_besides(house: House) -> None:
    house.opens()
    joins(house, "gil@globex.example", "EX-10001")
    assert [ticket.reference for ticket in sees(house, GIL, "status").tickets] == ["EX-10001"]


def test_a_merged_reference_leads_to_the_survivor_however_often(house: House) -> None:
    for _ in range(3):
        house.opens()
    for one, other in (("EX-10003", "EX-10002"), ("EX-10002", "EX-10001")):
        merged = MergeTicket(one, other, "x"), SetStatus(one, Status.CLOSED, "x")
        house.takes(mail(CAROL), filed(Outcome.COMMAND, *merged))
    found = sees(house, CAROL, "status EX-10003")
    assert found.ticket is not None
    assert (found.ticket.reference, found.tickets[0].reference) == ("EX-10001", "EX-10001")
    assert sees(house, GIL, "status EX-10003") == Shown(takes_part=True)


def test_what_is_done_inside_is_no_change_that_a_customer_sees(house: House) -> None:
    house.opens()
    says(house, CAROL, "One more thing.", "EX-10001", Visibility.PUBLIC, "conversation")
    before = sees(house, CAROL, "status EX-10001").tickets[0]
    says(house, ALICE, "#note\nwell", "EX-10001", Visibility.NOTE, "agent")
    house.takes(mail(CAROL), filed(Outcome.COMMAND, RecordEvent("EX-10001", "triage", "alice@example.com")))
    assert sees(house, CAROL, "status EX-10001").tickets == (before,)
    assert before.updated == START + timedelta(minutes=10)


# the thread


def test_a_copy_is_the_public_words_in_order_with_their_files(house: House) -> None:
    house.opens(mail(attachments=[("page3.png", b"x", "image/png")]))
    says(house, ALICE, "#take\nWhich version?\n-- \nalice@example.com", "EX-10001", Visibility.PUBLIC, "agent")
    says(house, ALICE, "Nobody may see this.", "EX-10001", Visibility.NOTE, "agent")
    says(house, BOB, "4.1", "EX-10001", Visibility.PUBLIC, "conversation")
    said = sees(house, CAROL, "copy EX-10001").thread
    assert [(each.writer, each.text.split("\n")[0], each.attachments) for each in said] == [
        ("Carol Jones", "Hello,", ("page3.png",)),
        ("Alice Agent", "Which version?", ()),
        ("Bob Brown", "4.1", ()),
    ]
    assert all("alice@" not in each.text for each in said)


def test_of_an_agent_who_has_left_nothing_but_his_words_is_shown(house: House) -> None:
    house.opens()
    for sender in (ALICE, "alice@example.com", '"alice@example.com" <alice@example.com>'):
        says(house, sender, "#take\nWhich version?", "EX-10001", Visibility.PUBLIC, "agent")
    house.store.execute("DELETE FROM agent WHERE name = 'Alice Agent'")
    said = sees(house, CAROL, "copy EX-10001").thread
    assert [(each.writer, each.text) for each in said[1:]] == [
        ("Alice Agent", "Which version?"),
        ("", "Which version?"),
        ("", "Which version?"),
    ]


def test_an_address_is_shown_of_people_of_the_ticket_alone(house: House) -> None:
    house.opens()
    for sender in ("carol@acme.example", "zoe@partner.example"):
        says(house, sender, "I see", "EX-10001", Visibility.PUBLIC, "conversation")
    assert [each.writer for each in sees(house, CAROL, "copy EX-10001").thread][1:] == ["carol@acme.example", ""]


def test_whoever_was_let_in_later_gets_what_was_written_since(house: House) -> None:
    house.opens()
    says(house, CAROL, "before", "EX-10001", Visibility.PUBLIC, "conversation")
    joins(house, "dave@acme.example", "EX-10001")
    says(house, CAROL, "after", "EX-10001", Visibility.PUBLIC, "conversation")
    assert [each.text for each in sees(house, DAVE, "copy EX-10001").thread] == ["after"]
    assert len(sees(house, BOB, "copy EX-10001").thread) == 3


def test_whoever_was_there_from_the_beginning_gets_all(house: House) -> None:
    house.opens(None, AddParticipants("EX-10001", (Address("dave@acme.example"),), "x"))
    says(house, CAROL, "after", "EX-10001", Visibility.PUBLIC, "conversation")
    assert len(sees(house, DAVE, "copy EX-10001").thread) == 2


def test_of_a_long_thread_the_newest_are_read_and_the_others_counted(house: House) -> None:
    house.opens()
    for number in range(4):
        says(house, CAROL, f"number {number}", "EX-10001", Visibility.PUBLIC, "conversation")
    ticket = sees(house, CAROL, "copy EX-10001").ticket
    assert ticket is not None
    said, more = thread.said(asks(house, CAROL), ticket, most=2)
    assert ([each.text for each in said], more) == (["number 2", "number 3"], 3)


def test_a_history_is_in_words_and_says_when_it_was_escalated_last(house: House) -> None:
    house.opens()
    house.later(hours=1)
    changed = SetStatus("EX-10001", Status.OPEN, "alice@example.com"), RecordEvent("EX-10001", "escalated", "x")
    house.takes(mail(CAROL), filed(Outcome.COMMAND, *changed))
    found = sees(house, CAROL, "escalate EX-10001")
    assert found.escalated == START + timedelta(hours=1)
    words = [each for _, each in found.history]
    assert words[0] == "opened (carol@acme.example)"
    assert "status new \u2192 open (alice@example.com)" in words


# many


def crowd(house: House) -> None:
    """10,000 tickets: a hundred of each organisation, the others of nobody."""
    ours, theirs = (
        int((house.store.one("SELECT id FROM organisation WHERE name = ?", (name,)) or (0,))[0])
        for name in ("Acme", "Globex")
    )
    owners = [ours] * 100 + [theirs] * 100 + [None] * (MANY - 200)
    at = micros(START)
    rows = [
        (number, f"EX-{number}", "technical", SUPPORT, "x", f"p{number}@x.example", owner, "open", at, at)
        for number, owner in enumerate(owners, 1)
    ]
    house.store.many(
        "INSERT INTO ticket (number, reference, queue, address, subject, requester, organisation_id, status,"
        " status_since, opened, requester_name, severity, category, level, first_response_kind)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 3, '', 1, '')",
        rows,
    )


def asks(house: House, sender: str, text: str = "status") -> Question:
    facts = house.gathers(mail(sender, text=text))
    staff = people.agents(house.store, house.now)
    return Question(house.store, facts.mail, facts.envelope, house.now, house.config, (b"k" * 32,), staff)


def test_of_very_many_tickets_the_list_shows_some_and_counts_the_others(house: House) -> None:
    crowd(house)
    ask = asks(house, CAROL)
    writer, _ = people.who(house.store, ask.mail.sender, house.config, house.now, ask.staff)
    found = shown(ask, writer, asked(ask.mail)[0], None)
    assert (len(found.tickets), found.more) == (MOST, 50)


def test_the_list_is_found_by_indexes_alone(house: House) -> None:
    crowd(house)
    mine = module.OPEN.format(addresses=places(1))
    values = (1, "carol@acme.example", "carol@acme.example")
    order, plans = served(house.config)
    part = (module.PART, values[1:])
    for sql, given in (
        (module.LISTED.format(open=mine, order=order), (*values, *plans, 51)),
        (module.COUNT.format(open=mine), values),
        part,
    ):
        assert scans(house.store, sql, given) == [], sql
