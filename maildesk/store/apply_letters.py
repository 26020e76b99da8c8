"""Letters as they are decided: put into the outbox, spent, or come back.

Called by store/apply; nothing here knows a template or a relay. A row holds all that its letter will say, as it is
at this moment; the letter is written before it goes (store/unwritten).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from maildesk.mime.address import domain
from maildesk.store.database import Store
from maildesk.store.gathering import GATHERED, joined
from maildesk.store.match import places
from maildesk.store.moments import micros
from maildesk.store.outbox import ticket_of
from maildesk.store.recent import (
    AUTOMATIC,
    REMINDERS_TO,
    alarms_about,
    consults_of,
    count,
    forget,
    notices_to,
    reminders_to,
)
from maildesk.store.text import as_json
from maildesk.words import Attachment, FailLetter, Letter
from maildesk.words.orders import ordered

COLUMNS = (
    "id", "name", "ticket_id", "answers_id", "about", "audience", "recipient", "message_id", "attachments", "human",
    "note", "copy", "state", "created", "next_try", "last_error", "unwritten",
    "sender", "subject", "text", "mail_from", "head", "body", "boundary", "spent", "attempts", "fence",
)  # fmt: skip
WRITTEN_LATER = ("", "", "", "", b"", b"", "", False, 0, 0)
INSERT = f"INSERT INTO letter ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
SPEND = "UPDATE letter SET spent = ? WHERE id IN "
FAIL = "UPDATE letter SET state = 'failed', last_error = ?, done = ? WHERE id = ? AND state <> 'failed'"
PAUSE = """
    INSERT INTO pause (address, until, why) VALUES (?, ?, ?)
    ON CONFLICT (address) DO UPDATE SET until = excluded.until, why = excluded.why"""


class Letters(Protocol):
    """What of the renderer is needed here, handed in so that this floor knows no template."""

    def message_id(self, letter: Letter, serial: int) -> str: ...


class Post:
    """The outbox as one ruling fills it."""

    def __init__(
        self, store: Store, letters: Letters, mail_id: int | None, now: datetime, wall: datetime | None = None
    ) -> None:
        self.store = store
        self.letters = letters
        self.mail_id = mail_id  # the mail the letters answer
        self.now = now  # the moment they are about
        self.wall = wall or now  # when they are decided, and so due
        self.created = micros(self.wall)
        self.timed = wall is not None  # time decides them, no mail
        self.counted_at = max(self.now, self.wall)  # a backlog counts now; `due --run` counts as of its moments

    def send(self, letters: Sequence[tuple[Letter, int | None]]) -> list[int]:
        """Letters into the outbox, each with its ticket's row id. Their serials."""
        letters = [each for each in letters if not joined(self.store, each[0], self.counted_at)]
        if not letters:
            return []
        serials = self.store.serials(len(letters))
        numbered = zip(serials, letters, strict=True)
        rows = [self._row(letter, serial, ticket_id) for serial, (letter, ticket_id) in numbered]
        self.store.many(INSERT, rows)
        for name, number in Counter(name for letter, _ in letters for name in _counted(letter, self.timed)).items():
            count(self.store, name, self.counted_at, number)
            if name.startswith(REMINDERS_TO):
                forget(self.store, name, self.counted_at)
        return serials

    def fail(self, failed: FailLetter) -> str:
        """A letter came back for good. The reference of its ticket, "" when it has none."""
        self.store.execute(FAIL, (f"returned: {failed.status}", micros(self.now), failed.serial))
        if failed.pause_until is not None:
            why = f"letter {failed.serial} came back: {failed.status}"
            self.store.execute(PAUSE, (failed.address, micros(failed.pause_until), why))
        return ticket_of(self.store, failed.serial)

    def _goes_at(self, letter: Letter) -> int:
        return micros(self.wall + GATHERED) if letter.gathers else self.created

    def _row(self, letter: Letter, serial: int, ticket_id: int | None) -> tuple[Any, ...]:
        return (
            serial,
            letter.name,
            ticket_id,
            self.mail_id,
            letter.about,
            letter.audience,
            letter.to.address,
            self.letters.message_id(letter, serial),
            as_json([_attachment(each) for each in letter.attachments]),
            letter.human,
            letter.note,
            letter.copy,
            "held" if letter.held else "waiting",
            self.created,
            None if letter.held else self._goes_at(letter),
            letter.held,
            ordered(letter, self.now),
            *WRITTEN_LATER,
        )


def spend(store: Store, serials: Sequence[int]) -> None:
    if serials:
        store.execute(SPEND + places(len(serials)), (True, *serials))


def _counted(letter: Letter, timed: bool) -> Iterator[str]:
    """The tallies for the limits: letters that no human wrote, to people who are no agents; what time writes to agents.

    A notice that the brake holds counts for its domain all the same: `outbox retry` would send more than may go.
    """
    if letter.name == "alarm":
        yield alarms_about(str(letter.context.get("what", "")))
    if timed and letter.audience == "agent" and letter.about and not letter.held:
        yield reminders_to(letter.to.address)
    if letter.audience != "customer" or letter.human:
        return
    if not letter.held:
        yield AUTOMATIC
    if letter.name == "redirect":
        yield notices_to(domain(letter.to.address))
    if letter.name == "consult" and not letter.copy:
        yield consults_of(str(letter.context["organisation"] or letter.about))


def _attachment(each: Attachment) -> dict[str, Any]:
    return {
        "name": each.name,
        "type": each.type,
        "sha256": each.sha256,
        "size": each.size,
        "inline": each.inline,
        "content_id": each.content_id,
    }
