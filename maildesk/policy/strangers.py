"""What becomes of a stranger's mail: a notice that says whom to ask, a refusal at the door, or a place in held.

Called by the rules. A notice quotes nothing of the mail, and to a stranger of no organisation it names nobody.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.policy.held import hold
from maildesk.policy.letter import CUSTOMER, alarm, aside
from maildesk.words import Address, Facts, Organisation, Outcome, Ruling, SendLetter, Stranger

REFUSED = "550 5.7.1 This address answers registered contacts of its customers only"


def of_organisation(facts: Facts, config: Config) -> Ruling | None:
    """Somebody of a known organisation waits until one of its contacts, or an operator, says yes."""
    organisation = known(facts)
    if organisation is None:
        return None
    contacts = _contacts(facts, organisation) if config.gate.name_contacts else []
    notice = _redirect(facts, contacts, organisation.name)
    return hold(facts, config, "awaiting consent", *notice, *_manager_hears(facts, organisation, config))


def of_none(facts: Facts, config: Config) -> Ruling:
    """As [gate] strangers says; who is no longer on the line cannot be refused and is told instead."""
    if config.gate.strangers == "hold":
        return hold(facts, config, "stranger")
    if config.gate.strangers == "refuse" and facts.envelope.refusable:
        return Ruling(Outcome.REFUSED, "stranger", (), refusal=REFUSED)
    return Ruling(Outcome.REFUSED, "stranger", (), _redirect(facts, [], ""))


def known(facts: Facts) -> Organisation | None:
    return facts.writer.organisation if isinstance(facts.writer, Stranger) else None


def _redirect(facts: Facts, contacts: list[str], organisation: str) -> tuple[SendLetter, ...]:
    sender = facts.mail.sender
    if sender is None:
        return ()
    context = {"contacts": contacts, "organisation": organisation}
    to = Address(sender.address)  # his own words for himself are not repeated
    return (aside("redirect", to, CUSTOMER, facts.mail, queue=facts.queue, sender=facts.address, context=context),)


def _contacts(facts: Facts, organisation: Organisation) -> list[str]:
    """Names of whom to ask: the contacts, or the account manager of an organisation that is no longer served."""
    if organisation.live:
        return [each.name for each in facts.colleagues if each.organisation.id == organisation.id]
    manager = organisation.account_manager
    names = [agent.name for agent in facts.agents if manager in agent.addresses]
    return names or ([manager] if manager else [])


def _manager_hears(facts: Facts, organisation: Organisation, config: Config) -> tuple[SendLetter, ...]:
    """The account manager is told of people whose organisation is no longer served, as often as they are."""
    manager = organisation.account_manager
    if organisation.live or not manager or facts.recent.notices:
        return ()
    sender = facts.mail.sender.address if facts.mail.sender else ""
    text = f"{sender} of {organisation.name}, which is not served at present, wrote: held-{facts.mail_id}"
    return (alarm(config, "people who are not served", text, manager),)
