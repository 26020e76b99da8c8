"""Text without the keys of our letters: they are for one reader each, and quotes, links and relays repeat them.

Used wherever text of others is shown on: letters, the outbox, the journal. The keys themselves are made and believed in
policy/keys.
"""

from __future__ import annotations

import re

from maildesk.mime.lazily import lazily

MAC_LENGTH = 26  # characters: 130 bits
SERIAL_LENGTH = 13  # characters of 63 bits
TOKEN = rf"[a-zA-Z2-7]{{{MAC_LENGTH + 1},{MAC_LENGTH + SERIAL_LENGTH}}}"
ABOUT = r"[A-Za-z][A-Za-z0-9]{0,31}-[0-9]{1,18}"

# Each branch begins with a plain character and looks back from there: so `re` skips to these characters, five times as
# fast on a long text as a branch that begins with a group or a look.
_KEYS = lazily(
    rf"\+{ABOUT}-{TOKEN}(?=@|%40)|%2b{ABOUT}-{TOKEN}(?=@|%40)"  # in an address, or in a link to one
    rf"|\.(?<=[0-9]\.){TOKEN}(?:\.t)?(?=@)"  # in a Message-ID
    rf"| \((?<=[^\n] \(){TOKEN}\)(?=$)|%20%28{TOKEN}%29",  # at the end of a subject
    re.IGNORECASE | re.MULTILINE,
)


def keyless(text: str) -> str:
    return _KEYS.sub("", text)
