"""Reading with seals looked at: signatures checked, what is encrypted opened, where the configuration names keys.

Stands before the readers of a desk. A mail without seals passes at once; for one with seals a process is started
(desk/opener), which ends when no more of them wait. What is opened is read by the readers as any mail. If a check
fails, or its process dies of it, the mail goes its way as it came.
"""

from __future__ import annotations

import json
import queue
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from maildesk.desk.child import Child, ChildGone
from maildesk.desk.frames import LENGTH
from maildesk.desk.readers import Reading
from maildesk.mime.merged import merged
from maildesk.words import Later, Seal

MEMORY = 1024 * 1024 * 1024
CPU = 20.0  # seconds
PATIENCE = 30.0  # of the wall clock: other sealed mails wait meanwhile

_FAULTS = (ChildGone, OSError, ValueError, TypeError, LookupError, RecursionError, zlib.error)

Job = tuple[Reading, "Future[Reading]"]


class Reads(Protocol):
    def read(self, raw: bytes) -> Future[Reading]: ...


class Crypto(Protocol):
    @property
    def gnupg_home(self) -> Path | None: ...
    @property
    def smime_dir(self) -> Path | None: ...


class Unsealing:
    def __init__(self, readers: Reads, crypto: Callable[[], Crypto]) -> None:
        """`crypto` gives what the configuration of the day says."""
        self._readers, self._crypto = readers, crypto
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._at_work = False

    def read(self, raw: bytes) -> Future[Reading]:
        if not _names_keys(self._crypto()):
            return self._readers.read(raw)
        answer: Future[Reading] = Future()

        def go_on(done: Future[Reading]) -> None:
            error = done.exception()
            if error:
                answer.set_exception(error)
            else:
                self._take(done.result(), answer)

        self._readers.read(raw).add_done_callback(go_on)
        return answer

    def _take(self, reading: Reading, answer: Future[Reading]) -> None:
        if not reading.mail.seals or not _names_keys(self._crypto()):
            answer.set_result(reading)
            return
        with self._lock:
            self._jobs.put((reading, answer))
            if not self._at_work:
                self._at_work = True
                threading.Thread(target=self._work, name="unsealing", daemon=True).start()

    def _work(self) -> None:
        """What waits, by one process; it ends with the last of them, so that it holds no keys for long."""
        child: Child | None = None
        while job := self._next():
            reading, answer = job
            try:
                child = child or self._started()
                answer.set_result(self._opened(child, reading))
            except Later as later:
                answer.set_exception(later)
            except _FAULTS:
                if child:
                    child.end()
                child = None
                answer.set_result(reading)
        if child:
            child.end()

    def _next(self) -> Job | None:
        with self._lock:
            if self._jobs.empty():
                self._at_work = False
                return None
            return self._jobs.get()

    def _started(self) -> Child:
        child = Child("maildesk.desk.opener", "opening", MEMORY, CPU, PATIENCE)
        try:
            child.greet()
            child.send(json.dumps(_folders(self._crypto())).encode())
        except ChildGone:
            child.end()
            raise
        return child

    def _opened(self, child: Child, reading: Reading) -> Reading:
        mail = reading.mail
        packed = _first(reading.packed)
        child.send((mail.sender.address if mail.sender else "").encode())
        child.send(zlib.decompress(packed))
        seals, form = _answer(child.frame())
        if not form:
            return replace(reading, mail=replace(mail, seals=seals))
        inner = self._readers.read(form).result()
        if inner.mail.unreadable:
            kept = tuple(replace(seal, state="closed") if seal.state == "opened" else seal for seal in seals)
            problems = (*mail.problems, f"what is under the seals cannot be read: {inner.mail.unreadable}")
            return replace(reading, mail=replace(mail, seals=kept, problems=problems))
        return replace(reading, mail=merged(mail, inner.mail, seals), packed=packed + _first(inner.packed))


def _names_keys(crypto: Crypto) -> bool:
    return bool(crypto.gnupg_home or crypto.smime_dir)


def _folders(crypto: Crypto) -> list[str]:
    return [str(folder) if folder else "" for folder in (crypto.gnupg_home, crypto.smime_dir)]


def _first(packed: bytes) -> bytes:
    """The stream of the mail as it came; the opened form that a reader made is behind it."""
    stream = zlib.decompressobj()
    stream.decompress(packed)
    return packed[: len(packed) - len(stream.unused_data)]


def _answer(frame: bytes) -> tuple[tuple[Seal, ...], bytes]:
    end = LENGTH + int.from_bytes(frame[:LENGTH], "big")
    return tuple(Seal(*told) for told in json.loads(frame[LENGTH:end])), frame[end:]
