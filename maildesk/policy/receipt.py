"""The receipt: what an agent's commands did, what was refused and why, and the text that waits.

Called by agents. It goes to the agent's address in the directory, whatever address he wrote from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from maildesk.policy import left_over
from maildesk.policy.commands_asking import enclosed_by, told_of
from maildesk.policy.commands_hours import length
from maildesk.policy.deeds import CROSSED, Deed, Refusal
from maildesk.policy.first_line import NOTE, told_first
from maildesk.policy.incidents import left, spent_by
from maildesk.policy.letter import AGENT, aside, directory_address, to_agent
from maildesk.words import Agent, Attachment, Decision, Facts, SendLetter, Ticket


def receipt(  # noqa: PLR0913, PLR0917 - all that a receipt tells of
    facts: Facts,
    deeds: Iterable[Deed],
    refusals: Iterable[Refusal],
    ticket: Ticket | None,
    waiting: str,
    letters: Iterable[Decision] = (),
    due: Sequence[tuple[datetime, str]] = (),
    returned: Sequence[Attachment] | None = None,
) -> SendLetter:
    """`letters` are those that went out beside it, for the list of who got something, and all that is done besides;
    `due` is what time does, `returned` the files that wait and come back; None = none wait.
    """
    deeds, refusals, went = tuple(deeds), tuple(refusals), tuple(letters)
    crossed = facts.crossed if any(each.why == CROSSED for each in refusals) else None
    agent = facts.writer if isinstance(facts.writer, Agent) else Agent(0, "", ())
    context = {
        "done": [(deed.code, deed.value) for deed in deeds if deed.code],
        "refused": [(each.line, each.why, each.suggestion) for each in refusals],
        "text": waiting,
        "crossed": {"writer": crossed.writer, "at": crossed.at, "text": crossed.text} if crossed else None,
        "status": ticket.status.value if ticket else "",
        "severity": int(ticket.severity) if ticket else 0,
        "owner": ticket.owner.name if ticket and ticket.owner else "",
        "recipients": _customers(went),
        "close_at": next((at for at, what in due if what == "close"), None),
        "due": [[at, what] for at, what in due],
        "late": any(at < facts.now for at, _ in due[:1]),
        "worked": length(ticket.minutes) if ticket else "",
        "balance": left(facts, went) if ticket else None,
        "charged": spent_by(went),
        **told_first(facts, agent, ticket),
        **left_over.told(facts, deeds, tuple(refusals), returned),
        **told_of(deeds, ticket),
    }
    files = (*enclosed_by(deeds), *(returned or ()))
    if ticket is None:
        return _about_none(agent, facts, context=context, attachments=files)
    told = {"context": context, "attachments": files, "note": context["stays"] == NOTE}
    return to_agent("receipt", ticket, agent, answers=facts.mail.message_id, **told)


def _about_none(agent: Agent, facts: Facts, **fields: Any) -> SendLetter:
    to, mail = directory_address(agent), facts.mail
    return aside("receipt", to, AGENT, mail, queue=facts.queue, subject=mail.subject, calendar=agent.calendar, **fields)


def _customers(letters: Iterable[Decision]) -> list[str]:
    """Each once, whatever number of letters goes there."""
    sent = (each.letter for each in letters if isinstance(each, SendLetter))
    return list(dict.fromkeys(letter.to.address for letter in sent if letter.audience == "customer"))
