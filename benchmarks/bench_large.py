"""A store with very many open tickets: some dozens made by real mails and rulings, and their rows copied.

Every value of a copy is what the desk itself wrote: only ids, references, addresses and the organisation (of the same
plan) are new. Raw octets and the bodies of letters, which nothing here reads, are not copied. A tenth of the tickets
has something due by `BACK`, when the desk returns from two days without power; the others have not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path

from maildesk.store import directory
from maildesk.store.database import Store
from tests.builders import START, configuration, mail
from tests.desk.world import Sent, World

LONG_AGO = START - timedelta(days=14)
AWAY = START + timedelta(hours=3)  # the desk stops
BACK = START + timedelta(days=2, hours=3)  # and comes back
QUEUES, AGENTS_EACH = 6, 4
PLANS = ("gold", "silver", "basic")  # by the organisation's number
CONFIGURATION = """
[calendar.office]
hours = { mon-fri = "08:00-17:00" }
[plan.gold]
contacts = 10
calendar = "office"
first_response = { 3 = "6bh" }
next_response = { 3 = "6bh" }
update_every = { 3 = "1bd" }
[plan.silver]
contacts = 10
calendar = "office"
first_response = { 3 = "60bd" }
next_response = { 3 = "60bd" }
update_every = { 3 = "60bd" }
[plan.basic]
contacts = 10
incidents = 50
[limits]
acks_per_contact = "1000000/h"
automatic_mail = "1000000/h"
[report]
to = ["head@example.com"]
at = "tue 08:00"
"""
QUEUE = """
[queue.q{0}]
address = "q{0}@example.com"
calendar = "office"
"""
OWN_COLUMNS = {  # of a copy; the others are those of what it is copied from
    "ticket": {
        "id": "c.ident", "number": "c.number", "reference": "c.reference", "organisation_id": "c.organisation",
        "requester": "replace(t.requester, c.before, c.after)",
    },
    "participant": {"ticket_id": "c.ident", "address": "replace(t.address, c.before, c.after)"},
    "mail": {
        "id": "t.id + c.step", "ticket_id": "c.ident", "message_id": "c.reference || '.' || t.message_id",
        "id_hash": "t.id_hash - c.nth", "twin": "c.reference || '.' || t.twin",
        "sender": "replace(t.sender, c.before, c.after)", "mail_from": "replace(t.mail_from, c.before, c.after)",
    },
    "letter": {
        "id": "t.id + c.step", "ticket_id": "c.ident", "about": "c.reference", "answers_id": "NULL",
        "message_id": "c.reference || '.' || t.message_id", "recipient": "replace(t.recipient, c.before, c.after)",
        "head": "{empty}", "body": "{empty}", "text": "''", "unwritten": "''", "state": "'sent'", "next_try": "NULL",
        "done": "t.created",
    },
    "event": {"id": "", "ticket_id": "c.ident"},
    "work": {"id": "", "ticket_id": "c.ident"},
}  # fmt: skip
INDEXES = {
    False: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?",
    True: """SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ?
        AND indexname NOT IN (SELECT conname FROM pg_constraint)""",
}
COPIED = """
    CREATE {} TABLE copied (
        old INTEGER, nth INTEGER, ident INTEGER, number BIGINT, reference VARCHAR(255), organisation INTEGER,
        before VARCHAR(255), after VARCHAR(255), step BIGINT
    )"""


@dataclass(frozen=True)
class Size:
    tickets: int = 100_000
    due: int = 10_000
    organisations: int = 3000
    agents: int = 24  # of those who get letters; the others have no queue
    seed: int = 7


def text(url: str) -> str:
    queues = "".join(QUEUE.format(number) for number in range(QUEUES))
    return configuration(CONFIGURATION + queues, url=url)


def people(size: Size, organisations: int) -> Iterator[str]:
    for number in range(organisations):
        yield f'[[organisation]]\nname = "Org {number}"\ndomains = ["o{number}.example"]\nplan = "{plan_of(number)}"'
        yield f'[[organisation.contact]]\nname = "Carol {number}"\naddresses = ["carol@o{number}.example"]'
    for number in range(max(size.agents, QUEUES * AGENTS_EACH)):
        queues = f'["q{number % QUEUES}"]' if number < QUEUES * AGENTS_EACH else "[]"
        yield f'[[agent]]\nname = "Agent {number}"\naddresses = ["a{number}@example.com"]\nqueues = {queues}'
        yield 'calendar = "office"'


def plan_of(organisation: int) -> str:
    return PLANS[organisation % len(PLANS)]


# the tickets that are copied


def asked(desk: World, number: int) -> Sent:
    """A new matter of an organisation's contact; the letter of an agent of the queue."""
    queue = number // len(PLANS) % QUEUES
    desk.receives(mail(f"Carol <carol@o{number}.example>", f"q{queue}@example.com", subject=f"Export {number} fails"))
    return desk.the("agent_ticket", f"a{queue}@example.com")


def answered(desk: World, number: int, command: str = "") -> Sent:
    """The agent takes it and answers; the customer's letter."""
    letter = asked(desk, number)
    desk.time_passes(minutes=5)
    desk.replies(f"Agent <{letter.recipient}>", letter, f"{command}\nWhich version do you have?")
    return desk.the("reply") if not command or command == "#pending" else letter


def asked_again(desk: World, number: int) -> None:
    answer = answered(desk, number)
    desk.time_passes(minutes=5)
    desk.replies(f"Carol <carol@o{number}.example>", answer, "Version 4, and it is urgent.")


def solved(desk: World, number: int) -> None:
    answered(desk, number, "#solved")


def meeting(desk: World, number: int) -> None:
    answered(desk, number, "#appointment tomorrow 14:00 1h")


Deed = Callable[[World, int], object]
DUE: tuple[tuple[str, Deed], ...] = (  # what the two days bring: warnings and promises, reminders, ends, surveys
    ("gold", asked),
    ("gold", answered),
    ("gold", asked_again),
    ("basic", solved),
    ("gold", solved),
    ("basic", meeting),
)
NOT_DUE: tuple[tuple[str, Deed], ...] = (
    ("silver", asked),
    ("silver", answered),
    ("silver", asked_again),
    ("basic", asked),
    ("basic", answered),
    ("basic", asked_again),
)
ROUNDS = 6  # of each
ASKING = len(PLANS) * ROUNDS * len(DUE)  # the first organisations, of which those are the tickets


def begun(desk: World) -> tuple[list[str], list[str]]:
    """The references of tickets with something due by BACK, and of older ones without."""
    free = {plan: numbers(plan) for plan in PLANS}
    desk.now = LONG_AGO
    not_due = [opened(desk, deed, next(free[plan])) for plan, deed in NOT_DUE * ROUNDS]
    desk.now = START
    due = [opened(desk, deed, next(free[plan])) for plan, deed in DUE * ROUNDS]
    desk.ask(lambda store: store.execute("UPDATE letter SET state = 'sent', next_try = NULL, done = created"))
    return due, not_due


def numbers(plan: str) -> Iterator[int]:
    return (number for number in count() if plan_of(number) == plan)


def opened(desk: World, deed: Deed, number: int) -> str:
    deed(desk, number)
    [reference] = desk.ask(lambda store: store.one("SELECT reference FROM ticket ORDER BY number DESC LIMIT 1"))
    return str(reference)


# and their copies


def build(url: str, store: Store, folder: Path, size: Size) -> None:
    more = CONFIGURATION + "".join(map(QUEUE.format, range(QUEUES)))
    desk = World(store, folder, more, "\n".join(people(size, ASKING)), {"url": url})
    try:
        due, not_due = begun(desk)
    finally:
        desk.stop()
    store.connect()
    with store.atomic():
        directory.apply(store, "\n".join(people(size, size.organisations)), desk.config, now=START)
    with unindexed(store):
        copy(store, due, size.due - len(due), not_due, size.tickets - size.due - len(not_due), size)
    if store.postgres:
        store.execute("ANALYZE")  # as it does by itself, within minutes
    store.close()


@contextmanager
def unindexed(store: Store) -> Iterator[None]:
    """In one transaction: what refers to what is not looked at for each copy, and indexes are made of all at once."""
    if not store.postgres:
        store.execute("PRAGMA foreign_keys = OFF")
    with store.atomic():
        found = [row for table in OWN_COLUMNS for row in store.all(INDEXES[store.postgres], (table,))]
        for name, _ in found:
            store.execute(f"DROP INDEX {name}")
        yield
        for _, sql in found:
            store.execute(sql)
    if not store.postgres:
        store.execute("PRAGMA foreign_keys = ON")


def copy(store: Store, due: list[str], more: int, not_due: list[str], others: int, size: Size) -> None:
    store.execute(COPIED.format("TEMPORARY"))
    _numbered(store, [*_spread(due, more), *_spread(not_due, others)], size)
    empty = "CAST('' AS BYTEA)" if store.postgres else "x''"
    for table, own in OWN_COLUMNS.items():
        columns = [name for name in _columns(store, table) if own.get(name) != ""]
        values = [own.get(name, f't."{name}"').format(empty=empty) for name in columns]
        key = "id" if table == "ticket" else "ticket_id"
        names = ", ".join(f'"{name}"' for name in columns)
        store.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM copied c JOIN {table} t ON t.{key} = c.old"
        )
    _count_on(store)
    store.execute("DROP TABLE copied")


def _spread(references: list[str], number: int) -> Iterator[str]:
    again = cycle(references)
    return (next(again) for _ in range(number))


def _numbered(store: Store, wanted: list[str], size: Size) -> None:
    store.many(f"INSERT INTO copied VALUES ({', '.join('?' * 9)})", _copies(store, wanted, size))


def _copies(store: Store, wanted: list[str], size: Size) -> Iterator[tuple[object, ...]]:
    known = {row[0]: row[1:] for row in store.all("SELECT reference, id, organisation_id FROM ticket")}
    names = dict(store.all("SELECT id, name FROM organisation"))
    idents = {name: ident for ident, name in names.items()}
    [(ident, number)] = store.all("SELECT MAX(id), MAX(number) FROM ticket")
    step = store.serial()
    for nth, reference in enumerate(wanted, 1):
        old, organisation = known[reference]
        home = int(names[organisation].removeprefix("Org "))
        other = (home + len(PLANS) * nth) % (size.organisations // len(PLANS) * len(PLANS))
        before, after = (f"@o{each}.example" for each in (home, other))
        copied = ident + nth, number + nth, f"EX-{number + nth}", idents[f"Org {other}"]
        yield old, nth, *copied, before, after, step * nth


def _columns(store: Store, table: str) -> list[str]:
    if store.postgres:
        sql = "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = 'public'"
        return [name for (name,) in store.all(sql, (table,))]
    return [row[1] for row in store.all(f"PRAGMA table_info({table})")]


def _count_on(store: Store) -> None:
    """New rows are numbered behind the copies."""
    [(number,)] = store.all("SELECT MAX(number) FROM ticket")
    [(serial,)] = store.all("SELECT MAX(id) FROM (SELECT id FROM mail UNION ALL SELECT id FROM letter) AS every")
    if store.postgres:
        store.all("SELECT setval('counter_ticket', ?)", (number,))
        store.all("SELECT setval('counter_serial', ?)", (serial,))
        store.all("SELECT setval('ticket_id_seq', (SELECT MAX(id) FROM ticket))")
    else:
        store.execute("UPDATE counter SET value = ? WHERE name = 'ticket'", (number,))
        store.execute("UPDATE counter SET value = ? WHERE name = 'serial'", (serial,))
