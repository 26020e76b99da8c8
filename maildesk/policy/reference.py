"""The public number of a ticket: how it is written, and where it stands in a subject.

Called by store/facts (matching), store/apply (new numbers) and keys. A reference finds a ticket and admits
nobody. References with a former prefix go on matching, so any prefix is read; whether there is such a
ticket only the store knows.
"""

from __future__ import annotations

import re

from maildesk.config import Config

# ASCII digits only: "[EX-１２]" is no reference. 18 digits fit the database's 64 bits.
BRACKETED = re.compile(r"\[([A-Za-z][A-Za-z0-9]{0,31}-[0-9]{1,18})\]")
HELD = "held-"


def reference(config: Config, number: int) -> str:
    return f"{config.desk.prefix}-{number}"


def in_subject(subject: str, config: Config) -> str:
    """The first bracketed reference with our prefix, else the first with any; "" when there is none."""
    found = [canonical(match) for match in BRACKETED.findall(subject)]
    ours = [each for each in found if each.startswith(f"{config.desk.prefix.upper()}-")]
    return next(iter((*ours, *found)), "")


def canonical(about: str) -> str:
    """What a key is about, in its one form: a reference in upper case, or held-ID in lower."""
    lower = about.lower()
    return lower if lower.startswith(HELD) else about.upper()


def is_held(about: str) -> bool:
    return about.lower().startswith(HELD)


def held_id(about: str) -> int | None:
    """The ledger id in "held-ID"; None for a reference."""
    digits = about[len(HELD) :]
    return int(digits) if is_held(about) and digits.isascii() and digits.isdigit() else None


def about_held(ident: int) -> str:
    return f"{HELD}{ident}"
