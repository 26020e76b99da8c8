"""The words for severities, as agents' commands and customers' first lines say them.

Called by commands, sorting and arguing. A word that is not in the table sets nothing.
"""

from __future__ import annotations

import re
import unicodedata

from maildesk.words import Severity

SEVERITIES = {
    "1": Severity.CRITICAL, "critical": Severity.CRITICAL, "urgent": Severity.CRITICAL,
    "2": Severity.HIGH, "high": Severity.HIGH,
    "3": Severity.MEDIUM, "medium": Severity.MEDIUM, "normal": Severity.MEDIUM,
    "4": Severity.LOW, "low": Severity.LOW,
    "kritisch": Severity.CRITICAL, "dringend": Severity.CRITICAL, "hoch": Severity.HIGH, "mittel": Severity.MEDIUM,
    "niedrig": Severity.LOW, "gering": Severity.LOW,
}  # fmt: skip
FIRST_LINES = 10
LONGEST = 200  # characters of a line that are looked at
_LINE = re.compile(
    r"[ \t*]*(?:severity|priority|schweregrad|dringlichkeit|priorität|prioritaet)[ \t*]*[:：][ \t*]*([^\W_]+)",
    re.IGNORECASE,
)


def severity_of(word: str) -> Severity | None:
    return SEVERITIES.get(word.strip().lower())


def first_lines(text: str) -> list[str]:
    """Where a customer says how his request is to be sorted."""
    return text.lstrip().split("\n", FIRST_LINES)[:FIRST_LINES]


def named_in(text: str) -> Severity | None:
    """What `Severity: WORD` or `Priority: WORD` among the first lines says; None when nothing understood does."""
    return next((found for line in first_lines(text) if (found := on_line(line))), None)


def on_line(line: str) -> Severity | None:
    if ":" not in line and "：" not in line:
        return None
    found = _LINE.match(unicodedata.normalize("NFC", line[:LONGEST]))
    return severity_of(found[1]) if found else None
