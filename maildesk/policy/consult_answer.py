"""A contact's word about somebody who waits at the door: the answer to a `consult` letter, and what it does.

Called by the rules. Only the contact to whom that letter went may answer it; the first answer counts, and everybody
who was asked hears of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from maildesk.config import Config
from maildesk.policy import consent_words
from maildesk.policy.audience import contact_of
from maildesk.policy.consent_words import Word
from maildesk.policy.consult import knocking, reader
from maildesk.policy.gate import ASKING
from maildesk.policy.letter import CUSTOMER, answered, aside
from maildesk.policy.reference import about_held, held_id
from maildesk.policy.thanks import thanks_alone
from maildesk.words import (
    AddContact,
    Address,
    Contact,
    Decision,
    DropHeld,
    Facts,
    Incoming,
    Key,
    Knocking,
    Outcome,
    ReleaseHeld,
    Ruling,
    SendLetter,
    SwapContact,
    Waiting,
    Writer,
)


class End(NamedTuple):
    """How a question was decided."""

    said: str  # allow | take | swap | refuse
    by: str  # a name
    left: str = ""  # an address of the contact whose place was taken


def asked(facts: Facts) -> Key | None:
    """The question to this very contact that his mail answers."""
    return None if facts.vouched else _question(facts.writer, facts.keys, facts.waiting)


def settles(writer: Writer, keys: Iterable[Key], waiting: Waiting | None, mail: Incoming) -> bool:
    """Whether a mail can be an answer alone, so that no ticket needs a number for it."""
    if waiting is None or _question(writer, keys, waiting) is None:
        return False
    return waiting.state == "waiting" or consent_words.read(mail) is not None


def answer(facts: Facts, config: Config) -> Ruling | None:
    """None where the writer is no contact of the stranger's organisation, or asks for nothing any more."""
    writer, waiting = facts.writer, facts.waiting
    if waiting is None or waiting.sender is None or not isinstance(writer, Contact):
        return None
    person = knocking(facts, waiting.sender.address)
    if person is None or all(writer.id != each.id for each in person.contacts):
        return None
    question = asked(facts)
    shown = question is not None and question.spent  # to others, who could now answer in this contact's name
    said = None if shown else consent_words.read(facts.mail)
    if waiting.state != "waiting":
        return _late(facts, writer, waiting, person, said, config)
    deeds = _deeds(said, person, writer, facts, config) if said else ()
    about = about_held(waiting.id)
    if said is None or not deeds:
        told = _to(facts, writer, waiting.id, {"kind": "not_understood"}, person, config)
        why = "the question's key was seen by others" if shown else "none of the words"
        return Ruling(Outcome.CONSENT, f"{why}: {about} still waits", (), (told,))
    letters = decided(facts, waiting.id, person, End(said.act, writer.name, leaving(deeds)), config)
    return Ruling(Outcome.CONSENT, f"{said.act}: {about} of {person.person.address}", (), (*deeds, *letters))


def decided(facts: Facts, ident: int, person: Knocking, end: End, config: Config) -> tuple[SendLetter, ...]:
    """Everybody who was asked about this mail hears who said what; who has lost his place hears that, too."""
    gone = contact_of(end.left, person.contacts)
    context = {"kind": "decided", "said": end.said, "by": end.by, "left": gone.name if gone else ""}
    return tuple(
        _to(facts, each, ident, {**context, "leaves": each is gone}, person, config) for each in person.contacts
    )


def leaving(decisions: Iterable[Decision]) -> str:
    """An address of the contact whose place is taken."""
    return next((each.old for each in decisions if isinstance(each, SwapContact)), "")


def free_place(person: Knocking, config: Config) -> bool:
    """Whether the plan of his organisation has room for one more contact."""
    plan = config.plan.get(person.organisation.plan) if person.organisation else None
    return plan is None or len(person.contacts) < plan.contacts


def released(person: Knocking, said: str, by: str, taker: str = "") -> tuple[ReleaseHeld, ...]:
    return tuple(ReleaseHeld(ident, said, by, taker) for ident in person.mails)


def _question(writer: Writer, keys: Iterable[Key], waiting: Waiting | None) -> Key | None:
    if not isinstance(writer, Contact) or waiting is None:
        return None
    mine = (key for key in keys if key.letter in ASKING and key.address in writer.addresses)
    return next((key for key in mine if held_id(key.about) == waiting.id), None)


def _deeds(said: Word, person: Knocking, writer: Contact, facts: Facts, config: Config) -> tuple[Decision, ...]:
    """What the word does; () where it cannot be done."""
    by = facts.mail.sender.address if facts.mail.sender else ""
    if said.act == "refuse":
        return tuple(DropHeld(ident, f"refused by {by}", by) for ident in person.mails)
    if said.act == "take":
        return released(person, "take", by, by)
    if said.act == "allow" or contact_of(person.person.address, person.contacts):  # he became one meanwhile
        return released(person, "allow", by)
    entered = _entered(said, person, writer, by, config)
    return (*entered, *released(person, "swap", by)) if entered else ()


def _entered(said: Word, person: Knocking, writer: Contact, by: str, config: Config) -> tuple[Decision, ...]:
    """The stranger takes the place of the contact who is named, or a free one when nobody is."""
    organisation, address = writer.organisation.name, person.person.address
    named = [each for each in said.addresses if each != address]
    old = next((each for each in named if contact_of(each, person.contacts)), "")
    if old:
        return (SwapContact(organisation, old, person.person, by),)
    return (AddContact(organisation, person.person, by),) if not named and free_place(person, config) else ()


def _late(
    facts: Facts, writer: Contact, waiting: Waiting, person: Knocking, said: Word | None, config: Config
) -> Ruling | None:
    """The first answer stands. What holds none of the words is a mail like any other."""
    about = about_held(waiting.id)
    if said is None:
        thanks = thanks_alone(facts.mail.reply_text)
        return Ruling(Outcome.CONSENT, f"thanks alone, about {about}", ()) if thanks else None
    was, by = _decision(waiting, person, facts, config)
    context = {"kind": "decided", "said": was, "by": by}
    told = _to(facts, writer, waiting.id, context, person, config)
    return Ruling(Outcome.CONSENT, f"{about} was decided before: {was}", (), (told,))


def _decision(waiting: Waiting, person: Knocking, facts: Facts, config: Config) -> tuple[str, str]:
    """What became of the mail, and by whose word."""
    if waiting.answer:
        return waiting.answer, _name_of(waiting.answered_by, person, facts)
    if waiting.state != "dropped":
        return "allow", config.desk.name
    expired = waiting.until is not None and facts.now >= waiting.until
    return ("expired", "") if expired else ("refuse", config.desk.name)


def _name_of(address: str, person: Knocking, facts: Facts) -> str:
    staff = (agent.name for agent in facts.agents if address in agent.addresses)
    contact = contact_of(address, person.contacts)
    return contact.name if contact else next(staff, address)


def _where(facts: Facts, contact: Contact) -> Address:
    """Where a contact is written to: who writes, where he writes from."""
    sender = facts.mail.sender
    return Address(sender.address, contact.name) if sender and sender.address in contact.addresses else reader(contact)


def _to(
    facts: Facts, contact: Contact, ident: int, context: Mapping[str, object], person: Knocking, config: Config
) -> SendLetter:
    """It threads only with a mail of its reader's own."""
    to = _where(facts, contact)
    writes = facts.mail.sender is not None and to.address == facts.mail.sender.address
    words = consent_words.offered(contact.language or config.desk.language)
    return aside(
        "answer",
        to,
        CUSTOMER,
        facts.mail if writes else Incoming(),
        colleagues=person.contacts,
        queue=facts.queue,
        sender=facts.address,
        about=about_held(ident),
        subject=person.person.address,
        context=answered({"person": person.person.address, "words": words, **context}),
    )
