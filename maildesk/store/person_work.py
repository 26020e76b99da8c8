"""The hours and incidents of one person: an agent's own, and what agents said of a customer's tickets.

Called by store/person_export and store/person_erase. The figures stay when somebody is erased; what goes are the words
beside them, and his address goes with every other text that names him.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from maildesk.store.database import Store
from maildesk.store.person import Person, among, change
from maildesk.store.stamps import stamp

WORK = """
    SELECT t.reference, w.at, w.minutes, w.channel FROM work w JOIN ticket t ON t.id = w.ticket_id
    WHERE w.agent IN {} ORDER BY w.at, w.id"""
CHARGES = """
    SELECT o.name, c.at, c.amount, c.kind, c.reason, c.reference FROM charge c
    JOIN organisation o ON o.id = c.organisation_id WHERE c.by IN {} ORDER BY c.at, c.id"""
# A credit's reason is an agent's words; all other reasons are the desk's.
OF_TICKETS = "UPDATE charge SET reason = '' WHERE kind = 'credit' AND reference IN {}"
OF_AGENT = "UPDATE charge SET reason = '' WHERE kind = 'credit' AND by IN {}"


def worked(store: Store, person: Person) -> list[dict[str, Any]]:
    """What he logged, when he is an agent."""
    return [
        {"ticket": reference, "at": stamp(at), "minutes": minutes, "channel": channel}
        for reference, at, minutes, channel in among(store, WORK, person.addresses)
    ]


def charged(store: Store, person: Person) -> list[dict[str, Any]]:
    """What he charged and gave back, when he is an agent."""
    return [
        {
            "organisation": name,
            "at": stamp(at),
            "amount": amount,
            "kind": kind,
            "reason": reason,
            "ticket": reference or None,
        }
        for name, at, amount, kind, reason, reference in among(store, CHARGES, person.addresses)
    ]


def forget_reasons(store: Store, person: Person, references: Iterable[str]) -> None:
    """`references` are the tickets that go with him."""
    change(store, OF_TICKETS, references)
    change(store, OF_AGENT, person.addresses)
