"""What is asked about the writer of a mail before it is ruled on, and what is found: `[gate] verify_dkim`.

The desk asks `question`, a prover process answers (desk/examine), desk/verdicts weighs the answer. No DNS here and
none of the optional packages.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from maildesk.config import Config
from maildesk.mime.address import domain
from maildesk.policy.recipients import ours
from maildesk.words import Envelope, Incoming
from maildesk.words.frozen import frozen

BACK, AHEAD = timedelta(days=7), timedelta(days=1)  # between the Date of a mail and its arrival
INNER = (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)
_INNER = tuple(ipaddress.ip_network(each) for each in INNER)


@frozen
class Question:
    """What is known of a mail besides its octets."""

    writer: str  # the domain of From
    sender: str = ""  # the envelope's
    peer: str = ""  # the host that brought it, "" where one of our own did
    ours: tuple[str, ...] = ()  # of to and cc: those that name an address of ours
    timely: bool = True  # the Date is of these days


@frozen
class Checked:
    dmarc: str = ""  # pass fail none temperror; "" = not asked, or it cannot be told here
    proves: bool = False  # that the mail is of the writer's domain, and was written to us, lately
    told: str = ""  # all results, for operators (in the words of RFC 8601)


UNCHECKED = Checked()


def question(mail: Incoming, envelope: Envelope, config: Config) -> Question | None:
    """None where nothing is to be asked: of old mail that is imported keys are gone."""
    old = envelope.quiet or envelope.door == "import"
    if not config.gate.verify_dkim or old or envelope.cut or mail.unreadable or not mail.sender:
        return None
    fields = {"to": mail.to, "cc": mail.cc}
    named = tuple(name for name, people in fields.items() if any(ours(config, each.address) for each in people))
    timely = mail.date is not None and -AHEAD <= envelope.received - mail.date <= BACK
    return Question(domain(mail.sender.address), envelope.sender, _stranger(envelope, config), named, timely)


def _stranger(envelope: Envelope, config: Config) -> str:
    """The host at the other end when it is none of ours: behind a mail server SPF would judge that one."""
    protocol, _, name = envelope.door.partition(":")
    listener = config.listen.get(name)
    if protocol != "smtp" or listener is None or listener.allow or not envelope.peer:
        return ""
    try:
        peer = ipaddress.ip_address(envelope.peer)
    except ValueError:
        return ""
    return "" if any(peer in network for network in _INNER) else envelope.peer
