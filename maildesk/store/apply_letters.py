"""Letters as they are decided: rendered once into the outbox, spent, or come back.

Called by store/apply, which is handed the renderer; nothing here knows a template or a relay. The row holds the
bytes as they will leave, so a retry is the same mail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from maildesk.mime.address import domain
from maildesk.store.database import Store
from maildesk.store.match import places
from maildesk.store.moments import micros
from maildesk.store.outbox import ticket_of
from maildesk.store.recent import AUTOMATIC, alarms_about, count, notices_to
from maildesk.store.text import as_json
from maildesk.words import Attachment, FailLetter, Letter

COLUMNS = (
    "id", "name", "ticket_id", "answers_id", "about", "audience", "sender", "recipient", "subject", "text",
    "message_id", "mail_from", "head", "body", "boundary", "attachments", "human", "note", "copy", "spent", "state",
    "attempts", "created", "next_try", "last_error", "fence",
)  # fmt: skip
INSERT = f"INSERT INTO letter ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
SPEND = "UPDATE letter SET spent = ? WHERE id IN "
FAIL = "UPDATE letter SET state = 'failed', last_error = ?, done = ? WHERE id = ? AND state <> 'failed'"
PAUSE = """
    INSERT INTO pause (address, until, why) VALUES (?, ?, ?)
    ON CONFLICT (address) DO UPDATE SET until = excluded.until, why = excluded.why"""


class Rendered(Protocol):
    """A letter as it will leave; what letters/render makes."""

    @property
    def mail_from(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def head(self) -> bytes: ...
    @property
    def body(self) -> bytes: ...
    @property
    def boundary(self) -> str: ...
    @property
    def attachments(self) -> tuple[Attachment, ...]: ...


class Letters(Protocol):
    """The renderer, handed in so that this floor knows no template."""

    def order(self, letters: Sequence[tuple[Letter, int]], now: datetime) -> Callable[[], Sequence[Rendered]]:
        """Have letters written, each with its serial; what comes back waits for them, and gives them in order."""


class Post:
    """The outbox as one ruling fills it."""

    def __init__(
        self, store: Store, letters: Letters, mail_id: int | None, now: datetime, wall: datetime | None = None
    ) -> None:
        self.store = store
        self.letters = letters
        self.mail_id = mail_id  # the mail the letters answer
        self.now = now  # the moment they are about
        self.wall = wall or now  # when they are written, and so go
        self.counted_at = max(self.now, self.wall)  # a backlog counts now; `due --run` counts as of its moments

    def send(self, letters: Sequence[tuple[Letter, int | None]]) -> None:
        """Have letters written, each with its ticket's row id; they are in the outbox at the transaction's end."""
        if not letters:
            return
        serials = self.store.serials(len(letters))
        ordered = [(letter, serial) for serial, (letter, _) in zip(serials, letters, strict=True)]
        written = self.letters.order(ordered, self.now)
        about = [(letter.to.address, letter.name) for letter, _ in letters]  # the limits count them from now on
        self.store.ends.add(lambda: self._keep(ordered, [ticket_id for _, ticket_id in letters], written()), *about)
        for name, number in Counter(name for letter, _ in letters for name in _counted(letter)).items():
            count(self.store, name, self.counted_at, number)

    def _keep(
        self,
        ordered: Sequence[tuple[Letter, int]],
        ticket_ids: Sequence[int | None],
        written: Sequence[Rendered],
    ) -> None:
        rows = [
            self._row(letter, serial, rendered, ticket_id)
            for (letter, serial), ticket_id, rendered in zip(ordered, ticket_ids, written, strict=True)
        ]
        self.store.many(INSERT, rows)

    def fail(self, failed: FailLetter) -> str:
        """A letter came back for good. The reference of its ticket, "" when it has none."""
        self.store.execute(FAIL, (f"returned: {failed.status}", micros(self.now), failed.serial))
        if failed.pause_until is not None:
            why = f"letter {failed.serial} came back: {failed.status}"
            self.store.execute(PAUSE, (failed.address, micros(failed.pause_until), why))
        return ticket_of(self.store, failed.serial)

    def _row(self, letter: Letter, serial: int, rendered: Rendered, ticket_id: int | None) -> tuple[Any, ...]:
        created = micros(self.wall)
        return (
            serial,
            letter.name,
            ticket_id,
            self.mail_id,
            letter.about,
            letter.audience,
            rendered.sender,
            letter.to.address,
            rendered.subject,
            rendered.text,
            rendered.message_id,
            rendered.mail_from,
            rendered.head,
            rendered.body,
            rendered.boundary,
            as_json([_attachment(each) for each in rendered.attachments]),
            letter.human,
            letter.note,
            letter.copy,
            False,
            "held" if letter.held else "waiting",
            0,
            created,
            None if letter.held else created,
            letter.held,
            0,
        )


def spend(store: Store, serials: Sequence[int]) -> None:
    if serials:
        store.execute(SPEND + places(len(serials)), (True, *serials))


def _counted(letter: Letter) -> Iterator[str]:
    """The tallies for the limits: letters that no human wrote, to people who are no agents."""
    if letter.name == "alarm":
        yield alarms_about(str(letter.context.get("what", "")))
    if letter.audience != "customer" or letter.human or letter.held:
        return
    yield AUTOMATIC
    if letter.name == "redirect":
        yield notices_to(domain(letter.to.address))


def _attachment(each: Attachment) -> dict[str, Any]:
    return {
        "name": each.name,
        "type": each.type,
        "sha256": each.sha256,
        "size": each.size,
        "inline": each.inline,
        "content_id": each.content_id,
    }
