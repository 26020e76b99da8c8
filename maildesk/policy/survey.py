"""The survey: whether a ticket gets one, and what counts as its answer.

Called by agents and timers when a ticket closes, and by the rules when an answer comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.policy.audience import organisation_of
from maildesk.policy.letter import to_customer
from maildesk.policy.notice import agent_update
from maildesk.policy.script import bare_subject
from maildesk.policy.tickets import Change
from maildesk.words import Contact, Decision, Facts, Outcome, RecordMark, Ruling, Status, Survey, Ticket, Verdict

MARKS = {"yes": 5, "ja": 5, "no": 1, "nein": 1, **{str(mark): mark for mark in range(1, 6)}}
LOW = 2  # marks the owner hears of
_MARK = re.compile(rf"\s*({'|'.join(MARKS)})(?![\w]|[.,:]\d)(?:\s*/\s*5\b)?[\s.,;:!)-]*", re.IGNORECASE)


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


def mark_of(text: str) -> tuple[int, str] | None:
    """The mark a text begins with, and the words behind it."""
    found = _MARK.match(text)
    return (MARKS[found[1].lower()], text[found.end() :].strip()) if found else None


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
    found, ticket, sender = answer(facts), facts.ticket, facts.mail.sender
    if found is None or ticket is None or ticket.survey is None or sender is None:
        return None
    if not valid(ticket.survey, facts.now):
        return Ruling(Outcome.SURVEY, "the survey is over", (), (), ticket.reference)
    mark, comment = found
    thanks = to_customer(
        "survey_thanks", ticket, sender, facts.colleagues, answers=facts.mail.message_id, context={"mark": mark}
    )
    heard = agent_update("mark", ticket, facts, config, comment, str(mark)) if mark <= LOW else ()
    decisions: tuple[Decision, ...] = (RecordMark(ticket.reference, sender.address, mark, comment), thanks, *heard)
    return Ruling(Outcome.SURVEY, f"mark {mark}", (), decisions, ticket.reference)


def _asked(facts: Facts, ticket: Ticket) -> bool:
    """By the survey's own key; without any, by a closed ticket's requester who is vouched for or knows its thread.

    A reference can be guessed: with a forged sender it would give anybody a vote.
    """
    address = facts.mail.sender.address if facts.mail.sender else ""
    if facts.keys:
        return any(key.letter == "survey" and key.address == address for key in facts.keys)
    known = facts.verdict is Verdict.PASS or facts.matched == "message-id"
    return known and ticket.status is Status.CLOSED and address == ticket.requester.address
