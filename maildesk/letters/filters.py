"""The filters of templates: words of people as HTML and as quoted text.

Registered by letters/environment. What they are given is data; the HTML ones escape it themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

_INDENT = re.compile(r"\n +")
_GAP = re.compile(r"\n(?:[ \t]*\n)+")
_LINE_ENDS = re.compile("\r\n?")


def lines(text: str) -> Markup:
    """Text as it was written: its line ends and indents survive in HTML."""
    escaped = "\n" + str(escape(_LINE_ENDS.sub("\n", text).strip("\n")))
    indented = _INDENT.sub(lambda blanks: "\n" + "&nbsp;" * (len(blanks[0]) - 1), escaped)
    return Markup(indented[1:].replace("\n", "<br>\n"))  # noqa: S704 - escaped above


def paragraphs(text: str) -> list[str]:
    """Pieces between empty lines."""
    return [piece for piece in _GAP.split(_LINE_ENDS.sub("\n", text).strip("\n")) if piece.strip()]


def quoted(text: str) -> str:
    """As mail quotes: each line after "> "."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip("\n").splitlines())


TEXT_FILTERS: dict[str, Callable[..., Any]] = {"paragraphs": paragraphs, "quoted": quoted}
HTML_FILTERS: dict[str, Callable[..., Any]] = {"paragraphs": paragraphs, "lines": lines}
