"""Marked places where a test may end this process as `kill -9` would.

MAILDESK_CRASH_AT=NAME, or NAME:3 for the third time that place is reached, is read once, at import. Rooms call
`reach` where a crash is most awkward; without the variable that is one comparison. Never to be set in service.
"""

from __future__ import annotations

import os
import signal
from itertools import count

PLACES = (
    "before-commit",  # all jobs of a batch with mail in it are done, nothing is durable
    "after-commit",  # durable, nobody has been told
    "after-send",  # the relay has taken a letter, its row does not say so yet
    "before-settle",  # the postman is about to write down what became of a letter
    "before-move",  # a mail of a mailbox is stored and still lies in the folder
    "after-move",
)
ARMED, _, NUMBER = os.environ.get("MAILDESK_CRASH_AT", "").partition(":")
times = count(1)


def reach(place: str) -> None:
    if place == ARMED and next(times) >= int(NUMBER or 1):
        os.kill(os.getpid(), signal.SIGKILL)
