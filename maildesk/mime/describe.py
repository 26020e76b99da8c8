"""The JSON object of `inspect` for one mail: what was read from it, and nothing else.

Called by the CLI's `inspect` and by tests. Shapes are of contract.md, section 4; every value is plain JSON.
"""

from __future__ import annotations

from typing import Any

from maildesk.words import Address, Bounce, Incoming


def describe(mail: Incoming, file: str) -> dict[str, Any]:
    """Times are RFC 3339 in UTC, ids stand without angle brackets, absent things are null."""
    return {
        "file": file,
        "message_id": mail.message_id,
        "from": _person(mail.sender) if mail.sender else None,
        "to": [_person(person) for person in mail.to],
        "cc": [_person(person) for person in mail.cc],
        "reply_to": [_person(person) for person in mail.reply_to],
        "subject": mail.subject,
        "date": mail.date.strftime("%Y-%m-%dT%H:%M:%SZ") if mail.date else None,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "text": mail.text,
        "reply_text": mail.reply_text,
        "has_html": mail.has_html,
        "attachments": [
            {"name": file.name, "type": file.type, "size": file.size, "inline": file.inline}
            for file in mail.attachments
        ],
        "automatic": str(mail.automatic) if mail.automatic else None,
        "bounce": _bounce(mail.bounce) if mail.bounce else None,
        "problems": [*mail.problems, *(seal.told for seal in mail.seals if seal.broken)],
    }


def _person(person: Address) -> dict[str, str]:
    return {"name": person.name, "address": person.address}


def _bounce(bounce: Bounce) -> dict[str, Any]:
    return {
        "recipient": bounce.recipients[0] if bounce.recipients else None,
        "recipients": list(bounce.recipients),
        "kind": bounce.kind,
        "status": bounce.status or None,
    }
