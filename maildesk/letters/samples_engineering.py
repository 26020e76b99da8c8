"""Samples of the letters about an engineering case: each of its stages, and when work is expected to begin.

Read by letters/samples.
"""

from __future__ import annotations

from maildesk.letters.samples_words import Sample

_STAGES = ("bug", "feature", "configuration", "plan", "executed", "released")
_TEXT = "Reported as 4711; the fonts of the third page are left out."

ENGINEERING: dict[str, tuple[Sample, ...]] = {
    "stage": (
        {"stage": "bug", "text": _TEXT, "agent": "Alice Agent", "forecast": ""},
        *({"stage": stage, "text": "", "agent": "Alice Agent", "forecast": ""} for stage in _STAGES),
        {"stage": "plan", "text": _TEXT, "agent": "", "forecast": "2026-03-09"},
    ),
    "forecast": ({"on": "2026-03-09", "previous": ""}, {"on": "2026-03-16", "previous": "2026-03-09"}),
}
