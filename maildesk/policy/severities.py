"""The words for severities, as agents' commands and customers' first lines say them.

Called by commands and sorting. A word that is not in the table sets nothing.
"""

from __future__ import annotations

import re

from maildesk.words import Severity

SEVERITIES = {
    "1": Severity.CRITICAL, "critical": Severity.CRITICAL, "urgent": Severity.CRITICAL,
    "2": Severity.HIGH, "high": Severity.HIGH,
    "3": Severity.MEDIUM, "medium": Severity.MEDIUM, "normal": Severity.MEDIUM,
    "4": Severity.LOW, "low": Severity.LOW,
}  # fmt: skip
FIRST_LINES = 10
_LINE = re.compile(r"[ \t]*(?:severity|priority)[ \t]*:[ \t]*([a-z1-4]+)\b", re.IGNORECASE)


def severity_of(word: str) -> Severity | None:
    return SEVERITIES.get(word.strip().lower())


def first_lines(text: str) -> list[str]:
    """Where a customer says how his request is to be sorted."""
    return text.lstrip().split("\n", FIRST_LINES)[:FIRST_LINES]


def named_in(text: str) -> Severity | None:
    """What `Severity: WORD` or `Priority: WORD` among the first lines says; None when nothing understood does."""
    lines = (_LINE.match(line) for line in first_lines(text))
    return next((found for line in lines if line and (found := severity_of(line[1]))), None)
