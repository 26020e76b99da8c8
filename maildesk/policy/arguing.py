"""A customer argues how grave his running ticket is. The severity stays as it is: agents are asked.

Read by store/facts, which then loads when this ticket called somebody last, by customers and by paging. Only the
writer's own new words count, and of them what stands first: neither quotes nor what he passes on ask for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from maildesk.config import Config
from maildesk.policy import guessing, requests
from maildesk.policy.planned import planned
from maildesk.policy.severities import first_lines, on_line
from maildesk.policy.thanks import GREETING
from maildesk.words import Facts, Incoming, RecordEvent, Severity, Ticket

ASKED = "severity_asked"  # the event; its detail is the severity
AGAIN = timedelta(days=1)  # one ticket's arguments call somebody once in this time
_TITLED = re.compile(r"[^\W\d_][^:：]{0,40}[:：]")


def said(mail: Incoming) -> Severity | None:
    """What `Severity: WORD` or `Priority: WORD` at the top of the new words asks for."""
    return next((found for line in _top(_new_words(mail)) if (found := on_line(line))), None)


def sounds_down(mail: Incoming) -> bool:
    """Whether the new words say that nobody can work."""
    return guessing.sounds_down(_new_words(mail))


def critical(mail: Incoming) -> bool:
    """Whether it may ask for severity 1, so far as the mail tells."""
    return said(mail) is Severity.CRITICAL or sounds_down(mail)


def asked(ticket: Ticket, facts: Facts, config: Config) -> tuple[Severity | None, bool]:
    """Another severity than the ticket has, and whether a line says so; the words alone may tell an outage."""
    if wanted := said(facts.mail):
        return (wanted, True) if wanted is not ticket.severity else (None, False)
    grave = ticket.severity is Severity.CRITICAL or planned(config, facts.now) is not None
    return (None, False) if grave or not sounds_down(facts.mail) else (Severity.CRITICAL, False)


def event(ticket: Ticket, wanted: Severity, by: str) -> RecordEvent:
    return RecordEvent(ticket.reference, ASKED, by, str(int(wanted)))


def _new_words(mail: Incoming) -> str:
    """Without what is passed on; below a request what is said besides."""
    text = mail.forwarded.above if mail.forwarded else mail.reply_text
    request, words = requests.read(text)
    return f"{request.reason}\n{words}" if request else text


def _top(text: str) -> Iterator[str]:
    """The lines before the first ordinary one: empty ones, a greeting, `Title: value`."""
    for line in first_lines(text):
        bare = line.strip(" \t*")
        if _TITLED.match(bare):
            yield line
        elif bare and not GREETING.fullmatch(bare.rstrip(" ,.!")):
            return
