"""Delivery reports. Called by `read`."""

from __future__ import annotations

from maildesk.mime.walk import Part
from maildesk.words import Bounce


def of(raw: bytes, root: Part, text: str) -> Bounce | None:  # noqa: ARG001
    return None
