"""Text at the edge of the database.

PostgreSQL refuses NUL, both databases refuse lone surrogates: `clean_all` goes over the values of every statement,
so that neither stops a mail. Nothing else of a text is changed. `as_json` is how lists and objects are kept,
`texts_as_json` the same for texts alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring

# Kept, since json.dumps makes an encoder at every call that asks for text beyond ASCII.
_encode = json.JSONEncoder(ensure_ascii=False).encode


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


def as_json(value: Mapping[str, object] | Sequence[object]) -> str:
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    return _encode(value)


def texts_as_json(texts: Iterable[str]) -> str:
    """What `as_json` makes of them, in a quarter of the time: most rows have such lists."""
    return f"[{', '.join(map(encode_basestring, texts))}]"


def clean_all(values: Sequence[object]) -> Sequence[object]:
    """The values, each text among them cleaned; the same ones when there is nothing to do, as there rarely is."""
    for value in values:
        if isinstance(value, str) and not (value.isascii() and "\0" not in value):
            return [clean(each) if isinstance(each, str) else each for each in values]
    return values
