"""Marks of mail that no human wrote (RFC 3834). Called by `read`."""

from __future__ import annotations

from maildesk.mime.fields import Fields
from maildesk.mime.walk import Part
from maildesk.words import Address, Automatic, Bounce


def kind(
    fields: Fields,
    root: Part,
    bounce: Bounce | None,
    writer: Address | None,
    subject: str,  # noqa: ARG001
) -> Automatic | None:
    if bounce:
        return Automatic.REPORT
    return Automatic.REPLY if fields.text("auto-submitted").lower() not in {"", "no"} else None
