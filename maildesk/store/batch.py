"""A batch of jobs in one transaction: one commit, then the answers.

Called by the ledger alone. An error of our own code has the batch run again with a savepoint a job, so that it costs
that job alone, and its rescue parks the mail; an error of the database costs the whole batch, and the ledger tells
everybody to come again (Later). Nothing is answered before the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import peewee

from maildesk.crashpoints import reach
from maildesk.store.database import Store
from maildesk.store.errors import is_full, is_retryable, is_storage, origin
from maildesk.store.jobs import Job
from maildesk.words import Later

REPLAYS = 3  # of one job that PostgreSQL chose as a deadlock's victim
Answer = Callable[[], None]
Way = Callable[[Store, Job[Any]], Answer]


class Unusable(Exception):
    """The database failed, and these jobs were undone; `__cause__` is its error."""

    def __init__(self, unanswered: Sequence[Job[Any]]) -> None:
        super().__init__(f"{len(unanswered)} jobs undone")
        self.unanswered = unanswered


class Faulty(Exception):
    """Our own code failed in a batch without savepoints; `__cause__` is its error."""


def carry_out(store: Store, jobs: Sequence[Job[Any]]) -> None:
    """Run, commit, answer. Raises Unusable when the database failed."""
    started = [job for job in jobs if job.future.set_running_or_notify_cancel()]
    try:
        answers = commit(store, started)
    except Exception as error:
        store.abandon()
        if is_retryable(error):
            replay(store, started)
            return
        raise Unusable(started) from error
    for answer in answers:
        answer()


def replay(store: Store, jobs: Sequence[Job[Any]]) -> None:
    """Job by job, so that the one in the way of other daemons holds up nobody else."""
    for number, job in enumerate(jobs):
        try:
            [answer] = insist(store, job)
        except Exception as error:
            store.abandon()
            if not is_retryable(error):
                raise Unusable(jobs[number:]) from error
            put_off([job], error)
        else:
            answer()


def commit(store: Store, jobs: Sequence[Job[Any]]) -> list[Answer]:
    """One transaction. What it returns tells the futures, and is to be called after it."""
    store.connect()
    if not any(job.single for job in jobs):
        with suppress(Faulty):  # rare, while savepoints would be two statements for every job
            return _together(store, jobs, trusted)
    return _together(store, jobs, attempt)


def _together(store: Store, jobs: Sequence[Job[Any]], way: Way) -> list[Answer]:
    with store.batch():
        answers = [way(store, job) for job in jobs]
        _reach("before-commit", jobs)
    _reach("after-commit", jobs)
    return answers


def _reach(place: str, jobs: Sequence[Job[Any]]) -> None:
    """Counts batches with a mail in them: the desk's own small jobs pass by too often to mean anything."""
    if any(job.size for job in jobs):
        reach(place)


def trusted(store: Store, job: Job[Any]) -> Answer:
    """Without a savepoint. Raises Faulty for all that is no failure of the database."""
    try:
        result = job.run(store)
    except Exception as error:
        if is_storage(error):
            raise
        raise Faulty from error
    return partial(job.future.set_result, result)


def attempt(store: Store, job: Job[Any]) -> Answer:
    outcome = guarded(store, job, job.run)
    if isinstance(outcome, peewee.IntegrityError):
        # Another daemon stored the same row a moment ago; looked at again, it is there to be seen.
        outcome = guarded(store, job, job.run)
    return rescued(store, job, outcome) if isinstance(outcome, Exception) else outcome


def guarded(store: Store, job: Job[Any], run: Callable[[Store], Any]) -> Answer | Exception:
    """Inside a savepoint, undone when our own code fails. Raises what the database could not do."""
    store.execute("SAVEPOINT job")
    try:
        with store.numbered():
            result = run(store)
    except Exception as error:
        if is_storage(error):
            raise
        store.execute("ROLLBACK TO SAVEPOINT job")
        return error
    store.execute("RELEASE SAVEPOINT job")
    return partial(job.future.set_result, result)


def rescued(store: Store, job: Job[Any], error: Exception) -> Answer:
    rescue = job.rescue
    if rescue is None:
        return lambda: job.future.set_exception(error)
    outcome = guarded(store, job, lambda store: rescue(store, error))
    if isinstance(outcome, Exception):
        outcome.__cause__ = error
        return lambda: put_off([job], outcome)
    return outcome


def put_off(jobs: Sequence[Job[Any]], error: BaseException) -> None:
    full, first = is_full(error), origin(error)
    for job in jobs:
        later = Later("No room at the moment, try again later", full=True) if full else Later()
        later.__cause__ = first
        job.future.set_exception(later)


def insist(store: Store, job: Job[Any]) -> list[Answer]:
    for _ in range(REPLAYS - 1):
        try:
            return commit(store, [job])
        except peewee.OperationalError as error:
            store.abandon()
            if not is_retryable(error):
                raise
    return commit(store, [job])
