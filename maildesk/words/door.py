"""Decisions at the door: who may come in, and what becomes of a mail that waits there."""

from __future__ import annotations

from datetime import datetime

from maildesk.words.frozen import frozen
from maildesk.words.mail import Address


@frozen
class Hold:
    """Park the mail in hand for a human."""

    reason: str
    until: datetime | None


@frozen
class ReleaseHeld:
    """Handle a parked mail now, as vouched for."""

    id: int
    answer: str = ""  # allow | take | swap; "" = the writer's own word
    by: str = ""  # the address of whoever said so
    taker: str = ""  # the address of the contact whose ticket it becomes; "" = the writer's own


@frozen
class DropHeld:
    id: int
    reason: str
    by: str = ""


@frozen
class AddContact:
    """A new validated contact. Policy has seen that the plan has room for him."""

    organisation: str
    person: Address
    by: str


@frozen
class SwapContact:
    """A new validated contact in the place of another, who leaves with all his addresses."""

    organisation: str
    old: str  # any address of who leaves
    person: Address
    by: str


AtTheDoor = Hold | ReleaseHeld | DropHeld | AddContact | SwapContact
