"""Sorting rules at their edges, and what the reason of a mail says of them."""

from __future__ import annotations

from typing import Any

import pytest

from maildesk.words import Incoming, OpenTicket, Ruling, SetField, Stranger, Ticket
from tests.policy.given import CAROL, Address, config, from_customer, mail, ruled

FIELDS = """
[queue.technical.field.version]
title = "Version"
pattern = '\\d+(\\.\\d+)*'
[queue.technical.field.os]
[queue.technical.field.product]
choices = ["Pro", "Lite"]
[queue.sales.field.seats]
"""


def sorted_by(rules: str, given: Incoming, **facts: Any) -> tuple[Ticket, Ruling]:
    ruling = ruled(from_customer(mail=given, **facts), config(FIELDS + rules))
    return next(each.ticket for each in ruling.decisions if isinstance(each, OpenTicket)), ruling


def filled(rules: str, given: Incoming) -> dict[str, str]:
    _, ruling = sorted_by(rules, given)
    return {each.field: each.value for each in ruling.decisions if isinstance(each, SetField)}


def rule(when: str, then: str) -> str:
    return f"[[rule]]\nwhen = {{ {when} }}\nthen = {{ {then} }}\n"


@pytest.mark.parametrize(
    ("when", "then", "found"),
    [
        ("subject = 'on (\\w+) (\\d+)'", "field = { os = '\\1', version = '\\2' }", {"os": "Debian", "version": "12"}),
        ("subject = 'on', body = 'v(\\d+)'", "field = { version = '\\1.0' }", {"version": "7.0"}),
        ("from = '@(acme)', body = 'v(\\d+)'", "field = { version = '\\1' }", {"version": "7"}),
        ("from = '@(acme)'", "field = { os = 'of \\1' }", {"os": "of acme"}),
        ("header = { 'X-Product' = '(?i)(pro|lite)' }", "field = { product = '\\1' }", {"product": "Pro"}),
        ("header = { 'x-product' = '(?P<what>\\w+)$' }", "field = { product = '\\g<what>' }", {"product": "Pro"}),
        ("subject = 'on (\\w+)( beta)?'", "field = { os = '\\1\\2' }", {"os": "Debian"}),
        ("subject = 'on'", "field = { os = 'Linux' }", {"os": "Linux"}),
        ("subject = 'on (\\w+)'", "field = { version = '\\1' }", {}),
        ("subject = 'on (\\w+)'", "field = { product = '\\1' }", {}),
        ("subject = 'on (\\w+)'", "field = { seats = '12', os = '\\1' }", {"os": "Debian"}),
        ("subject = '(Crash)'", "field = { os = '\\0!' }", {"os": "Crash!"}),
    ],
)
def test_a_rule_fills_fields_with_what_its_first_groups_have_caught(
    when: str, then: str, found: dict[str, str]
) -> None:
    given = mail(subject="Crash on Debian 12", text="It was v7.", headers=(("X-Product", "my PRO"), ("X-Product", "x")))
    assert filled(rule(when, then), given) == found


def test_a_rules_value_goes_before_the_mails_and_one_that_does_not_fit_leaves_room_for_it() -> None:
    given = mail(subject="Crash on Debian", text="os: Windows\nversion: 9\n\nHelp")
    rules = rule("subject = 'on (\\w+)'", "field = { os = '\\1', version = '\\1' }")
    assert filled(rules, given) == {"os": "Debian", "version": "9"}


def test_the_reason_says_which_rule_it_was_and_what_it_set() -> None:
    rules = rule("subject = 'never'", "level = 2") + rule(
        "body = 'fire'", "queue = 'sales', category = 'money', severity = 2, level = 2, field = { seats = '5' }"
    )
    ticket, ruling = sorted_by(rules, mail())
    assert "sorted by rule 2 (queue sales, category money, severity 2, level 2)" in ruling.reason
    assert ("seats", "5") in [(each.field, each.value) for each in ruling.decisions if isinstance(each, SetField)]
    assert (ticket.queue, ticket.category, ticket.severity, ticket.level) == ("sales", "money", 2, 2)


def test_the_reason_says_where_the_customers_own_severity_stood_above_the_rules() -> None:
    ticket, ruling = sorted_by(rule("body = 'fire'", "severity = 2"), mail(text="Severity: low\n\nfire"))
    assert "sorted by rule 1 (severity 2), severity 4 as the mail says" in ruling.reason
    assert ticket.severity == 4


def test_the_customers_first_lines_name_a_category_of_the_queue_and_rules_may_ask_for_it() -> None:
    rules = rule("category = 'pro'", "queue = 'sales', level = 2")
    ticket, ruling = sorted_by(rules, mail(text="Category:  PRO \n\nIt burns."))
    assert (ticket.queue, ticket.category, ticket.level) == ("sales", "", 2)
    assert "(queue sales, no category, level 2)" in ruling.reason
    for text in ("It burns.", "Category: money\n\nIt burns.", "Category:\n\nIt burns.", "x\n" * 12 + "Category: pro"):
        ticket, _ = sorted_by(rules, mail(text=text))
        assert (ticket.queue, ticket.category) == ("technical", "")
    assert sorted_by("", mail(text="Kategorie: Pro"))[0].category == "pro"


def test_a_category_that_the_tickets_own_queue_does_not_have_is_not_set() -> None:
    ticket, ruling = sorted_by(rule("body = 'fire'", "category = 'money'"), mail())
    assert ticket.category == ""
    assert "sorted by rule 1 (nothing to set)" in ruling.reason


def test_a_rule_that_asks_for_nothing_fits_every_mail_and_the_first_that_fits_is_taken() -> None:
    rules = "[[rule]]\nthen = { level = 2 }\n" + rule("body = 'fire'", "severity = 1")
    ticket, _ = sorted_by(rules, mail())
    assert (ticket.level, ticket.severity) == (2, 3)


def test_the_plan_is_the_writers_or_that_of_who_took_the_matter_over() -> None:
    rules = rule("plan = 'standard'", "level = 2")
    assert sorted_by(rules, mail())[0].level == 2
    nick = Stranger("nick@acme.example", "Nick", CAROL.organisation)
    taken = {"writer": nick, "vouched": True, "taker": CAROL, "colleagues": (CAROL,)}
    assert sorted_by(rules, mail(sender="nick@acme.example"), **taken)[0].level == 2
    assert sorted_by(rule("plan = 'quiet'", "level = 2"), mail())[0].level == 1


def test_a_large_text_is_looked_through_at_its_beginning() -> None:
    rules = rule("body = 'needle'", "level = 2")
    assert sorted_by(rules, mail(text="x" * 60_000 + "needle"))[0].level == 2
    assert sorted_by(rules, mail(text="x" * 70_000 + "needle"))[0].level == 1


def test_an_address_is_compared_as_it_is_kept() -> None:
    rules = rule("from = '^carol@'", "level = 2")
    assert sorted_by(rules, mail(to=(Address("support@desk.example"),)))[0].level == 2
