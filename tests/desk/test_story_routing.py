"""Where a new request goes: rules, categories, levels; and what its queue says in letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import ALICE, CAROL, DIRECTORY, mail
from tests.desk.world import Sent, World

PEOPLE = (
    DIRECTORY
    + """
[[agent]]
name = "Lena Second"
addresses = ["lena@example.com"]
level = 2
queues = ["technical"]
[[agent]]
name = "Theo Third"
addresses = ["theo@example.com"]
level = 3
queues = ["technical"]
[[agent]]
name = "Mo Money"
addresses = ["mo@example.com"]
queues = ["money"]
"""
)
MORE = """
[queue.money]
title = "Accounts"
address = "money@example.com"
categories = ["Pricing", "Renewals"]
text = { status_pending = "We wait for your order.", status_solved = "It is on its way.", status_open = "We count." }
[queue.money.field.seats]
title = "Seats"
required = true
pattern = '[1-9]\\d*'

[[rule]]
when = { header = { "X-Product" = '(?i)^shop/(\\d+)' } }
then = { queue = "money", category = "Pricing", severity = 4, field = { seats = '\\1' } }
[[rule]]
when = { body = "(?i)directory service", plan = "standard" }
then = { level = 2 }
[[rule]]
when = { subject = "(?i)renew" }
then = { queue = "money" }
"""


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(MORE, people=PEOPLE)


def told_to(desk: World) -> set[str]:
    return {each.recipient for each in desk.sent("agent_ticket")}


def plain(letter: Sent) -> str:
    return " ".join(letter.text.split())


def test_a_rule_on_a_header_sets_queue_category_severity_and_field_and_why_shows_them(desk: World) -> None:
    desk.receives(mail(CAROL, headers={"X-Product": "Shop/25 (web)"}))
    ticket = desk.ticket()
    assert (ticket["queue"], ticket["category"], ticket["severity"]) == ("money", "Pricing", 4)
    assert ticket["fields"] == {"seats": "25"}
    assert told_to(desk) == {"mo@example.com"}
    assert "Category: Pricing Seats: 25" in plain(desk.the("agent_ticket"))
    assert desk.rows()[-1]["reason"].startswith(
        "a new request, sorted by rule 1 (queue money, category Pricing, severity 4)"
    )
    desk.replies("Mo Money <mo@example.com>", desk.the("agent_ticket"), "#why")
    told = plain(desk.the("receipt"))
    assert "sorted by rule 1 (queue money, category Pricing, severity 4)" in told
    assert 'EX-10001: set the field seats to "25"' in told


def test_the_fields_of_the_queue_that_the_rule_names_are_wanted_under_its_name(desk: World) -> None:
    desk.receives(mail(CAROL, subject="Please renew", text="We would like to go on."))
    wanted = desk.the("fields_wanted", CAROL)
    assert str(wanted.message["From"]).startswith("Accounts <support@example.com>")
    assert "Seats:" in plain(wanted)
    desk.replies(CAROL, wanted, "Seats: 30")
    assert desk.ticket()["fields"] == {"seats": "30"}
    assert "Status: new Seats: 30 " in plain(desk.the("agent_update", "mo@example.com"))


def test_an_answer_within_the_quoted_letter_is_shown_to_the_agents(desk: World) -> None:
    desk.receives(mail(CAROL, subject="Please renew", text="We would like to go on."))
    wanted = desk.the("fields_wanted", CAROL)
    quoted = "\n".join(f"> {line}".rstrip() for line in wanted.text.splitlines())
    text = f"See below.\n\nOn Monday Accounts wrote:\n{quoted.replace('> Seats:', '> Seats: 31')}\n"
    desk.receives(mail(CAROL, wanted.reply_to, f"Re: {wanted.subject}", text))
    assert "Seats: 31" in plain(desk.the("agent_update", "mo@example.com"))


def test_a_rules_level_and_the_command_reach_the_agents_of_that_level(desk: World) -> None:
    desk.receives(mail(CAROL, text="Our directory service stands still."))
    assert told_to(desk) == {"lena@example.com"}
    letter = desk.the("agent_ticket")
    desk.replies("Lena Second <lena@example.com>", letter, "#level 3")
    assert told_to(desk) == {"theo@example.com"}
    desk.replies("Theo Third <theo@example.com>", desk.the("agent_ticket"), "#level 1")
    assert told_to(desk) == {"alice@example.com", "anton@example.com", "mona@example.com"}
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#level 4")
    assert "did you mean #level 1|2|3?" in plain(desk.the("receipt"))


def test_a_mail_that_no_rule_fits_stays_where_it_was_written_to(desk: World) -> None:
    desk.receives(mail(CAROL))
    assert desk.rows()[-1]["reason"] == "a new request"
    assert told_to(desk) == {"alice@example.com", "anton@example.com", "mona@example.com"}


def test_letters_say_what_a_status_means_in_that_queue(desk: World) -> None:
    desk.receives(mail(CAROL, headers={"X-Product": "shop/2"}))
    letter = desk.the("agent_ticket")
    mo = "Mo Money <mo@example.com>"
    desk.replies(mo, letter, "#pending\n\nWhich ones?")
    for told in (desk.the("reply", CAROL).text, desk.the("reply", CAROL).html):
        assert "We wait for your order." in told
        assert "as soon as we have your answer" not in told
    desk.replies(mo, letter, "#open")
    for told in (desk.the("status", CAROL).text, desk.the("status", CAROL).html):
        assert "We count." in told
        assert "news or a question" not in told
    desk.replies(mo, letter, "#solved")
    for told in (desk.the("solved", CAROL).text, desk.the("solved", CAROL).html):
        assert "It is on its way." in told
        assert "just reply before then" in " ".join(told.split())
    desk.replies(mo, letter, "#queue technical\n#pending")
    assert "waiting for you" in plain(desk.the("status", CAROL))


def test_a_queue_has_letters_of_its_own_wherever_a_rule_sends_the_request(
    world: Callable[..., World], tmp_path: Path
) -> None:
    own = tmp_path / "mine" / "queues" / "money" / "en" / "acknowledgement.txt"
    own.parent.mkdir(parents=True)
    own.write_text("Subject: Order {{ reference }}\nAccounts has it.\n")
    desk = world(MORE, people=PEOPLE, name='"Example Support"\ntemplates = "mine"')
    desk.receives(mail(CAROL, subject="Renewal", text="Seats: 4"))
    assert "Accounts has it." in desk.the("acknowledgement").text
    desk.receives(mail(CAROL, subject="It stops"))
    assert "Accounts has it." not in desk.the("acknowledgement").text


def test_a_customers_category_is_kept_and_shown(world: Callable[..., World]) -> None:
    desk = world(MORE, people=PEOPLE, queues='["technical", "money"]')
    desk.receives(mail(CAROL, "money@example.com", text="Category: renewals\nSeats: 3\n\nPlease renew."))
    assert desk.ticket()["category"] == "Renewals"
    assert "Category: Renewals" in plain(desk.the("agent_ticket"))
