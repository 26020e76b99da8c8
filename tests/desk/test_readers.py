"""The pool of readers: real processes, their limits, and what becomes of a mail that ends them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk import frames
from maildesk.desk.reader import reading
from maildesk.desk.readers import Readers, Reading
from maildesk.words import Address, Incoming, Later

MAIL = b"From: Carol <carol@acme.example>\r\nTo: support@desk.example\r\nSubject: Export\r\n\r\nIt fails.\r\n"
SLOW = b"From: carol@acme.example\r\nContent-Type: text/html\r\n\r\n" + b"<table><tr><td>x</td></tr></table>" * 15_000


def read_here(raw: bytes) -> Reading:
    """The same reading without a process."""
    return Reading(*reading(raw))


class Told:
    def __init__(self) -> None:
        self.reasons: list[str] = []

    def reader_replaced(self, *, reason: str) -> None:
        self.reasons.append(reason)


@contextmanager
def pool(
    count: int = 1, deadline: float = 30, memory: object = 256 << 20, told: Told | None = None
) -> Iterator[Readers]:
    readers = Readers(count, deadline, memory, told)
    readers.start()
    try:
        yield readers
    finally:
        readers.stop()


def children() -> list[int]:
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended
            found += map(int, (task / "children").read_text().split())
    return found


def test_a_reader_reads_what_is_read_here() -> None:
    with pool() as readers:
        assert readers.read(MAIL).result(30) == read_here(MAIL)


def test_readers_share_the_work_and_lose_nothing() -> None:
    with pool(2) as readers:
        mails = [MAIL + b"%d\r\n" % number for number in range(200)]
        found = [readers.read(raw).result(30) for raw in mails]
    assert found == [read_here(raw) for raw in mails]


def test_a_mail_that_takes_too_long_is_unreadable_and_the_next_one_is_read() -> None:
    told = Told()
    with pool(deadline=0.05, told=told) as readers:
        late, next_one = readers.read(SLOW), readers.read(MAIL)
        assert late.result(60).mail.unreadable == "reading took longer than 0.05 s"
        assert next_one.result(60) == read_here(MAIL)
    assert told.reasons == ["reading took longer than 0.05 s"]


def test_a_mail_that_ends_its_reader_three_times_is_unreadable_and_those_in_hand_with_it_are_read() -> None:
    told = Told()
    with pool(memory=24 << 20, told=told) as readers:
        large = MAIL + b"x" * 60_000_000
        before, fatal, next_one = (readers.read(raw) for raw in (MAIL, large, MAIL))
        assert before.result(60) == read_here(MAIL)
        reading = fatal.result(60)
        assert "reading ended its process with" in reading.mail.unreadable
        assert (reading.mail.sender, reading.mail.size) == (None, len(large))
        assert next_one.result(60) == read_here(MAIL)
    assert len(told.reasons) == 3


@pytest.mark.parametrize("line", [b"It fails.\n", b"It f\xe4ils.\r\n"], ids=["line feeds", "plain octets"])
def test_a_mail_of_25_megabytes_of_text_is_read(line: bytes) -> None:
    with pool() as readers:
        mail = readers.read(MAIL + line * (25_000_000 // len(line))).result(60).mail
    assert (mail.unreadable, mail.problems) == ("", ("the text is long and shown in part",))
    assert mail.sender == Address("carol@acme.example", "Carol")


def test_a_reader_that_was_killed_is_replaced_without_a_trace_in_the_mail() -> None:
    before = set(children())
    with pool() as readers:
        readers.read(MAIL).result(30)
        (reader,) = set(children()) - before
        os.kill(reader, signal.SIGKILL)
        assert readers.read(MAIL).result(30) == read_here(MAIL)


def test_readers_do_not_listen_to_the_signals_of_the_desk() -> None:
    before = set(children())
    with pool() as readers:
        readers.read(MAIL).result(30)
        (reader,) = set(children()) - before
        os.kill(reader, signal.SIGTERM)
        os.kill(reader, signal.SIGINT)
        readers.read(MAIL).result(30)
        assert reader in children()


def test_stopping_reads_what_waits_and_refuses_what_comes() -> None:
    before = set(children())
    with pool() as readers:
        waiting = [readers.read(MAIL) for _ in range(50)]
    assert not wait(waiting, 30).not_done
    assert all(each.result() == read_here(MAIL) for each in waiting)
    with pytest.raises(Later):
        readers.read(MAIL).result(1)
    assert set(children()) <= before


def test_a_reader_that_cannot_start_leaves_the_mail_with_its_sender() -> None:
    told = Told()
    with pool(memory="no number", told=told) as readers, pytest.raises(Later):
        readers.read(MAIL).result(60)
    assert "does not start" in told.reasons[0]


def test_the_end_of_the_pipe_ends_a_reader() -> None:
    command = [sys.executable, "-m", "maildesk.desk.reader", str(256 << 20), "10"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        out, _ = process.communicate(frames.framed(MAIL), 60)
    assert process.returncode == 0
    assert out.startswith(frames.framed(b""))


ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))  # as mails name them
TEXT = st.text(max_size=5)


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """A value of a field's type, so that a field that is new is asked of the pipe, too."""
    if hint is datetime:
        return st.datetimes(timezones=ZONES)
    if isinstance(hint, UnionType):
        return st.one_of([st.none() if each is NoneType else anything(each) for each in get_args(hint)])
    if get_origin(hint) is tuple:
        kinds = [anything(each) for each in get_args(hint) if each is not ...]
        return st.lists(kinds[0], max_size=2).map(tuple) if ... in get_args(hint) else st.tuples(*kinds)
    if fields := getattr(hint, "__dataclass_fields__", ()):
        hints = get_type_hints(hint)
        return st.builds(hint, **{name: anything(hints[name]) for name in fields})
    return TEXT if hint is str else st.from_type(hint)


INCOMING = anything(Incoming)


@given(INCOMING, st.binary(max_size=50))
def test_a_reading_comes_through_the_pipe_as_it_was(mail: Incoming, packed: bytes) -> None:
    frame = frames.answer(mail, packed)
    found, same = frames.answered(frame[frames.LENGTH :])
    assert (found, same, int.from_bytes(frame[: frames.LENGTH], "big")) == (mail, packed, len(frame) - frames.LENGTH)


@given(st.binary(max_size=300) | st.integers(1, 200_000).map(lambda deep: frames.framed(b"[" * deep)))
def test_a_frame_that_no_reader_writes_is_told_from_one(frame: bytes) -> None:
    with pytest.raises((ValueError, TypeError, LookupError, RecursionError)):
        frames.answered(frame)
