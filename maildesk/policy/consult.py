"""Asking the contacts of an organisation about somebody of theirs who is none of them: the `consult` letter.

Called by strangers, when a mail begins to wait. One question for each person at a time, and so many a day for each
organisation: a forger may name a thousand colleagues. The answers are read by consult_answer.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.policy.gate import doubted
from maildesk.policy.letter import CUSTOMER, aside
from maildesk.policy.reference import about_held
from maildesk.words import Address, Contact, Facts, Incoming, Knocking, Organisation, SendLetter, Verdict

CONSENT = "awaiting consent"  # the reason of a held mail that somebody was asked about
CAPPED = "consult suppressed: notices_per_domain"
FIRST_WORDS, SUBJECT = 500, 200  # characters of the mail that the question repeats


def ask(facts: Facts, organisation: Organisation, config: Config) -> tuple[str, tuple[SendLetter, ...]]:
    """The reason that the mail in hand is held with, and the question to every contact."""
    contacts = tuple(each for each in facts.colleagues if each.organisation.id == organisation.id)
    if _asked(facts):
        return CONSENT, ()
    if not contacts or facts.envelope.quiet:
        return f"{CONSENT}; nobody was asked", ()
    if facts.recent.consults >= most(config, doubted=doubted(facts)):
        return f"{CONSENT}; {CAPPED}", ()
    context = _context(facts, organisation, contacts, config)
    return CONSENT, tuple(_question(facts, contacts, number, context) for number in range(len(contacts)))


def most(config: Config, *, doubted: bool) -> int:
    """Questions a day about people of one organisation, or of one ticket.

    Those for whom nobody vouches, where others are vouched for, may cause half: forgers leave room for the rest.
    """
    count = config.limits.notices_per_domain.count
    return (count + 1) // 2 if doubted else count


def knocking(facts: Facts, address: str) -> Knocking | None:
    """What is known of this person at the door."""
    return next((each for each in facts.knocking if each.person.address == address), None)


def reader(contact: Contact) -> Address:
    """Where letters to a contact go."""
    return Address(contact.addresses[0], contact.name)


def _asked(facts: Facts) -> bool:
    """Whether something of the writer's waits that his organisation's contacts were asked about."""
    own = knocking(facts, facts.mail.sender.address if facts.mail.sender else "")
    return own is not None and own.asked


def _question(facts: Facts, contacts: tuple[Contact, ...], number: int, context: dict[str, object]) -> SendLetter:
    """It threads with nothing: a Message-ID is its writer's choice, and could name a mail that the contact knows."""
    return aside(
        "consult",
        reader(contacts[number]),
        CUSTOMER,
        Incoming(),
        colleagues=contacts,
        queue=facts.queue,
        sender=facts.address,
        about=about_held(facts.mail_id),
        context=context,
        copy=number > 0,
    )


def _context(
    facts: Facts, organisation: Organisation, contacts: tuple[Contact, ...], config: Config
) -> dict[str, object]:
    """It repeats words only of a writer whom our own mail servers vouch for: else a forger would choose them (T26)."""
    mail, plan, keeping = facts.mail, config.plan.get(organisation.plan), config.retention.held
    vouched = facts.verdict is Verdict.PASS and not any(seal.act == "encrypted" for seal in mail.seals)
    return {
        "kind": "organisation",
        "people": [mail.sender.address if mail.sender else ""],
        "received": facts.envelope.received,
        "subject": mail.subject[:SUBJECT] if vouched else "",
        "text": (mail.said or mail.text)[:FIRST_WORDS] if vouched else "",
        "organisation": organisation.name,
        "plan": plan.title if plan else "",
        "places": plan.contacts if plan else 0,
        "contacts": [[each.name, each.addresses[0]] for each in contacts],
        "until": facts.now + keeping if keeping else None,
    }
