"""HTML to plain text that reads like a mail: quotes marked with ">", link targets beside their words.

Called by `body` when a mail has no usable plain text. inscriptis renders (it is linear on hostile input and leaves out
what is not displayed); nothing is fetched and no markup survives. Never raises on any text.
"""

from __future__ import annotations

import re
from typing import Any

from maildesk.mime import limits
from maildesk.mime.html_hidden import drop_hidden
from maildesk.mime.html_quotes import CLOSE, OPEN, is_quote, mark, mark_heads
from maildesk.mime.html_shades import UNSEEN, drop_unseen

_MARKS = re.compile("[\ue000\ue001]")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_TAG = re.compile(r"<[^>]{0,2000}>")
_RUNS = re.compile(r"\n{3,}")
_LINK = re.compile(r"(?i)\A(?:https?://|mailto:|ftp://)")
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)


def to_text(html: str) -> str:
    """The displayed text. Of HTML that cannot be rendered, what is left without its tags."""
    html = _MARKS.sub("", _DECLARATION.sub("", capped(html)))
    try:
        return _rendered(html)
    except _FAULTS:
        return _TAG.sub(" ", html)


def capped(html: str) -> str:
    """As much of it as is converted: a mail has a tenth of these tags, and each costs time."""
    html = html[: limits.HTML]
    if html.count("<") <= limits.TAGS:
        return html
    return "<".join(html.split("<", limits.TAGS)[:-1])


def _rendered(html: str) -> str:
    from inscriptis import Inscriptis, ParserError, document_fromstring  # noqa: PLC0415 - 90 ms, and few mails need it
    from inscriptis.css_profiles import STRICT_CSS_PROFILE  # noqa: PLC0415
    from inscriptis.model.config import ParserConfig  # noqa: PLC0415

    if not html.strip():
        return ""
    try:
        tree = document_fromstring(html)
    except ParserError:
        return ""
    dropped = drop_hidden(tree) | drop_unseen(tree)
    _prepare(tree)
    text: str = Inscriptis(tree, ParserConfig(css=STRICT_CSS_PROFILE)).get_text()
    if dropped and not text.strip():  # all of it is hidden: the desk may want to know what that is
        return UNSEEN + _TAG.sub(" ", html).strip()
    return _RUNS.sub("\n\n", _quoted(text)).strip("\n")


def _prepare(tree: Any) -> None:
    mark_heads(tree)
    for element in tree.iter("blockquote", "div", "span", "td", "a"):
        if element.tag == "a":
            _show_target(element)
        elif is_quote(element):
            mark(element)


def _show_target(element: Any) -> None:
    target = (element.get("href") or "").strip()
    if not _LINK.match(target) or len(target) > 1000:
        return
    shown = "".join(element.itertext()).strip()
    bare = target.partition(":")[2].strip("/")
    if shown and bare not in shown and bare.partition("?")[0] not in shown and shown.strip("/") not in bare:
        element.tail = f" <{target}>{element.tail or ''}"


def _quoted(text: str) -> str:
    """Rendered lines, each with as many ">" as quotations are open."""
    out: list[str] = []
    depth = 0
    for line in text.split("\n"):
        opened, closed = line.count(OPEN), line.count(CLOSE)
        kept = _MARKS.sub("", line).rstrip() if opened or closed else line.rstrip()
        depth += opened
        if kept.strip() or not (opened or closed):
            out.append(f"{'>' * min(depth, 9)} {kept.strip()}".rstrip() if depth else kept)
        while closed and out and out[-1] and not out[-1].strip("> "):
            out.pop()
        depth = max(0, depth - closed)
    return "\n".join(out)
