"""HTML whose parsing would take long: elements that are never closed and must be opened again and again.

Called by html_safe before it parses. A parser as browsers have it opens the formatting elements that were left open
anew in each block (WHATWG HTML, 13.2.4.3), and looks through all open elements for each block: both grow with the
square of what a hostile mail holds. Linear; it may be wrong about odd honest mail, which is shown as text then.
"""

from __future__ import annotations

import re

SMALL = 600  # elements that are parsed whatever they are
MOST = 30_000  # elements that are parsed at all
DEEPEST = 256
_MOST_WORK = 1_000_000  # elements that may have to be made
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})")
_VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "wbr", "base", "area", "source", "embed"})
_LOOSE = frozenset({"p", "li", "dd", "dt", "option"})  # which anything closes, and which hold nothing in
_CELLS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "caption", "colgroup"})  # which the next one closes
_FAR = 12  # elements that an end tag looks back for its own


def tangled(html: str) -> bool:
    if html.count("<") <= SMALL:
        return False
    tags = _TAG.findall(html, 0)
    return len(tags) > MOST or _work(tags) > _MOST_WORK


def _work(tags: list[tuple[str, str]]) -> int:
    """How many elements may have to be made: those left open, times all."""
    stack: list[str] = []
    deepest = strays = 0
    for end, name in tags:
        name = name.lower()  # noqa: PLW2901 - the same name
        if name in _VOID or name in _LOOSE:
            continue
        if not end:
            if not (stack and stack[-1] == name and name in _CELLS):
                stack.append(name)
                deepest = max(deepest, len(stack))
        elif stack and stack[-1] == name:
            stack.pop()
        else:
            strays += _closed(stack, name)
    if deepest > DEEPEST:
        return _MOST_WORK + 1
    return (strays + len(stack)) * len(tags)


def _closed(stack: list[str], name: str) -> int:
    """Close the nearest element of this name; what stood open in it was not closed. How many cells apart were that."""
    near = stack[-_FAR:]
    if name not in near:
        return 0 if name in _CELLS else 1
    left = near[::-1].index(name)
    lost = [each for each in stack[len(stack) - left :] if each not in _CELLS]
    del stack[len(stack) - left - 1 :]
    return len(lost)
