"""A desk whose tickets are escalated: an office that is open on weekdays from 8 to 16 UTC, an agent of the second
level, and an account manager. It is Monday, 2 March, 9:00."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from maildesk.store import outlook
from tests.builders import CAROL, DIRECTORY, mail
from tests.desk.world import Sent, World

LENA = "Lena Second <lena@example.com>"
AMY = "amy@example.com"
OFFICE = """
[calendar.office]
hours = { mon-fri = "08:00-16:00" }
"""
DEFAULT = 'true\ncalendar = "office"\n'
PLAN = """2
first_response = { 3 = "4bh" }
next_response = { 3 = "2bh" }
update_every = { 3 = "1bd" }
"""
ACME = 'domains = ["acme.example"]\nplan = "standard"'
SECOND = """
[[agent]]
name = "Lena Second"
addresses = ["lena@example.com"]
level = 2
queues = ["technical"]
"""
PEOPLE = DIRECTORY.replace(ACME, f'{ACME}\naccount_manager = "{AMY}"') + SECOND
UNMANAGED = PEOPLE.replace('role = "manager"', 'role = "agent"')
TRIAGE_ENDS, ENGINEERING_BEGINS = "2026-03-03T09:00:00Z", "2026-03-09T08:00:00Z"


def escalates(desk: World, reason: str = "our report is due", reference: str = "EX-10001", **fields: Any) -> None:
    desk.receives(mail(CAROL, subject="Help", text=f"escalate {reference} {reason}", **fields))


def due(desk: World, what: str, reference: str = "EX-10001") -> str | None:
    """Of a promise by `ticket show`, of triage and engineering by `due --json`, which leaves out what was told."""
    promised: dict[str, str | None] = desk.ticket(reference)["due"]
    if what in promised:
        return promised[what]
    until = desk.now + timedelta(days=60)
    rows = desk.ask(lambda store: outlook.rows(store, desk.config, desk.now, until))
    return next((row["at"] for row in rows if (row["ticket"], row["what"]) == (reference, what)), None)


def events(desk: World, *names: str, reference: str = "EX-10001") -> list[tuple[str, str, str]]:
    """What happened, by whom, and why or to what."""
    return [
        (each["event"], each["by"], str(each.get("detail", each.get("to", ""))))
        for each in desk.ticket(reference)["events"]
        if each["event"] in names
    ]


def readers(desk: World, name: str) -> set[str]:
    return {each.recipient.partition("@")[0] for each in desk.sent(name)}


def links(letter: Sent) -> dict[str, tuple[str, str]]:
    """The answers that stand ready: by the first line of each, whom it goes to and the whole of it."""
    found = {}
    for part in letter.html.split('href="')[1:]:
        link = urlsplit(unescape(part.partition('"')[0]))
        assert link.scheme == "mailto"
        [body] = parse_qs(link.query).get("body", [""])
        found[body.partition("\r\n")[0]] = (link.path.replace("%2B", "+"), body.replace("\r\n", "\n"))
    return found
