"""The closed lists: states, outcomes and verdicts, by their words of the contract."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Status(StrEnum):
    NEW = "new"  # no agent has answered
    OPEN = "open"
    PENDING = "pending"  # waiting for the customer
    SOLVED = "solved"
    CLOSED = "closed"


class Severity(IntEnum):
    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4


class Outcome(StrEnum):
    """What became of an accepted mail; every ledger row has exactly one."""

    TICKET = "ticket"
    MESSAGE = "message"
    NOTE = "note"
    COMMAND = "command"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    HELD = "held"
    ROBOT = "robot"
    BOUNCE = "bounce"
    SURVEY = "survey"
    CONSENT = "consent"
    REQUEST = "request"


class Automatic(StrEnum):
    """Why a mail is taken for a robot's (RFC 3834, RFC 2369, RFC 6522)."""

    REPLY = "reply"
    LIST = "list"
    BULK = "bulk"
    REPORT = "report"


class Visibility(StrEnum):
    PUBLIC = "public"
    NOTE = "note"


class Verdict(StrEnum):
    """What our own mail servers said of the writer (RFC 8601)."""

    PASS = "pass"  # aligned: proves the From domain
    FAIL = "fail"
    NONE = "none"
