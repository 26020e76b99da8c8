"""A value as it is written in TOML; called by the example file, by `init` and by messages that show what to write."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Mapping():
            pairs = ", ".join(f"{key(str(name))} = {written(inner)}" for name, inner in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            return "[" + ", ".join(written(inner) for inner in value) + "]"
        case _:
            return str(value)


def key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
