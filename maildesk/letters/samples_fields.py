"""Samples of intake fields: as letters show them, and as `fields_wanted` asks for them.

Read by letters/samples.
"""

from __future__ import annotations

from maildesk.letters.samples_words import Sample

FIELDS = [["Product", "Backup", []], ["Version", "6.1", ["8", "7"]]]
NO_FIELDS: Sample = {"category": "", "fields": [], "lacking": []}
NEWS = [["Version", ["8", "7"]], ["Client", ["2026"]]]

_PRODUCT = {"title": "Product", "choices": ["Backup", "Archive", "Sync"], "example": "", "wrong": False}
_VERSION = {"title": "Version", "choices": [], "example": "8.2", "wrong": False}
_SYSTEM = {"title": "Operating system", "choices": [], "example": "", "wrong": False}

WANTED: dict[str, tuple[Sample, ...]] = {
    "fields_wanted": (
        {"fields": [_PRODUCT, _VERSION, _SYSTEM], "unsupported": []},
        {"fields": [{**_PRODUCT, "wrong": True}], "unsupported": NEWS},
        {"fields": [], "unsupported": NEWS[:1]},
    )
}
