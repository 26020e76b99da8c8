"""The operators' log: one line an event, that a terminal, a parser and systemd can read, and that never blocks."""

from __future__ import annotations

import io
import json
import queue
import threading
from datetime import UTC, datetime

import pytest

from maildesk.journal import WAITING_LINES, Journal, told


def journal(stream: io.StringIO, **options: object) -> Journal:
    return Journal(stream, clock=lambda: datetime(2026, 11, 21, 22, 32, 56, tzinfo=UTC), **options)  # type: ignore[arg-type]


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def test_a_text_line_has_time_level_event_and_fields(stream: io.StringIO) -> None:
    journal(stream).letter_sent(letter=3, name="reply", attempts=1)
    assert stream.getvalue() == "2026-11-21T22:32:56Z info    letter-sent letter=3 name=reply attempts=1\n"


def test_values_that_would_break_a_text_line_are_quoted(stream: io.StringIO) -> None:
    journal(stream).put_off(door="smtp:a b", error='x="1"\n2\x1b[31m')
    assert stream.getvalue().endswith('put-off door="smtp:a b" error="x=\\"1\\" 2 [31m"\n')


def test_a_json_line_is_one_object_with_the_same_fields(stream: io.StringIO) -> None:
    journal(stream, format="json").ready(listeners="mta", mailboxes="")
    assert json.loads(stream.getvalue()) == {
        "at": "2026-11-21T22:32:56.000Z",
        "level": "info",
        "event": "ready",
        "listeners": "mta",
        "mailboxes": "",
    }


def test_under_systemd_a_line_begins_with_its_priority(stream: io.StringIO) -> None:
    journal(stream, priorities=True).store_unavailable(error="disk full", jobs=2)
    assert stream.getvalue() == '<3>store-unavailable error="disk full" jobs=2\n'


def test_what_is_below_the_level_is_not_told(stream: io.StringIO) -> None:
    log = journal(stream, level="warning")
    log.stopped()
    log.put_off(door="deliver", error="x")
    assert stream.getvalue().count("\n") == 1


def test_an_error_is_told_as_its_kind_and_first_line() -> None:
    assert told(ValueError("first\nsecond: secret")) == "ValueError: first"


def test_a_reload_changes_level_and_form(stream: io.StringIO) -> None:
    log = journal(stream)
    log.configure(level="error", format="json")
    log.stopped()
    log.parked(id=1, error="x")
    assert json.loads(stream.getvalue())["event"] == "parked"


@pytest.mark.parametrize("form", ["text", "json"])
def test_lines_that_find_no_room_are_counted_in_the_same_form(stream: io.StringIO, form: str) -> None:
    log = journal(stream, format=form)
    log._writer = log  # type: ignore[assignment]  # as if its thread hung on a blocked stream
    for _ in range(WAITING_LINES + 2):
        log.stopped()
    log._writer = None
    log._lines.get()
    log._lines.put(None)
    log._write_lines()
    first = stream.getvalue().splitlines()[0]
    assert "lines-dropped" in first
    assert (json.loads(first)["count"] == 2) if form == "json" else first.endswith("count=2")


def test_a_closed_stream_stops_nobody(stream: io.StringIO) -> None:
    log = journal(stream)
    stream.close()
    log.stopped()


class Unread(io.StringIO):
    """Blocks like a full pipe until somebody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = threading.Event()

    def write(self, text: str) -> int:
        self.reader.wait(50)
        return super().write(text)


def test_a_log_that_nobody_reads_does_not_hold_up_the_end() -> None:
    log = Journal(stream := Unread())
    log.start()
    for _ in range(WAITING_LINES + 2):
        log.stopped()
    ending = threading.Thread(target=log.stop, daemon=True)
    ending.start()
    ending.join(20)
    assert not ending.is_alive()
    stream.reader.set()
    log._lines.put(None)  # its thread has found its reader, and ends too


class Pieces(io.StringIO):
    """How its lines came."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.told: queue.SimpleQueue[str] = queue.SimpleQueue()

    def write(self, text: str) -> int:
        self.pieces.append(text)
        self.told.put(text)
        return super().write(text)


def test_lines_of_a_busy_moment_are_written_together_and_in_order() -> None:
    log = Journal(stream := Pieces())
    log.start()
    for number in range(500):
        log.letter_sent(letter=number, name="reply", attempts=1)
    log.stop()
    told_of = [int(line.split("letter=")[1].split()[0]) for line in stream.getvalue().splitlines()]
    assert told_of == list(range(500))
    assert len(stream.pieces) < 50


def test_trouble_waits_for_nothing_and_what_came_before_it_comes_first() -> None:
    log = Journal(stream := Pieces(), together=3600)
    log.start()
    log.letter_sent(letter=1, name="reply", attempts=1)
    assert "letter=1" in stream.told.get(timeout=10)
    log.letter_sent(letter=2, name="reply", attempts=1)
    log.put_off(door="deliver", error="x")
    rest = stream.told.get(timeout=10)
    assert [line.split()[2] for line in rest.splitlines()] == ["letter-sent", "put-off"]
    log.stop()
