"""What a ticket costs, where the plan of its organisation charges incidents.

Called by agents for the first answer, by commands for what they charge, by whatever letter tells what is left. Nothing
here reads the store: `Facts.account` is there for a charged plan and None for all others, which makes every step here
do nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from maildesk.config import Config
from maildesk.policy.audience import contact_of, organisation_of
from maildesk.policy.tickets import Change
from maildesk.words import Address, Agent, Charge, Contact, Decision, Facts, Organisation, RecordEvent

FIRST_ANSWER = 1
FIRST_HOUR, HALF_HOUR = 2, 1  # of an appointment
SPENT = ("answer", "charge", "held", "noshow")  # kinds of a charge that are for work


def of_appointment(minutes: int) -> int:
    """What an appointment of so many minutes costs: its first hour or part of it, then each half hour begun."""
    halves = -(-max(0, minutes - 60) // 30)
    return FIRST_HOUR + HALF_HOUR * halves


def charges(organisation: Organisation | None, config: Config) -> bool:
    """Whether its plan charges incidents."""
    plan = config.plan.get(organisation.plan) if organisation else None
    return plan is not None and plan.incidents > 0


def home(facts: Facts) -> Organisation | None:
    """The organisation whose incidents a mail may cost, or whose number its writer may be told."""
    if isinstance(facts.writer, Agent):
        if facts.ticket is not None:
            return organisation_of(facts.ticket, facts.colleagues)
        return facts.behalf.organisation if isinstance(facts.behalf, Contact) else None
    whom = facts.taker or facts.writer
    return whom.organisation if isinstance(whom, Contact) else None


def spend(change: Change, amount: int, kind: str, facts: Facts, reason: str = "") -> Change:
    """So many incidents go from the account of the ticket's organisation; below zero they come back.

    What is imported in silence was charged, or not, when it happened.
    """
    if facts.account is None or not amount or facts.envelope.quiet:
        return change
    ticket = change.ticket.reference
    charge = Charge(facts.account.organisation, -amount, kind, reason, change.by, ticket)
    detail = f"{abs(amount)}: {reason}" if reason else str(abs(amount))
    return change.also(charge, RecordEvent(ticket, "charged" if amount > 0 else "credited", change.by, detail))


def first_answer(change: Change, facts: Facts) -> Change:
    """A request is charged once for being answered, also where the ticket that was answered went into this one."""
    if facts.account is None or facts.account.answered:
        return change
    return spend(change, FIRST_ANSWER, "answer", facts)


def give_back(change: Change, facts: Facts, reason: str) -> Change:
    """All that the ticket has cost, the mail in hand included."""
    spent = (facts.account.spent if facts.account else 0) + spent_by(change.decisions)
    return spend(change, -max(0, spent), "credit", facts, reason)


def spent_by(decisions: Iterable[Decision]) -> int:
    """What these cost altogether; below zero when more is given back."""
    return -sum(each.amount for each in decisions if isinstance(each, Charge))


def left(facts: Facts, decisions: Iterable[Decision] = ()) -> int | None:
    """The balance after these; None where nothing is charged."""
    return None if facts.account is None else facts.account.balance - spent_by(decisions)


def left_for(reader: Address, facts: Facts) -> int | None:
    """The same for a customer: his own organisation's contacts alone are told."""
    contact = contact_of(reader.address, facts.colleagues)
    his = contact is not None and facts.account is not None and contact.organisation.name == facts.account.organisation
    return left(facts) if his else None
