"""Every option of maildesk.conf, as frozen models: one class a table, one attribute a key.

`Config` is what the whole house reads; `maildesk.config.load` makes it. An option is added here alone: the example
file, its test and the messages for unknown keys follow from these models.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from pydantic import PrivateAttr

from maildesk.config.kinds import Name, Options, option
from maildesk.config.options.desk import (
    Crypto,
    Desk,
    Digest,
    Handover,
    Limits,
    Logging,
    Metrics,
    Report,
    Retention,
    Store,
)
from maildesk.config.options.doors import Listener, Mailbox, OAuth2, Relay
from maildesk.config.options.queues import IntakeField, Maintenance, Queue, Rule, Then, When
from maildesk.config.options.service import Calendar, Closing, Escalation, Gate, Plan, Promises, Survey


class Config(Options):
    """The whole file."""

    desk: Desk = option({}, "The desk itself.")
    store: Store = option({}, "Where everything is kept.")
    listen: dict[Name, Listener] = option({}, "Where mail comes in by SMTP or LMTP; any number.")
    mailbox: dict[Name, Mailbox] = option({}, "IMAP mailboxes that are read; any number.")
    relay: Relay = option({}, "Where letters go.")
    queue: dict[Name, Queue] = option({}, "A stream of tickets with its own address; one at least.")
    rule: tuple[Rule, ...] = option([], "Tried in order before a ticket is opened; the first that fits.")
    maintenance: tuple[Maintenance, ...] = option([], "Planned events: an outage mail inside one is answered so.")
    calendar: dict[Name, Calendar] = option({}, "Business hours; always is built in.")
    plan: dict[Name, Plan] = option({}, "What was agreed with an organisation.")
    closing: Closing = option({}, "When tickets close.")
    survey: Survey = option({}, "The question after a ticket has closed.")
    gate: Gate = option({}, "Who may enter.")
    crypto: Crypto = option({}, "Keys for encrypted mail.")
    limits: Limits = option({}, "How much is taken and sent.")
    escalation: Escalation = option({}, "What becomes of tickets that wait too long.")
    digest: Digest = option({}, "The morning letter.")
    handover: Handover = option({}, "From one team to the next.")
    retention: Retention = option({}, "How long things are kept.")
    report: Report = option({}, "The weekly figures.")
    metrics: Metrics = option({}, "Figures for Prometheus.")
    logging: Logging = option({}, "The journal.")

    _path: Path = PrivateAttr(default=Path("maildesk.conf"))

    @property
    def path(self) -> Path:
        """The file this was read from."""
        return self._path

    @property
    def default_queue(self) -> str:
        """The queue of mail that names none; "" when there are several and none is the default."""
        marked = [name for name, queue in self.queue.items() if queue.default]
        return (marked or (list(self.queue) if len(self.queue) == 1 else [""]))[0]

    @cached_property
    def own_addresses(self) -> dict[str, tuple[tuple[str, str, str], ...]]:
        """Queue, address and local part of each of our addresses, by domain; of each domain the longest first."""
        found: dict[str, tuple[tuple[str, str, str], ...]] = {}
        for name, queue in self.queue.items():
            for address in (queue.address, *queue.aliases):
                local, _, domain = address.rpartition("@")
                found[domain] = (*found.get(domain, ()), (name, address, local))
        return {
            domain: tuple(sorted(ours, key=lambda each: len(each[1]), reverse=True)) for domain, ours in found.items()
        }

    def read_from(self, path: Path) -> Config:
        """The same, knowing its file."""
        self._path = path
        return self


__all__ = [
    "Calendar",
    "Closing",
    "Config",
    "Crypto",
    "Desk",
    "Digest",
    "Escalation",
    "Gate",
    "Handover",
    "IntakeField",
    "Limits",
    "Listener",
    "Logging",
    "Mailbox",
    "Maintenance",
    "Metrics",
    "OAuth2",
    "Plan",
    "Promises",
    "Queue",
    "Relay",
    "Report",
    "Retention",
    "Rule",
    "Store",
    "Survey",
    "Then",
    "When",
]
