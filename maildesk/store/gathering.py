"""Letters that gather: what comes to their reader while one of them waits is told by that one.

Called by store/apply_letters. The one that waits is not written yet, and nobody has it in hand before it is due: its
order is rewritten in the transaction of what joins it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from maildesk.store.database import Store
from maildesk.store.moments import micros
from maildesk.words import Letter
from maildesk.words.orders import decided, ordered

GATHERED = timedelta(minutes=10)  # how long it waits
LONGEST = 20_000  # characters; what comes then begins another
WAITS = """
    SELECT id, unwritten FROM letter
    WHERE recipient = ? AND name = ? AND state = 'waiting' AND next_try > ? AND unwritten <> '' ORDER BY id DESC"""
WAITS_LOCKED = WAITS + " FOR UPDATE"
REWRITE = "UPDATE letter SET unwritten = ? WHERE id = ?"


def joined(store: Store, letter: Letter, now: datetime) -> bool:
    """Whether one that waits tells of it from now on."""
    if not letter.gathers:
        return False
    rows = store.all(WAITS_LOCKED if store.postgres else WAITS, (letter.to.address, letter.name, micros(now)))
    for ident, text in list(rows):
        waiting, moment = decided(text)
        if _takes(waiting, letter):
            told = {**waiting.context, "text": f"{waiting.context['text']}\n{letter.context['text']}"}
            store.execute(REWRITE, (ordered(replace(waiting, context=told), moment), ident))
            return True
    return False


def _takes(waiting: Letter, letter: Letter) -> bool:
    of_kind = waiting.gathers and waiting.context.get("what") == letter.context.get("what")
    return of_kind and len(str(waiting.context["text"])) < LONGEST
