"""Invitations as calendars read them: checked by a library that we do not use to write them."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from maildesk.mime.read import read
from maildesk.mime.write import compose, pieces
from maildesk.mime.write_calendar import Meeting, calendar

STARTS = datetime(2026, 12, 1, 15, tzinfo=timezone(timedelta(hours=1)))


def meeting(
    summary: str = "[EX-1] Help", method: str = "REQUEST", name: str = "Carol Jones", uid: str = "u@x"
) -> Meeting:
    return Meeting(
        method=method,
        uid=uid,
        sequence=2,
        stamp=datetime(2026, 11, 22, 10, tzinfo=UTC),
        starts=STARTS,
        ends=STARTS + timedelta(minutes=90),
        summary=summary,
        organizer=("Alice Agent (Support)", "support+EX-1-token@example.com"),
        attendee=(name, "carol@acme.example"),
    )


def mail(what: Meeting, text: str = "hello", html: str = "<p>hello") -> EmailMessage:
    composed = compose("From: a@b.example\r\n", text, html, "seed", (), what)
    whole = b"".join(pieces(composed.head, composed.body, composed.boundary, (), lambda _: []))
    assert read(whole).calendar is None  # an invitation is no answer to one
    return email.message_from_bytes(whole, policy=email.policy.default)


def event(text: str) -> dict[str, object]:
    parsed = Calendar.from_ical(text)
    [found] = parsed.walk("VEVENT")
    assert not found.errors
    return {"METHOD": parsed["METHOD"], **found}


def test_a_library_reads_the_invitation_as_it_was_meant() -> None:
    found = event(calendar(meeting()))
    assert (found["METHOD"], found["UID"], found["SEQUENCE"], found["STATUS"]) == ("REQUEST", "u@x", 2, "CONFIRMED")
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (STARTS, STARTS + timedelta(minutes=90))  # type: ignore[attr-defined]
    assert found["ORGANIZER"] == "mailto:support+EX-1-token@example.com"
    assert found["ORGANIZER"].params["CN"] == "Alice Agent (Support)"  # type: ignore[attr-defined]
    assert found["ATTENDEE"] == "mailto:carol@acme.example"
    assert found["ATTENDEE"].params["RSVP"] == "TRUE"  # type: ignore[attr-defined]


def test_what_is_called_off_says_so_twice() -> None:
    found = event(calendar(meeting(method="CANCEL")))
    assert (found["METHOD"], found["STATUS"]) == ("CANCEL", "CANCELLED")


@pytest.mark.parametrize(
    "summary", ["a; b, c\\d", "one\ntwo", "Lärm " * 60, "日本語の件名" * 40, "x" * 500, "a\rBEGIN:VALARM", "n\\n"]
)
def test_any_subject_reads_back_in_lines_of_75_octets(summary: str) -> None:
    written = calendar(meeting(summary))
    assert all(len(line.encode()) <= 75 for line in written.split("\n"))
    assert event(written)["SUMMARY"] == summary.replace("\r", " ")


@given(st.text(max_size=300), st.text(max_size=100), st.text(st.characters(categories=("L", "N")), min_size=1))
def test_no_text_adds_a_line_of_its_own(summary: str, name: str, uid: str) -> None:
    lines = calendar(meeting(summary, name=name, uid=uid)).replace("\n ", "").split("\n")
    plain = calendar(meeting()).replace("\n ", "").split("\n")
    assert [line.partition(":")[0].partition(";")[0] for line in lines] == [
        line.partition(":")[0].partition(";")[0] for line in plain
    ]


@pytest.mark.parametrize("summary", ["[EX-1] Help", "[EX-1] Lärm im Büro", "日本語の件名" * 40])
def test_clients_find_it_among_the_alternatives_and_as_a_file(summary: str) -> None:
    got = mail(meeting(summary))
    assert got.get_content_type() == "multipart/mixed"
    body, file = got.iter_parts()
    assert [each.get_content_type() for each in body.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    shown = list(body.iter_parts())[-1]
    assert (shown.get_param("method"), shown.get_param("charset")) == ("REQUEST", "utf-8")
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    octets = shown.get_payload(decode=True)
    assert isinstance(octets, bytes)
    assert octets == file.get_payload(decode=True)
    assert octets.count(b"\r\n") == octets.count(b"\n")
    assert event(octets.decode())["SUMMARY"] == summary


def test_without_html_text_and_invitation_are_the_alternatives() -> None:
    body, _ = mail(meeting(), html="").iter_parts()
    assert [each.get_content_type() for each in body.iter_parts()] == ["text/plain", "text/calendar"]
