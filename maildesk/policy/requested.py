"""What becomes of a customer's request by mail: `status`, `copy`, `escalate`, `solved`, `close`, `stop copies`.

Called by the rules for people whom we serve or who take part in something. What they may not see is answered like
what never was. Words below the request go into its ticket as they would without it; where there is no ticket to take
them, the mail is no request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from maildesk.config import Config
from maildesk.policy import answers, customers, escalating
from maildesk.policy.gate import addresses_of
from maildesk.policy.letter import to_customer
from maildesk.policy.notice import agent_update
from maildesk.policy.requests import Request, asked, may_see, says_more
from maildesk.policy.survey import follows, settled
from maildesk.policy.tickets import Change
from maildesk.policy.timers import close_at, scheduled
from maildesk.words import (
    Contact,
    Decision,
    Facts,
    Outcome,
    Ruling,
    SendLetter,
    Status,
    Stranger,
    Ticket,
    Visibility,
)
from maildesk.words.frozen import frozen

STANDING = ("solved", "close", "leave")  # a closed ticket takes their words without being opened again


@frozen
class Case:
    """A request about a ticket that its writer may see."""

    request: Request
    words: bool  # more than the request stands in the mail
    ticket: Ticket
    facts: Facts
    config: Config

    def answer(self, kind: str, **told: object) -> SendLetter:
        return answers.about(self.ticket, kind, self.facts, **told)


def is_request(facts: Facts, config: Config) -> bool:
    """Whether somebody who may ask does so, and nothing that he says besides would be lost."""
    request, _ = asked(facts.mail)
    if request is None or not _may_ask(facts):
        return False
    ticket = _seen(facts)
    if not says_more(facts.mail) or (ticket is not None and request.act in STANDING):
        return True
    return ticket is not None and not customers.long_closed(replace(facts, ticket=ticket), config)


def answer(facts: Facts, config: Config) -> Ruling | None:
    request, _ = asked(facts.mail)
    if request is None:
        return None
    ticket = _seen(facts)
    if ticket is None:
        return _about_none(request, facts)
    decisions = _ACTS[request.act](Case(request, says_more(facts.mail), ticket, facts, config))
    return Ruling(Outcome.REQUEST, f"asks for {request.act}", (), decisions, ticket.reference)


def _may_ask(facts: Facts) -> bool:
    served = isinstance(facts.writer, Contact)
    return served or (isinstance(facts.writer, Stranger) and facts.shown.takes_part)


def _seen(facts: Facts) -> Ticket | None:
    """The ticket that was asked about, when its writer may."""
    ticket = facts.shown.ticket
    return ticket if ticket and may_see(facts.writer, addresses_of(facts), ticket) else None


def _about_none(request: Request, facts: Facts) -> Ruling:
    """The list; to whom a reference says nothing, nothing is said of it."""
    if request.reference:
        letter = answers.beside("unknown", facts, asked=request.reference)
        return Ruling(Outcome.REQUEST, f"asks for {request.act} of what is not his", (), (letter,))
    letter = answers.beside("list", facts, **answers.standing(facts))
    return Ruling(Outcome.REQUEST, f"asks for {request.act} of no ticket", (), (letter,))


def _status(case: Case) -> tuple[Decision, ...]:
    return (*_taken_in(case), case.answer("ticket", **answers.standing(case.facts)))


def _copy(case: Case) -> tuple[Decision, ...]:
    queue = case.config.queue.get(case.ticket.queue)
    told = answers.thread(case.facts.shown, queue.title if queue else case.config.desk.name, case.config)
    return (*_taken_in(case), case.answer("thread", **told))


def _escalate(case: Case) -> tuple[Decision, ...]:
    """It goes on like any other mail, and whoever may help is told; once a day, while words are always taken."""
    if case.ticket.status is Status.CLOSED and not case.words:
        return (case.answer("done", status=case.ticket.status.value),)
    went = _gone_on(case)
    if escalating.lately(case.facts):
        return (*went, case.answer("ticket", said="escalated", **answers.listed(case.facts.shown)))
    _, words = asked(case.facts.mail)
    reason = "\n".join(part for part in (case.request.reason, words) if part)
    facts = replace(case.facts, ticket=case.ticket)
    change = replace(customers.gone_on(facts, case.ticket, case.config), decisions=())
    done, letters = escalating.escalated(change, reason, case.facts, case.config)
    done = scheduled(done, case.config)
    informed = {each.letter.to.address for each in letters}
    return (*(each for each in went if _updated(each) not in informed), *done.decisions, *letters)


def _solved(case: Case) -> tuple[Decision, ...]:
    if case.ticket.status in (Status.SOLVED, Status.CLOSED):
        return _as_it_is(case)
    change = _set(case, Status.SOLVED)
    told: tuple[SendLetter, ...] = ()
    if not _is_requester(case) and not _capped(case):
        context: dict[str, object] = {
            "agent": answers.called(case.facts),
            "close_at": close_at(change.ticket, case.config),
        }
        told = (_to_requester("solved", case, change.ticket, context),)
    return (*change.decisions, case.answer("done", status=Status.SOLVED.value), *told)


def _close(case: Case) -> tuple[Decision, ...]:
    """The requester gets the letter that says so; whoever else asked for it an answer."""
    if case.ticket.status is Status.CLOSED:
        return _as_it_is(case)
    change = _set(case, Status.CLOSED)
    survey = follows(change.ticket, case.facts, case.config)
    reason = "requester" if _is_requester(case) else "colleague"
    closed = _to_requester("closed", case, change.ticket, {"reason": reason, "survey": survey})
    others = () if _is_requester(case) else (case.answer("done", status=Status.CLOSED.value),)
    return (*change.decisions, closed, *others)


def _leave(case: Case) -> tuple[Decision, ...]:
    kept = _message(case) if case.words else ()
    if _is_requester(case):
        return (*kept, case.answer("requester"))
    mine = addresses_of(case.facts)
    leaving = tuple(each.address for each in case.ticket.participants if each.address in mine)
    change = _change(case).remove_participants(leaving)
    return (*kept, *change.decisions, answers.about(change.ticket, "left", case.facts))


_ACTS: dict[str, Callable[[Case], tuple[Decision, ...]]] = {
    "status": _status,
    "copy": _copy,
    "escalate": _escalate,
    "solved": _solved,
    "close": _close,
    "leave": _leave,
}


def _taken_in(case: Case) -> tuple[Decision, ...]:
    """What the words do by themselves, as in any other mail."""
    return _gone_on(case) if case.words else ()


def _gone_on(case: Case) -> tuple[Decision, ...]:
    went = customers.go_on(replace(case.facts, ticket=case.ticket), case.config)
    return went.decisions if went else ()


def _message(case: Case) -> tuple[Decision, ...]:
    """The mail in the thread, and agents told of it, with nothing else changed."""
    text = case.facts.mail.said or case.facts.mail.text
    told = agent_update("message", case.ticket, case.facts, case.config, text)
    return _change(case).add_message(Visibility.PUBLIC).also(*told).decisions


def _as_it_is(case: Case) -> tuple[Decision, ...]:
    return (*(_message(case) if case.words else ()), case.answer("done", status=case.ticket.status.value))


def _set(case: Case, status: Status) -> Change:
    """The new status, which agents hear of."""
    change = _change(case).add_message(Visibility.PUBLIC).set_status(status)
    change = scheduled(settled(change, case.facts.colleagues, case.config), case.config)
    text = case.facts.mail.said or case.facts.mail.text
    return change.also(*agent_update("message", change.ticket, case.facts, case.config, text))


def _change(case: Case) -> Change:
    by = case.facts.mail.sender.address if case.facts.mail.sender else ""
    return Change(case.ticket, max(case.facts.now, case.ticket.latest), by)


def _to_requester(name: str, case: Case, after: Ticket, context: dict[str, object]) -> SendLetter:
    answered = case.facts.mail.message_id if _is_requester(case) else ""
    return to_customer(name, after, after.requester, case.facts.colleagues, answers=answered, context=context)


def _is_requester(case: Case) -> bool:
    return case.ticket.requester.address in addresses_of(case.facts)


def _capped(case: Case) -> bool:
    """Whether this writer has been answered often enough: what he causes is then told to nobody else, either."""
    return case.facts.recent.answers >= case.config.limits.acks_per_contact.count


def _updated(decision: Decision) -> str:
    """Who is told by this update; "" when it is none."""
    letter = decision.letter if isinstance(decision, SendLetter) else None
    return letter.to.address if letter and letter.name == "agent_update" else ""
