"""What stories about appointments share: an agent with hours, an invitation as it came, what a calendar answers."""

from __future__ import annotations

from typing import Any

from icalendar import Calendar

from tests.builders import ALICE, CAROL, DIRECTORY, mail
from tests.desk.world import Sent, World

BERLIN = """
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-12:00 13:00-17:00" }
"""
CHARGED = "survey = true\nincidents = 10\n"
PEOPLE = DIRECTORY.replace(
    'addresses = ["alice@example.com"]\n', 'addresses = ["alice@example.com"]\ncalendar = "berlin"\n'
)

ANSWER = """\
BEGIN:VCALENDAR\r
METHOD:REPLY\r
PRODID:Microsoft Exchange Server 2010\r
VERSION:2.0\r
BEGIN:VEVENT\r
ATTENDEE;PARTSTAT={answer};CN=Somebody:mailto:{attendee}\r
{comment}UID:{uid}\r
DTSTART:{starts}\r
SEQUENCE:{sequence}\r
END:VEVENT\r
END:VCALENDAR\r
"""


def told(desk: World, *commands: str) -> Sent:
    """A ticket of Carol's, and what Alice writes into it; her receipt."""
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", "alice@example.com"), "\n".join(commands))
    return desk.the("receipt")


def invitation(letter: Sent) -> dict[str, Any]:
    """The event of its calendar part, with the method; the library that reads it does not write ours."""
    [part] = [each for each in letter.message.walk() if each.get_content_type() == "text/calendar"]
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    assert letter.attachments == {"invite.ics": octets}
    parsed = Calendar.from_ical(octets)
    [event] = parsed.walk("VEVENT")
    assert part.get_param("method") == parsed["METHOD"]
    return {"METHOD": str(parsed["METHOD"]), **event}


def answers(desk: World, writer: str, letter: Sent, answer: str, comment: str = "", **fields: Any) -> Any:
    """What a calendar sends to the organizer when its owner taps on the invitation."""
    event = invitation(letter)
    calendar = ANSWER.format(
        answer=answer,
        attendee=str(event["ATTENDEE"]).removeprefix("mailto:"),
        comment=f"COMMENT:{comment}\r\n" if comment else "",
        uid=fields.pop("uid", event["UID"]),
        starts=event["DTSTART"].to_ical().decode(),
        sequence=fields.pop("sequence", event["SEQUENCE"]),
    )
    beside = fields.pop("beside", "")
    to = fields.pop("to", str(event["ORGANIZER"]).removeprefix("mailto:"))
    content = mail(writer, to, f"Accepted: {event['SUMMARY']}", "", **fields)
    head, _, _ = content.partition(b"\r\n\r\n") if b"\r\n\r\n" in content else content.partition(b"\n\n")
    lines = [line for line in head.decode().splitlines() if not line.lower().startswith(("content-", "mime-"))]
    body = f"\r\n--b\r\nContent-Type: text/plain\r\n\r\n{beside}\r\n--b\r\n{TYPE}\r\n\r\n{calendar}\r\n--b--\r\n"
    return desk.receives(("\r\n".join([*lines, *MULTIPART]) + "\r\n" + body).encode())


TYPE = "Content-Type: text/calendar; charset=utf-8; method=REPLY"
MULTIPART = ("MIME-Version: 1.0", 'Content-Type: multipart/alternative; boundary="b"')


def events(desk: World, reference: str = "EX-10001") -> list[str]:
    return [each["event"] for each in desk.ticket(reference)["events"] if each["event"].startswith("appointment")]
