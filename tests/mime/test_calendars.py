"""What calendars answer to invitations, as the usual clients write it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mime.read import read
from maildesk.words import CalendarAnswer

HEAD = "From: Carol Jones <carol@acme.example>\r\nTo: support@example.com\r\nSubject: Accepted: [EX-1] Help\r\n"
UID = "EX-1-1764239400000000@example.com"

OUTLOOK = """\
BEGIN:VCALENDAR\r
METHOD:REPLY\r
PRODID:Microsoft Exchange Server 2010\r
VERSION:2.0\r
BEGIN:VTIMEZONE\r
TZID:W. Europe Standard Time\r
BEGIN:STANDARD\r
DTSTART:16010101T030000\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
ATTENDEE;PARTSTAT=ACCEPTED;CN=Carol Jones:mailto:carol@acme.example\r
COMMENT;LANGUAGE=de-DE:Gern\\, bis dann\\n\r
UID:EX-1-17642394\r
 00000000@example.com\r
SUMMARY;LANGUAGE=de-DE:Zugesagt: [EX-1] Help\r
DTSTART;TZID=W. Europe Standard Time:20261201T150000\r
SEQUENCE:2\r
END:VEVENT\r
END:VCALENDAR\r
"""
GOOGLE = f"""\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20261201T140000Z
ORGANIZER;CN="Alice Agent (Support)":mailto:support+EX-1-token@example.com
UID:{UID}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN="Jones
 , Carol: Acme";X-NUM-GUESTS=0:mailto:carol@acme.example
SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""
APPLE = f"""\
BEGIN:VCALENDAR
CALSCALE:GREGORIAN
VERSION:2.0
METHOD:REPLY
PRODID:-//Apple Inc.//macOS 15.1//EN
BEGIN:VEVENT
UID:{UID}
ATTENDEE;CN=Carol Jones;CUTYPE=INDIVIDUAL;PARTSTAT=TENTATIVE:mailto:carol
 @acme.example
END:VEVENT
END:VCALENDAR
"""


CALENDAR = "Content-Type: text/calendar"


def mail(calendar: str, type_: str = "text/calendar; charset=utf-8; method=REPLY", encoding: str = "8bit") -> bytes:
    part = f"Content-Type: {type_}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{calendar}"
    text = "Content-Type: text/plain; charset=utf-8\r\n\r\n\r\n"
    head = HEAD + 'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
    return f"{head}--b\r\n{text}--b\r\n{part}\r\n--b--\r\n".encode()


def test_outlook_accepts_with_words() -> None:
    assert read(mail(OUTLOOK)).calendar == CalendarAnswer(UID, "accepted", 2, "Gern, bis dann")


def test_google_declines_with_a_name_that_holds_what_parts_fields() -> None:
    assert read(mail(GOOGLE)).calendar == CalendarAnswer(UID, "declined", 0)


def test_apple_may_come_and_says_no_sequence() -> None:
    assert read(mail(APPLE)).calendar == CalendarAnswer(UID, "tentative")


def test_a_calendar_as_a_file_is_read_too() -> None:
    assert read(mail(APPLE, 'application/ics; name="invite.ics"')).calendar == CalendarAnswer(UID, "tentative")


def test_a_mail_that_is_nothing_but_a_calendar_is_read() -> None:
    whole = (HEAD + "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n" + GOOGLE).encode()
    assert read(whole).calendar == CalendarAnswer(UID, "declined", 0)


@pytest.mark.parametrize(
    "calendar",
    [
        "",
        "BEGIN:VCALENDAR",
        GOOGLE.replace("METHOD:REPLY", "METHOD:REQUEST"),
        GOOGLE.replace("METHOD:REPLY", "METHOD:COUNTER"),
        GOOGLE.replace("METHOD:REPLY\n", ""),
        GOOGLE.replace("DECLINED", "NEEDS-ACTION"),
        GOOGLE.replace("DECLINED", "DELEGATED"),
        GOOGLE.replace("PARTSTAT=DECLINED;", ""),
        GOOGLE.replace("UID:", "X-UID:"),
        "\n" * 2000 + GOOGLE,
        "X" * 70_000 + "\n" + GOOGLE,
    ],
)
def test_what_is_no_answer_is_none(calendar: str) -> None:
    assert read(mail(calendar)).calendar is None


def test_a_word_that_stands_beside_the_attendee_is_the_comment() -> None:
    told = GOOGLE.replace(";X-NUM-GUESTS=0:", ';X-NUM-GUESTS=0;X-RESPONSE-COMMENT="Call me: at 5":')
    found = read(mail(told)).calendar
    assert found is not None
    assert (found.answer, found.comment) == ("declined", "Call me: at 5")


@pytest.mark.parametrize("calendar", ["\r" * 65_000, "\r" * 65_000 + "\n", ("\r" * 100 + "\n ") * 600])
def test_ends_of_lines_without_lines_cost_no_time(calendar: str) -> None:
    begun = time.process_time()
    read(mail(calendar))
    assert time.process_time() - begun < 2


def test_a_large_calendar_in_base64_is_read_as_far_as_it_matters() -> None:
    from base64 import encodebytes

    large = GOOGLE + "X-FILL:" + "x" * 10_000_000
    assert read(mail(encodebytes(large.encode()).decode(), encoding="base64")).calendar is not None


def test_a_few_calendars_are_looked_at_and_no_more() -> None:
    part = f"--b\r\n{CALENDAR}\r\n\r\n"
    many = (HEAD + 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * 900).encode()
    assert read(many + part.encode() + GOOGLE.encode() + b"\r\n--b--\r\n").calendar is None


def test_an_answer_in_an_attached_mail_is_not_the_writers() -> None:
    attached = mail(GOOGLE).decode()
    head = HEAD + 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="c"\r\n\r\n'
    whole = f"{head}--c\r\n\r\nlook\r\n--c\r\nContent-Type: message/rfc822\r\n\r\n{attached}\r\n--c--\r\n"
    assert read(whole.encode()).calendar is None


@given(st.binary(max_size=3000))
def test_no_octets_break_the_reading(octets: bytes) -> None:
    read(mail("").replace(b"8bit\r\n\r\n", b"8bit\r\n\r\nMETHOD:REPLY\r\nUID:x\r\nATTENDEE" + octets))


@pytest.mark.parametrize(
    "line",
    ["ATTENDEE" + ";A=" * 20_000, "ATTENDEE" + ';A="' * 20_000, "UID" + ";" * 60_000, "ATTENDEE;PARTSTAT=" * 3000],
)
def test_hostile_lines_cost_no_time(line: str) -> None:
    assert read(mail(f"METHOD:REPLY\nUID:x\n{line}\n")).calendar is None
