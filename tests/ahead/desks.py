"""Desks and what happens to them, drawn: plans with promises, calendars, closing, surveys, escalation, days at work.

A history is data, so that it can happen twice; what people write in it is played by `play`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st

from maildesk.mime.address import domain
from tests.builders import ALICE, ANTON, BOB, CAROL, MONA, mail
from tests.desk.world import World

GIL = "Gil Glow <gil@globex.example>"
CUSTOMERS = (CAROL, BOB, GIL)
AGENTS = (ALICE, ANTON, MONA)
CALENDARS = """
[calendar.us]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "06:00-17:00", sat = "09:00-12:00" }
closed = [2026-03-10]
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-12:00 13:00-17:30" }
[calendar.tokyo]
time_zone = "Asia/Tokyo"
hours = { mon-fri = "09:00-18:00" }
[calendar.sun]
of = ["us", "berlin", "tokyo"]
"""
RULES = """
[[rule]]
when = { subject = "down" }
then = { severity = 1 }
[[rule]]
when = { subject = "slow" }
then = { severity = 2 }
[gate]
authserv_ids = ["mx.example.com"]
[limits]
acks_per_contact = "1000/h"
automatic_mail = "100000/h"
"""
PLANS = "[plan.gold]\ncontacts = 2\n[plan.silver]\ncontacts = 2\n"  # that promise nothing
PEOPLE = """
[[organisation]]
name = "Acme"
domains = ["acme.example"]
plan = "gold"
account_manager = "amy@example.com"
[[organisation.contact]]
name = "Carol Jones"
addresses = ["carol@acme.example"]
[[organisation.contact]]
name = "Bob Brown"
addresses = ["bob@acme.example"]
language = "de"
time_zone = "Europe/Berlin"
[[organisation]]
name = "Globex"
domains = ["globex.example"]
plan = "silver"
[[organisation.contact]]
name = "Gil Glow"
addresses = ["gil@globex.example"]
"""
AGENT = """
[[agent]]
name = "{name}"
addresses = ["{address}"]
role = "{role}"
level = {level}
calendar = "{calendar}"
notices = "{notices}"
queues = ["technical"]
"""

SPANS = st.sampled_from(("30m", "3h", "1d", "2bh", "4bh", "1bd", "2bd"))
PROMISES = st.dictionaries(st.integers(1, 4), SPANS, max_size=4)
PLACES = st.sampled_from(("", "us", "berlin", "tokyo", "sun", "always"))


def _table(values: dict[int, str]) -> str:
    return "{ " + ", ".join(f'{severity} = "{span}"' for severity, span in values.items()) + " }"


@st.composite
def plans(draw: st.DrawFn, name: str, rank: int) -> str:
    lines = [
        f"[plan.{name}]",
        f'title = "{name.title()}"',
        "contacts = 3",
        f"rank = {rank}",
        f'calendar = "{draw(PLACES)}"',
        f"survey = {str(draw(st.booleans())).lower()}",
        *(f"{each} = {_table(draw(PROMISES))}" for each in ("first_response", "next_response", "update_every")),
        f"around_the_clock = {sorted(draw(st.sets(st.integers(1, 2))))}",
        f"escalate = {sorted(draw(st.sets(st.integers(1, 2))))}",
        *(("incidents = 10", "rollover = 3") if draw(st.booleans()) else ()),
    ]
    return "\n".join(lines) + "\n"


@st.composite
def configurations(draw: st.DrawFn) -> str:
    several = {
        "closing": {
            "solved_after": ("1h", "2d", "5d"),
            "pending_after": ("4h", "3d", "7d"),
            "remind_before": ("0s", "3h", "1d"),
        },
        "survey": {"send_after": ("0s", "3h", "1d"), "at_most_every": ("0s", "2d", "30d")},
        "escalation": {"triage": ("6h", "4bh", "1bd"), "engineering": ("next-week", "3h", "2bd")},
    }
    lines = [CALENDARS, RULES, draw(plans("gold", 1)), draw(plans("silver", 2))]
    for table, options in several.items():
        lines.append(f"[{table}]")
        lines += [f'{key} = "{draw(st.sampled_from(values))}"' for key, values in options.items()]
    lines.append(f"warn_at = {draw(st.sampled_from(('0.5', '0.75', '1.0')))}")
    lines += [f"[digest]\non = {_word(draw)}", f"[handover]\non = {_word(draw)}"]
    lines.append(f'[report]\nto = ["boss@example.com"]\nat = "{draw(st.sampled_from(("mon 08:00", "thu 13:30")))}"')
    return "\n".join(lines) + "\n"


def _word(draw: st.DrawFn) -> str:
    return str(draw(st.booleans())).lower()


@st.composite
def staffs(draw: st.DrawFn) -> str:
    people = (("Alice Agent", "alice", "agent"), ("Anton Agent", "anton", "agent"), ("Mona Manager", "mona", "manager"))
    return PEOPLE + "".join(
        AGENT.format(
            name=name,
            address=f"{local}@example.com",
            role=role,
            level=draw(st.integers(1, 2)),
            calendar=draw(st.sampled_from(("", "us", "berlin", "tokyo"))),
            notices=draw(st.sampled_from(("single", "digest"))),
        )
        for name, local, role in people
    )


@dataclass(frozen=True)
class Deed:
    """Somebody writes, so many minutes after the one before; to a ticket by its place, or with none."""

    after: float
    writer: str
    text: str
    subject: str = "The export"
    ticket: int | None = None


TICKET = st.sampled_from((0, 0, 0, 1, 1, 2))  # what is answered most has been there longest
WAITS = st.sampled_from((0.5, 7, 61, 200, 720, 1500))
ASKED = ("It stops at page 3.", "Severity: high\n\nNothing goes out.", "We cannot log on.", "Severity: low\n\nA typo.")
CAME = st.builds(
    Deed,
    WAITS,
    st.sampled_from(CUSTOMERS),
    st.sampled_from(ASKED),
    st.sampled_from(("The export", "All is down", "It is slow")),
)
REPLIED = st.builds(
    Deed,
    WAITS,
    st.sampled_from(CUSTOMERS),
    st.sampled_from(("Any news?", "It works, thank you.", "solved", "escalate We lose money.", "keep open")),
    st.just("Re"),
    TICKET,
)
OFTEN = ("Which version is it?", "#pending\nWhich version is it?", "#solved\nVersion 4.2 mends it.") * 3
SAID = (
    *OFTEN,
    "#take",
    "#closed\nDone.",
    "#solved",
    "#open",
    "#note\nTo be looked at.",
    "#severity 1",
    "#severity 4\nNot so grave.",
    "#escalate It is beyond me",
    "#level 1",
    "#stage bug",
    "#appointment 4.3. 14:00 1h",
    "#appointment 6.3.2026 23:30 30m\n#take",
    "#away 6.3.2026",
    "#back",
    "#assign Anton",
    "#release",
)
ANSWERED = st.builds(Deed, WAITS, st.sampled_from(AGENTS), st.sampled_from(SAID), st.just("Re"), TICKET)
HISTORIES = st.tuples(CAME, st.lists(st.one_of(CAME, REPLIED, ANSWERED, ANSWERED), min_size=4, max_size=10)).map(
    lambda drawn: (drawn[0], *drawn[1])
)


def play(world: World, history: tuple[Deed, ...]) -> None:
    """Time that passes meanwhile does what is due at its moment."""
    for number, deed in enumerate(history):
        world.time_passes(minutes=deed.after)
        world.receives(written(deed, number), verdicts=True)
    world.now = world.now + timedelta(minutes=5)
    world.time_passes(seconds=0)


def written(deed: Deed, number: int) -> bytes:
    subject = deed.subject if deed.ticket is None else f"Re: [EX-{10001 + deed.ticket}] {deed.subject}"
    passed = f"mx.example.com; dmarc=pass header.from={domain(deed.writer.partition('<')[2].rstrip('>'))}"
    return mail(
        deed.writer,
        subject=subject,
        text=deed.text,
        message_id=f"<{number}@mail.test>",
        headers={"Authentication-Results": passed},
    )
