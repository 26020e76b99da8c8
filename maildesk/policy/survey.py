"""The survey: whether a ticket gets one, and what becomes of an answer to it.

Called by agents and timers when a ticket closes, and by the rules when an answer comes. Only who was asked has a vote,
by the key of the letter that asked him, or by our own mail servers' word: a reference alone can be guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.policy.audience import organisation_of, told
from maildesk.policy.letter import to_customer
from maildesk.policy.marks import low, mark_of, reasons_in, together
from maildesk.policy.notice import agent_update
from maildesk.policy.script import bare_subject
from maildesk.policy.tickets import Change
from maildesk.words import (
    Contact,
    Decision,
    Facts,
    Outcome,
    RecordMark,
    Ruling,
    SendLetter,
    Status,
    Survey,
    Ticket,
    Verdict,
)

YES_OR_NO = {1: "no", 5: "yes"}  # how agents read the marks of a queue that asks so
ASKING = ("survey", "survey_thanks")  # letters whose keys give a vote; the second asks what was wrong
MOST_TOLD = 5  # answers to one survey of which anybody hears; a later one counts all the same


def wanted(ticket: Ticket, colleagues: Iterable[Contact], config: Config) -> bool:
    """Whether this ticket is asked about when it closes: once, unless its plan says otherwise.

    Not one that was merged, nor one that was imported and in which nobody has written here.
    """
    organisation = organisation_of(ticket, colleagues)
    plan = config.plan.get(organisation.plan) if organisation else None
    over = ticket.merged or ticket.clocks.silent
    return ticket.survey is None and not over and (plan is None or plan.survey)


def settled(change: Change, colleagues: Iterable[Contact], config: Config) -> Change:
    """The same change, with its survey due when it closed and none due when it did not."""
    closed = change.ticket.closed if change.ticket.status is Status.CLOSED else None
    due = closed + config.survey.send_after if closed and wanted(change.ticket, colleagues, config) else None
    return change.set_survey_due(due)


def follows(ticket: Ticket, facts: Facts, config: Config) -> bool:
    """Whether its closing by the mail in hand will be followed by one."""
    last, at = facts.recent.surveyed, facts.now + config.survey.send_after
    return wanted(ticket, facts.colleagues, config) and (last is None or at >= last + config.survey.at_most_every)


def kind(ticket: Ticket, config: Config) -> str:
    """How its queue asks: marks | yesno."""
    queue = config.queue.get(ticket.queue)
    return queue.survey if queue else "marks"


def answer(facts: Facts) -> tuple[int, str] | None:
    """Mark and comment of an answer to our survey, written by the one who was asked; else None."""
    ticket = facts.ticket
    if ticket is None or ticket.survey is None or not _asked(facts, ticket):
        return None
    text = facts.mail.reply_text
    if found := mark_of(text):
        return found if valid(ticket.survey, facts.now) or not found[1] else None
    subject = keyless(bare_subject(facts.mail.subject)).strip()
    bare = mark_of(subject) if subject != ticket.subject else None
    return (bare[0], text.strip()) if bare and not bare[1] else None


def valid(survey: Survey, now: datetime) -> bool:
    return now <= survey.valid_until


def recorded(facts: Facts, config: Config) -> Ruling | None:
    """The mark of an answer; a later one replaces an earlier one while the survey is valid."""
    found, ticket = answer(facts), facts.ticket
    if found is None or ticket is None or ticket.survey is None:
        return None
    if not valid(ticket.survey, facts.now):
        return Ruling(Outcome.SURVEY, "the survey is over", (), (), ticket.reference)
    before, (mark, words) = ticket.survey, found
    comment = together(before.comment, words) if mark == before.mark else words
    if (mark, comment) == (before.mark, before.comment):
        return Ruling(Outcome.SURVEY, f"mark {mark} again", (), (), ticket.reference)
    decisions = _counted(mark, comment, words, ticket, facts, config)
    return Ruling(Outcome.SURVEY, f"mark {mark}", (), decisions, ticket.reference)


def _counted(mark: int, comment: str, words: str, ticket: Ticket, facts: Facts, config: Config) -> tuple[Decision, ...]:
    sender, before = facts.mail.sender, ticket.survey
    if sender is None or before is None:
        return ()
    picked = reasons_in(comment, config.survey.reasons)
    kept = RecordMark(ticket.reference, sender.address, mark, comment, picked)
    if facts.recent.votes >= MOST_TOLD:
        return (kept,)
    context = {"mark": mark, "kind": kind(ticket, config), "reasons": _offered(mark, comment, config)}
    thanks = to_customer(
        "survey_thanks", ticket, sender, facts.colleagues, answers=facts.mail.message_id, context=context
    )
    return (kept, thanks, *_heard(mark, comment, words, before, facts, config))


def _offered(mark: int, comment: str, config: Config) -> list[str]:
    """Reasons to pick from, for a low mark without any word of why."""
    return list(config.survey.reasons) if low(mark) and not comment else []


def _heard(mark: int, comment: str, words: str, before: Survey, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    """The owner hears of words and of low marks; managers of a low mark once, and once more when its words come later.

    As long as it stays low: one that changes from 2 to 1 is no news to a manager.
    """
    ticket, begins = facts.ticket, low(mark) and not low(before.mark)
    explained = low(mark) and bool(comment) and not before.comment
    if ticket is None or not (begins or words):
        return ()
    managers = [agent for agent in facts.agents if agent.manager] if begins or explained else []
    readers = tuple(dict.fromkeys((*told(ticket, facts.agents), *managers))) if managers else ()
    code = YES_OR_NO.get(mark, str(mark)) if kind(ticket, config) == "yesno" else str(mark)
    return agent_update("mark", ticket, facts, config, comment, code, readers)


def _asked(facts: Facts, ticket: Ticket) -> bool:
    """By the survey's own key, of this ticket and to this address; without any, by the requester of a closed ticket
    whom our own mail servers vouch for.
    """
    address = facts.mail.sender.address if facts.mail.sender else ""
    if facts.keys:
        return any(
            key.letter in ASKING and key.address == address and key.about.upper() == ticket.reference
            for key in facts.keys
        )
    return facts.verdict is Verdict.PASS and ticket.status is Status.CLOSED and address == ticket.requester.address
