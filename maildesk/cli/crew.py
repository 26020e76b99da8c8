"""Many files at once, a process for each core, and what they show in the order of the files.

Called by cli/inspection when there is more to read than a process costs. A mail that ends its process, or is late, is
told as unreadable and the next one has a new process. Only as many answers are kept as there are files in hand.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from maildesk.cli.inspector import FAILED, Shown, failure, given_up, shown_here
from maildesk.desk.child import Child, ChildGone

MEMORY = 512 * 1024 * 1024
SECONDS = 10.0  # of CPU that one mail may take
PATIENCE = 60.0  # seconds of the wall clock
AHEAD = 16  # files for each process that are in hand at once


class Crew:
    """`shows(files)` yields in their order. To be used in a with statement: its processes end with it."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.count = len(os.sched_getaffinity(0))
        self._threads = ThreadPoolExecutor(self.count)
        self._mine = threading.local()
        self._children: set[Child] = set()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.end()

    def shows(self, files: Iterable[str]) -> Iterator[Shown]:
        waiting: deque[Future[Shown]] = deque()
        for file in files:
            waiting.append(self._threads.submit(self._shown, file))
            if len(waiting) >= self.count * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _shown(self, file: str) -> Shown:
        if file == "-":
            return shown_here(file, as_json=self.as_json)
        try:
            return self._asked(file)
        except ChildGone as gone:
            self._dismiss()
            reason = str(gone)
        try:
            return given_up(file, reason, as_json=self.as_json), ""
        except OSError as error:
            return "", failure(file, error)

    def _asked(self, file: str) -> Shown:
        child = self._child()
        child.send(json.dumps([file, self.as_json]).encode())
        frame = child.frame()
        text = frame[1:].decode()
        return ("", text) if frame[:1] == FAILED else (text, "")

    def _child(self) -> Child:
        """One for each thread, made when it is wanted first."""
        child: Child | None = getattr(self._mine, "child", None)
        if child is None:
            child = Child("maildesk.cli.inspector", "reading", MEMORY, SECONDS, PATIENCE)
            self._children.add(child)
            self._mine.child = child
            child.greet()
        return child

    def _dismiss(self) -> None:
        child: Child = self._mine.child
        self._mine.child = None
        self._children.discard(child)
        with suppress(OSError):
            child.end()
