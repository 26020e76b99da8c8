"""The letter `answer`: what a customer hears when he has asked for something by mail.

Called by requested, for each request. It goes to whoever wrote and holds what store/shown has found that he may see;
no words but those of the thread he asked for, no address of an agent, no key.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.policy.audience import name_of
from maildesk.policy.incidents import left_for
from maildesk.policy.letter import CUSTOMER, answered, aside, to_customer
from maildesk.words import Address, Agent, Contact, Facts, Said, Seen, SendLetter, Shown, Ticket

MOST_SAID = 100_000  # characters of a thread in one letter
LONGEST_SAID = 20_000  # of one message in it
SWELLS = 24  # octets that a character may become: twice, as text and HTML, in an encoding
CUT = "\n[\u2026]"


def about(ticket: Ticket, kind: str, facts: Facts, **told: object) -> SendLetter:
    """The answer about a ticket; `told` is what the template is handed besides."""
    context = answered({"kind": kind, "asked": ticket.reference, **told})
    ident = facts.mail.message_id
    return to_customer("answer", ticket, _writer(facts), facts.colleagues, answers=ident, context=context)


def beside(kind: str, facts: Facts, **told: object) -> SendLetter:
    """The answer about no ticket."""
    return aside(
        "answer",
        _writer(facts),
        CUSTOMER,
        facts.mail,
        colleagues=facts.colleagues,
        queue=facts.queue,
        sender=facts.address,
        context=answered({"kind": kind, **told}),
    )


def called(facts: Facts) -> str:
    """The writer, for other customers: by the directory's name, else by his address and never by words of his own."""
    known = facts.writer
    if isinstance(known, Contact | Agent):
        return known.name
    return facts.mail.sender.address if facts.mail.sender else ""


def listed(shown: Shown) -> dict[str, object]:
    return {"tickets": [_seen(each) for each in shown.tickets], "more": shown.more}


def standing(facts: Facts) -> dict[str, object]:
    """The answer to `status`: the tickets, and what is left of the organisation's incidents."""
    return listed(facts.shown) | {"balance": left_for(_writer(facts), facts)}


def thread(shown: Shown, queue: str, config: Config) -> dict[str, object]:
    """The newest messages that fit, oldest first; `queue` stands for whoever is known by no name."""
    room = min(MOST_SAID, config.limits.letter_size // SWELLS)
    taken: list[dict[str, object]] = []
    for message in reversed(shown.thread):
        said = _message(message, queue, min(LONGEST_SAID, room))
        room -= len(str(said["text"]))
        if room < 0 and taken:
            break
        taken.append(said)
    return {"messages": taken[::-1], "left_out": shown.more + len(shown.thread) - len(taken)}


def _writer(facts: Facts) -> Address:
    """At the address he wrote from, by the name that the directory knows; what he calls himself is not repeated."""
    name = facts.writer.name if isinstance(facts.writer, Contact) else ""
    return Address(facts.mail.sender.address if facts.mail.sender else "", name)


def _seen(each: Seen) -> dict[str, object]:
    return {
        "reference": each.reference,
        "subject": each.subject,
        "status": each.status.value,
        "severity": int(each.severity),
        "opened": each.opened,
        "updated": each.updated,
        "requester": name_of(each.requester),
    }


def _message(message: Said, queue: str, most: int) -> dict[str, object]:
    text = keyless(message.text).strip()
    return {
        "at": message.at,
        "writer": message.writer or queue,
        "text": text if len(text) <= most else text[:most] + CUT,
        "attachments": list(message.attachments),
    }
