"""Who is called, by whose word, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maildesk.policy.paging import MOST_AT_ONCE
from maildesk.words import Address, Facts, Recent, RecordEvent, Severity, Status, Stranger, Verdict
from tests.policy.given import ACME, ALICE, NOW, config, effects, envelope, from_customer, letters, mail, ruled, ticket

PAGED = config('[escalation]\npage = ["p@desk.example", "q@desk.example"]\n')
ASKS = mail(text="Severity: critical\n\nAll of us wait.")


def called(facts: Facts) -> list[tuple[str, str, bool]]:
    found = letters(ruled(facts, PAGED), "alarm")
    return [(each.to.address, str(each.context["what"]), each.gathers) for each in found]


def asking(**fields: Any) -> Facts:
    return from_customer(**{"ticket": ticket(), "mail": ASKS, **fields})


AT_ONCE = [("p@desk.example", "page", False), ("q@desk.example", "page", False)]


def test_a_contact_who_asks_for_severity_1_calls_all_of_page() -> None:
    assert called(asking()) == AT_ONCE


@pytest.mark.parametrize(
    "fields",
    [
        {"judged": True},
        {"recent": Recent(paged=NOW - timedelta(hours=23, minutes=59))},
        {"envelope": envelope(quiet=True)},
        {"ticket": ticket(severity=Severity.CRITICAL)},
        {"mail": mail(text="Severity: high")},
    ],
)
def test_not_unvouched_for_nor_twice_a_day_nor_by_an_import_nor_for_less(fields: dict[str, Any]) -> None:
    assert called(asking(**fields)) == []


@pytest.mark.parametrize(
    "fields", [{"judged": True, "verdict": Verdict.PASS}, {"recent": Recent(paged=NOW - timedelta(days=1))}]
)
def test_but_vouched_for_and_a_day_later(fields: dict[str, Any]) -> None:
    assert called(asking(**fields)) == AT_ONCE


def test_a_participant_who_is_no_contact_calls_nobody() -> None:
    guest = Stranger("guest@acme.example", "Guest", ACME)
    known = ticket(participants=(Address("guest@acme.example"),))
    assert called(asking(writer=guest, ticket=known, mail=replace(ASKS, sender=Address("guest@acme.example")))) == []


@pytest.mark.parametrize(
    ("status", "number"), [(Status.SOLVED, 2), (Status.PENDING, 0), (Status.OPEN, 0), (Status.NEW, 0)]
)
def test_a_critical_ticket_calls_when_it_is_opened_again(status: Status, number: int) -> None:
    over = ticket(severity=Severity.CRITICAL, status=status, owner=ALICE)
    assert len(called(from_customer(ticket=over, mail=mail(text="No, it is not.")))) == number


def test_each_call_is_an_event() -> None:
    events = effects(ruled(asking(), PAGED), RecordEvent)
    assert [(each.event, each.detail) for each in events] == [("severity_asked", "1"), ("paged", "argued")]
    new = from_customer(mail=mail(subject="Site down"))
    assert [(each.event, each.detail) for each in effects(ruled(new, PAGED), RecordEvent)] == [("paged", "")]


@pytest.mark.parametrize(
    ("before", "what"), [(0, "page"), (2 * MOST_AT_ONCE - 1, "page"), (2 * MOST_AT_ONCE, "pages"), (500, "pages")]
)
def test_beyond_a_few_an_hour_they_gather_and_none_is_left_out(before: int, what: str) -> None:
    facts = from_customer(mail=mail(subject="Site down"), recent=Recent(alarms={"page": before, "pages": before}))
    assert {(each, gathers) for _, each, gathers in called(facts)} == {(what, what == "pages")}
    assert len(called(facts)) == 2
    assert "suppressed" not in ruled(facts, PAGED).reason


def test_without_anybody_to_call_there_is_no_event_either() -> None:
    assert [each.event for each in effects(ruled(asking()), RecordEvent)] == ["severity_asked"]
