"""The octets of a mail, however they are cut: what leaves stuffed arrives unstuffed, and nothing slips through."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from maildesk.doors.data import BARE, CRLF, END, LONG_LINE, LONGEST_LINE, Data, Room, has_long_line, stuffed
from maildesk.doors.smtp_paths import BadPath, Path, recipient, sender

LINES = st.lists(st.sampled_from([b"", b".", b"..", b"...", b"a", b".a", b"a.", b" .", b"\0", b"\xff"]), max_size=8)
NEXT = b"MAIL FROM:<>\r\n"
ANY = st.lists(st.sampled_from([b"\r", b"\n", b".", b"a", CRLF]), max_size=12).map(b"".join)


def cut(octets: bytes, places: list[int]) -> list[bytes]:
    ends = [*sorted({place % (len(octets) + 1) for place in places}), len(octets)]
    starts = [0, *ends]
    return [octets[start:end] for start, end in zip(starts, ends, strict=False)]


def taken(octets: bytes, places: list[int]) -> Data:
    """What a reader of the socket makes of it: DATA's own line end in front, cut anywhere, ended at the first END."""
    data = Data(Room(10_000, limit=1000))
    come = bytearray()
    for piece in cut(CRLF + octets + NEXT, places):
        come += piece
        if data.take(come):
            break
    rest = (CRLF + octets + NEXT).partition(END)[2]
    assert rest.startswith(come)
    assert rest.endswith(NEXT)
    return data


@given(LINES, st.lists(st.integers(0, 60)), st.lists(st.integers(0, 60)))
def test_what_is_stuffed_in_pieces_is_unstuffed_in_pieces(lines: list[bytes], out: list[int], into: list[int]) -> None:
    raw = b"".join(line + CRLF for line in lines)
    sent = b"".join(stuffed(cut(raw, out)))
    assert sent.endswith(b".\r\n")
    assert (CRLF + sent).index(END) == len(CRLF + sent) - len(END), "the mail ends once"
    data = taken(sent, into)
    assert data.whole() == raw
    assert data.fault == ""
    assert data.size == len(raw)


@given(ANY)
def test_a_mail_without_a_last_line_end_gets_one(octets: bytes) -> None:
    sent = b"".join(stuffed([octets]))
    assert sent.endswith(END) or sent == b".\r\n"


@given(ANY, st.lists(st.integers(0, 40)))
def test_a_bare_cr_or_lf_is_found_wherever_the_pieces_are_cut(octets: bytes, places: list[int]) -> None:
    data = taken(octets + END, places)
    raw = data.whole()
    stream = CRLF + octets + END
    received = stream[: stream.index(END) + 2]
    bare = received.replace(CRLF, b"")
    assert (data.fault == BARE) == (b"\r" in bare or b"\n" in bare)
    assert data.fault or raw.count(CRLF) * 2 == raw.count(b"\r") + raw.count(b"\n")


@given(st.lists(st.integers(0, 1_200), min_size=1, max_size=20))
def test_no_room_and_too_much_give_all_their_memory_back(sizes: list[int]) -> None:
    room = Room(900, limit=1000)
    data = Data(room)
    come = bytearray(CRLF)
    for size in sizes:
        come += b"x" * size
        data.take(come)
    come += END
    data.take(come)
    data.whole()
    fits = sum(sizes) + 2
    assert (data.fault[:3] or "250") == ("552" if fits > 1000 else "452" if fits > 900 else "250")
    data.close()
    assert room.left == 900


def test_long_lines_are_found_at_the_beginning_in_the_middle_and_at_the_end() -> None:
    short, long = b"x" * 1000 + CRLF, b"x" * (LONGEST_LINE + 1) + CRLF
    assert not has_long_line(short * 2000)
    for raw in (long, short + long, short + long + short * 600, short * 600 + long[:-2]):
        assert has_long_line(raw)
    data = Data(Room(1 << 22, limit=1 << 22))
    data.take(bytearray(CRLF + long + b".\r\n"))
    data.whole()
    assert data.fault == LONG_LINE


@given(st.text(max_size=60))
def test_no_argument_of_mail_or_rcpt_is_an_error_of_ours(text: str) -> None:
    for read, keyword in ((sender, "FROM:"), (recipient, "TO:")):
        for argument in (text, keyword + text, f"{keyword}<{text}>"):
            answer = answered(read, argument)
            assert answer.startswith("501 5.") or answer.isprintable()
            assert not set(answer) & set("\r\n\0")


def answered(read: Callable[[str], Path], argument: str) -> str:
    try:
        return read(argument).address
    except BadPath as bad:
        return str(bad)


def test_room_that_is_made_larger_takes_what_it_could_not_and_smaller_room_waits_for_what_it_gave() -> None:
    room = Room(1000, limit=250)
    assert room.take(900)
    room.resize(4000, limit=1000)
    assert (room.limit, room.take(3000), room.take(101)) == (1000, True, False)
    room.resize(1000, limit=250)
    assert not room.take(1)
    room.give(3900)
    assert (room.take(1000), room.take(1)) == (True, False)
