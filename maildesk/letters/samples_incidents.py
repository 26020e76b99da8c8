"""Sample contexts of what tells of incidents: letters of their own, and a number in others.

Read by letters/samples, which hands in what it has of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

from maildesk.letters.samples_words import Sample

_HOURS = [("time", "1 h 30 min"), ("phone", "20 min"), ("chat", ""), ("screenshare", "45 min"), ("charged", "2")]
_CREDIT = [("credited", "2, it was our mistake")]
_REFUSED = [
    ("#charge 1", "twice", ""),
    ("#charge 2", "uncharged", ""),
    ("#charge 3", "no_organisation", ""),
    ("#charge 0", "nothing_waived", "#credit 1 REASON"),
    ("#credit 2", "no_reason", "#credit 2 REASON"),
]
_LOW: Sample = {"balance": 2, "incidents_a_year": 10, "plan": "Standard", "organisation": "Acme"}

_STATEMENT: Sample = {
    "organisation": "Acme",
    "plan": "Standard",
    "since": "2025-03-02",
    "until": "2026-03-01",
    "carried": 3,
    "bought": 10,
    "credited": 1,
    "spent": [["EX-10211", 1], ["EX-10300", 4], ["EX-10427", 1]],
    "more": 0,
    "used": 6,
    "unused": 8,
    "rolled": 3,
    "lapsed": 5,
    "incidents": 10,
    "balance": 13,
}
_NOTHING_USED: Sample = {"carried": 0, "credited": 0, "spent": [], "used": 0, "unused": 10, "rolled": 1, "lapsed": 9}
_OVERDRAWN: Sample = {"carried": 0, "credited": 0, "used": 13, "unused": -3, "rolled": -3, "lapsed": 0, "balance": 7}

INCIDENTS: dict[str, tuple[Sample, ...]] = {
    "statement": (
        _STATEMENT,
        {**_STATEMENT, **_NOTHING_USED, "balance": 11},
        {**_STATEMENT, **_OVERDRAWN, "more": 2, "spent": [["EX-10300", 7], ["", 1]]},
        {**_STATEMENT, "rolled": 0, "lapsed": 8, "balance": 10, "plan": "", "more": 1},
        {**_STATEMENT, "rolled": 7, "lapsed": 1, "incidents": 1, "balance": 8},
    ),
    "low_balance": (_LOW, {**_LOW, "balance": 1}, {**_LOW, "balance": 0}, {**_LOW, "balance": -3, "plan": ""}),
}


def with_incidents(samples: Mapping[str, tuple[Sample, ...]]) -> dict[str, tuple[Sample, ...]]:
    """The samples of these letters, with hours and incidents in those that may tell of them."""
    nothing: Sample = {"worked": "", "balance": None, "charged": 0}
    receipts = samples["receipt"]
    plain = {**receipts[0], "refused": []}
    mixed: Sample = {**plain, "done": _HOURS, "worked": "2 h 35 min", "balance": 7, "charged": 2}
    back: Sample = {**plain, "done": _CREDIT, "refused": _REFUSED, "worked": "", "balance": -1, "charged": -2}
    told = ("list", "ticket")  # the answers to `status`
    numbers = cycle((7, None, 1, 0, -1, -3))
    return {
        **INCIDENTS,
        "acknowledgement": tuple({**each, "balance": next(numbers)} for each in samples["acknowledgement"]),
        "answer": tuple(
            {**each, "balance": next(numbers) if each["kind"] in told else None} for each in samples["answer"]
        ),
        "receipt": (*({**each, **nothing} for each in receipts), mixed, back),
    }
