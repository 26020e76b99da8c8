"""Rows T65 to T77 and T80 to T82 of the threat table: what is built to cost time or to make a parser fail.

Each has its bounds (tests/evil/bounds.py): two of the ten seconds that a reader has, and time that grows no faster than
the input. T75 and T76 are held with real processes in tests/desk/test_hostile_mails.py, T78, T79 and T81's refusal at
the doors (tests/doors).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maildesk.mime import limits
from tests.evil.bounds import bounded, reads_in_proportion

HEAD = b"From: carol@acme.example\r\nTo: support@desk.example\r\nSubject: Export\r\n"


def multipart(inside: bytes, boundary: bytes = b"b") -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n" % boundary + inside


@pytest.mark.parametrize("count", [limits.PARTS - 1, limits.PARTS, 100_000])
def test_t65_a_hundred_thousand_parts_are_not_taken_apart(count: int) -> None:
    found = bounded(multipart(b"--b\r\n\r\na\r\n" * count + b"--b--\r\n"))
    over = count + 1 > limits.PARTS
    assert found.unreadable == (f"more than {limits.PARTS} parts" if over else "")
    assert (found.sender is None) == over


@pytest.mark.parametrize("part", [b"--b\r\n\r\na\r\n", b"--b\r\n", b"--b\r\nContent-Type: message/rfc822\r\n\r\n"])
def test_t65_parts_cost_what_they_are_long(part: bytes) -> None:
    reads_in_proportion(lambda count: multipart(part * count + b"--b--\r\n"), 800)
    reads_in_proportion(lambda count: multipart(part * count + b"--b--\r\n"), 100_000)


def nested(depth: int, kind: str) -> bytes:
    raw = [HEAD]
    for level in range(depth):
        if kind == "attached mail" or (kind == "one in the other" and level % 2):
            raw.append(b"Content-Type: message/rfc822\r\n\r\n")
        else:
            raw.append(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level))
    return b"".join([*raw, b"\r\nx"])


@pytest.mark.parametrize("depth", [29, 30, 31, 100, 1_000, 5_000])
@pytest.mark.parametrize("kind", ["multipart", "attached mail", "one in the other"])
def test_t66_nesting_has_an_end_and_reaches_it(depth: int, kind: str) -> None:
    found = bounded(nested(depth, kind))
    assert found.unreadable == ("" if depth <= limits.NESTING else f"parts nested deeper than {limits.NESTING}")


@pytest.mark.parametrize("kind", ["multipart", "attached mail", "one in the other"])
def test_t66_nesting_costs_what_it_is_long(kind: str) -> None:
    reads_in_proportion(lambda depth: nested(depth, kind), 40_000)


PEOPLE = {
    "64,000 addresses": lambda n: b"To: " + b",\r\n ".join([b"a@b.example"] * n),
    "semicolons": lambda n: b"To: " + b";" * n,
    "groups": lambda n: b"To: " + b"g:a@b.example;," * n,
    "comments": lambda n: b"To: " + b"(" * n,
    "closed comments": lambda n: b"To: " + b"(a)" * n + b" a@b.example",
    "quotations": lambda n: b"Cc: " + b'"a\\"' * n,
    "angles": lambda n: b"From: " + b"<a " * n,
    "encoded words": lambda n: b"From: " + b"=?utf-8?q?a?= " * n + b"<a@b.example>",
    "torn encoded words": lambda n: b"From: " + b"=?utf-8?q?" * n + b"<a@b.example>",
    "at signs": lambda n: b"From: " + b"a@" * n,
}


@pytest.mark.parametrize("made", PEOPLE.values(), ids=PEOPLE.keys())
def test_t67_fields_of_addresses_cost_what_they_are_long(made: Callable[[int], bytes]) -> None:
    for count in (1_000, 4_000, 64_000):
        bounded(b"Subject: x\r\n" + made(count) + b"\r\n\r\nx")
    reads_in_proportion(lambda size: b"Subject: x\r\n" + made(size) + b"\r\n\r\nx", 8_000)


def test_t67_the_number_of_addresses_has_an_end() -> None:
    under, over = (b", ".join([b"a@b.example"] * count) for count in (900, 1_200))
    assert bounded(HEAD + b"Cc: " + under + b"\r\n\r\nx").unreadable == ""
    assert bounded(HEAD + b"Cc: " + over + b"\r\n\r\nx").unreadable == "more than 1000 addresses"


PARAMETERS = {
    "names": lambda n: b"".join(b"; a%d=b" % number for number in range(n)),
    "sections": lambda n: b"".join(b"; name*%d=b" % number for number in range(n)),
    "encoded sections": lambda n: b"".join(b"; name*%d*=%%41" % number for number in range(n)),
    "one name": lambda n: b"; boundary=b" * n,
    "semicolons": lambda n: b";" * n,
    "quotation marks": lambda n: b'; a="' * n,
    "quoted pairs": lambda n: b'; a="' + b'\\"' * n,
    "equal signs": lambda n: b"; a" + b"=" * n,
    "spaces": lambda n: b"; a" + b" " * n + b"b",
}


@pytest.mark.parametrize("made", PARAMETERS.values(), ids=PARAMETERS.keys())
@pytest.mark.parametrize("field", [b"Content-Type: multipart/mixed", b"Content-Disposition: attachment"])
def test_t68_parameters_without_end_are_read_in_time(field: bytes, made: Callable[[int], bytes]) -> None:
    bounded(HEAD + field + made(8_000) + b"\r\n\r\nx")
    reads_in_proportion(lambda size: HEAD + field + made(size) + b"\r\n\r\nx", 8_000)


def test_t68_the_number_of_parameters_has_an_end() -> None:
    found = bounded(HEAD + b"Content-Type: text/plain" + b"; a=b" * (limits.PARAMETERS + 1) + b"\r\n\r\nx")
    assert found.unreadable == "more than 100 parameters in a field"


FIELDS = {
    "100,000 fields": (b"X-A: b\r\n" * 100_000, "the header block is over 256 KiB"),
    "1,100 fields": (b"X-A: b\r\n" * 1_100, "more than 1000 header fields"),
    "a field of 10 MB": (b"X-A: " + b"b" * 10_000_000 + b"\r\n", "the header block is over 256 KiB"),
    "a folded field of 10 MB": (b"X-A: b\r\n" + b" b\r\n" * 2_500_000, "the header block is over 256 KiB"),
    "a field of 70 KB": (b"X-A: " + b"b" * 70_000 + b"\r\n", "a header field is over 64 KiB"),
    "blank lines above 1,100 fields": (b"X-A: b\r\n" * 1_100, "more than 1000 header fields"),
    "990 fields": (b"X-A: b\r\n" * 990, ""),
    "lines that are no fields": (b"X-A: b\r\n" + b"oops\r\n" * 30_000, "more than 1000 header fields"),
    "torn lines": (b"X-A: b\r\noops\r\n" * 450, ""),
}


@pytest.mark.parametrize(("fields", "reason"), FIELDS.values(), ids=FIELDS.keys())
def test_t69_fields_without_end_are_not_taken_apart(fields: bytes, reason: str, request: pytest.FixtureRequest) -> None:
    above = b"\r\n" * 1_000 if "above" in request.node.callspec.id else b""
    assert bounded(above + HEAD + fields + b"\r\nx").unreadable == reason


@pytest.mark.parametrize("field", [b"X-A: b\r\n", b" b\r\n", b"oops\r\n", b":\r\n", b"a", b"\t \r\n", b"\r\n"])
@pytest.mark.parametrize("count", [800, 100_000])
def test_t69_fields_cost_what_they_are_long(field: bytes, count: int) -> None:
    reads_in_proportion(lambda size: HEAD + b"X-A: b" + field * size + b"\r\n\r\nx", count)


FAULTS = {
    "an id of brackets": b"Message-ID: <[>",
    "an id of a quotation": b'Message-ID: <"',
    "parentheses": b"From: " + b"(" * 1_000,
    "an encoded new line": b"From: =?utf-8?q?=0A?= <a@b.example>",
    "an encoded NUL": b"Subject: =?utf-8?b?AAAA?=",
    "a type of nothing": b"Content-Type: ;;;",
    "a type of slashes": b"Content-Type: ////",
    "a charset of nothing": b"Content-Type: text/plain; charset*=''",
    "a section without number": b"Content-Disposition: inline; filename**=a; filename*x*=b",
    "a disposition of octets": b"Content-Disposition: \xff\x00\xfe",
    "a list of nothing": b"References: <>,<><>",
    "a field without name": b": x",
    "a name of octets": b"\xff\xfe: x",
    "a group in a group": b"To: a:b:c;;",
    "a literal": b"To: a@[IPv6:::1], b@[",
}


@pytest.mark.parametrize("field", FAULTS.values(), ids=FAULTS.keys())
def test_t71_fields_that_make_parsers_raise_are_read(field: bytes) -> None:
    for raw in (field + b"\r\n" + HEAD, HEAD + field + b"\r\n"):
        assert bounded(raw + b"\r\nwords").text.endswith("words")


LABELS = [
    "", "x" * 300, "utf-8\x00", "\x00", "../../etc/passwd", "utf-7", "utf-32le", "utf-16", "utf-16be", "unicode_escape",
    "raw_unicode_escape", "idna", "punycode", "rot13", "rot_13", "hex", "hex_codec", "base64", "base64_codec", "zlib",
    "zlib_codec", "bz2", "bz2_codec", "uu", "uu_codec", "quopri", "quopri_codec", "undefined", "mbcs", "oem",
    "utf-8-sig",
    "charmap", "palmos", "string_escape", "string-escape", "cp65001", "cp99999", "iso-8859-0", "iso-8859-99", "8859",
    "utf8'; DROP TABLE", "%s", "{0}", "utf-8\r\nX: y", "=?utf-8?q?utf-8?=", "\xff\xfe", "ｕｔｆ－８", "_" * 80, "-",
    "cp" * 40, "iso2022jp" * 8, "x-user-defined", "x-mac-ce", "replacement", "hz", "iso-2022-kr", "iso-2022-cn", "None",
    "surrogateescape", "ascii\x1b", "binary", "unknown-8bit",
]  # fmt: skip
OCTETS = [
    b"plain",
    b"\xff\xfe\x00\xd8",
    b"\x1b$B\xff\x1b(",
    b"+2AA-\x80",
    b"~{\xff",
    b"\x00\xd8\x00\x00",
    bytes(range(256)),
]


@pytest.mark.parametrize("label", LABELS)
def test_t72_a_label_is_looked_up_in_our_list_alone(label: str) -> None:
    said = label.encode("utf-8")
    for octets in OCTETS:
        mail = bounded(HEAD + b'Content-Type: text/plain; charset="%s"\r\n\r\n' % said + octets)
        mail.text.encode()
        assert not set("\x00\x1b\ud800") & set(mail.text)
        subject = bounded(b"Subject: =?%s?q?%s?=\r\n\r\nx" % (said, octets.replace(b"\n", b""))).subject
        subject.encode()
        assert not set("\x00\x1b\ud800") & set(subject)


DATES = [
    "Mon, 2 Mar 0000 09:15:00 +0000", "Mon, 2 Mar 99999 09:15:00 +0000", "2 Mar 2026 09:15:00 +9999", "", "()", "0",
    "-1",
    "2 Mar 2026 99:99:99 +0000", "32 Mar 2026", "2 Foo 2026 01:02", "1e999", "2 Mar 2026 09:15:00 " + "9" * 5_000,
    "9" * 60_000, "Mon, " * 10_000, "2026-03-02T09:15:00Z", "\x00",
    "2 Mar 2026 09:15:00 +0100\r\nDate: 1 Jan 1970 00:00:00 +0000",
]  # fmt: skip


@pytest.mark.parametrize("value", DATES, ids=range(len(DATES)))
def test_t73_absurd_dates_are_none_or_plausible(value: str) -> None:
    found = bounded(HEAD + f"Date: {value}\r\n\r\nx".encode())
    assert found.text == "x"
    assert found.date is None or 1970 <= found.date.year <= 2200


CONFLICTS = {
    "two boundaries": b"Content-Type: multipart/mixed; boundary=b; boundary=c",
    "two types, the second of parts": b"Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b",
    "two types, the first of parts": b"Content-Type: multipart/mixed; boundary=b\r\nContent-Type: text/plain",
    "two types of parts": b"Content-Type: multipart/mixed; boundary=b\r\nContent-Type: multipart/mixed; boundary=c",
    "a section and a value": b"Content-Type: multipart/mixed; boundary=b; boundary*0=c",
    "two encodings": b"Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n"
    b"Content-Transfer-Encoding: base64",
}


@pytest.mark.parametrize("fields", CONFLICTS.values(), ids=CONFLICTS.keys())
def test_t77_of_conflicting_fields_the_first_counts_and_both_texts_show(fields: bytes) -> None:
    body = b"--b\r\n\r\none\r\n--c\r\n\r\ntwo\r\n--c--\r\n--b--\r\n"
    found = bounded(HEAD + fields + b"\r\n\r\n" + body)
    assert {"one", "two"} <= set(found.text.split())
    assert found.problems or b"boundary*0" in fields


ZIP = b"PK\x03\x04" + bytes(26) + b"a" * 200


@pytest.mark.parametrize(
    "kind", ["application/zip", "application/x-gzip", "message/partial; id=a; number=1", "message/external-body; url=x"]
)
def test_t80_archives_and_pieces_are_octets_of_their_size(kind: str) -> None:
    found = bounded(
        multipart(b"--b\r\n\r\none\r\n--b\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + ZIP + b"\r\n--b--")
    )
    assert (found.text, [file.size for file in found.attachments]) == ("one", [len(ZIP)])


@pytest.mark.parametrize("length", [2_000, 60_000, 400_000])
def test_t81_long_lines_are_read_whole(length: int) -> None:
    assert bounded(HEAD + b"\r\n" + b"x" * length + b"\r\n").text == "x" * length


def test_t82_more_files_than_the_cap_are_kept_and_not_taken_apart() -> None:
    file = b"--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n"
    found = bounded(multipart(b"--b\r\n\r\none\r\n" + file * 2_000 + b"--b--"))
    assert found.unreadable == "more than 1000 parts"
    assert len(bounded(multipart(b"--b\r\n\r\none\r\n" + file * 900 + b"--b--")).attachments) == 900


def test_t82_a_file_of_twenty_megabytes_costs_what_it_is_long() -> None:
    line = b"QUJD" * 19 + b"\r\n"

    def made(size: int) -> bytes:
        coded = b"Content-Type: image/png; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        return multipart(b"--b\r\n\r\none\r\n--b\r\n" + coded + line * size + b"--b--\r\n")

    found = reads_in_proportion(made, 360_000)
    assert found.attachments[0].size == 57 * 360_000
