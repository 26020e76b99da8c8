"""What an agent's command line comes to: a deed, or why there is none; and what a command is.

Used by commands, which has the table of all commands, by the files that hold some of them, and by agents and receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from maildesk.config import Config
from maildesk.policy.script import Line
from maildesk.policy.tickets import Change
from maildesk.words import Attachment, Decision, Facts, Ticket
from maildesk.words.frozen import frozen

CROSSED = "crossed"  # why an answer waits: another agent's went out that its writer did not know of


def _nothing(_after: Ticket | None) -> Mapping[str, object]:
    return {}


@frozen
class Deed:
    """What a command that was understood will do."""

    word: str
    code: str  # as the receipt lists it; "" = it changed nothing that could be listed
    value: str
    does: Callable[[Change], Change]
    tells: Callable[[Ticket | None], Mapping[str, object]] = _nothing  # fields of the receipt, of the ticket after all
    encloses: tuple[Attachment, ...] = ()  # files for the receipt
    decides: tuple[Decision, ...] = ()  # what it does where there is no ticket
    puts: str = ""  # words in front of the mail's own
    says: str = ""  # words that customers read by a letter of its own


@frozen
class Refusal:
    line: str
    why: str  # unknown | argument | not_allowed | no_ticket
    suggestion: str = ""


@frozen
class Command:
    argument: str  # as help writes it; "" = none
    sentence: str
    sorts: bool  # done even when another line of the mail was not understood
    reads: Callable[[Line, Facts, Config], Deed | Refusal]
    alone: bool = False  # works in a mail about no ticket, too
