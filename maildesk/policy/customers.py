"""What a customer's mail does: it opens a ticket, or it goes on with one.

Called by the rules, for writers whom the gate has admitted. Its letters are weighed afterwards, by limits.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.policy import arguing, escalating, intake, newcomers
from maildesk.policy.fields import notices
from maildesk.policy.gate import admitted, organisation
from maildesk.policy.incidents import left_for
from maildesk.policy.letter import plan_of, to_customer
from maildesk.policy.notice import agent_ticket, agent_update
from maildesk.policy.planned import planned
from maildesk.policy.recipients import own_address
from maildesk.policy.script import bare_subject
from maildesk.policy.service import service
from maildesk.policy.sorting import sorted_ticket
from maildesk.policy.survey import settled
from maildesk.policy.targets import FIRST, targets
from maildesk.policy.thanks import thanks_alone
from maildesk.policy.tickets import RESTING, Change
from maildesk.policy.timers import scheduled
from maildesk.words import (
    Address,
    Contact,
    Facts,
    Outcome,
    Ruling,
    SendLetter,
    Severity,
    Status,
    Ticket,
    Verdict,
    Visibility,
)

FIRST_WORDS = 500  # characters of a request that its acknowledgement repeats
OVER = (*RESTING, Status.CLOSED)


def long_closed(facts: Facts, config: Config) -> bool:
    """Whether the matched ticket has closed too long ago to be reopened."""
    ticket = facts.ticket
    if ticket is None or ticket.status is not Status.CLOSED:
        return False
    closed = ticket.closed or ticket.status_since or ticket.opened
    return max(facts.now, ticket.latest) >= closed + config.closing.reopen_for


def is_thanks(facts: Facts) -> bool:
    """Thanks alone, for a ticket that is solved or closed."""
    over = facts.ticket is not None and facts.ticket.status in (Status.SOLVED, Status.CLOSED)
    return over and not facts.mail.attachments and thanks_alone(facts.mail.reply_text)


def says_solved(facts: Facts) -> bool:
    """The answer that closing_soon offers: that nothing is left to do."""
    resting = facts.ticket is not None and facts.ticket.status in RESTING
    answers = any(key.letter == "closing_soon" for key in facts.keys[:1])
    return resting and answers and facts.mail.reply_text.strip().lower().rstrip(".!") == "solved"


def file_thanks(facts: Facts, config: Config) -> Ruling | None:
    """Kept in the thread and shown to the owner; the ticket stays as it is."""
    if facts.ticket is None:
        return None
    change = _message(facts, facts.ticket)
    told = agent_update("thanks", facts.ticket, facts, config, _new_text(facts))
    return Ruling(Outcome.MESSAGE, "thanks alone", (), change.also(*told).decisions, facts.ticket.reference)


def confirm_solved(facts: Facts, config: Config) -> Ruling | None:
    if facts.ticket is None:
        return None
    change = _message(facts, facts.ticket)
    if facts.ticket.status is Status.PENDING:
        change = change.set_status(Status.SOLVED)
    change = scheduled(change, config)
    return Ruling(Outcome.MESSAGE, "the customer says it is solved", (), change.decisions, facts.ticket.reference)


def go_on(facts: Facts, config: Config) -> Ruling | None:
    """A participant's mail for a ticket that is at work, or that it brings back to work."""
    if facts.ticket is None:
        return None
    reopened = facts.ticket.status in OVER
    change = gone_on(facts, facts.ticket, config)
    what = "reopened" if reopened else "message"
    asked = intake.wanted_still(facts.ticket, change.ticket, facts, config)
    change, argued = _argued(change, facts, config)
    told = agent_update(what, change.ticket, facts, config, _new_text(facts), argued=argued)
    decisions = scheduled(change, config).also(*asked, *told).decisions
    return Ruling(Outcome.MESSAGE, _reason(reopened), (), decisions, facts.ticket.reference)


def gone_on(facts: Facts, ticket: Ticket, config: Config) -> Change:
    """What the mail itself does to its ticket."""
    change = _message(facts, ticket)
    change = newcomers.taken_in(change if facts.envelope.quiet else change.heard(), facts, config)
    return at_work(intake.filled(change, facts, config), facts, config)


def _argued(change: Change, facts: Facts, config: Config) -> tuple[Change, dict[str, int] | None]:
    """The same change, with another severity asked for where the mail does so; and how agents are told."""
    wanted, said = arguing.asked(change.ticket, facts, config)
    if wanted is None:
        return change, None
    now = int(change.ticket.severity)
    return change.also(arguing.event(change.ticket, wanted, change.by)), {"to": int(wanted), "from": now, "said": said}


def at_work(change: Change, facts: Facts, config: Config) -> Change:
    """What was over is open again."""
    over = change.ticket.status in OVER
    return settled(change.set_status(Status.OPEN), facts.colleagues, config) if over else change


def open_ticket(facts: Facts, config: Config) -> Ruling | None:
    """A new matter. None when there is no reference left to give it."""
    sender = facts.mail.sender
    if sender is None or not facts.fresh:
        return None
    change, sorting = opening(facts, _requester(facts, sender), config)
    if facts.ticket and admitted(facts):
        change = change.link(facts.ticket.reference)
    change, escalation = (change, ()) if facts.envelope.quiet else escalating.by_itself(change, facts, config)
    change = scheduled(change, config)
    letters = (*received(change.ticket, facts, config), *agent_ticket(change.ticket, facts, config))
    decisions = change.also(*letters, *escalation).decisions
    return Ruling(Outcome.TICKET, f"a new request{sorting}", (), decisions, change.ticket.reference)


def opening(facts: Facts, requester: Address, config: Config) -> tuple[Change, str]:
    """The mail in hand opens a ticket; and how that was sorted, in words."""
    sorting = sorted_ticket(new_ticket(facts, requester, config), facts, config)
    by = facts.mail.sender.address if facts.mail.sender else ""
    change = Change(sorting.ticket, facts.now, by).open().add_message(Visibility.PUBLIC)
    change = change.take_over() if facts.envelope.quiet else change
    change = intake.filled(change, facts, config, sorting.fields)
    return newcomers.taken_in(change, facts, config), sorting.told


def _message(facts: Facts, ticket: Ticket) -> Change:
    by = facts.mail.sender.address if facts.mail.sender else ""
    return Change(ticket, max(facts.now, ticket.latest), by).add_message(Visibility.PUBLIC)


def new_ticket(facts: Facts, requester: Address, config: Config) -> Ticket:
    queue = facts.queue or config.default_queue
    return Ticket(
        reference=facts.fresh,
        queue=queue,
        address=facts.address if facts.queue else own_address(config, queue),
        subject=keyless(_subject(facts)),
        requester=requester,
        opened=facts.now,
        status_since=facts.now,
        organisation=organisation(facts),
        plan=_plan(facts),
        language=facts.mail.language,
    )


def _plan(facts: Facts) -> str:
    named = organisation(facts)
    return next((each.organisation.plan for each in facts.colleagues if each.organisation.name == named), "")


def _requester(facts: Facts, sender: Address) -> Address:
    """Whoever writes, or the contact who took over what a stranger wrote."""
    if facts.taker:
        return Address(facts.taker.addresses[0], facts.taker.name)
    writer = facts.writer
    return Address(sender.address, writer.name if isinstance(writer, Contact) else sender.name)


def _subject(facts: Facts) -> str:
    """Of what goes on with another ticket the matter alone, without that one's reference."""
    subject = facts.mail.subject
    return (bare_subject(subject) or subject) if facts.ticket and admitted(facts) else subject


def received(ticket: Ticket, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    """To the requester of a new ticket: that it is here, and what it lacks."""
    return acknowledgement(ticket, facts, config), *intake.wanted(ticket, ticket.requester, facts, config)


def acknowledgement(ticket: Ticket, facts: Facts, config: Config) -> SendLetter:
    """It repeats words only where our own mail servers vouch for the writer: else a forger would choose them (T26).

    What came encrypted is not sent back in clear.
    """
    secret = any(seal.act == "encrypted" for seal in facts.mail.seals)
    words = _new_text(facts)[:FIRST_WORDS] if facts.verdict is Verdict.PASS and not secret else ""
    severity = int(ticket.severity)
    promised = service(config, plan_of(ticket, facts.colleagues), ticket.queue, facts.now, severity)
    outdated = notices(ticket, config)
    answer_by = next((each.due for each in targets(ticket, config) if each.name == FIRST), None)
    event = planned(config, facts.now) if ticket.severity is Severity.CRITICAL else None
    context = {"severity": severity, "text": words, "service": promised, "unsupported": outdated}
    context["planned"] = {"text": event.text, "until": event.until} if event else None
    return to_customer(
        "acknowledgement",
        ticket,
        ticket.requester,
        facts.colleagues,
        answers=facts.mail.message_id,
        context=context | {"answer_by": answer_by, "balance": left_for(ticket.requester, facts)},
    )


def _new_text(facts: Facts) -> str:
    return facts.mail.said or facts.mail.text


def _reason(reopened: bool) -> str:
    return "an answer that reopens the ticket" if reopened else "a participant's mail"
