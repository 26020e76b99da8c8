"""What of an agent's mail was neither done nor sent, so that his receipt loses nothing of it.

Called by receipt and by those who make one. Lines that were understood wait where another was not; files come back with
the receipt, as far as they fit into one letter; what was taken for a signature is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from maildesk.config import Config
from maildesk.policy import script
from maildesk.policy.deeds import Deed, Refusal
from maildesk.policy.letter import carried
from maildesk.words import Attachment, Facts

# Of a signed mail: what it was signed with says nothing to whoever gets other words.
SIGNED_WITH = ("pgp-signature", "pgp-keys", "pkcs7-signature", "x-pkcs7-signature")


def files(facts: Facts) -> tuple[Attachment, ...]:
    """What a mail brings besides its words. A logo within them says nothing, nor does what it was signed with."""
    logos = {each for each in facts.mail.attachments if each.inline and each.content_id}
    return tuple(each for each in unsigned(facts.mail.attachments) if each not in logos)


def unsigned(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    return tuple(each for each in attachments if each.type.removeprefix("application/") not in SIGNED_WITH)


def back(facts: Facts, config: Config) -> tuple[Attachment, ...]:
    """Those files of a mail that waits which come back with the receipt."""
    return carried(files(facts), config)


def told(
    facts: Facts, deeds: Iterable[Deed], refusals: Sequence[Refusal], returned: Sequence[Attachment] | None
) -> dict[str, object]:
    """`returned` are the files that come back; None where none of them waits."""
    waits = files(facts) if returned is not None else ()
    return {
        "waits": _waiting_lines(facts, deeds, refusals) if refusals else [],
        "idle": script.read(facts).idle,
        "files": [each.name for each in waits if each in (returned or ())],
        "not_returned": [each.name for each in waits if each not in (returned or ())],
    }


def _waiting_lines(facts: Facts, deeds: Iterable[Deed], refusals: Sequence[Refusal]) -> list[str]:
    """Command lines that nothing is wrong with, and that another one keeps from being done."""
    done, refused = {deed.word for deed in deeds}, {each.line for each in refusals}
    return [line.text for line in script.read(facts).lines if line.text not in refused and line.word not in done]
