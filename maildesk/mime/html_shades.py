"""Words of a page in HTML that are written in the colour of what is behind them, or that a style sheet hides.

Called by html. What is surely not seen is taken out; what may be, in a dark window say, stays behind the sign UNSEEN,
which no reader sees and behind which no command of an agent's begins (T49).
"""

from __future__ import annotations

import re
from typing import Any

UNSEEN = "\u2063"  # an invisible separator
_KEPT = frozenset({"html", "body"})
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]{1,40})")
_BACKGROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]{1,60})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})")
_HEX = re.compile(r"#(?:([0-9a-f]{6})|([0-9a-f]{3}))(?![0-9a-f])")
_HIDES = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)")
_RULE = re.compile(r"\.([\w-]{1,60})\s{0,9}(?:,[^{}]{0,200})?\{([^{}]{0,500})\}")
_INNER = re.compile(r"@[^{};]{0,200}\{(?:[^{}]{0,2000}\{[^{}]{0,2000}\}){0,200}[^{}]{0,2000}\}")
_WHITE = (255, 255, 255)
_NAMES = {"white": _WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "red": (255, 0, 0)}
_NEAR = 6  # steps between two shades that nobody tells apart
_DEEPEST = 20
_SHEETS = 200_000  # characters of style sheets that are looked at

Shade = tuple[int, int, int]


def drop_unseen(tree: Any) -> bool:
    """Without what is written in the colour behind it. Whether there was any."""
    classes, dropped = _hidden_classes(tree), False
    for element in tree.xpath("//*[@style or @class or self::font]"):
        if element.tag in _KEPT or element.getparent() is None:
            continue
        style = (element.get("style") or "")[:2000].lower()
        if _same_shade(element, style):
            element.drop_tree()
            dropped = True
        elif _is_white(element, style) or classes.intersection((element.get("class") or "").split()):
            element.text = f"{UNSEEN}{element.text or ''}"
    return dropped


def _same_shade(element: Any, style: str) -> bool:
    """Written in the colour that it says is behind it, and nothing within says otherwise."""
    own, behind = _shade(element, style), _behind(element)
    if own is None or behind is None or not _alike(own, behind):
        return False
    return not any("color" in (each.get("style") or "").lower() for each in element.iterdescendants())


def _is_white(element: Any, style: str) -> bool:
    """White, and nothing says what is behind it: paper, for most."""
    own = _shade(element, style)
    return own is not None and _alike(own, _WHITE) and _behind(element) is None


def _shade(element: Any, style: str) -> Shade | None:
    if element.tag == "font" and element.get("color"):
        return _read(element.get("color").lower())
    found = _COLOUR.search(style) if "color" in style else None
    return _read(found[1]) if found else None


def _behind(element: Any) -> Shade | None:
    """The nearest background that is told; None where none is, or none that is a plain colour."""
    for _ in range(_DEEPEST):
        style = (element.get("style") or "").lower()
        told = _BACKGROUND.search(style) if "background" in style else None
        if told or element.get("bgcolor"):
            return _read(told[1] if told else element.get("bgcolor").lower())
        element = element.getparent()
        if element is None:
            break
    return None


def _read(colour: str) -> Shade | None:
    colour = colour.strip()
    if found := _RGB.search(colour):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _HEX.search(colour):
        digits = found[1] or "".join(each * 2 for each in found[2])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    return _NAMES.get(colour.partition(" ")[0])


def _alike(one: Shade, other: Shade) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def _hidden_classes(tree: Any) -> frozenset[str]:
    """Classes that a style sheet hides everywhere; what it does in windows of a certain width says nothing."""
    sheets = "\n".join(each.text or "" for each in tree.iter("style"))[:_SHEETS].lower()
    if "none" not in sheets and "hidden" not in sheets:
        return frozenset()
    plain = _INNER.sub("", sheets)
    return frozenset(found[1] for found in _RULE.finditer(plain) if _HIDES.search(found[2]))
