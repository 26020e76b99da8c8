"""Deliveries that a sending service tells of as JSON in a mail: Amazon SES by way of SNS.

Called by `bounces` and `robots`. The mail says in a field of its own what it is. The text may be cut into lines
anywhere, so the few values are looked for and the object is not parsed.
"""

from __future__ import annotations

import re

from maildesk.mime.fields import Fields
from maildesk.mime.reports import Told, addresses, better, code, diagnosed, summed
from maildesk.words import Bounce

FIELD = "x-amz-sns-message-id"
_LARGEST = 64 * 1024
_BROKEN = re.compile(r"!?\n ?")  # lines that a server cut
_WHAT = re.compile(r'"(?:notificationType|eventType)"\s*:\s*"([A-Za-z]{1,40})')
_KIND = re.compile(r'"bounceType"\s*:\s*"([A-Za-z]{1,40})"')
_WHOM = re.compile(r'"bouncedRecipients"\s*:\s*\[([^\]]{0,20000})')
_DELAYED = re.compile(r'"delayedRecipients"\s*:\s*\[([^\]]{0,20000})')
_NAMES = ("emailAddress", "status", "diagnosticCode")
_VALUES = [re.compile(rf'"{name}"\s*:\s*"([^"]{{0,2000}})') for name in _NAMES]
_ID = re.compile(r'"name"\s*:\s*"Message-ID"\s*,\s*"value"\s*:\s*"<?([^"<>]{1,900})', re.IGNORECASE)


def of(fields: Fields, text: str) -> Bounce | None:
    """The bounce or delay that is told of; None of other news and of other mail."""
    if FIELD not in fields.index:
        return None
    whole = _BROKEN.sub("", text[:_LARGEST]).replace('\\"', '"')  # in SNS's own envelope the object is a string
    what = _WHAT.search(whole)
    if not what or what[1] not in {"Bounce", "DeliveryDelay"}:
        return None
    group = (_WHOM if what[1] == "Bounce" else _DELAYED).search(whole)
    bounced = _KIND.search(whole)
    kind = "permanent" if bounced and bounced[1] == "Permanent" else "temporary"
    told = [_told(each, kind) for each in (group[1] if group else "").split("}") if '"' in each]
    original = _ID.search(whole)
    return summed(told or [Told("", kind, "")], original[1] if original else "")


def _told(each: str, kind: str) -> Told:
    found = [pattern.search(each) for pattern in _VALUES]
    address, status, diagnosis = (match[1] if match else "" for match in found)
    named = addresses(address)
    return Told(named[0] if named else "", kind, better(code(status), diagnosed(diagnosis)))
