"""Text at the edge of the database.

PostgreSQL refuses NUL, both databases refuse lone surrogates: `clean_all` goes over the values of every statement,
so that neither stops a mail. Nothing else of a text is changed. `as_json` is how lists and objects are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

# Kept, since json.dumps makes an encoder at every call that asks for text beyond ASCII.
as_json = json.JSONEncoder(ensure_ascii=False).encode


def clean(text: str) -> str:
    """The text without NUL, lone surrogates replaced by U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def clean_all(values: Iterable[object]) -> tuple[object, ...]:
    # Written out for the plain case: some hundred values a mail come by here.
    return tuple(
        [
            value if not isinstance(value, str) or (value.isascii() and "\0" not in value) else clean(value)
            for value in values
        ]
    )
