"""Where quotations begin in HTML: the elements, classes and drawn lines that programs write, whatever the language.

Used by `html` while it turns HTML to text. Called on the parsed tree; it marks and never removes, so a wrong guess
costs a ">" and no word.
"""

from __future__ import annotations

import re
from typing import Any

from maildesk.mime.quotes_lines import FORWARD
from maildesk.mime.quotes_words import introduces

OPEN, CLOSE = "\ue000", "\ue001"  # private use: where a quotation begins and ends, while it is rendered
RULE = "_" * 32  # as Outlook draws it in plain text

# Whole quotations, the introduction inside.
_CONTAINERS = re.compile(
    r"protonmail_quote|tutanota_quote|yahoo_quoted|zmail_extra|freshdesk_quote|front-blockquote"
    r"|airmail_ext|mailbird_quote|__QUOTED_TEXT__|aolReplyQuote|hey-quote|isReplyContent|messageReplySection|postbox-quote|qt_quote|lotus_quote"
)
_BLOCKS = re.compile(r"gmail_quote|cite|mori|iosymail|skiff_quote|quote", re.IGNORECASE)
# A line that introduces the quotation behind it, in any language.
_PREFIXES = re.compile(r"gmail_attr|moz-cite-prefix|yahoo-quoted-begin|airmail_on|reply-intro|zm_\w{0,40}_parse|qt_on")
# From where on all is quoted: what Outlook, its telephones, Hotmail, Zimbra and others set above a head.
_HEADS = re.compile(
    r"divRplyFwdMsg|stopSpelling|zwchr|__DIVIDER__|ms-outlook-mobile-reference-message|mail-editor-reference-message"
    r"|OLK_SRC_BODY_SECTION|replySplit|reply-separator"
)
_BORDER = re.compile(
    r"border:\s?none;\s?border-top:\s?solid (?:#|windowtext|rgb)|border-top:\s?(?:solid )?#?(?:B5C4DF|E1E1E1|CCCCCC)"
    r"|border-top:\s?#?(?:B5C4DF|E1E1E1) 1|border-top-color:\s?(?:#E5E5E5|rgb\(229, ?229, ?229\))",
    re.IGNORECASE,
)
_LINE = 400  # characters of an element's text that are looked at
_BREAKS = 3  # line breaks between an introduction and what it introduces
_DEEPEST = 20  # elements around one that holds all of a mail
_MOST = 200  # elements whose text is looked at


def is_quote(element: Any) -> bool:
    """A quotation made by a mail program; an indented paragraph is none."""
    names = _names(element)
    if element.tag != "blockquote":
        return bool(names) and bool(_CONTAINERS.search(names)) and not _passes_on(element)
    if (element.get("type") or "").lower() == "cite" or element.get("cite") is not None:
        return True
    around = element.getparent()
    if _BLOCKS.search(names) and (around is not None and "gmail_quote" in _names(around)):
        return True
    return bool(_CONTAINERS.search(names)) or _is_introduced(element) or _is_whole(element)


def mark_heads(tree: Any) -> None:
    """A drawn line above each head that stands in an element of its own, as Outlook's plain text has it."""
    seen = 0
    for element in tree.iter("div", "hr", "span", "p", "td", "blockquote"):
        names, style = _names(element), element.get("style") or ""
        if names and _PREFIXES.search(names) and seen < _MOST:
            seen += 1
            _mark_prefix(element)
        elif (names and _HEADS.search(names)) or ("border" in style and _BORDER.search(style)) or element.tag == "hr":
            _draw(element)


def _names(element: Any) -> str:
    return " ".join(filter(None, map(element.get, ("class", "id", "name", "data-marker"))))


def _draw(element: Any) -> None:
    """A line before the element; an <hr> is one itself."""
    if element.tag == "hr":
        if element.get("id") != "drawn" and not _drawn_before(element):
            element.tag, element.text = "div", RULE
        return
    if element.tag in {"td", "span"} and not _names(element):
        return
    if not _drawn_before(element):
        line = element.makeelement("div")
        line.text, line.tail = RULE, element.text
        element.text = None
        element.insert(0, line)


def _drawn_before(element: Any) -> bool:
    before = element.getprevious()
    return before is not None and before.text == RULE and not (before.tail or "").strip()


def _mark_prefix(element: Any) -> None:
    """What stands behind an introduction is a quotation; so is the introduction, where no table knows its language."""
    following = element.getnext()
    for _ in range(_BREAKS):
        if following is not None and following.tag == "br":
            following = following.getnext()
    text = _begin(element)
    if following is None or following.tag != "blockquote" or not text or FORWARD.match(text):
        return
    following.set("type", "cite")
    if not introduces(text):
        mark(element)


def mark(element: Any) -> None:
    """Where a quotation begins and ends, told to the lines it is rendered to."""
    first = element.makeelement("div")
    first.text, first.tail = OPEN, element.text
    element.text = None
    element.insert(0, first)
    last = element.makeelement("div")
    last.text = CLOSE
    element.append(last)


def _passes_on(element: Any) -> bool:
    return bool(FORWARD.match(_begin(element)))


def _begin(element: Any) -> str:
    """The first words of an element, however large it is."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece[:_LINE])
        length += len(piece.strip())
        if length > _LINE:
            break
    return " ".join("".join(pieces).split())[:_LINE]


def _is_whole(element: Any) -> bool:
    """Whether nothing stands outside it: then all of the mail is a quotation, and not to be told apart."""
    for _ in range(_DEEPEST):
        around = element.getparent()
        if around is None or (around.tag in {"html", "body"} and around.getparent() is None):
            break
        if len(around) > 1 or (around.text or "").strip() or (element.tail or "").strip():
            return False
        element = around
        if element.tag == "body":
            return True
    return False


def _is_introduced(element: Any) -> bool:
    before = element.getprevious()
    for _ in range(_BREAKS):
        if before is not None and before.tag == "br" and not (before.tail or "").strip():
            before = before.getprevious()
    if before is None:
        text = element.getparent().text if element.getparent() is not None else ""
    else:
        text = before.tail if (before.tail or "").strip() else "".join(before.itertext())
    return bool(introduces(" ".join((text or "")[-_LINE:].split())))
