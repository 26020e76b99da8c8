"""How long what is in flight may still take: one deadline that all rooms share when the desk stops."""

from __future__ import annotations

import time

FINISH_WITHIN = 10.0  # seconds for all that is in flight at SIGTERM: with what must be cut then it stays below 20
AT_LEAST = 0.5  # seconds of it for each room, however long those before it took


class Finish:
    def __init__(self) -> None:
        self._by = 0.0  # on the monotonic clock

    def begin(self) -> None:
        self._by = time.monotonic() + FINISH_WITHIN

    def left(self) -> float:
        return max(AT_LEAST, self._by - time.monotonic())
