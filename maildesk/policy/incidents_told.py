"""What customers are told of their incidents besides the number in other letters: `low_balance`.

Called by agents and behalf, with all that a mail decides. The balance is compared before and after that mail, so that
nothing has to be remembered: a mark is passed downwards once, and again only when it has risen above it in between.
"""

from __future__ import annotations

from collections.abc import Iterable

from maildesk.config import Config
from maildesk.policy import incidents
from maildesk.policy.letter import CUSTOMER
from maildesk.words import Address, Contact, Decision, Facts, Letter, Organisation, SendLetter, Ticket

PARTS = 5  # the fifth part of a year's incidents is little


def low_balance(ticket: Ticket, facts: Facts, decisions: Iterable[Decision], config: Config) -> tuple[SendLetter, ...]:
    """To the contacts and the account manager, when the decisions bring the balance to a fifth, or to nothing."""
    before, after = facts.balance, incidents.left(facts, decisions)
    home = incidents.home(facts)
    plan = config.plan.get(home.plan) if home else None
    if before is None or after is None or home is None or plan is None or not passed(before, after, plan.incidents):
        return ()
    context = {"balance": after, "incidents_a_year": plan.incidents, "plan": plan.title, "organisation": home.name}
    return tuple(
        SendLetter(
            Letter(
                "low_balance",
                Address(address, name),
                CUSTOMER,
                queue=ticket.queue,
                sender=ticket.address,
                language=language,
                time_zone=zone,
                plan=home.plan,
                context=context,
            )
        )
        for address, (name, language, zone) in _answering(home, facts).items()
    )


def passed(before: int, after: int, a_year: int) -> bool:
    """Whether one of the two marks lies between them."""
    low = before * PARTS > a_year >= after * PARTS
    return low or before > 0 >= after


def readers(home: Organisation, colleagues: Iterable[Contact]) -> dict[str, tuple[str, str, str]]:
    """The contacts by address, with name, language and zone."""
    return {
        each.addresses[0]: (each.name, each.language, each.time_zone)
        for each in colleagues
        if each.organisation.name == home.name and each.addresses
    }


def _answering(home: Organisation, facts: Facts) -> dict[str, tuple[str, str, str]]:
    """Those who answer for the organisation, there and here."""
    found, manager = readers(home, facts.colleagues), home.account_manager
    known = {address for each in facts.colleagues for address in each.addresses}
    if manager and manager not in known:
        name = next((agent.name for agent in facts.agents if manager in agent.addresses), "")
        found[manager] = (name, "", "")
    return found
