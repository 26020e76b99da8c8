"""A letter on its way to the relay: what the postman claims, and what he says became of it.

Made by store/outbox, used by doors/postman; neither knows the other.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from maildesk.words.frozen import frozen
from maildesk.words.mail import Attachment


class Delivery(StrEnum):
    SENT = "sent"  # the relay has taken it
    WAITING = "waiting"  # not now; again at `next_try`
    FAILED = "failed"  # for good: the owner is told


@frozen
class Parcel:
    """One claimed letter. The holder of the highest `fence` alone may settle it."""

    id: int
    fence: int
    mail_from: str  # "" is the null return path
    recipient: str
    head: bytes
    body: bytes
    boundary: str
    attachments: tuple[Attachment, ...]
    attempts: int  # made before this one
    created: datetime
    name: str = ""  # of its template, for the journal


@frozen
class Settled:
    """What became of one attempt."""

    delivery: Delivery
    answer: str = ""  # the relay's words, or ours where there were none; printable, one line
    status: str = ""  # the enhanced status code, 5.1.1; "" = none was given
    next_try: datetime | None = None  # with WAITING
    counted: bool = True  # False: the relay's fault, not the recipient's; `attempts` does not rise
