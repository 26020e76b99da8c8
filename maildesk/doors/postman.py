"""The postman: takes letters from the outbox and hands them to the relay, over kept connections.

Made by the daemon, which hands over the outbox as callables. A dispatcher claims, `relay.connections` senders send
and settle; what is claimed is committed, so a letter goes out only after the change that caused it. It decides
nothing about letters; when the relay is away it leaves the outbox alone, and looks again within a minute.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from maildesk.config import Config
from maildesk.crashpoints import reach
from maildesk.doors.oauth import Token
from maildesk.doors.postman_gaps import Circuit, Jitter, judged, put_off
from maildesk.doors.postman_pile import Pile
from maildesk.doors.postman_senders import Sender
from maildesk.doors.relay import Login, Patience, Secure, Unreachable, opened
from maildesk.doors.relay_letters import Broken
from maildesk.journal import Journal
from maildesk.words import Delivery, Parcel, Settled

EACH = 8  # letters claimed for each connection, so that it never waits for the next one
PATIENT = 8  # times as many may lie behind a letter to their own reader, and let the others be claimed
FRESH = 300.0  # seconds a claimed letter may wait for its sender; well within any lease
IDLE = 30.0  # seconds an idle connection is kept
LONGEST_PAUSE = 60.0  # seconds between two looks into the outbox
SHORTEST_PAUSE = 0.25
GIVES_WAY = 10.0  # seconds for which a letter waits while mail comes in faster than it is stored
GLANCE = 0.05  # seconds between two looks whether it still does
S3 = Patience()
OWN_FAULT = "the letter could not be put together"


class Outbox(Protocol):
    """What the postman is handed of the store. Each call is committed when it returns."""

    def claim(self, limit: int) -> list[Parcel]:
        """Letters that are due, leased to us, the longest due first."""

    def settle(self, parcel: Parcel, settled: Settled) -> None:
        """Writes down what became of one attempt."""

    def next_due(self) -> datetime | None:
        """When the next waiting letter is due; None when none waits."""

    def crowded(self) -> bool:
        """Whether mails queue up to be read and stored. Asked often: it must not wait for the store."""


class Postman:
    def __init__(  # noqa: PLR0913  what a door is handed by the daemon
        self,
        config: Config,
        outbox: Outbox,
        clock: Callable[[], datetime],
        journal: Journal,
        pieces: Callable[[Parcel], Iterable[bytes]],
        jitter: Jitter,
        *,
        secure: Secure = ssl.create_default_context,
        patience: Patience = S3,
        idle: float = IDLE,
        gives_way: float = GIVES_WAY,
    ) -> None:
        self.last_error = ""
        self._relay = relay = config.relay
        self._outbox = outbox
        self._clock = clock
        self._journal = journal
        self._jitter = jitter
        self._idle = idle
        self._gives_way = gives_way
        self._circuit = Circuit(jitter)
        token = Token(relay.oauth2.token_command, clock) if relay.oauth2.token_command else None
        hostname = f"maildesk.{config.desk.domain}"
        connect = partial(opened, relay, hostname=hostname, login=Login(relay, token), secure=secure, patience=patience)
        self._senders = [Sender(connect, pieces, patience) for _ in range(relay.connections)]
        self._pile = Pile()
        self._in_hand: dict[int, Parcel] = {}  # claimed and not settled
        self._counting = threading.Lock()
        self._behind: float | None = None  # since when there may be letters that the last claim had no room for
        self._wakeup = threading.Event()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._dispatch, name="postman", daemon=True)]
        self._threads += [
            threading.Thread(target=self._deliver, args=(sender,), name=f"sender-{number}", daemon=True)
            for number, sender in enumerate(self._senders)
        ]

    @property
    def alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self.wake()

    def wake(self) -> None:
        """There may be something in the outbox. Cheap, and safe from any thread."""
        self._wakeup.set()

    def stop(self, deadline: float) -> None:
        """Ends after the letters in hand, within `deadline` seconds; what is claimed and not sent is given back."""
        self._stopping.set()
        self._wakeup.set()
        end = time.monotonic() + deadline
        self._join(end)
        for sender in self._senders:
            sender.cut()
        self._join(max(end, time.monotonic() + 2))

    def _join(self, end: float) -> None:
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, end - time.monotonic()))

    # the dispatcher

    def _dispatch(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            self._wakeup.wait(pause)
            self._give_way()
            self._wakeup.clear()
            try:
                pause = self._claim()
            except Exception as error:  # the postman loop: the store may be away, and comes back
                self._journal.put_off(door="postman", error=error)
                pause = min(max(pause, SHORTEST_PAUSE) * 2, LONGEST_PAUSE)
        self._pile.close()  # behind the last that was claimed

    def _give_way(self) -> None:
        """In a burst mail that comes in is stored first, as long as no letter has waited for longer than it may."""
        since = time.monotonic() if self._behind is None else self._behind
        while self._outbox.crowded() and time.monotonic() < since + self._gives_way:
            if self._stopping.wait(GLANCE):
                return

    def _claim(self) -> float:
        """Claims what there is room for; seconds until the next look, unless woken."""
        wait = self._circuit.wait()
        room = self._room()
        if self._stopping.is_set() or wait or not room:
            return wait or LONGEST_PAUSE  # whoever settles wakes us when there is room
        parcels = self._outbox.claim(room)
        with self._counting:
            new = [parcel for parcel in parcels if parcel.id not in self._in_hand]
            self._in_hand.update((parcel.id, parcel) for parcel in parcels)  # a lease that ran out is taken anew
        for parcel in new:
            self._pile.put(parcel)
        if len(parcels) < room:
            self._behind = None
            return self._until_due()
        waited = (self._clock() - min(each.created for each in parcels)).total_seconds()
        self._behind = time.monotonic() - max(waited, 0.0)  # one written by a clock that was ahead is as good as new
        return 0.0 if self._room() else LONGEST_PAUSE

    def _room(self) -> int:
        """How many letters to claim: none while half of what we may hold is in hand. A claim costs a commit."""
        with self._counting:
            most, in_hand = self._most, self._load
            return most - in_hand if in_hand <= most // 2 else 0

    @property
    def _load(self) -> int:
        """Letters in hand, but for those behind one to the same reader: a slow one would hold up everybody else's."""
        return len(self._in_hand) - min(self._pile.behind, PATIENT * self._most)

    @property
    def _most(self) -> int:
        return 1 if self._circuit.doubtful else EACH * len(self._senders)

    def _until_due(self) -> float:
        due = self._outbox.next_due()
        if due is None:
            return LONGEST_PAUSE
        return min(max((due - self._clock()).total_seconds(), SHORTEST_PAUSE), LONGEST_PAUSE)

    # the senders

    def _deliver(self, sender: Sender) -> None:
        while not self._pile.ended:
            claimed = self._pile.take(self._idle)
            if claimed is None:
                sender.close()
                continue
            self._settle(claimed.parcel.id, self._attempt(sender, claimed.parcel, claimed.since))
            self._pile.done(claimed.parcel)
        sender.close()

    def _attempt(self, sender: Sender, parcel: Parcel, since: float) -> Settled:
        wait = self._circuit.wait()
        stale = time.monotonic() - since > FRESH  # it may be another daemon's before the relay has replied
        if self._stopping.is_set() or wait or stale:
            return self._given_back(parcel, wait)
        try:
            reply = sender.send(parcel)
        except Unreachable as error:
            self._away(error, news=self._circuit.failed())
            return self._given_back(parcel, self._circuit.wait())
        except Broken as error:
            self._away(error, news=self._circuit.stumbled())
            return self._put_off(parcel, str(error))
        except Exception as error:  # the postman loop: a fault of ours must not cost the letter
            self._journal.put_off(door="postman", error=error)
            return self._put_off(parcel, OWN_FAULT)
        reach("after-send")
        self._circuit.worked()
        self.last_error = ""
        return judged(parcel, reply, self._clock(), self._relay.retry_for, self._jitter)

    def _given_back(self, parcel: Parcel, wait: float) -> Settled:
        """The letter had no try of its own; it only fails when it has grown too old."""
        now = self._clock()
        if wait and now >= parcel.created + self._relay.retry_for:
            return Settled(Delivery.FAILED, answer=self.last_error)
        return Settled(Delivery.WAITING, answer=self.last_error, next_try=now + timedelta(seconds=wait), counted=False)

    def _put_off(self, parcel: Parcel, answer: str) -> Settled:
        return put_off(parcel, answer, self._clock(), self._relay.retry_for, self._jitter)

    def _away(self, error: Exception, news: bool) -> None:
        self.last_error = str(error)
        if news:
            relay, wait = f"{self._relay.host}:{self._relay.port}", self._circuit.wait()
            self._journal.relay_unreachable(relay=relay, error=str(error), wait=wait)

    def _settle(self, letter: int, settled: Settled) -> None:
        """Writes down what became of a letter, however long the store is away: forgetting it would send it twice."""
        reach("before-settle")
        pause = SHORTEST_PAUSE
        while not self._written(letter, settled):
            if self._stopping.wait(pause):
                break  # the lease ends by itself, the letter comes again
            pause = min(pause * 2, LONGEST_PAUSE)
        with self._counting:
            self._in_hand.pop(letter)
            falls_low = self._load in (self._most // 2, 0)
        if falls_low:
            self._wakeup.set()

    def _written(self, letter: int, settled: Settled) -> bool:
        with self._counting:
            parcel = self._in_hand[letter]
        try:
            self._outbox.settle(parcel, settled)
        except Exception as error:  # the postman loop: the store may be away, and comes back
            self._journal.put_off(door="postman", error=error)
            return False
        self._tell(parcel, settled)
        return True

    def _tell(self, parcel: Parcel, settled: Settled) -> None:
        letter, name = parcel.id, parcel.name
        if settled.delivery is Delivery.SENT:
            self._journal.letter_sent(letter=letter, name=name, attempts=parcel.attempts + 1)
        elif settled.delivery is Delivery.FAILED:
            self._journal.letter_failed(letter=letter, name=name, error=settled.answer)
        elif settled.counted and settled.next_try:
            next_try = settled.next_try.isoformat(timespec="seconds")
            self._journal.letter_deferred(letter=letter, name=name, error=settled.answer, next_try=next_try)
