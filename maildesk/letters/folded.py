"""HTML of a shipped template in short lines, broken where HTML does not care, when it is compiled.

Used by letters/environment. A mail's lines are short (RFC 5322 2.1.1): what is broken once here need not be encoded
in each letter (mime/write_body). A line may break at a blank between words or attributes, before the end of a tag,
and after a semicolon or comma of a style. Values are not touched, nor is an override.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import TemplateAssertionError, nodes

from maildesk.letters.joined import every

_LINE = 76
_VALUE = 40  # what a value is taken to be wide
_PIECE = re.compile(r"""[ \n<>";,]|[^ \n<>";,]+""")
_BLANKS_COUNT = re.compile(r"<(?:pre|textarea|script|xmp)\b|white-space:\s*(?:pre|break)|<!--", re.IGNORECASE)


class _Step(NamedTuple):
    """A way through a template's output: characters, and the places between them where a line may break."""

    node: nodes.TemplateData | None
    start: int
    end: int  # of the blank that a break replaces
    width: int
    gap: bool = False


def folded(tree: nodes.Template) -> nodes.Template:
    """The same page; `tree` is changed."""
    breaks: dict[nodes.TemplateData, list[_Step]] = defaultdict(list)
    column, gap, behind = 0, None, 0
    for step in _steps(tree):
        column += step.width
        if step.gap:
            gap, behind = step, column
        elif not step.width:
            column, gap = 0, None
        elif column > _LINE and gap and gap.node:
            breaks[gap.node].append(gap)
            column, gap = column - behind, None
    for node, places in breaks.items():
        for place in reversed(places):
            node.data = f"{node.data[: place.start]}\n{node.data[place.end :]}"
    return tree


def _steps(tree: nodes.Template) -> Iterator[_Step]:
    place = _Place()
    for output in every(tree):
        for node in output.nodes if isinstance(output, nodes.Output) else ():
            if not isinstance(node, nodes.TemplateData):
                yield _Step(None, 0, 0, _VALUE)
                continue
            if _BLANKS_COUNT.search(node.data):
                raise TemplateAssertionError("the HTML of a shipped template cannot do this", node.lineno)
            for piece in _PIECE.finditer(node.data):
                yield from place.read(node, piece.start(), piece[0])


class _Place:
    """Where in the markup a reader of it is."""

    def __init__(self) -> None:
        self._tag = False
        self._value = False  # within the quotes of an attribute
        self._style = False

    def read(self, node: nodes.TemplateData, at: int, piece: str) -> Iterator[_Step]:
        if piece == ">" and self._tag and not self._value and node.data.endswith('"', 0, at):
            yield _Step(node, at, at, 0, gap=True)
        if piece == " " and not self._value:
            yield _Step(node, at, at + 1, 1, gap=True)
        else:
            yield _Step(node, at, at, 0 if piece == "\n" else len(piece))
        if piece in ";," and self._value and self._style:
            yield _Step(node, at + 1, at + 1, 0, gap=True)
        self._go_on(piece, styles=node.data.endswith("style=", 0, at))

    def _go_on(self, piece: str, *, styles: bool) -> None:
        if piece == '"' and self._tag:
            self._value = not self._value
            self._style = styles
        elif piece in "<>" and not self._value:
            self._tag = piece == "<"
