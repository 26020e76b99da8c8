"""The rules, in order: each is a name, a question and an answer, and the first answer wins.

Asked by decide. A question that is answered with None has hit, is remembered, and leaves the mail to the rules
below. To add one: a function, its line here, a row in its test table, a line in docs/flow.md.
"""

from __future__ import annotations

from collections.abc import Callable

from maildesk.config import Config
from maildesk.policy import (
    agents,
    appointments_answer,
    appointments_choice,
    automatic,
    behalf,
    bounces,
    commands_contact,
    consent,
    consult_answer,
    customers,
    entitlement,
    gate,
    newcomers,
    newcomers_answer,
    requested,
    strangers,
    survey,
)
from maildesk.policy.held import hold
from maildesk.policy.letter import alarm
from maildesk.words import Agent, Contact, Facts, Nobody, Ours, Outcome, Ruling, Stranger, Verdict
from maildesk.words.frozen import frozen

UNKNOWN_ADDRESS = "550 5.1.1 No such address here"


@frozen
class Rule:
    name: str
    asks: Callable[[Facts, Config], bool]
    answers: Callable[[Facts, Config], Ruling | None]


def _duplicate(facts: Facts, _config: Config) -> Ruling:
    return Ruling(Outcome.DUPLICATE, f"duplicate of {facts.duplicate_of}", ())


def _no_queue(facts: Facts, _config: Config) -> Ruling:
    return Ruling(Outcome.REFUSED, "no queue", (), refusal=UNKNOWN_ADDRESS if facts.envelope.refusable else "")


def _postmaster(facts: Facts, config: Config) -> Ruling:
    """RFC 5321, 4.5.1: mail to postmaster must reach somebody; the operators are told where it waits."""
    sender = facts.mail.sender.address if facts.mail.sender else ""
    text = f"{sender} wrote to {facts.address}: `maildesk held show {facts.mail_id}`"
    return hold(facts, config, "for the postmaster", alarm(config, "mail to the postmaster", text))


def _spam(facts: Facts, config: Config) -> bool:
    """The field that our own spam filter writes: its name, and what its value begins with."""
    if not config.gate.spam_header:
        return False
    name, _, value = config.gate.spam_header.partition(":")
    marks = (text for field, text in facts.mail.headers if field.lower() == name.strip().lower())
    return bool(name) and any(text.strip().lower().startswith(value.strip().lower()) for text in marks)


def _blocked(facts: Facts, config: Config) -> bool:
    return facts.mail.sender is not None and gate.listed(facts.mail.sender.address, config.gate.blocked)


def _unwanted(facts: Facts, config: Config) -> bool:
    return _blocked(facts, config) or _spam(facts, config)


def _agent_with(facts: Facts) -> bool:
    """Whether an agent writes about a ticket he may command."""
    writer, ticket = facts.writer, facts.ticket
    return isinstance(writer, Agent) and ticket is not None and gate.commands(writer, ticket)


RULES: tuple[Rule, ...] = (
    Rule(
        "duplicate",
        lambda facts, _: facts.duplicate_of is not None and not facts.vouched,
        _duplicate,
    ),
    Rule(
        "unreadable",
        lambda facts, _: bool(facts.mail.unreadable),
        lambda facts, config: hold(facts, config, f"unreadable: {facts.mail.unreadable}"),
    ),
    Rule("loop", lambda facts, _: automatic.loops(facts) and not facts.vouched, automatic.stop_loop),
    Rule(
        "bounce",
        lambda facts, _: bounces.returned(facts) is not None and not facts.vouched,
        bounces.take_back,
    ),
    Rule(
        "ambiguous-sender",
        lambda facts, _: isinstance(facts.writer, Nobody) and facts.mail.bounce is None,
        lambda facts, config: hold(facts, config, "ambiguous"),
    ),
    Rule(
        "own-address",
        lambda facts, _: isinstance(facts.writer, Ours),
        lambda _facts, _config: Ruling(Outcome.ROBOT, "one of our own addresses writes", ()),
    ),
    Rule("no-queue", lambda facts, _: not (facts.queue or facts.address or facts.vouched), _no_queue),
    Rule(
        "calendar-answer",
        lambda facts, config: appointments_answer.replied(facts) is not None and not _unwanted(facts, config),
        appointments_answer.noted,
    ),
    Rule("robot", lambda facts, _: automatic.is_robot(facts) and not facts.vouched, automatic.file_robot),
    Rule(
        "blocked",
        lambda facts, config: _blocked(facts, config) and not facts.vouched,
        lambda facts, config: hold(facts, config, "spam: blocked"),
    ),
    Rule(
        "spam-header",
        lambda facts, config: _spam(facts, config) and not facts.vouched,
        lambda facts, config: hold(facts, config, "spam"),
    ),
    Rule(
        "failed-verdict",
        lambda facts, _: facts.verdict is Verdict.FAIL and not facts.vouched,
        lambda facts, config: hold(facts, config, "unproved"),
    ),
    Rule("consent", lambda facts, _: consent.asked(facts) is not None, consent.answer),
    Rule("consult-answer", lambda facts, _: consult_answer.asked(facts) is not None, consult_answer.answer),
    Rule(
        "postmaster",
        lambda facts, _: not facts.queue and facts.ticket is None and not facts.vouched,
        _postmaster,
    ),
    Rule(
        "unproved-agent",
        lambda facts, _: isinstance(facts.writer, Agent) and not gate.proved(facts),
        consent.ask,
    ),
    Rule("agent-at-the-door", lambda facts, _: commands_contact.named(facts), agents.no_ticket),
    Rule("agent-new", lambda facts, _: behalf.begins(facts), behalf.begun),
    Rule("agent-forward", lambda facts, _: behalf.forwards(facts), behalf.forwarded),
    Rule(
        "agent-without-ticket",
        lambda facts, _: isinstance(facts.writer, Agent) and facts.ticket is None,
        agents.no_ticket,
    ),
    Rule("agent", lambda facts, _: _agent_with(facts), agents.conversation),
    Rule("agent-of-another-queue", lambda facts, _: isinstance(facts.writer, Agent), agents.other_queue),
    Rule(
        "newcomers-answer",
        lambda facts, _: newcomers_answer.word(facts) is not None and not facts.vouched,
        newcomers_answer.settled,
    ),
    Rule(
        "appointment-choice",
        lambda facts, config: appointments_choice.choice(facts, config) is not None,
        appointments_choice.answered,
    ),
    Rule("survey", lambda facts, _: survey.answer(facts) is not None, survey.recorded),
    Rule(
        "not-admitted",
        lambda facts, _: facts.ticket is not None and not gate.admitted(facts),
        lambda _facts, _config: None,
    ),
    Rule("thanks", lambda facts, _: gate.admitted(facts) and customers.is_thanks(facts), customers.file_thanks),
    Rule(
        "says-solved",
        lambda facts, _: gate.admitted(facts) and customers.says_solved(facts),
        customers.confirm_solved,
    ),
    Rule("request", requested.is_request, requested.answer),
    Rule("long-closed", customers.long_closed, lambda _facts, _config: None),
    Rule(
        "conversation",
        lambda facts, config: gate.admitted(facts) and not customers.long_closed(facts, config),
        customers.go_on,
    ),
    Rule(
        "not-in-the-plan",
        lambda facts, config: entitlement.outside_plan(facts.writer, facts.queue, config) and not facts.vouched,
        entitlement.not_in_plan,
    ),
    Rule(
        "new-ticket",
        lambda facts, _: isinstance(facts.writer, Contact) or facts.vouched,
        customers.open_ticket,
    ),
    Rule("newcomer", newcomers.writes_in, newcomers.waits),
    Rule("stranger-of-an-organisation", lambda facts, _: strangers.known(facts) is not None, strangers.of_organisation),
    Rule("stranger", lambda facts, _: isinstance(facts.writer, Stranger), strangers.of_none),
    Rule(
        "no-rule",
        lambda _facts, _config: True,
        lambda facts, config: hold(facts, config, "no rule fits"),
    ),
)
