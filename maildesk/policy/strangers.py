"""What becomes of a stranger's mail: a notice that says whom to ask, a refusal at the door, or a place in held.

Called by the rules. A notice quotes nothing of the mail, and to a stranger of no organisation it names nobody. Of a
stranger whose organisation is known, its contacts are asked (consult).
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.policy import consult
from maildesk.policy.entitlement import NOT_IN_PLAN, Notice, covers, ended, redirect
from maildesk.policy.held import hold
from maildesk.words import Facts, Organisation, Outcome, Ruling, SendLetter, Stranger

REFUSED = "550 5.7.1 This address answers registered contacts of its customers only"


def of_organisation(facts: Facts, config: Config) -> Ruling | None:
    """Somebody of a known organisation waits until one of its contacts, or an operator, says yes."""
    organisation = known(facts)
    if organisation is None:
        return None
    if not organisation.live:
        return ended(facts, organisation, config)
    notice = _notice(facts, organisation, config)
    if not covers(organisation, facts.queue, config):  # no contact may say yes to what he may not ask for himself
        return hold(facts, config, f"{NOT_IN_PLAN}: {facts.queue}", *notice)
    reason, questions = consult.ask(facts, organisation, config)
    return hold(facts, config, reason, *notice, *questions)


def of_none(facts: Facts, config: Config) -> Ruling:
    """As [gate] strangers says; who is no longer on the line cannot be refused and is told instead."""
    if config.gate.strangers == "hold":
        return hold(facts, config, "stranger")
    if config.gate.strangers == "refuse" and facts.envelope.refusable:
        return Ruling(Outcome.REFUSED, "stranger", (), refusal=REFUSED)
    return Ruling(Outcome.REFUSED, "stranger", (), redirect(facts, Notice()))


def known(facts: Facts) -> Organisation | None:
    return facts.writer.organisation if isinstance(facts.writer, Stranger) else None


def _notice(facts: Facts, organisation: Organisation, config: Config) -> tuple[SendLetter, ...]:
    """Whom to ask, by name."""
    own = (each.name for each in facts.colleagues if each.organisation.id == organisation.id)
    return redirect(facts, Notice(organisation.name, tuple(own) if config.gate.name_contacts else ()))
