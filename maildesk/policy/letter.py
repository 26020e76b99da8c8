"""Letters as policy words them: to whom, about what, in which thread, with which context. No text is made here.

A letter to a customer cites only ids that customers know; the context of each letter is listed with its template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from maildesk.config import Config
from maildesk.policy.audience import contact_of, name_of, organisation_of
from maildesk.words import Address, Agent, Attachment, Contact, Incoming, Letter, SendLetter, Ticket

CUSTOMER, AGENT, OPS = "customer", "agent", "ops"


def to_customer(
    name: str, ticket: Ticket, to: Address, colleagues: Iterable[Contact], *, answers: str = "", **fields: Any
) -> SendLetter:
    """About a ticket, as its reader reads; `answers` is the Message-ID of a mail of his in hand."""
    known = tuple(colleagues)
    reader = contact_of(to.address, known)
    role = _role(to, ticket, reader)
    spoken = ticket.language if role or reader else ""  # an account manager does not speak as the requester does
    told = {"role": role, "plan": plan_of(ticket, known), **_reading(reader, spoken)}
    given = {**told, **fields}
    return SendLetter(
        Letter(
            name,
            to,
            CUSTOMER,
            queue=ticket.queue,
            sender=ticket.address,
            about=ticket.reference,
            subject=ticket.subject,
            **_thread(ticket.thread, answers),
            **given,
        )
    )


def plan_of(ticket: Ticket, colleagues: Iterable[Contact]) -> str:
    organisation = organisation_of(ticket, colleagues)
    return organisation.plan if organisation else ""


def to_agent(name: str, ticket: Ticket, agent: Agent, *, answers: str = "", **fields: Any) -> SendLetter:
    """About a ticket; `answers` is the Message-ID of the mail in hand."""
    return SendLetter(
        Letter(
            name,
            directory_address(agent),
            AGENT,
            queue=ticket.queue,
            sender=ticket.address,
            about=ticket.reference,
            subject=ticket.subject,
            calendar=agent.calendar,
            **_thread(ticket.thread, answers),
            **fields,
        )
    )


def aside(
    name: str, to: Address, audience: str, mail: Incoming, *, colleagues: Iterable[Contact] = (), **fields: Any
) -> SendLetter:
    """About no ticket: the answer to a mail that belongs to none. A reader among `colleagues` reads as he has set."""
    reader = contact_of(to.address, colleagues)
    told = _reading(reader, mail.language) if audience == CUSTOMER else {}
    return SendLetter(Letter(name, to, audience, **_thread((), mail.message_id), **{**told, **fields}))


def alarm(config: Config, what: str, text: str, to: str = "", *, gathers: bool = False) -> SendLetter:
    """To the operators, or to whoever else must know."""
    reader = Address(to or config.desk.postmaster)
    return SendLetter(Letter("alarm", reader, OPS, context={"what": what, "text": text}, gathers=gathers))


def report(context: Mapping[str, Any], to: str) -> SendLetter:
    """The figures, to whoever [report] names."""
    return SendLetter(Letter("report", Address(to), OPS, context=context))


def directory_address(agent: Agent) -> Address:
    """Where letters to an agent go, whatever address he wrote from."""
    return Address(next(iter(agent.addresses), ""), agent.name)


def carried(attachments: Iterable[Attachment], config: Config) -> tuple[Attachment, ...]:
    """Those that fit into one letter, in their order."""
    room, taken = config.limits.letter_size, []
    for attachment in attachments:
        size = max(attachment.length, attachment.size * 4 // 3)  # base64 may be what they leave in
        if size <= room:
            room -= size
            taken.append(attachment)
    return tuple(taken)


def enclosed(mail: Incoming, config: Config) -> dict[str, Sequence[object]]:
    """The context that names the attachments of the mail in hand, and what came of its seals."""
    taken = carried(mail.attachments, config)
    left = [each for each in mail.attachments if each not in taken]
    return {
        "attachments": [each.name for each in mail.attachments],
        "not_carried": [each.name for each in left],
        "seals": [
            (seal.name, seal.act, seal.state, seal.by, seal.why)
            for seal in mail.seals
            if seal.state or seal.act == "encrypted"
        ],
    }


def goes_to(ticket: Ticket) -> list[str]:
    """Who gets an agent's plain reply, as agents read it."""
    return [name_of(person) for person in ticket.people]


def _reading(reader: Contact | None, otherwise: str) -> dict[str, str]:
    """Language and zone of whoever reads: his own, else that language; "" is the desk's."""
    if reader is None:
        return {"language": otherwise}
    return {"language": reader.language or otherwise, "time_zone": reader.time_zone}


def _role(to: Address, ticket: Ticket, reader: Contact | None) -> str:
    addresses = (to.address, *(reader.addresses if reader else ()))
    if ticket.requester.address in addresses:
        return "requester"
    return "participant" if any(each.address in addresses for each in ticket.participants) else ""


def _thread(known: Sequence[str], answers: str) -> Mapping[str, Any]:
    cited = tuple(ident for ident in (*known, answers) if ident)
    return {"in_reply_to": cited[-1] if cited else "", "references": cited}


def answered(told: Mapping[str, object]) -> dict[str, object]:
    """The context of an `answer` letter: what it tells of, and nothing of what others of its kinds do."""
    blank: dict[str, object] = {"tickets": [], "more": 0, "messages": [], "left_out": 0, "words": [], "balance": None}
    return {**dict.fromkeys(("asked", "person", "said", "by", "status"), ""), **blank, **told}
