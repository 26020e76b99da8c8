"""Intake fields: which values are kept, which lines tell them, which versions are supported."""

from __future__ import annotations

import time

import pytest

from maildesk.config import IntakeField
from maildesk.policy import fields
from tests.policy.given import config, ticket

CONFIG = config(
    """
[queue.technical.field.os]
title = "Operating System"
required = true
[queue.technical.field.version]
title = "Version"
required = true
supported = ["8", "7.4"]
[queue.technical.field.system]
title = "System"
"""
)
KNOWN = fields.of_queue("technical", CONFIG)


def told(text: str, *, quoted: bool = False) -> list[tuple[str, str]]:
    return list(fields.told(text, KNOWN, quoted=quoted))


@pytest.mark.parametrize(
    ("value", "options", "kept"),
    [
        ("  Debian \t 12 ", {}, "Debian 12"),
        ("BACKUP", {"choices": ("Backup", "Archive")}, "Backup"),
        ("Back up", {"choices": ("Backup",)}, ""),
        ("8.2", {"pattern": r"\d+(\.\d+)*"}, "8.2"),
        ("8.2 beta", {"pattern": r"\d+(\.\d+)*"}, ""),
        ("", {}, ""),
        (" \u00a0\t", {}, ""),
        ("x" * 200, {}, "x" * 200),
        ("x" * 201, {}, ""),
        ("x" * 1_000_000, {}, ""),
        ("a\nb\rc", {}, "a b c"),
        ("support+EX-1-" + "a" * 30 + "@desk.example", {}, "support@desk.example"),
    ],
)
def test_a_value_is_kept_as_its_field_takes_it_and_never_with_a_key(
    value: str, options: dict[str, object], kept: str
) -> None:
    assert fields.accepted(value, IntakeField(**options)) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Version: 8", [("version", "8")]),
        ("VERSION : 8", [("version", "8")]),
        ("version：8", [("version", "8")]),
        ("  - Version: 8", [("version", "8")]),
        ("*Version:* 8", [("version", "8")]),
        ("*Version*: *8*", [("version", "8")]),
        ("operating  system: Debian: 12", [("os", "Debian: 12")]),
        ("os: Debian", [("os", "Debian")]),
        ("System: A\nOperating System: B", [("system", "A"), ("os", "B")]),
        ("Version: 8\nVersion: 9", [("version", "8"), ("version", "9")]),
        ("Version 8", []),
        ("Version:", []),
        ("Version: ______", []),
        ("Version: ...", []),
        ("The Version: 8", []),
        ("Versions: 8", []),
        ("> Version: 8", []),
        ("Version:\n8", []),
        ("", []),
    ],
)
def test_lines_that_name_a_field_tell_its_value(text: str, found: list[tuple[str, str]]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("> Version: 8", [("version", "8")]),
        (">> > Version: 8", [("version", "8")]),
        ("| Version: 8", [("version", "8")]),
        ("Version: 8", [("version", "8")]),
        ("> Version:\n8.2", [("version", "8.2")]),
        ("> Version:\n\n\n8.2", [("version", "8.2")]),
        ("> Version:\n\n\n\n8.2", []),
        ("> Version:\n> 8.2", []),
        ("> Version:\nSystem: X", [("system", "X")]),
        ("> Version:\n> System:\nX", [("system", "X")]),
        ("> - Version (such as 8)\n> Version:\n", []),
    ],
)
def test_a_quoted_letter_is_read_where_it_was_filled_in(text: str, found: list[tuple[str, str]]) -> None:
    assert told(text, quoted=True) == found


def test_a_queue_without_fields_reads_no_line() -> None:
    assert list(fields.told("Version: 8", {})) == []
    assert fields.lacking(ticket(queue="sales"), CONFIG) == ()
    assert fields.lacking(ticket(queue="gone"), CONFIG) == ()


@pytest.mark.parametrize(
    "text",
    [" " * 60_000 + "x", "> " * 30_000, ">" * 60_000, "Version" * 8_000, "*_" * 30_000, "- " * 30_000, "\n" * 60_000],
)
def test_hostile_lines_are_read_in_no_time(text: str) -> None:
    begun = time.perf_counter()
    assert told(text, quoted=True) == []
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("value", "supported", "is_supported"),
    [
        ("8", ("8", "7"), True),
        ("8.2.1", ("8", "7"), True),
        ("v8.2-beta", ("8", "7"), True),
        ("Server 7, build 12", ("8", "7"), True),
        ("6.9", ("8", "7"), False),
        ("18", ("8", "7"), False),
        ("0.8", ("8", "7"), False),
        ("7.3", ("8", "7.4"), False),
        ("7.4.10", ("8", "7.4"), True),
        ("7", ("8", "7.4"), True),
        ("07.4", ("8", "7.4"), True),
        ("7.40", ("8", "7.4"), False),
        ("the newest", ("8", "7"), True),
        ("anything", (), True),
        ("6", (), True),
        ("Jaguar", ("Jaguar", "Lion"), True),
        ("jaguar 2", ("Jaguar", "Lion"), True),
        ("Jaguars", ("Jaguar", "Lion"), False),
        ("Tiger", ("Jaguar", "Lion"), False),
        ("2024", ("2025 LTS", "2024 LTS"), True),
        ("٨.٢", ("8", "7"), True),
        ("9" * 200, ("8", "7"), False),
    ],
)
def test_a_version_is_of_a_supported_one(value: str, supported: tuple[str, ...], is_supported: bool) -> None:
    assert fields.is_supported(value, IntakeField(supported=supported)) is is_supported


def test_agents_see_values_in_the_queues_order_and_those_of_a_former_queue_last() -> None:
    known = ticket(fields=(("seats", "12"), ("version", "6"), ("os", "Debian")))
    assert fields.shown(known, CONFIG) == [
        ["Operating System", "Debian", []],
        ["Version", "6", ["8", "7.4"]],
        ["seats", "12", []],
    ]
    assert fields.missing(ticket(), CONFIG) == ["Operating System", "Version"]
    assert fields.notices(known, CONFIG) == [["Version", ["8", "7.4"]]]


def test_agents_are_told_of_the_fields_that_a_mail_has_filled_and_of_no_others() -> None:
    before = ticket(fields=(("os", "Debian"), ("version", "8"), ("system", "A")))
    after = ticket(fields=(("os", "Debian"), ("version", "9"), ("system", "A")))
    assert fields.news(before, after, CONFIG) == [["Version", "9", ["8", "7.4"]]]
    assert fields.news(before, before, CONFIG) == []
    assert fields.news(None, after, CONFIG) == []
    assert fields.news(ticket(reference="EX-99999"), after, CONFIG) == []
