"""An agent acts in a customer's name: he passes on what somebody wrote to him, or begins a matter with `#new ADDRESS`.

Asked by the rules about proved agents' mails that belong to no ticket; store/facts asks `person`, to look him up. What
an agent writes above a forwarded mail stays inside, and nothing below that line is read for commands (T49, T50).
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.mime.language import language_of
from maildesk.policy import customers, intake, reply, script
from maildesk.policy.agents import Intent, conversation, intent
from maildesk.policy.audience import barred, name_of
from maildesk.policy.commands_new import NEW, address_in
from maildesk.policy.deeds import Deed, Refusal
from maildesk.policy.entitlement import covers
from maildesk.policy.gate import commands, proved
from maildesk.policy.held import hold
from maildesk.policy.incidents_told import low_balance
from maildesk.policy.letter import directory_address
from maildesk.policy.notice import agent_ticket
from maildesk.policy.receipt import receipt
from maildesk.policy.script import Line
from maildesk.policy.tickets import Change
from maildesk.policy.timers import ahead, scheduled
from maildesk.words import (
    Address,
    Agent,
    Contact,
    Decision,
    Facts,
    FileAs,
    Forwarded,
    Incoming,
    OpenTicket,
    Outcome,
    RecordEvent,
    Ruling,
    SendLetter,
    Stranger,
    Ticket,
    Verdict,
)

COMMENT = 500  # characters of what an agent wrote above a forwarded mail that the history keeps
FIRST_LINE = 80  # characters of a text that make a subject where there is none
MOST_OFFERED = 20


def forwards(facts: Facts) -> bool:
    return _begins(facts) and facts.mail.forwarded is not None


def begins(facts: Facts) -> bool:
    """Whether an agent opens a ticket by `#new`, with words of his own."""
    return _begins(facts) and facts.mail.forwarded is None and _line(facts) is not None


def person(facts: Facts) -> Address | None:
    """In whose name this mail would open a ticket: whom `#new` names, else the writer of what is passed on."""
    if not _begins(facts) or facts.mail.automatic or not proved(facts):
        return None
    if line := _line(facts):
        address = address_in(line.argument)
        return Address(address) if address else None
    return facts.mail.forwarded.sender if facts.mail.forwarded else None


def opens(facts: Facts, config: Config) -> bool:
    """Whether it will open one: then it needs a number."""
    return isinstance(facts.behalf, Contact) and not _refused(facts, config)


def forwarded(facts: Facts, config: Config) -> Ruling | None:
    """What somebody wrote to an agent becomes that person's ticket."""
    passed_on, agent, contact = facts.mail.forwarded, facts.writer, facts.behalf
    if passed_on is None or not isinstance(agent, Agent):
        return None
    why = _refused(facts, config)
    if why or not isinstance(contact, Contact) or not facts.fresh:
        return _declined(facts, config, why or "no_contact", passed_on)
    theirs = _theirs(facts, contact, passed_on)
    change, sorting = customers.opening(theirs, _requester(facts, contact), config)
    before = change.ticket
    change, meant = _commanded(replace(change, by=agent.addresses[0]), facts, config)
    filed = FileAs(theirs.mail.text, theirs.mail.attachments)
    event = RecordEvent(before.reference, "forwarded", change.by, _comment(passed_on)[:COMMENT])
    change = scheduled(change.also(filed, event), config)
    letters = _letters(before, change.ticket, theirs, facts, config)
    told = _receipt(facts, change.ticket, meant, (*change.decisions, *letters), config)
    low = low_balance(before, facts, change.decisions, config)
    reason = f"forwarded, written by {before.requester.address}{sorting}"
    return Ruling(Outcome.TICKET, reason, (), change.also(*letters, *low, told).decisions, before.reference)


def begun(facts: Facts, config: Config) -> Ruling | None:
    """A ticket in a contact's name: the agent's words are its first public answer, and he owns it."""
    line, contact = _line(facts), facts.behalf
    if line is None:
        return None
    why = _refused(facts, config)
    if why or not isinstance(contact, Contact) or not facts.fresh:
        return _not_begun(facts, [Refusal(line.text, why or "no_contact")])
    ticket = _ticket(facts, contact, config)
    known = replace(facts, ticket=ticket)
    meant = intent(known, config)
    refusals = list(meant.refusals) or ([] if meant.words else [Refusal(line.text, "no_text")])
    ruling = None if refusals else conversation(known, config)
    if ruling is None:
        return _not_begun(facts, refusals)
    reason = f"begun by an agent, for {ticket.requester.address}"
    return Ruling(Outcome.TICKET, reason, (), (OpenTicket(ticket), *ruling.decisions), ticket.reference)


def _begins(facts: Facts) -> bool:
    return isinstance(facts.writer, Agent) and facts.ticket is None


def _line(facts: Facts) -> Line | None:
    return next((line for line in script.read(facts).lines if line.word == NEW), None)


def _refused(facts: Facts, config: Config) -> str:
    """Why no ticket is opened in that person's name; "" = it is."""
    whom, line = facts.behalf, _line(facts)
    if whom is None:
        return "no_address" if line else "no_writer"
    if isinstance(whom, Stranger):
        return "not_served" if whom.organisation and not whom.organisation.live else "no_contact"
    if not isinstance(whom, Contact):
        return "staff"
    if facts.queue and not covers(whom.organisation, facts.queue, config):
        return "not_in_plan"
    answers = line is not None and facts.mail.forwarded is None and isinstance(facts.writer, Agent)
    mine = isinstance(facts.writer, Agent) and commands(facts.writer, _ticket(facts, whom, config))
    return "not_allowed" if answers and not mine else ""


def _declined(facts: Facts, config: Config, why: str, passed_on: Forwarded) -> Ruling:
    """Nothing opens: the mail waits, and the receipt says why and what can be done."""
    line = _line(facts)
    whose = passed_on.sender.address if passed_on.sender else ""
    told = receipt(facts, (), [Refusal(line.text if line else whose, why)], None, "")
    return hold(facts, config, f"forward: {why.replace('_', ' ')}", told)


def _not_begun(facts: Facts, refusals: list[Refusal]) -> Ruling:
    told = receipt(facts, (), refusals, None, script.read(facts).text)
    return Ruling(Outcome.COMMAND, f"not understood: {refusals[0].why}", (), (told,))


def _requester(facts: Facts, contact: Contact) -> Address:
    """Where he wrote from, or where the agent wants him to be written to."""
    whom = person(facts)
    return Address(whom.address if whom else contact.addresses[0], contact.name)


def _theirs(facts: Facts, contact: Contact, passed_on: Forwarded) -> Facts:
    """As if he had written to us himself, but nobody vouches for his words: no letter to him repeats them (T26).

    Neither does any cite the agent's mail, or name whom he wrote to.
    """
    files = passed_on.attachments if passed_on.attached else facts.mail.attachments
    mail = Incoming(
        message_id=passed_on.message_id,
        sender=_requester(facts, contact),
        subject=keyless(passed_on.subject or script.bare_subject(facts.mail.subject)),
        text=passed_on.text,
        said=passed_on.text,
        reply_text=passed_on.text,
        attachments=files,
        size=facts.mail.size,
        language=language_of(passed_on.text),
    )
    return replace(facts, mail=mail, writer=contact, verdict=Verdict.NONE)


def _comment(passed_on: Forwarded) -> str:
    return script.read_text(passed_on.above).text


def _commanded(change: Change, facts: Facts, config: Config) -> tuple[Change, Intent]:
    """The commands above the forwarded mail, where the queue is the agent's."""
    known = replace(facts, ticket=change.ticket)
    meant = intent(known, config)
    if not isinstance(facts.writer, Agent) or not commands(facts.writer, change.ticket):
        away = tuple(Refusal(line.text, "not_allowed") for line in script.read(facts).lines if line.word != NEW)
        return change, replace(meant, deeds=(), refusals=away)
    for deed in meant.deeds:
        change = deed.does(change)
    return change, meant


def _letters(before: Ticket, after: Ticket, theirs: Facts, facts: Facts, config: Config) -> tuple[Decision, ...]:
    """To the customer that it is here, to the other agents what it is about and what the agent wrote above it."""
    comment = _comment(facts.mail.forwarded) if facts.mail.forwarded else ""
    text = "\n\n".join(part for part in (comment, theirs.mail.text) if part)
    shown = replace(theirs, mail=replace(theirs.mail, text=text))
    own = directory_address(facts.writer).address if isinstance(facts.writer, Agent) else ""
    agents = (each for each in agent_ticket(after, shown, config) if each.letter.to.address != own)
    states = reply.status(before, after, theirs, config) if before.status is not after.status else ()
    here = customers.acknowledgement(before, theirs, config)
    return (here, *intake.wanted(after, after.requester, theirs, config), *states, *agents)


def _receipt(facts: Facts, ticket: Ticket, meant: Intent, went: tuple[Decision, ...], config: Config) -> SendLetter:
    """It says whom the forward was taken to be from, and offers who else got the original."""
    chosen = f"{name_of(ticket.requester)} <{ticket.requester.address}>"
    named = facts.mail.forwarded.cc if facts.mail.forwarded else ()
    known = {each.address for each in ticket.people}
    others = [each for each in named if each.address not in known and not barred(each.address, facts, config)]
    deeds = [_plain("forwarded", chosen), *(deed for deed in meant.deeds if deed.word != NEW)]
    deeds += [_plain("offered", f"#cc +{each.address}") for each in others[:MOST_OFFERED]]
    return receipt(facts, deeds, meant.refusals, ticket, "", went, ahead(ticket, config))


def _plain(code: str, value: str) -> Deed:
    return Deed(code, code, value, lambda change: change)


def _ticket(facts: Facts, contact: Contact, config: Config) -> Ticket:
    said = script.read(facts)
    subject = script.bare_subject(facts.mail.subject)
    if not subject or subject.startswith(script.MARKS):
        subject = said.text.strip().partition("\n")[0][:FIRST_LINE]
    mail = replace(facts.mail, subject=subject, language=language_of(said.text))
    return customers.new_ticket(replace(facts, mail=mail, writer=contact), _requester(facts, contact), config)
