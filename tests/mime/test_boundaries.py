"""Boundaries that look like one another: each line parts the multipart that it belongs to (RFC 2046, 5.1.1)."""

from __future__ import annotations

import time

import pytest

from maildesk.mime.fields import cut
from maildesk.mime.read import read
from maildesk.mime.walk import Walk

HEAD = "From: carol@acme.example\nTo: support@desk.example\nMIME-Version: 1.0\n"


def multipart(boundary: str, *parts: str, kind: str = "mixed") -> str:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{body}--{boundary}--\n'


def text(words: str) -> str:
    return f"Content-Type: text/plain\n\n{words}"


def file(name: str) -> str:
    return f"Content-Type: application/pdf; name={name}\n\n%PDF {name}"


# The outer boundary, the inner one, and one inside of that.
LIKE = {
    "nothing alike": ("a", "b", "c"),
    "the outer one begins like the inner one": ("ab", "a", "abc"),
    "the inner one begins like the outer one": ("a", "ab", "abc"),
    "the inner one ends in dashes": ("a", "a--", "b"),
    "the outer one ends in dashes": ("b", "c", "c--"),
    "both end in dashes": ("a--", "a----", "a------"),
    "dashes alone": ("--", "----", "------"),
    "dashes behind a space": ("a", "a --", "a -- --"),
    "the innermost one is like the outermost": ("a", "z", "a--"),
    "a number behind": ("=_1", "=_1.1", "=_1.1.1"),
    "a colon in them": ("a:b", "a:b--", "a:"),
    "the same": ("a", "b", "b"),
    "all the same": ("a", "a", "a"),
}


@pytest.mark.parametrize("boundaries", LIKE.values(), ids=LIKE.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_each_part_is_found_whatever_the_boundaries(boundaries: tuple[str, str, str], end: str) -> None:
    outer, inner, innermost = boundaries
    deepest = multipart(innermost, text("three"), file("three.pdf"))
    middle = multipart(inner, text("two"), deepest, file("two.pdf"))
    raw = HEAD + multipart(outer, text("one"), middle, text("four"), file("one.pdf"))
    found = read(raw.replace("\n", end).encode())
    assert found.text == "one\n\ntwo\n\nthree\n\nfour"
    assert [each.name for each in found.attachments] == ["three.pdf", "two.pdf", "one.pdf"]
    assert found.problems == ()


@pytest.mark.parametrize(("outer", "inner"), [("a", "b"), ("a", "a--"), ("a", "ab"), ("ab", "a")])
def test_a_multipart_without_its_last_line_ends_with_the_outer_one(outer: str, inner: str) -> None:
    middle = multipart(inner, text("two"), file("two.pdf")).removesuffix(f"--{inner}--\n")
    found = read((HEAD + multipart(outer, text("one"), middle, file("one.pdf"))).encode())
    assert found.text == "one\n\ntwo"
    assert [each.name for each in found.attachments] == ["two.pdf", "one.pdf"]
    assert "a multipart is not closed" in found.problems


def test_a_line_of_the_outer_boundary_ends_an_inner_one_that_is_the_shorter() -> None:
    """ "--a--" could close "a", and is of "a--", which is longer and open."""
    raw = HEAD + multipart("a--", text("one"), multipart("a", text("two"), text("three")), file("one.pdf"))
    found = read(raw.encode())
    assert found.text == "one\n\ntwo\n\nthree"
    assert [each.name for each in found.attachments] == ["one.pdf"]


def test_a_boundary_that_is_open_no_more_takes_no_line() -> None:
    raw = HEAD + multipart("a", multipart("a--", text("one")), text("two")) + text("three")
    assert read(raw.encode()).text == "one\n\ntwo"


def test_lines_that_only_begin_like_a_boundary_are_text() -> None:
    words = "--ab\n--a b\n--a---\n --a\nx--a"
    assert read((HEAD + multipart("a", text(words))).encode()).text == words


def test_an_attached_mail_has_boundaries_of_its_own() -> None:
    inner = "Content-Type: message/rfc822\n\n" + HEAD + multipart("a--", text("not ours"), file("inner.pdf"))
    found = read((HEAD + multipart("a", text("one"), inner, file("one.pdf"))).encode())
    assert found.text == "one"
    assert [(each.type, each.name) for each in found.attachments][1:] == [("application/pdf", "one.pdf")]
    assert found.attachments[0].type == "message/rfc822"
    assert found.attachments[0].length > len(inner) - 40


def nested(depth: int, line: str, length: int) -> bytes:
    """Open boundaries that are all the beginning of one another, and lines that begin like each of them."""
    opened = "".join(
        f'Content-Type: multipart/mixed; boundary="{"a" * at}"\n\n--{"a" * at}\n' for at in range(1, depth)
    )
    return (HEAD + opened + "\n" + line * (length // len(line))).encode()


HOSTILE = {
    "lines like all of them": f"--{'a' * 40}\n",
    "marks without a line end": f"--{'a' * 40}",
    "dashes": "--\n",
    "last lines": "--a--\n",
    "almost last lines": "--aa--x\n",
    "one letter": "--a b\n",
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_as_many_hostile_lines_take_no_more_than_that(line: str) -> None:
    def took(length: int) -> float:
        raw, best = nested(25, line, length), 9.0
        for _ in range(3):
            begun = time.process_time()
            Walk(raw).tree(cut(raw, 0, len(raw)))
            best = min(best, time.process_time() - begun)
        return best

    assert took(1_000_000) < 3.5 * took(500_000) + 0.05
