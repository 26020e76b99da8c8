"""Whether a host may send mail for a domain: SPF (RFC 7208), by pyspf over our own lookups.

Used by desk/examine, for mail that came to us straight from its sender's host. It proves nobody; it only keeps a
mail without a signature from counting as a failure of DMARC.
"""

from __future__ import annotations

from typing import Any

import spf

from maildesk.desk.lookup import Lookups, Unanswered

MOST_VOID = 2  # RFC 7208, 4.6.4


class _Query(spf.query):  # type: ignore[misc]
    """pyspf's evaluation, whose every question goes through `dns`."""

    def __init__(self, lookups: Lookups, peer: str, sender: str) -> None:
        super().__init__(i=peer, s=sender, h=sender.rpartition("@")[2])
        self._lookups = lookups

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[Any]:  # noqa: ARG002
        try:
            found = self._lookups.ask(str(name), qtype)
        except Unanswered as error:
            raise spf.TempError("the DNS does not answer") from error
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > MOST_VOID:
                raise spf.PermError("too many names that are not there")
        return [(each,) if isinstance(each, bytes) else each for each in found]  # of texts it wants the pieces


def authorised(lookups: Lookups, peer: str, sender: str) -> str:
    """pass, fail, softfail, neutral, none, temperror or permerror."""
    try:
        return str(_Query(lookups, peer, sender).check()[0])
    except (spf.PermError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        return "permerror"
