"""Invitations as calendars read them: iCalendar (RFC 5545) that asks for a meeting or calls it off (RFC 5546).

Called by mime/write with what letters/invitation gives. One event, its times in UTC, so that no zone need be
described. The same input gives the same text.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from maildesk.mime.write_body import Part, alternative, multipart, text_part
from maildesk.mime.write_headers import disposition
from maildesk.words.frozen import frozen

REQUEST, CANCEL = "REQUEST", "CANCEL"
FILE = "invite.ics"
PRODUCT = "-//maildesk//maildesk//EN"
_LINE = 75  # octets, RFC 5545, 3.1
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")


@frozen
class Meeting:
    method: str  # REQUEST | CANCEL
    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    summary: str
    organizer: tuple[str, str]  # name and address; an answer goes there
    attendee: tuple[str, str]
    alarm: timedelta = timedelta(minutes=15)


def calendar(meeting: Meeting) -> str:
    """The whole object, its lines ended by LF."""
    called_off = meeting.method == CANCEL
    lines = (
        "BEGIN:VCALENDAR",
        f"PRODID:{PRODUCT}",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        f"METHOD:{meeting.method}",
        "BEGIN:VEVENT",
        f"UID:{_text(meeting.uid)}",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{_moment(meeting.stamp)}",
        f"DTSTART:{_moment(meeting.starts)}",
        f"DTEND:{_moment(meeting.ends)}",
        f"SUMMARY:{_text(meeting.summary)}",
        f"ORGANIZER{_person(meeting.organizer)}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE{_person(meeting.attendee)}",
        f"STATUS:{'CANCELLED' if called_off else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",  # another time is asked for in words, which people read
        *(() if called_off else _alarm(meeting)),
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\n" for line in lines)


def invited(text: str, html: str, seed: str, meeting: Meeting) -> Part:
    """A body with an invitation among its alternatives, where clients look for it (RFC 6047, 2.4), and as a file."""
    written = calendar(meeting)
    shown, file = text_part(written, "calendar"), text_part(written)
    shown = Part(shown.fields.replace("; charset=utf-8", f"; charset=utf-8; method={meeting.method}", 1), shown.body)
    _, _, encoding = file.fields.partition("\r\n")
    file = Part(f'Content-Type: application/ics; name="{FILE}"\r\n{encoding}{disposition(FILE)}', file.body)
    return multipart("mixed", f"invitation {seed}", alternative(text, html, seed, shown), file)


def _alarm(meeting: Meeting) -> tuple[str, ...]:
    minutes = int(meeting.alarm.total_seconds()) // 60
    summary = f"DESCRIPTION:{_text(meeting.summary)}"
    return ("BEGIN:VALARM", "ACTION:DISPLAY", summary, f"TRIGGER:-PT{minutes}M", "END:VALARM")


def _person(person: tuple[str, str]) -> str:
    name, address = person
    called = _CONTROLS.sub(" ", " ".join(name.replace('"', " ").split())).strip()
    known_as = f';CN="{called}"' if called else ""
    return f"{known_as}:mailto:{address}"


def _text(text: str) -> str:
    return _CONTROLS.sub(" ", text).translate(_ESCAPED)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, no character torn; what goes on begins with a blank."""
    rows, row, room = [], "", _LINE
    for character in line:
        octets = len(character.encode())
        if octets > room:
            rows.append(row)
            row, room = " ", _LINE - 1
        row += character
        room -= octets
    return "\n".join((*rows, row))
