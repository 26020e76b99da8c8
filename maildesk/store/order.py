"""The order of policy/order in SQL: for lists that are cut, so that what is served first is in them.

Called by whoever lists tickets of a queue, of an agent, of a contact.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.policy.order import last


def served(config: Config) -> tuple[str, tuple[str, ...]]:
    """What goes behind ORDER BY, of a ticket `t` and its organisation `o`; and its values."""
    ranks = [f"WHEN ? THEN {int(plan.rank)}" for plan in config.plan.values()]
    plan = f" CASE o.plan {' '.join(ranks)} ELSE {last(config)} END," if ranks else ""
    return f"t.severity,{plan} t.opened, t.number", tuple(config.plan)
