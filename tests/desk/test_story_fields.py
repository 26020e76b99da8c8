"""Intake fields: filled from what customers write, set by agents, asked for by mail where they are empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest

from tests.builders import ALICE, BOB, CAROL, SUPPORT, mail
from tests.desk.world import Sent, World

FIELDS = """
[queue.technical.field.product]
title = "Product"
required = true
choices = ["Backup", "Archive", "Sync"]
[queue.technical.field.version]
title = "Product version"
required = true
pattern = '\\d+(\\.\\d+)*'
example = "8.2"
supported = ["8", "7"]
[queue.technical.field.device]
title = "Device id"
[queue.sales.field.seats]
title = "Seats"
pattern = '[1-9]\\d*'
"""


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(FIELDS)


def fields(desk: World, reference: str = "EX-10001") -> dict[str, str]:
    found: dict[str, str] = desk.ticket(reference)["fields"]
    return found


def names(desk: World) -> list[str]:
    return sorted({each.name for each in desk.sent()})


def plain(letter: Sent) -> str:
    return letter.text.replace("\r\n", "\n")


def asked(desk: World, text: str = "Hello,\n\nthe export stops.") -> Sent:
    desk.receives(mail(CAROL, text=text))
    return desk.the("fields_wanted", CAROL)


# what customers write


def test_lines_of_the_first_mail_fill_the_fields_and_nobody_is_asked(desk: World) -> None:
    text = "product: backup\nProduct Version: 8.2.1\n\nthe export stops.\n\nDevice ID：  A-17  "
    desk.receives(mail(CAROL, text=text))
    assert fields(desk) == {"product": "Backup", "version": "8.2.1", "device": "A-17"}
    assert names(desk) == ["acknowledgement", "agent_ticket"]
    told = plain(desk.the("agent_ticket", ALICE))
    assert "Product: Backup\nProduct version: 8.2.1\nDevice id: A-17\n" in told
    assert "support" not in plain(desk.the("acknowledgement")).partition("Your reply")[0].lower()


def test_what_is_lacking_is_asked_for_beside_the_acknowledgement(desk: World) -> None:
    letter = asked(desk, "Device id: A-17\nProduct: Toaster\n\nIt burns.")
    assert fields(desk) == {"device": "A-17"}
    assert "- Product (one of Backup, Archive, Sync) - what you wrote is none of" in plain(letter)
    assert "- Product version (such as 8.2)\n" in plain(letter)
    assert "\nProduct:\nProduct version:\n" in plain(letter)
    assert "Toaster" not in plain(letter)
    assert "Device" not in plain(letter)
    assert desk.the("acknowledgement", CAROL)
    assert "Not told yet: Product, Product version" in plain(desk.the("agent_ticket", ALICE))
    assert letter.message["Auto-Submitted"] == "auto-replied"


def test_the_link_opens_a_mail_with_the_lines_to_fill_in_and_that_mail_fills_them(desk: World) -> None:
    letter = asked(desk)
    link = letter.html.partition('href="mailto:')[2].partition('"')[0].replace("&amp;", "&")
    body = unquote(link.partition("&body=")[2])
    assert body == "Product: \r\nProduct version: "
    desk.receives(mail(CAROL, letter.reply_to, "Re: x", body.replace("Product: ", "Product: sync") + "7\r\n"))
    assert fields(desk) == {"product": "Sync", "version": "7"}
    assert names(desk) == ["agent_update"]


@pytest.mark.parametrize(
    "written",
    [
        "> Product: Backup\n> Product version: 8.2",
        "> Product:Backup\n>\n>   Product version:    8.2   ",
        "> Product:\nBackup\n> Product version:\n\n8.2\n",
        "> *Product:* Backup\n> *Product version*: 8.2",
        "> - Product: Backup\n>> Product version: 8.2",
    ],
)
def test_the_letter_is_filled_in_where_it_is_quoted(desk: World, written: str) -> None:
    letter = asked(desk)
    quoted = "\n".join(f"> {line}".rstrip() for line in plain(letter).splitlines())
    blank = "> Product:\n> Product version:"
    assert blank in quoted
    text = f"Please see below.\n\nOn Monday Technical Support wrote:\n{quoted.replace(blank, written)}\n"
    desk.receives(mail(CAROL, letter.reply_to, f"Re: {letter.subject}", text))
    assert fields(desk) == {"product": "Backup", "version": "8.2"}


OUTLOOK = "From: Technical Support <support@example.com>\nSent: Monday, 2 March 2026 09:00\nTo: Carol\nSubject: x\n\n"


def test_the_letter_is_filled_in_where_it_is_quoted_without_marks(desk: World) -> None:
    letter = asked(desk)
    quoted = plain(letter).replace("\nProduct:\nProduct version:\n", "\nProduct: Backup\nProduct version: 8.2\n")
    desk.receives(mail(CAROL, letter.reply_to, f"Re: {letter.subject}", f"Done, see below.\n\n{OUTLOOK}{quoted}"))
    assert fields(desk) == {"product": "Backup", "version": "8.2"}
    assert "Product: Backup" in plain(desk.the("agent_update", ALICE))


@pytest.mark.parametrize("around", ["<blockquote>{}</blockquote>", "<div><hr>{}</div>"])
def test_the_letter_is_filled_in_as_html(desk: World, around: str) -> None:
    letter = asked(desk)
    page = letter.html.partition("<body")[2].partition(">")[2].partition("</body>")[0]
    filled = page.replace("Product:<br>", "Product: <b>Backup</b><br>").replace("version:<br>", "version: 8.2<br>")
    assert filled.count("Backup</b>") == 1
    head = OUTLOOK.replace("<", "&lt;").replace("\n", "<br>")
    html = f"<html><body><p>Done, see below.</p>{head}{around.format(filled)}</body></html>"
    desk.receives(mail(CAROL, letter.reply_to, f"Re: {letter.subject}", "", html=html))
    assert fields(desk) == {"product": "Backup", "version": "8.2"}


def test_lines_quoted_from_other_letters_fill_nothing(desk: World) -> None:
    asked(desk)
    acknowledged = desk.the("acknowledgement", CAROL)
    text = "See here:\n\nOn Monday somebody wrote:\n> Product: Backup\n"
    desk.receives(mail(CAROL, acknowledged.reply_to, "Re: it stops", text))
    assert fields(desk) == {}


def test_a_ticket_is_asked_twice_at_most(desk: World) -> None:
    first = asked(desk)
    desk.replies(CAROL, first, "Product: Backup\nProduct version: newest")
    second = desk.the("fields_wanted", CAROL)
    assert "- Product version (such as 8.2) - what you wrote does not have this form" in " ".join(plain(second).split())
    assert "\nProduct:\n" not in plain(second)
    desk.replies(CAROL, second, "I do not know.")
    desk.replies(CAROL, second, "Product version: still the newest")
    assert names(desk) == ["agent_update"]
    assert fields(desk) == {"product": "Backup"}
    desk.replies(CAROL, second, "Product version: 7.1")
    assert fields(desk) == {"product": "Backup", "version": "7.1"}


def test_a_mail_that_has_nothing_to_do_with_it_asks_nobody_again(desk: World) -> None:
    asked(desk)
    desk.replies(CAROL, desk.the("acknowledgement", CAROL), "It also happens on Tuesdays.")
    assert names(desk) == ["agent_update"]


def test_whoever_takes_part_may_fill_what_is_empty_and_changes_nothing(desk: World) -> None:
    desk.receives(mail(CAROL, cc=BOB, text="Product: Backup\n\nIt stops."))
    agent = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, agent, "Which version is it?")
    desk.replies(BOB, desk.the("reply", BOB), "Product: Sync\nProduct version: 8")
    assert fields(desk) == {"product": "Backup", "version": "8"}
    events = [
        (each["by"], each["field"], each["value"]) for each in desk.ticket()["events"] if each["event"] == "field"
    ]
    assert events == [("carol@acme.example", "product", "Backup"), ("bob@acme.example", "version", "8")]


def test_a_machine_that_answers_at_once_gets_two_letters_and_no_more(desk: World) -> None:
    letter = asked(desk)
    for _ in range(4):
        desk.now += timedelta(seconds=5)
        desk.replies(CAROL, letter, "Your mail has been received.")
        letter = next(iter(desk.sent("fields_wanted")), letter)
    assert desk.sent("fields_wanted") == []


def test_filling_in_at_once_is_no_answer_of_a_machine(desk: World) -> None:
    for number in range(5):
        desk.now += timedelta(hours=2)
        desk.receives(mail(CAROL, message_id=f"<{number}@acme.example>", text=f"Number {number}."))
        letter = desk.the("fields_wanted", CAROL)
        desk.now += timedelta(seconds=30)
        desk.replies(CAROL, letter, "Product: Sync\nProduct version: 8", message_id=f"<a{number}@acme.example>")
    assert desk.ticket("EX-10005")["fields"] == {"product": "Sync", "version": "8"}


def test_nobody_is_asked_more_often_than_he_is_acknowledged(desk: World) -> None:
    for number in range(6):
        desk.receives(mail(CAROL, message_id=f"<{number}@acme.example>", text=f"Number {number}."))
    assert names(desk) == ["agent_ticket"]
    assert "fields_wanted suppressed: acks_per_contact" in desk.rows()[-1]["reason"]


def test_an_agents_own_mail_fills_nothing_and_asks_nobody(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Product: Backup is what you need.")
    assert fields(desk) == {}
    assert "fields_wanted" not in names(desk)


@pytest.mark.parametrize("value", ["x" * 201, "\u202e", "____", "...", "8.2\u00a0 beta", "-8"])
def test_what_a_field_does_not_take_is_not_kept(desk: World, value: str) -> None:
    desk.receives(mail(CAROL, text=f"Product version: {value}\n\nIt stops."))
    assert fields(desk) == {}


# versions


@pytest.mark.parametrize("version", ["6.9", "9", "80", "0.8"])
def test_a_version_that_is_not_supported_is_told_to_both(desk: World, version: str) -> None:
    desk.receives(mail(CAROL, text=f"Product: Sync\nProduct version: {version}\n\nIt stops."))
    assert "We support only 8 and 7 (Product version)" in " ".join(plain(desk.the("acknowledgement")).split())
    assert f"Product version: {version} (not supported: only 8 and 7)" in plain(desk.the("agent_ticket", ALICE))


def test_a_version_that_an_answer_tells_is_looked_at_too(desk: World) -> None:
    letter = asked(desk, "Product: Sync\n\nIt stops.")
    desk.replies(CAROL, letter, "Product version: 5")
    told = plain(desk.the("fields_wanted", CAROL))
    assert "We support only 8 and 7 (Product version)" in " ".join(told.split())
    assert "\nProduct version:" not in told


# what agents write


def test_agents_set_fields_by_name_or_title_and_empty_them(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#field version 8.2\n#field PRODUCT archive\n#field device id: B 12\n#take")
    assert fields(desk) == {"version": "8.2", "product": "Archive", "device": "B 12"}
    told = plain(desk.the("receipt", ALICE))
    assert "- field: Product version: 8.2\n- field: Product: Archive\n- field: Device id: B 12\n" in told
    assert names(desk) == ["receipt"]
    desk.replies(ALICE, letter, "#field Device id\n#status")
    told = plain(desk.the("receipt", ALICE))
    assert "- emptied: Device id" in told
    assert "Product: Archive\nProduct version: 8.2\n" in told
    assert "Device id:" not in told.partition("EX-10001 ")[2]
    assert fields(desk) == {"version": "8.2", "product": "Archive"}


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("#field prodct backup", "did you mean #field Product backup?"),
        ("#field product bakup", "did you mean #field Product Backup?"),
        ("#field product toaster", "did you mean #field Product Backup|Archive|Sync?"),
        ("#field prodct version 8", "did you mean #field Product version 8?"),
        (
            "#field version newest",
            "does not have the form that this field wants; did you mean #field Product version 8.2?",
        ),
        ("#field", "did you mean #field Product|Product version|Device id VALUE?"),
        ("#field seats 7", "did you mean #field Product|Product version|Device id VALUE?"),
        (f"#field device {'x' * 201}", "is longer than 200 characters"),
        ("#feld produkt Sync", "did you mean #field Product Sync?"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_nearest_and_nothing_goes_out(
    desk: World, line: str, right: str
) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), f"{line}\n#field device C3\n\nDear Carol, soon.")
    assert names(desk) == ["receipt"]
    assert right in " ".join(plain(desk.the("receipt")).split())
    assert fields(desk) == {"device": "C3"}


def test_the_queue_that_the_mail_names_has_the_fields(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#field seats 12\n#queue sales")
    assert fields(desk) == {"seats": "12"}
    assert "- field: Seats: 12" in plain(desk.the("receipt", ALICE))
    assert "Seats: 12" in plain(desk.the("agent_ticket"))


def test_a_queue_without_fields_has_none(world: Callable[..., World]) -> None:
    desk = world()
    desk.receives(mail(CAROL, text="Product: Backup"))
    assert names(desk) == ["acknowledgement", "agent_ticket"]
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#field product Backup")
    assert "the queue has no fields" in plain(desk.the("receipt", ALICE))


def test_a_forward_in_a_customers_name_is_read_as_his_own_mail(desk: World) -> None:
    text = (
        "#field device D4\n\nCan you take this?\n\n---------- Forwarded message ---------\n"
        f"From: {CAROL}\nDate: Mon, 2 Mar 2026 09:00:00 +0000\nSubject: It stops\nTo: <{ALICE}>\n\n"
        "Product: Backup\n\nIt stops.\n"
    )
    desk.receives(mail(ALICE, subject="Fwd: It stops", text=text))
    desk.replies(ALICE, desk.the("confirm", ALICE), "yes")
    assert fields(desk) == {"product": "Backup", "device": "D4"}
    assert "\nProduct version:\n" in plain(desk.the("fields_wanted", CAROL))


def test_a_ticket_that_an_agent_begins_takes_his_fields_and_asks_the_customer_nothing(desk: World) -> None:
    text = f"#field product sync\n#field version 8\n#new {CAROL}\n\nDear Carol, your update is here."
    desk.receives(mail(ALICE, subject="Your update", text=text))
    desk.replies(ALICE, desk.the("confirm", ALICE), "yes")
    assert fields(desk) == {"product": "Sync", "version": "8"}
    assert names(desk) == ["receipt", "reply"]


def test_a_closed_ticket_can_still_be_sorted(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#closed")
    desk.replies(ALICE, letter, "#field product sync\n#field product archive\n#field product archive")
    assert fields(desk) == {"product": "Archive"}
    assert names(desk) == ["receipt"]
    assert [each["value"] for each in desk.ticket()["events"] if each["event"] == "field"] == ["Sync", "Archive"]


def test_why_tells_which_value_came_from_where(desk: World) -> None:
    desk.receives(mail(CAROL, SUPPORT, text="Product: Backup\n\nIt stops."))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#why")
    told = " ".join(plain(desk.the("receipt", ALICE)).split())
    assert 'EX-10001: set the field product to "Backup", by carol@acme.example' in told
