"""The HTML of a mail as letters to agents show it: cleaned, without keys of ours, each link with the place it goes to.

Called by `read` for mails that have HTML, in the reader processes. "" where the mail is better shown as text: it is
too large, a signature does not cover it, or a key stands in it in a form that cannot be taken out.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import NamedTuple

from maildesk.mime.body import Body
from maildesk.mime.charset import clean, decoded
from maildesk.mime.html_safe import LONGEST, LONGEST_RAW, link, safe
from maildesk.mime.html_said import beginning
from maildesk.mime.keyless import MAC_LENGTH, TOKEN, keyless
from maildesk.mime.walk import Part, octets
from maildesk.mime.write import shown_as

IMAGES = frozenset({"image/png", "image/jpeg", "image/jpg", "image/pjpeg", "image/gif", "image/webp", "image/bmp"})
_MARKER = re.compile(r"##-[^<>\n]{1,300}-##")
_SUBJECT_KEY = re.compile(rf"\({TOKEN}\)(?=\s*(?:<|\Z))")
_LINK = re.compile(r"<a\b[^>]*>|</a>")
_TARGET = re.compile(r' href="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_PLACE = ' <span style="color:#667380;font:12px/1.4 sans-serif;letter-spacing:0;text-indent:0">[%s]</span>'


class Sheet(NamedTuple):
    """What is shown of a mail's HTML."""

    whole: str = ""
    said: str = ""  # the new words alone; "" where they cannot be told apart, or are all


NOTHING = Sheet()


def sheet(raw: bytes, body: Body, said: str) -> Sheet:
    page = _page(raw, body) if body.has_html else ""
    if not page:
        return NOTHING
    whole = safe(page, _images(body))
    whole = without_keys(_MARKER.sub("", whole) if "##-" in whole else whole)
    new = "" if not whole or said.strip() == body.text.strip() else beginning(whole, said)
    return Sheet(with_places(whole), with_places(new))


def without_keys(html: str) -> str:
    """Without the keys of our letters; "" where one is cut into pieces by elements or by marks that nobody sees."""
    html = _SUBJECT_KEY.sub("", keyless(html))
    bare = _TAG.sub("", html)
    if not bare.isascii() or "&" in bare:
        bare = _INVISIBLE.sub("", unescape(bare))
    words = bare.split()
    longest = max(map(len, words), default=0)
    return "" if longest > MAC_LENGTH and any(map(_holds_key, words)) else html


def _holds_key(word: str) -> bool:
    return len(word) > MAC_LENGTH and (keyless(word) != word or _SUBJECT_KEY.search(word) is not None)


def with_places(html: str) -> str:
    """Behind each link where it goes, unless its words say just that."""
    if "<a " not in html:
        return html
    pieces, at = [], 0
    opened: list[re.Match[str]] = []  # a cell of a table in a link may hold links of its own
    for tag in _LINK.finditer(html):
        if tag[0] != "</a>":
            opened.append(tag)
        elif opened:
            begun = opened.pop()
            pieces += [html[at : tag.end()], _place(begun[0], html[begun.end() : tag.start()])]
            at = tag.end()
    html = "".join((*pieces, html[at:]))
    return html if len(html) <= LONGEST else ""


def _place(tag: str, within: str) -> str:
    found = _TARGET.search(tag)
    if not found:
        return ""
    target, words = unescape(found[1]), unescape(_TAG.sub("", within)).strip()
    bare = target.partition(":")[2].lstrip("/")
    if words.rstrip("/") in {target.rstrip("/"), bare.rstrip("/")}:
        return ""
    return _PLACE % escape(link(target)[1])


def _images(body: Body) -> dict[str, str]:
    """The images that are parts of the mail: their Content-ID there, and in letters of ours."""
    files = [each for each in reversed(body.attachments) if each.content_id and each.type in IMAGES and each.size]
    return {each.content_id: shown_as(each) for each in files}


def _page(raw: bytes, body: Body) -> str:
    """All texts of a body as one page: several parts may be parts of one text."""
    pieces: list[str] = []
    if all(isinstance(text, str) for text in body.pages):
        return ""
    for text in body.pages:
        if isinstance(text, str):
            pieces.append(f"<p>{escape(text)}</p>".replace("\n", "<br>"))
        elif text.end - text.start > 2 * LONGEST_RAW:
            return ""
        else:
            pieces.append(_decoded(raw, text))
    return "".join(pieces)


def _decoded(raw: bytes, part: Part) -> str:
    return clean(decoded(octets(raw, part), part.value.word("charset")))
