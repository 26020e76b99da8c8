"""What a page of HTML has and no reader of it sees: taken out before its text is taken for its writer's words.

Called by html. Commands could stand in it, and so could what somebody has quoted without knowing. Only what is hidden
for certain goes: where an element within shows itself again, all of it stays.
"""

from __future__ import annotations

import re
from typing import Any

_ZERO = re.compile(r"\+?0*(?:\.0*)?(?:px|pt|pc|em|rem|ex|ch|cm|mm|in|q|vh|vw|%)?")
_FAR = re.compile(r"-[0-9]{3,}(?:\.[0-9]*)?(?:px|pt|em|rem)?")
_STYLED = "//*[@style or @hidden or self::template or self::datalist]"
_LENGTHS = ("max-height", "height", "max-width", "width")
_PLACES = ("left", "top", "text-indent", "margin-left")


def drop_hidden(tree: Any) -> bool:
    """Without the elements that are not shown; what stands behind them stays. Whether there were any."""
    dropped = False
    for element in tree.xpath(_STYLED):
        if element.getparent() is not None and _hidden(element):
            element.drop_tree()
            dropped = True
    return dropped


def _hidden(element: Any) -> bool:
    style = _declared(element)
    if element.tag in {"template", "datalist"} or element.get("hidden") is not None or style.get("display") == "none":
        return True
    shut = style.get("overflow") == "hidden" and any(_is_zero(style.get(name)) for name in _LENGTHS)
    away = style.get("position") in {"absolute", "fixed"} or "text-indent" in style
    gone = away and any(_FAR.fullmatch(style.get(name, "")) for name in _PLACES)
    if shut or gone or _is_zero(style.get("opacity")) or style.get("mso-hide") == "all":
        return True
    small = _is_zero(style.get("font-size")) and not _again(element, "font-size")
    return small or (style.get("visibility") in {"hidden", "collapse"} and not _again(element, "visibility"))


def _again(element: Any, name: str) -> bool:
    """Whether an element within says otherwise."""
    return any(name in (each.get("style") or "").lower() for each in element.iterdescendants() if each.get("style"))


def _declared(element: Any) -> dict[str, str]:
    style = (element.get("style") or "")[:2000].lower().replace("!important", "")
    pairs = (each.partition(":") for each in style.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _is_zero(value: str | None) -> bool:
    return bool(value) and value is not None and _ZERO.fullmatch(value) is not None and "0" in value
