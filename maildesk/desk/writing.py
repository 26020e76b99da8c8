"""Letters are written when their turn to go comes: by the scribe, kept by the ledger, and then claimed.

Called by desk/post in the postman's thread. A letter that cannot be written is held for an operator, is told of by
an alarm, and stands in no other's way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maildesk.desk.desk import Desk, Settings
from maildesk.letters.render import Fulfilled
from maildesk.policy.letter import alarm
from maildesk.policy.limits import Traffic, weigh
from maildesk.store import unwritten
from maildesk.store.apply import apply_moment
from maildesk.store.database import Store
from maildesk.store.recent import recent
from maildesk.words import Order, Outcome, Ruling


def written(desk: Desk, orders: Sequence[Order]) -> list[tuple[Order, Fulfilled]]:
    """What became of each. It takes its time, and no transaction is open meanwhile."""
    return list(zip(orders, desk.settings.letters.written(orders), strict=True))


def keep(store: Store, desk: Desk, letters: Sequence[tuple[Order, Fulfilled]]) -> None:
    """Inside a ledger job: the letters as they will leave, and what those who cannot leave come to."""
    left = unwritten.keep(store, [(order.serial, each.rendered) for order, each in letters if each.rendered])
    faults = [(order, each.error or left.get(order.serial, "")) for order, each in letters]
    refused = [(order, error) for order, error in faults if error and unwritten.refuse(store, order.serial, error)]
    for order, error in refused:
        desk.journal.letter_unwritten(letter=order.serial, name=order.name, error=error)
    told = [(order, error) for order, error in refused if order.name != "alarm"]  # about an alarm would never end
    if told:
        _sound_alarm(store, desk.settings, told, desk.clock())


def _sound_alarm(store: Store, settings: Settings, refused: Sequence[tuple[Order, str]], now: datetime) -> None:
    text = "\n".join(
        f"letter {order.serial} ({order.name}) cannot be written: {error}; mend its template if it is yours, "
        f"then: maildesk outbox retry {order.serial}"
        for order, error in refused
    )
    config = settings.config
    said = alarm(config, "a letter that cannot be written", text)
    decisions, _ = weigh((said,), Traffic(recent(store, config.desk.postmaster, config, now)), config)
    apply_moment(store, Ruling(Outcome.MESSAGE, "alarm", ("alarm",), decisions), None, now, settings.letters)
