"""The ids of mails and letters as words of a command line.

Used by the verbs that name one. What no store can hold is a wrong word, not a fault of the database.
"""

from __future__ import annotations

import click

LARGEST = 2**63 - 1


class Ident(click.ParamType[int]):
    name = "id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 20 and 0 < int(value) <= LARGEST):
            self.fail(f"{value!r} is no id: a number, as the lists show it", param, ctx)
        return int(value)


IDENT = Ident()
