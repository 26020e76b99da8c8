"""How a database would carry out a statement: which tables it would go over row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from maildesk.store.database import Store

# What both call it, apart from a subquery named "found" and from values.
_SCANS = re.compile(r"SCAN (?!found\b|CONSTANT\b)(\w+)|Seq Scan on (\w+)")


def scans(store: Store, sql: str, values: Sequence[object]) -> list[str]:
    """The tables without an index that serves. PostgreSQL, which goes over small tables anyway, is told not to."""
    with store.atomic():
        store.execute("ANALYZE")
        if store.postgres:
            store.execute("SET LOCAL enable_seqscan = off")
            lines = [row[0] for row in store.all(f"EXPLAIN {sql}", values)]
        else:
            lines = [row[3] for row in store.all(f"EXPLAIN QUERY PLAN {sql}", values)]
    return [hit[1] or hit[2] for line in lines if (hit := _SCANS.search(line))]
