"""The operators' log: one method an event, one line an event, a closed list held by docs/journal.md.

Handed to every room that has something to tell. It never carries the text of a mail, a token, a credential or
more of an error than its kind and first line. A blocked log never blocks the mail: once `start` was called,
lines go through a bounded queue and what does not fit is counted and told later.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

LEVELS = ("debug", "info", "warning", "error")
URGENT = ("warning", "error")
PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3}  # sd-daemon(3): the <N> prefix the journal reads
WAITING_LINES = 10_000
TOGETHER = 0.05  # seconds after a line in which others wait for each other, unless one tells of trouble


def now() -> datetime:
    return datetime.now(UTC)


def plain(value: object) -> str:
    """One word of a text line: quoted when it has spaces, free of anything a terminal would act on."""
    text = str(value)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = text[:500]
    return json.dumps(text, ensure_ascii=False) if not text or " " in text or '"' in text or "=" in text else text


def told(error: BaseException | str) -> str:
    """An error as its kind and first line, for operators only."""
    if isinstance(error, str):
        return error
    first_line = (str(error).splitlines() or [""])[0]
    return f"{type(error).__name__}: {first_line}"[:300]


class Journal:
    def __init__(
        self,
        stream: TextIO | None = None,
        level: str = "info",
        format: str = "text",  # noqa: A002  the option's name
        clock: Callable[[], datetime] = now,
        priorities: bool = False,
        together: float = TOGETHER,
    ) -> None:
        self.stream = stream or sys.stderr
        self.configure(level=level, format=format)
        self.clock = clock
        self.priorities = priorities  # the stream is systemd's journal ($JOURNAL_STREAM)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._urgent = threading.Event()
        self._together = together
        self._writer: threading.Thread | None = None
        self._dropped = 0

    def configure(self, *, level: str, format: str) -> None:  # noqa: A002  the option's name
        self.level = LEVELS.index(level)
        self.json = format == "json"

    def start(self) -> None:
        self._writer = threading.Thread(target=self._write_lines, name="journal", daemon=True)
        self._writer.start()

    def stop(self) -> None:
        writer, self._writer = self._writer, None
        if writer:
            self._lines.put(None)
            self._urgent.set()
            writer.join(3)  # nobody reads the log: what waits is lost, the process ends all the same

    # the daemon

    def started(self, *, version: str, config: str) -> None:
        self._tell("info", "started", version=version, config=config)

    def ready(self, *, listeners: str, mailboxes: str) -> None:
        self._tell("info", "ready", listeners=listeners, mailboxes=mailboxes)

    def stopping(self, *, signal: str) -> None:
        self._tell("info", "stopping", signal=signal)

    def stopped(self) -> None:
        self._tell("info", "stopped")

    def reloaded(self, *, restart_wanted: str) -> None:
        self._tell("warning" if restart_wanted else "info", "reloaded", restart_wanted=restart_wanted)

    def reload_refused(self, *, problems: str) -> None:
        self._tell("error", "reload-refused", problems=problems)

    def fatal(self, *, thread: str, error: BaseException | str) -> None:
        self._tell("error", "fatal", thread=thread, error=told(error))

    def tick_failed(self, *, job: str, error: BaseException | str) -> None:
        self._tell("error", "tick-failed", job=job, error=told(error))

    # mail coming in

    def listening(self, *, listener: str, address: str) -> None:
        self._tell("info", "listening", listener=listener, address=address)

    def connection_refused(self, *, listener: str, peer: str, reason: str) -> None:
        self._tell("warning", "connection-refused", listener=listener, peer=peer, reason=reason)

    def recipient_refused(self, *, listener: str, peer: str, recipient: str) -> None:
        self._tell("info", "recipient-refused", listener=listener, peer=peer, recipient=recipient)

    def listener_failed(self, *, listener: str, error: BaseException | str) -> None:
        self._tell("error", "listener-failed", listener=listener, error=told(error))

    def accepted(self, *, id: int, door: str, outcome: str, ticket: str, rule: str) -> None:  # noqa: A002
        self._tell("info", "accepted", id=id, door=door, outcome=outcome, ticket=ticket, rule=rule)

    def put_off(self, *, door: str, error: BaseException | str) -> None:
        self._tell("warning", "put-off", door=door, error=told(error))

    def parked(self, *, id: int, error: BaseException | str) -> None:  # noqa: A002
        self._tell("error", "parked", id=id, error=told(error))

    def reader_replaced(self, *, reason: str) -> None:
        self._tell("warning", "reader-replaced", reason=reason)

    def scribe_replaced(self, *, reason: str) -> None:
        self._tell("warning", "scribe-replaced", reason=reason)

    def checked(self, *, message_id: str, door: str, results: str) -> None:
        self._tell("info", "checked", message_id=message_id, door=door, results=results)

    def prover_replaced(self, *, reason: str) -> None:
        self._tell("warning", "prover-replaced", reason=reason)

    # mailboxes

    def mailbox_connected(self, *, mailbox: str, folder: str, waiting: int) -> None:
        self._tell("info", "mailbox-connected", mailbox=mailbox, folder=folder, waiting=waiting)

    def mailbox_lost(self, *, mailbox: str, error: BaseException | str, wait: float) -> None:
        self._tell("warning", "mailbox-lost", mailbox=mailbox, error=told(error), wait=round(wait, 1))

    def mailbox_moved(self, *, mailbox: str, folder: str, count: int) -> None:
        self._tell("info", "mailbox-moved", mailbox=mailbox, folder=folder, count=count)

    def mailbox_rescan(self, *, mailbox: str, uidvalidity: int) -> None:
        self._tell("warning", "mailbox-rescan", mailbox=mailbox, uidvalidity=uidvalidity)

    def mailbox_move_failed(self, *, mailbox: str, folder: str, count: int, error: BaseException | str) -> None:
        self._tell("error", "mailbox-move-failed", mailbox=mailbox, folder=folder, count=count, error=told(error))

    def mailbox_unmovable(self, *, mailbox: str) -> None:
        self._tell("warning", "mailbox-unmovable", mailbox=mailbox)

    def mailbox_cut(self, *, mailbox: str, uid: int, size: int, reason: str) -> None:
        self._tell("warning", "mailbox-cut", mailbox=mailbox, uid=uid, size=size, reason=reason)

    def mailbox_passed_over(self, *, mailbox: str, uid: int) -> None:
        self._tell("error", "mailbox-passed-over", mailbox=mailbox, uid=uid)

    # letters going out

    def letter_sent(self, *, letter: int, name: str, attempts: int) -> None:
        self._tell("info", "letter-sent", letter=letter, name=name, attempts=attempts)

    def letter_deferred(self, *, letter: int, name: str, error: BaseException | str, next_try: str) -> None:
        self._tell("warning", "letter-deferred", letter=letter, name=name, error=told(error), next_try=next_try)

    def letter_failed(self, *, letter: int, name: str, error: BaseException | str) -> None:
        self._tell("error", "letter-failed", letter=letter, name=name, error=told(error))

    def letter_unwritten(self, *, letter: int, name: str, error: BaseException | str) -> None:
        self._tell("error", "letter-unwritten", letter=letter, name=name, error=told(error))

    def relay_unreachable(self, *, relay: str, error: BaseException | str, wait: float) -> None:
        self._tell("warning", "relay-unreachable", relay=relay, error=told(error), wait=round(wait, 1))

    def template_broken(self, *, fault: str) -> None:
        self._tell("error", "template-broken", fault=fault)

    # time and the store

    def swept(self, *, tickets: int, held: int) -> None:
        self._tell("info", "swept", tickets=tickets, held=held)

    def set_right(self, *, letters: int, pauses: int, chores: int) -> None:
        self._tell("warning", "set-right", letters=letters, pauses=pauses, chores=chores)

    def replanned(self, *, tickets: int, overdue: int) -> None:
        self._tell("info", "replanned", tickets=tickets, overdue=overdue)

    def store_unavailable(self, *, error: BaseException | str, jobs: int) -> None:
        self._tell("error", "store-unavailable", error=told(error), jobs=jobs)

    # the line itself

    def _tell(self, level: str, event: str, **facts: object) -> None:
        if LEVELS.index(level) < self.level:
            return
        line = self._line(level, event, facts)
        if self._writer is None:
            self._write(line)
            return
        if self._lines.qsize() >= WAITING_LINES:
            self._dropped += 1
            return
        self._lines.put(line)
        if level in URGENT:
            self._urgent.set()

    def _line(self, level: str, event: str, facts: dict[str, object]) -> str:
        return self._as_json(level, event, facts) if self.json else self._as_text(level, event, facts)

    def _as_json(self, level: str, event: str, facts: dict[str, object]) -> str:
        at = self.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return json.dumps({"at": at, "level": level, "event": event, **facts}, ensure_ascii=False, default=str)

    def _as_text(self, level: str, event: str, facts: dict[str, object]) -> str:
        words = " ".join(f"{key}={plain(value)}" for key, value in facts.items())
        if self.priorities:
            return f"<{PRIORITY[level]}>{event} {words}".rstrip()
        at = self.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{at} {level:7} {event} {words}".rstrip()

    def _write(self, lines: str) -> None:
        try:
            self.stream.write(lines + "\n")
            self.stream.flush()
        except (OSError, ValueError):  # stderr closed or full: mail matters more than its log
            self._dropped += lines.count("\n") + 1

    def _write_lines(self) -> None:
        ended = False
        while not ended:
            waiting = [self._lines.get()]
            waiting += [self._lines.get() for _ in range(self._lines.qsize())]
            ended = None in waiting
            lines = [line for line in waiting if line is not None]
            dropped, self._dropped = self._dropped, 0
            if dropped:
                lines.insert(0, self._line("warning", "lines-dropped", {"count": dropped}))
            if lines:
                self._write("\n".join(lines))
            if not ended:  # a thread that wakes for each line takes the interpreter from the mail
                self._urgent.wait(self._together)
                self._urgent.clear()
