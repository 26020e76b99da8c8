"""The agents' command about who waits at the door: `#contact allow|add|swap ADDRESS [OLD-ADDRESS]`.

Read by commands; the rules ask `named` first where a mail is about no ticket, since such a one begins none. Any agent
may say it; the contacts who were asked about the same person hear what was decided.
"""

from __future__ import annotations

from difflib import get_close_matches

from maildesk.config import Config
from maildesk.mime.address import linkless, normal
from maildesk.policy import script
from maildesk.policy.audience import contact_of
from maildesk.policy.consult import knocking
from maildesk.policy.consult_answer import End, decided, leaving, released
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.script import Line
from maildesk.words import AddContact, Agent, Decision, Facts, Knocking, ReleaseHeld, SwapContact

WORD = "contact"
ADDRESSES = {"allow": 1, "add": 1, "swap": 2}  # how many each takes
FORM = "#contact allow|add|swap ADDRESS [OLD-ADDRESS]"


def named(facts: Facts) -> bool:
    """Whether an agent's mail about no ticket speaks of somebody at the door."""
    fresh = isinstance(facts.writer, Agent) and facts.ticket is None
    return fresh and any(line.word == WORD for line in script.read(facts).lines)


def _contact(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    found = _understood(line, facts, config)
    if isinstance(found, Refusal):
        return found
    return Deed(WORD, WORD, line.argument, lambda change: change.also(*found), decides=found)


def _understood(line: Line, facts: Facts, config: Config) -> tuple[Decision, ...] | Refusal:
    """What one line does, or why it does not."""
    act, addresses = _parts(line)
    person = knocking(facts, addresses[0]) if addresses else None
    if person is None or len(addresses) != ADDRESSES.get(act) or _repeated(addresses, facts):
        return Refusal(line.text, "argument", FORM)
    if not (person.mails or person.turned_away):
        return Refusal(line.text, "not_waiting")
    by = facts.writer.addresses[0] if isinstance(facts.writer, Agent) and facts.writer.addresses else ""
    if act == "allow":
        heard = _heard(act, person, facts, config)
        away = (ReleaseHeld(ident, "allow", by) for ident in person.turned_away)
        return (*released(person, "allow", by), *away, *heard)
    entered = _entered(line, person, by, facts, config)
    if isinstance(entered, Refusal):
        return entered
    heard = _heard(act, person, facts, config, leaving([entered]))
    return (entered, *released(person, "swap", by), *heard)


def _entered(line: Line, person: Knocking, by: str, facts: Facts, config: Config) -> Decision | Refusal:
    """He becomes a contact of the organisation that his domain tells, within its allotment or in another's place."""
    (act, addresses), organisation = _parts(line), person.organisation
    if organisation is None or not organisation.live:
        return Refusal(line.text, "not_served")
    if act == "swap":
        if contact_of(addresses[1], person.contacts):
            return SwapContact(organisation.name, addresses[1], person.person, by)
        near = get_close_matches(addresses[1], [each.addresses[0] for each in person.contacts], n=1)
        return Refusal(line.text, "argument", f"#contact swap {addresses[0]} {near[0]}" if near else "")
    plan, taken = config.plan.get(organisation.plan), len(person.contacts)
    adding = sum(_parts(each)[0] == "add" for each in _lines(facts))
    if plan is not None and taken + adding > plan.contacts:
        return Refusal(line.text, "full", f"{taken}/{plan.contacts}")
    return AddContact(organisation.name, person.person, by)


def _heard(act: str, person: Knocking, facts: Facts, config: Config, left: str = "") -> tuple[Decision, ...]:
    """The contacts, when they were asked about him."""
    if not person.asked or not isinstance(facts.writer, Agent):
        return ()
    said = "allow" if act == "allow" else "swap"
    return decided(facts, person.mails[0], person, End(said, facts.writer.name, left), config)


def _parts(line: Line) -> tuple[str, list[str]]:
    act, _, rest = line.argument.partition(" ")
    named = linkless(rest).split()
    return act.lower(), [address for each in named if (address := normal(each.strip("<>,;")))]


def _lines(facts: Facts) -> list[Line]:
    return [line for line in script.read(facts).lines if line.word == WORD]


def _repeated(addresses: list[str], facts: Facts) -> bool:
    """Whether two lines speak of one person: what the second finds would not be so any more."""
    said = [address for line in _lines(facts) for address in set(_parts(line)[1])]
    return len(set(addresses)) < len(addresses) or any(said.count(each) > 1 for each in addresses)


COMMANDS_CONTACT = {
    WORD: Command(
        "allow|add|swap ADDRESS [OLD-ADDRESS]", "who waits at the door comes in", False, _contact, alone=True
    ),
}
