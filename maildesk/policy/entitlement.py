"""Who is served, and where: organisations whose time is over, and queues that a plan does not name.

Called by the rules and by strangers; store/facts asks `outside_plan`, to count the right letters. What is turned away
here waits in held for an operator; its writer and the account manager are told.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.config import Config
from maildesk.policy.held import hold
from maildesk.policy.letter import CUSTOMER, alarm, aside
from maildesk.policy.recipients import own_address
from maildesk.words import Address, Contact, Facts, Organisation, Ruling, SendLetter, Verdict, Writer
from maildesk.words.frozen import frozen

NOT_SERVED, NOT_IN_PLAN = "not served", "not in the plan"  # how the reasons begin


@frozen
class Notice:
    """What a redirect says, besides whom it is for."""

    organisation: str = ""
    contacts: tuple[str, ...] = ()  # names
    variant: str = ""  # ended | queue
    manager: str = ""
    plan: str = ""
    addresses: tuple[str, ...] = ()  # of the queues that the plan names


def covers(organisation: Organisation, queue: str, config: Config) -> bool:
    """Whether the organisation's plan names this queue; a plan that names none names all."""
    plan = config.plan.get(organisation.plan)
    return plan is None or not plan.queues or queue in plan.queues


def outside_plan(writer: Writer, queue: str, config: Config) -> bool:
    """Whether a contact writes to a queue that his plan does not name."""
    return isinstance(writer, Contact) and bool(queue) and not covers(writer.organisation, queue, config)


def not_in_plan(facts: Facts, config: Config) -> Ruling | None:
    """A contact who is sent to the addresses that his plan names."""
    if not isinstance(facts.writer, Contact):
        return None
    organisation = facts.writer.organisation
    plan = config.plan[organisation.plan]
    notice = Notice(
        organisation.name,
        variant="queue",
        manager=manager_of(facts, organisation),
        plan=plan.title,
        addresses=tuple(address for queue in plan.queues if (address := own_address(config, queue))),
    )
    why = f"the plan {plan.title} lacks {facts.queue}"
    told = _manager_hears(facts, organisation, config, "people outside of their plan", why)
    return hold(facts, config, f"{NOT_IN_PLAN}: {facts.queue}", *redirect(facts, notice), *told)


def ended(facts: Facts, organisation: Organisation, config: Config) -> Ruling:
    """Somebody whose organisation is not served at present."""
    notice = Notice(organisation.name, variant="ended", manager=manager_of(facts, organisation))
    told = _manager_hears(facts, organisation, config, "people who are not served", "it is not served at present")
    return hold(facts, config, f"{NOT_SERVED}: {organisation.name}", *redirect(facts, notice), *told)


def redirect(facts: Facts, notice: Notice) -> tuple[SendLetter, ...]:
    """It quotes nothing of the mail, not even the writer's words for himself.

    It names the Message-ID that it answers to a writer who is vouched for: anybody else may have chosen its words.
    """
    sender = facts.mail.sender
    if sender is None:
        return ()
    context = {
        "contacts": list(notice.contacts),
        "organisation": notice.organisation,
        "variant": notice.variant,
        "manager": notice.manager,
        "plan": notice.plan,
        "addresses": list(notice.addresses),
    }
    given = {"queue": facts.queue, "sender": facts.address, "context": context}
    to = Address(sender.address)
    mail = facts.mail if facts.verdict is Verdict.PASS else replace(facts.mail, message_id="")
    return (aside("redirect", to, CUSTOMER, mail, colleagues=facts.colleagues, **given),)


def manager_of(facts: Facts, organisation: Organisation) -> str:
    """The account manager by name, when one of the agents is meant, else by address."""
    address = organisation.account_manager
    return next((agent.name for agent in facts.agents if address in agent.addresses), address)


def _manager_hears(
    facts: Facts, organisation: Organisation, config: Config, what: str, why: str
) -> tuple[SendLetter, ...]:
    """The account manager is told of people who are turned away, as often as they are."""
    manager = organisation.account_manager
    if not manager or facts.recent.notices:
        return ()
    sender = facts.mail.sender.address if facts.mail.sender else ""
    text = f"{sender} of {organisation.name} wrote, and waits as held-{facts.mail_id}: {why}"
    return (alarm(config, what, text, manager),)
