"""Pieces of a cleaned HTML by what its text says: the new words without the quotation, an answer without its commands.

`beginning` is called by html_sheet, `behind` by policy for agents' mails. Both compare letters alone, for the plain
version of a mail has other blanks, bullets, numbers and links; where the letters differ there is no piece. They read
no further than the piece goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from maildesk.mime.runs import runs

_TOKEN = re.compile(r"<(/?)([a-z0-9]+)[^>]*>|[^<]+")
_LETTER = re.compile(r"[^\W\d_]")
_WRITTEN = re.compile(r"<(?:https?|mailto|tel):[^>\s]{1,2000}>|\[[^\[\]\n]{0,300}\]", re.IGNORECASE)
_INLINE = frozenset({"a", "b", "code", "em", "font", "i", "s", "small", "span", "strong", "sub", "sup", "tt", "u"})
_VOID = frozenset({"br", "hr", "img", "col"})


def letters(text: str) -> str:
    """What two versions of a text have in common."""
    return "".join(runs(_WRITTEN.sub(" ", text) if "<" in text or "[" in text else text))


def beginning(html: str, said: str) -> str:
    """The HTML as far as these words go, with the images behind them; "" where it says others."""
    wanted = letters(said)
    at, end, near = 0, 0, False  # near: what follows is on the same line
    opened: list[str] = []
    around: list[str] = []  # what stood open at the end
    for token in _TOKEN.finditer(html):
        if token[2]:
            _open_or_close(opened, token[1], token[2])
        found = "" if token[2] else letters(unescape(token[0]))
        rest = len(wanted) - at
        if found and not wanted.startswith(found[:rest], at):
            return ""
        if len(found) > rest:
            return (
                _closed(html[: token.start()] + _first(token[0], rest), opened) if rest else _closed(html[:end], around)
            )
        at += len(found)
        near = near and (not token[2] or token[2] in _INLINE)
        if found or token[2] == "img" or (near and token[0].strip() and not token[2]):
            near, end, around = True, token.end(), opened.copy()
    return html if wanted and at == len(wanted) else ""


def behind(html: str, said: str, text: str) -> str:
    """The HTML of `said` without what stands in it before `text`; "" where it begins otherwise."""
    whole, kept = letters(said), letters(text)
    wanted = whole[: len(whole) - len(kept)]
    if not wanted:
        return html if whole == kept else ""
    if not whole.endswith(kept):
        return ""
    at = 0
    for token in _TOKEN.finditer(html):
        found = "" if token[2] else letters(unescape(token[0]))
        rest = len(wanted) - at
        if len(found) >= rest and wanted.startswith(found[:rest], at):
            return "".join(_tags(html[: token.start()])) + _without_first(token[0], rest) + html[token.end() :]
        if not wanted.startswith(found, at):
            return ""
        at += len(found)
    return ""


def _tags(html: str) -> Iterator[str]:
    """What is around a text, without it and its lines."""
    return (token[0] for token in _TOKEN.finditer(html) if token[2] and token[2] != "br")


def _open_or_close(opened: list[str], end: str, name: str) -> None:
    if end:
        opened.pop()
    elif name not in _VOID:
        opened.append(name)


def _closed(html: str, opened: list[str]) -> str:
    return html + "".join(f"</{name}>" for name in reversed(opened))


def _first(text: str, count: int) -> str:
    """A text as far as so many letters go, and the marks that end them."""
    plain = unescape(text)
    stop = _behind_letters(plain, count)
    while stop < len(plain) and not plain[stop].isspace():
        stop += 1
    return _escaped(plain[:stop])


def _without_first(text: str, count: int) -> str:
    plain = unescape(text)
    return _escaped(plain[_behind_letters(plain, count) :].lstrip(" \t\u00a0.,;:!"))


def _behind_letters(text: str, count: int) -> int:
    return [found.end() for found in _LETTER.finditer(text)][count - 1]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
