"""Until when a certificate is good, read from its file.

Asked by `health`. The standard library decodes certificates of peers alone, so the two times of the validity are
looked for in the DER itself (RFC 5280, 4.1.2.5).
"""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime
from pathlib import Path

TIME = rb"(?:\x17\x0d(\d{12})Z|\x18\x0f(\d{14})Z)"  # UTCTime or GeneralizedTime
VALIDITY = re.compile(rb"\x30." + TIME + TIME, re.DOTALL)
PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\s", re.DOTALL)


def ends(file: Path) -> datetime | None:
    """When the first certificate of the file ends; None when there is none to be read."""
    try:
        found = PEM.search(file.read_text("ascii") + "\n")
        der = ssl.PEM_cert_to_DER_cert(found[0]) if found else b""
    except (OSError, ValueError):
        return None
    validity = VALIDITY.search(der)
    if validity is None:
        return None
    _, _, short, long = validity.groups()
    return _moment(short.decode()) if short else datetime.strptime(long.decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _moment(short: str) -> datetime:
    """Two digits of the year: from 50 on they are of the last century."""
    century = "19" if short >= "50" else "20"
    return datetime.strptime(century + short, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
