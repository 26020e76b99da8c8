"""Which of a mail's styles and measures may stand in a letter of ours: looks, but no way out of its place.

Called by html_safe for every attribute that is kept. What moves things, loads things, or grows without bound is left
out; so are values of any other form than the plain ones. Pure, and linear in the value.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LOOKS = frozenset(
    """
background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width
border-collapse border-color border-left border-left-color border-left-style border-left-width border-radius
border-right border-right-color border-right-style border-right-width border-spacing border-style border-top
border-top-color border-top-style border-top-width border-width color direction display font-family font-size
font-style font-variant font-weight letter-spacing line-height list-style-type margin margin-bottom
margin-left margin-right margin-top max-width padding padding-bottom padding-left padding-right padding-top
text-align text-decoration text-indent text-transform vertical-align white-space width word-break word-spacing
""".split()  # noqa: SIM905 - a list of these would take eighty lines
)
_DISPLAY = frozenset({"none", "block", "inline", "inline-block"})
_LONGEST = 200  # characters of one value
_MOST = 60  # declarations of one element
_CACHED = 2000  # characters of a style that is remembered
# A colour may be written as a call; nothing else may, and nothing may be written in escapes or hidden by comments.
_COLOUR = re.compile(r"(?i)\b(?:rgb|hsl)a?\([\d.,%\s/deg-]{1,60}\)")
_FORBIDDEN = re.compile(r"(?i)[\\@()<>{}`]|/\*|expression|behaviou?r|binding|script|larger")
_NUMBER = re.compile(r"(?i)(?<![#\w.])([-+]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))([a-z]{1,6}|%)?")
_ATTRIBUTE = re.compile(r"\s*(\d{1,6})(?:\.\d+)?\s*(%|px)?\s*")
# The most of a unit: of letters, of spaces around things, and of things. 0 = not at all: such a unit is the
# reader's window, or would grow with each element inside another.
_SIZES: dict[str, float] = {"px": 96, "pt": 72, "pc": 6, "rem": 6, "em": 1, "%": 100, "ex": 2, "cm": 2.5, "in": 1}
_SPACES: dict[str, float] = {"": 100, "px": 100, "pt": 75, "em": 6, "rem": 6, "%": 30, "ex": 12, "cm": 3, "in": 1}
_SPACES |= {"pc": 6, "mm": 30}
_THINGS: dict[str, float] = {"": 2000, "px": 2000, "pt": 1500, "em": 120, "rem": 120, "%": 100, "ex": 240, "cm": 50}
_THINGS |= {"mm": 500, "in": 20, "pc": 120}
_LINES: dict[str, float] = {**_SIZES, "": 3, "em": 3, "%": 300}
_LEAST = {"": 1, "em": 1, "%": 80, "px": 8, "pt": 6}  # lines that lie on each other hide words
_NUMBERS = {"colspan": 100, "rowspan": 100, "span": 100, "cellpadding": 60, "cellspacing": 60, "border": 20}
_NUMBERS |= {"width": 2000, "height": 2000, "start": 999999, "value": 999999}


def style(value: str) -> str:
    """Those declarations of a style attribute that may stay."""
    return _remembered(value) if len(value) <= _CACHED else _style(value[: _CACHED * 4])


def measure(name: str, value: str) -> str:
    """The value of an attribute that holds a number; "" where it is none, or too large."""
    found = _ATTRIBUTE.fullmatch(value)
    if not found or int(found[1]) > (100 if found[2] == "%" else _NUMBERS[name]):
        return ""
    return found[1] + ("%" if found[2] == "%" else "")


def is_measure(name: str) -> bool:
    return name in _NUMBERS


def _style(value: str) -> str:
    return ";".join(filter(None, map(_declaration, value.split(";", _MOST)[:_MOST])))


_remembered = lru_cache(maxsize=2048)(_style)  # a mail repeats its styles


def _declaration(text: str) -> str:
    name, _, value = text.partition(":")
    name, value = name.strip().lower(), " ".join(value.replace("!important", "").replace('"', "'").split())
    if name not in _LOOKS or not 0 < len(value) <= _LONGEST:
        return ""
    bare = _COLOUR.sub("", value.replace("'", "")) if "(" in value or "'" in value else value
    if _FORBIDDEN.search(bare) or (name == "display" and value.lower() not in _DISPLAY):
        return ""
    if name != "font-family" and not name.endswith("color") and not _bounded(name, bare):
        return ""
    return f"{name}:{value}"


def _bounded(name: str, value: str) -> bool:
    most = _most(name)
    least = _LEAST if name == "line-height" else {}
    for number, unit in _NUMBER.findall(value.lower()):
        size = float(number)
        if size < least.get(unit, 0) or size > (most.get(unit, 0) if size else 0):
            return False
    return True


def _most(name: str) -> dict[str, float]:
    if name == "font-size":
        return _SIZES
    if name == "line-height":
        return _LINES
    if name == "font-weight":
        return {"": 1000}
    return _THINGS if name in {"width", "max-width"} else _SPACES
