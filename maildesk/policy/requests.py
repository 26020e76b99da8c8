"""What a customer may ask for by mail: the first line of his own new text, and which words it may hold.

Read by store/facts, which then loads what the request is about, and by the rules. A line that holds anything but a
request and what belongs to it is an ordinary line: "Status of my order?" opens a ticket.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from maildesk.policy.reference import canonical

ACTS = {
    "status": "status",
    "stand": "status",
    "copy": "copy",
    "kopie": "copy",
    "escalate": "escalate",
    "eskalieren": "escalate",
    "solved": "solved",
    "gelöst": "solved",
    "close": "close",
    "schließen": "close",
    "schliessen": "close",
    "stop copies": "leave",
    "keine kopien": "leave",
}
_REFERENCE = r"\[?(?P<reference>[A-Za-z][A-Za-z0-9]{0,31}-[0-9]{1,18})\]?"
_LINE = re.compile(rf"(?P<word>{'|'.join(ACTS)})(?:[ \t:]+{_REFERENCE})?(?P<rest>.*)", re.IGNORECASE)
_EDGES = " \t\r\u00a0\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Request:
    act: str  # status | copy | escalate | solved | close | leave
    reference: str = ""  # as it was named; "" = the ticket that the mail belongs to, or none
    reason: str = ""  # of an escalation


def read(text: str) -> tuple[Request | None, str]:
    """The request that a text begins with, and the words below it."""
    first, _, rest = text.lstrip(_EDGES + "\n").partition("\n")
    found = _LINE.fullmatch(first.strip(_EDGES))
    request = _request(found) if found else None
    return (request, rest.strip()) if request else (None, text)


def _request(found: re.Match[str]) -> Request | None:
    act = ACTS[found["word"].lower()]
    reference = canonical(found["reference"] or "")
    rest = found["rest"].strip(_EDGES + ".!:,")
    if act == "escalate":
        return Request(act, reference, rest) if reference or not rest else None
    return None if rest else Request(act, reference)
