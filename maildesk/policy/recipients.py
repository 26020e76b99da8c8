"""Which of our own addresses a mail was written to, and so which queue it belongs to.

Called by the listeners (may this RCPT be accepted), store/facts and keys. Only our own addresses have a
detail (RFC 5233): "support+anything@" is support's, whatever the detail says. A stranger's plus is opaque.
"""

from __future__ import annotations

from collections.abc import Iterator

from maildesk.config import Config
from maildesk.mime.address import normal
from maildesk.words import Envelope, Incoming

POSTMASTER = "postmaster"


def ours(config: Config, address: str) -> tuple[str, str] | None:
    """The queue and its plain address that `address` belongs to; the queue is "" for our postmaster's.

    None when it is nobody's of ours. RFC 5321, 4.5.1: "postmaster" is taken with and without a domain.
    """
    if address[: len(POSTMASTER)].lower() == POSTMASTER and address.lower() in _postmasters(config):
        return "", address.lower()
    found = _split(config, address)
    return found[:2] if found else None


def detail(config: Config, address: str) -> str:
    """What stands behind the plus of one of our addresses; "" for none and for others' addresses."""
    found = _split(config, address)
    return found[2] if found else ""


def destination(mail: Incoming, envelope: Envelope, config: Config) -> tuple[str, str]:
    """The queue this mail is for, and our address it was written to; ("", "") when nobody takes it.

    The first queue address in To, then Cc, then in RCPT order; a postmaster's when no queue is named; else
    the door's own queue.
    """
    postmaster = None
    for address in _addressed(mail, envelope):
        found = ours(config, address)
        if found and found[0]:
            return found
        postmaster = postmaster or found
    if postmaster:
        return postmaster
    return (envelope.queue, own_address(config, envelope.queue)) if envelope.queue in config.queue else ("", "")


def own_address(config: Config, queue: str) -> str:
    return config.queue[queue].address if queue in config.queue else ""


def _addressed(mail: Incoming, envelope: Envelope) -> Iterator[str]:
    yield from (each.address for each in (*mail.to, *mail.cc))
    yield from envelope.recipients


def _postmasters(config: Config) -> tuple[str, str]:
    return POSTMASTER, f"{POSTMASTER}@{config.desk.domain}"


def _split(config: Config, address: str) -> tuple[str, str, str] | None:
    """Queue, plain address, detail. The longest plain address wins, should one hold a plus itself."""
    local, _, domain = normal(address).rpartition("@")
    for queue, own, own_local in config.own_addresses.get(domain, ()):
        if local == own_local or local.startswith(f"{own_local}+"):
            return queue, own, local[len(own_local) + 1 :]
    return None
