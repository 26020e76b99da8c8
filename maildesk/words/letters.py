"""A letter as policy words it: to whom, from which template, with which context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from maildesk.words.frozen import frozen
from maildesk.words.mail import Address, Attachment


@frozen
class Letter:
    """A mail to write: to one recipient, from one template. Written when its turn to go comes."""

    name: str
    to: Address
    audience: str  # customer | agent | ops
    queue: str = ""
    sender: str = ""  # the From address; "" = the queue's, else the postmaster's
    sender_name: str = ""  # "" = the queue's title
    language: str = ""  # "" = the desk's
    time_zone: str = ""
    calendar: str = ""  # of a reader who is an agent: its zone is his, where no other is told
    about: str = ""  # what an answer is about: a reference, or held-ID; "" = nothing
    shown_to: tuple[Address, ...] = ()  # To and Cc as every reader sees them; () = the recipient alone
    shown_cc: tuple[Address, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    human: bool = False  # an agent's words: no Auto-Submitted, a keyed envelope sender
    note: bool = False
    subject: str = ""  # the matter's; templates place it
    attachments: tuple[Attachment, ...] = ()  # of the mail in hand
    context: Mapping[str, object] = field(default_factory=dict)
    copy: bool = False  # another copy of a letter that already stands in the thread
    held: str = ""  # why it waits in the outbox until an operator releases it; "" = it goes
    plan: str = ""  # of the reader's organisation: its words go before the queue's
    role: str = ""  # what the reader is to the ticket: requester | participant; "" = nothing
    gathers: bool = False  # it waits a little, and tells of all that comes to its reader meanwhile (store/gathering)
