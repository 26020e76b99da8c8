"""The ledger: the one thread that writes. Whoever wants something written submits a job and waits for its future.

Made by the daemon (`start`, `stop`) and by verbs (`once`, a batch of one in the calling thread). It takes one job,
then whatever waits already, and shares one commit among them: no timer, no added delay. It never touches the
network and never sleeps; a future resolves after the commit, with `Later` when nothing was stored.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from maildesk.journal import Journal
from maildesk.store.batch import Unusable, carry_out, put_off
from maildesk.store.database import Store
from maildesk.store.errors import is_full, is_unsynced, let_go, origin
from maildesk.store.jobs import Job, JobQueue
from maildesk.words import Later

T = TypeVar("T")
CAPACITY = 1000


class Ledger:
    def __init__(
        self,
        store: Store,
        journal: Journal,
        capacity: int = CAPACITY,
        fatal: Callable[[BaseException], None] | None = None,
    ) -> None:
        """`fatal` is told, from the ledger's thread, why that thread ended when it should not have."""
        self.store = store
        self.journal = journal
        self.fatal = fatal
        self._waiting = JobQueue(capacity)
        self._listeners: list[Callable[[], None]] = []
        self._thread = threading.Thread(target=self._work, name="ledger", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many jobs wait for the batch in hand to end."""
        return len(self._waiting)

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener`, from the ledger's thread, after each commit that was not of quiet jobs alone."""
        self._listeners.append(listener)

    def submit(
        self,
        run: Callable[[Store], T],
        rescue: Callable[[Store, Exception], T] | None = None,
        size: int = 0,
        *,
        quiet: bool = False,
        single: bool = False,
        patient: bool = False,
    ) -> Future[T]:
        """Run it in the next batch; never blocks. `run` may be called more than once, each time on a clean slate.

        `single` has it called once, unless the database is in its way; `patient` lets what comes meanwhile go first.

        `size` is the number of octets the job holds. The future raises Later(full=True) when too much waits, Later
        when the database failed, and the job's own error when it has no `rescue`.
        """
        job = Job(run, rescue, size, quiet, single, patient)
        if not self._waiting.put(job):
            job.future.set_running_or_notify_cancel()
            job.future.set_exception(self._no_room())
        return job.future

    def once(self, run: Callable[[Store], T], rescue: Callable[[Store, Exception], T] | None = None) -> T:
        """The same at once, in the calling thread: for verbs, and for the start of the daemon."""
        job = Job(run, rescue)
        self._settle([job])
        return job.future.result()

    def ping(self) -> Future[None]:
        """Comes back when the thread works; that the store is unavailable (Later) shows it too."""
        return self.submit(lambda _: None, quiet=True)

    def foreign(self) -> Future[bool]:
        """Whether anybody else, such as a verb, committed since the last time this was asked."""
        return self.submit(lambda store: store.changed(), quiet=True)

    def stop(self, deadline: float) -> bool:
        """Finish what waits, within so many seconds; what is left then gets Later. True when all was done."""
        self._waiting.close()
        if self._thread.ident is not None:
            self._thread.join(deadline)
        left = self._refuse_waiting(TimeoutError("stopping"))
        return not left and not self.alive

    def _work(self) -> None:
        try:
            while jobs := self._waiting.take():
                failure = self._settle(jobs)
                if failure and is_unsynced(failure):
                    raise origin(failure)
        except BaseException as error:
            self._waiting.close()
            self._refuse_waiting(error)
            if self.fatal is None:
                raise
            self.fatal(error)
        finally:
            self.store.abandon()

    def _settle(self, jobs: list[Job[Any]]) -> BaseException | None:
        """What the database failed with, or None."""
        try:
            carry_out(self.store, jobs)
        except Unusable as failure:
            return self._excuse(failure, failure.__cause__ or failure)
        if not all(job.quiet for job in jobs):
            for listener in self._listeners:
                listener()
        return None

    def _excuse(self, failure: Unusable, error: BaseException) -> BaseException:
        self.journal.store_unavailable(error=origin(error), jobs=len(failure.unanswered))
        let_go(error)
        # Who waits has waited for as long as the database made us wait: those senders need an answer now. They are
        # taken before the first answer goes out, so that whoever comes after it gets another try.
        waiting = [] if is_full(error) else self._take_waiting()
        put_off([*failure.unanswered, *waiting], error)
        return error

    def _no_room(self) -> Later:
        if not self._waiting.open:
            return Later()
        return Later("Too much is waiting, try again later", full=True)

    def _take_waiting(self) -> list[Job[Any]]:
        return [job for job in self._waiting.take_all() if job.future.set_running_or_notify_cancel()]

    def _refuse_waiting(self, error: BaseException) -> int:
        left = self._take_waiting()
        put_off(left, error)
        return len(left)
