"""A mail as it came (`Envelope`) and as it was read (`Incoming`)."""

from __future__ import annotations

from datetime import datetime

from maildesk.words.frozen import frozen
from maildesk.words.kinds import Automatic


@frozen
class Address:
    address: str
    name: str = ""


@frozen
class Envelope:
    """What the door knows of a mail besides its bytes (RFC 5321, 2.3.1)."""

    door: str  # smtp:NAME, lmtp:NAME, imap:NAME, deliver, import
    received: datetime
    sender: str = ""  # "" is the null return path
    recipients: tuple[str, ...] = ()
    queue: str = ""  # takes the mail whose recipients name no queue; "" = nobody does
    peer: str = ""
    verdicts: bool = False  # Authentication-Results that arrive by this door may count
    quiet: bool = False  # an import: no letters
    source: str = ""  # what the far side calls this mail, MAILBOX/UIDVALIDITY/UID; "" = no name
    refusable: bool = False  # the writer is still on the line, a refusal reaches him as a 550
    cut: str = ""  # why the bytes are only the mail's beginning, so that a human must look; "" = they are whole


@frozen
class Attachment:
    name: str
    type: str
    size: int  # octets, decoded
    inline: bool = False
    content_id: str = ""
    sha256: str = ""  # of the decoded octets
    offset: int = 0  # where its encoded body begins in the raw bytes
    length: int = 0  # of the encoded body
    encoding: str = ""  # Content-Transfer-Encoding, lower case


@frozen
class Bounce:
    """A delivery report (RFC 3464)."""

    recipients: tuple[str, ...] = ()
    kind: str = "none"  # permanent | temporary | none
    status: str = ""  # 5.1.1
    original_id: str = ""  # Message-ID of the returned mail


@frozen
class Seal:
    """A signature or an encryption (RFC 1847), and what came of looking at it."""

    kind: str  # pgp | smime
    act: str  # signed | encrypted
    state: str = ""  # "" = not looked at; signed: good, part, other, unknown, bad; encrypted: opened, closed
    by: str = ""  # whose key signed: the writer's address, with `other` that of somebody else; of a `part` alone
    why: str = ""  # why it is bad
    fields: str = ""  # of a good one: which fields of the mail it covers, and what they say (mime/covered)

    @property
    def name(self) -> str:
        return "PGP" if self.kind == "pgp" else "S/MIME"

    @property
    def broken(self) -> bool:
        """Whether a human should know before he relies on the mail."""
        return self.state in ("bad", "other") or (self.act == "encrypted" and self.state != "opened")

    @property
    def told(self) -> str:
        """As operators read it."""
        ends = {"opened": "opened", "good": f"by {self.by}", "unknown": "by an unknown key", "bad": f"but {self.why}"}
        ends["part"] = f"by {self.by}, but not the whole of it"
        ends["other"] = f"by {self.by or 'somebody'}, who is not the writer"
        silent = "not opened" if self.act == "encrypted" else "not checked"
        return f"{self.act} with {self.name}, {ends.get(self.state, silent)}"


@frozen
class Forwarded:
    """A mail that the writer passes on, in his text or attached, as far as it can be read."""

    sender: Address | None = None  # None: `why` says why nobody in particular wrote it
    cc: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    above: str = ""  # the words of whoever passes it on
    why: str = ""  # no head | no address | ambiguous | several | unreadable
    message_id: str = ""  # of an attached one
    attachments: tuple[Attachment, ...] = ()  # of an attached one, by their places in the raw mail
    attached: bool = False


@frozen
class CalendarAnswer:
    """What the calendar of an invited reader says (RFC 5546, 3.2.3)."""

    uid: str
    answer: str  # accepted | declined | tentative
    sequence: int | None = None  # of the invitation that was answered, where it says so
    comment: str = ""


@frozen
class Incoming:
    """A mail as the readers read it. Every text is free of control characters and lone surrogates."""

    message_id: str = ""
    sender: Address | None = None  # None: no usable or more than one sender (nobody)
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    said: str = ""  # the new words, with their closing: what may go to others
    reply_text: str = ""  # the new words alone, without closing and signature
    has_html: bool = False
    attachments: tuple[Attachment, ...] = ()
    automatic: Automatic | None = None
    bounce: Bounce | None = None
    problems: tuple[str, ...] = ()  # what was repaired, in words
    unreadable: str = ""  # why the mail cannot be handled at all; "" = it can
    headers: tuple[tuple[str, str], ...] = ()  # decoded fields in order, for rules and spam marks
    trace: tuple[tuple[str, str], ...] = ()  # Received and Authentication-Results, top first, lower-case names
    size: int = 0  # octets of the raw mail
    sha256: str = ""  # over the CRLF form, without a leading "From " line
    twin: str = ""  # hash of Message-ID, From, To, Cc, Date, Subject, body: the same mail by another door
    seals: tuple[Seal, ...] = ()  # outermost first
    html: str = ""  # as letters to agents may show it, with images by names of ours; "" = as text alone
    html_said: str = ""  # the new words of it; "" = they cannot be told apart, or are all of it
    language: str = ""  # of the new words, as far as they tell
    forwarded: Forwarded | None = None  # what the mail passes on
    calendar: CalendarAnswer | None = None  # to an invitation

    @property
    def cited(self) -> tuple[str, ...]:
        """The Message-IDs this mail answers, nearest first."""
        if not self.references:
            return (self.in_reply_to,) if self.in_reply_to else ()
        nearest_first = (self.in_reply_to, *reversed(self.references))
        return tuple(dict.fromkeys(filter(None, nearest_first)))
