"""Where the shipped templates are: in the installed package, else in the checkout beside it.

Called by letters/environment and letters/preview. Looks at folders, reads no template.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
LAST_RESORT = "en"


@cache
def shipped() -> Path:
    """The folder of the shipped templates; an editable install has them beside the package."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "shipped" / "templates"  # where pyproject.toml puts them into a wheel
    return inside if inside.is_dir() else package.parent / "templates"


def languages(folder: Path) -> list[str]:
    """The languages a folder of templates has."""
    if not folder.is_dir():
        return []
    return sorted(each.name for each in folder.iterdir() if each.is_dir() and LANGUAGE.fullmatch(each.name))


@lru_cache(maxsize=256)
def wanted(*preferred: str) -> tuple[str, ...]:
    """Language folders to try, best first: each language, the same without its region, at last English."""
    found: list[str] = []
    for language in (*preferred, LAST_RESORT):
        written = language.lower().replace("_", "-")
        if LANGUAGE.fullmatch(written):
            found += [written, written.partition("-")[0]]
    return tuple(dict.fromkeys(found))
