"""Of a person who is exported or erased: intake fields, and mails that agents passed on in his name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from maildesk.store import views
from maildesk.store.database import Store
from tests.builders import ALICE, BOB, mail
from tests.desk.world import World
from tests.store.test_person_erase import ADDRESS, HIM, NAME, PEOPLE, goes, leaves, of, rows

FIELDS = """
[queue.technical.field.device]
title = "Device id"
required = true
[queue.technical.field.place]
title = "Place"
"""
FORWARD = (
    "#take\n\nCan somebody look at this?\n\n---------- Forwarded message ---------\n"
    f"From: {HIM}\nDate: Mon, 2 Mar 2026 09:00:00 +0000\nSubject: zeppelin-subject\nTo: <{ALICE}>\n\n"
    "Device id: mandrake-device\n\nSince today the heliotrope export stops.\n"
)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Iterator[World]:
    made = World(store, tmp_path, FIELDS, PEOPLE, {})
    yield made
    made.stop()


def forwarded(desk: World) -> str:
    """His ticket, opened by an agent's forward with a file."""
    files = [("obelisk-file.txt", b"obsidian-octets", "text/plain")]
    desk.receives(mail(ALICE, subject="Fwd: zeppelin-subject", text=FORWARD, attachments=files))
    desk.replies(ALICE, desk.the("confirm", ALICE), "yes")
    return str(desk.the("acknowledgement").message["X-Maildesk-Ticket"])


def left(desk: World, *canaries: str) -> list[tuple[str, str]]:
    def ask(store: Store) -> list[tuple[str, str]]:
        return [(table, each) for table, octets in rows(store) for each in canaries if each.encode() in octets.lower()]

    found: list[tuple[str, str]] = desk.ask(ask)
    return found


def test_fields_of_his_tickets_are_exported_with_who_told_them(desk: World) -> None:
    desk.receives(mail(HIM, text="Device id: mandrake-device\n\nIt stops."))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#field place lavender-room")
    told = of(desk, ADDRESS)
    assert told["tickets"][0]["fields"] == {"device": "mandrake-device", "place": "lavender-room"}
    events = [(each["by"], each["field"], each["value"]) for each in told["events"] if each["event"] == "field"]
    assert events == [(ADDRESS, "device", "mandrake-device"), ("alice@example.com", "place", "lavender-room")]


def test_fields_of_his_tickets_go_from_ticket_history_letters_and_what_is_said_of_mails(desk: World) -> None:
    desk.receives(mail(HIM, text="Device id: mandrake-device\n\nIt stops."))
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#field place lavender-room\n#status")
    desk.replies(ALICE, letter, '#field place "lavender" by me, by somebody')
    leaves(desk)
    assert left(desk, "lavender", "mandrake")
    goes(desk)
    assert left(desk, "lavender", "mandrake") == []
    ticket = desk.ticket()
    assert ticket["fields"] == {}
    told = [sorted(each) for each in ticket["events"] if each["event"] == "field"]
    assert told == [["at", "by", "event", "field"]] * 3
    last = str(desk.rows()[-1]["id"])
    [why] = desk.ask(lambda store: views.why(store, last))
    assert "EX-10001: set the field place, by alice@example.com" in why["decisions"]


def test_in_a_ticket_of_somebody_else_go_the_values_that_he_told(desk: World) -> None:
    desk.receives(mail(BOB, cc=HIM, text="Place: Berlin\n\nIt stops."))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which device is it?")
    desk.replies(HIM, desk.the("reply", ADDRESS), "Device id: mandrake-device")
    leaves(desk)
    assert desk.ticket()["fields"] == {"place": "Berlin", "device": "mandrake-device"}
    goes(desk)
    assert desk.ticket()["fields"] == {"place": "Berlin"}
    assert left(desk, "mandrake") == []


def test_what_an_agent_passed_on_in_his_name_is_exported_as_his(desk: World) -> None:
    reference = forwarded(desk)
    told = of(desk, ADDRESS)
    [passed_on] = told["mails"]
    assert (passed_on["ticket"], passed_on["outcome"]) == (reference, "ticket")
    assert "Since today the heliotrope export stops." in passed_on["text"]
    assert [each["name"] for each in passed_on["attachments"]] == ["obelisk-file.txt"]
    assert told["tickets"][0]["fields"] == {"device": "mandrake-device"}
    assert {each["letter"] for each in told["letters"]} >= {"acknowledgement"}


def test_what_an_agent_passed_on_in_his_name_goes_with_him(desk: World) -> None:
    reference = forwarded(desk)
    desk.receives(
        mail(BOB, subject="Mine", text="Device id: D1\n\nHe wrote:\n\nSince today the heliotrope export stops.")
    )
    leaves(desk)
    goes(desk)
    canaries = ("mandrake", "heliotrope", "zeppelin", "obelisk", "obsidian", ADDRESS, NAME.lower())
    bobs = {
        ("mail", "heliotrope"),
        ("letter", "heliotrope"),
        ("chunk", "heliotrope"),
    }  # his own words, in his own ticket
    assert set(left(desk, *canaries)) <= bobs
    ticket = desk.ticket(reference)
    assert (ticket["subject"], ticket["fields"], ticket["owner"]) == ("(erased)", {}, "alice@example.com")
    agents: list[Any] = [each for each in desk.rows() if each["ticket"] == reference]
    assert agents


def test_the_export_of_the_agent_has_his_mail_too(desk: World) -> None:
    forwarded(desk)
    assert [each["outcome"] for each in of(desk, "alice@example.com")["mails"]].count("ticket") == 1
