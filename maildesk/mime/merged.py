"""What was read of a mail's opened form, as a reading of the mail.

Called by `whole`, and by the desk for what it deciphers.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.words import Incoming, Seal


def merged(mail: Incoming, inner: Incoming, seals: tuple[Seal, ...]) -> Incoming:
    """What was read of the opened form, known by the octets of the mail as it came."""
    armoured = "-----BEGIN PGP " in mail.text
    return replace(
        inner,
        message_id=mail.message_id,
        problems=tuple(dict.fromkeys((*mail.problems, *inner.problems))),
        headers=mail.headers,
        trace=mail.trace,
        size=mail.size,
        sha256=mail.sha256,
        twin=mail.twin,
        attachments=tuple(replace(each, offset=each.offset + mail.size) for each in inner.attachments),
        seals=seals,
        # Of armour within a text the HTML beside it is not part: it may say anything.
        html="" if armoured else inner.html,
        html_said="" if armoured else inner.html_said,
    )
