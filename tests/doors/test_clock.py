"""The ticker: every job in its turn, whatever the others do and whatever the clock does."""

from __future__ import annotations

import io
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import time_machine

from maildesk.doors.clock import Ticker
from maildesk.journal import Journal


def running(ticker: Ticker, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=ticker.run, args=(stop,))
    thread.start()
    return thread


def test_jobs_run_again_and_again_until_stopped() -> None:
    stop, calls = threading.Event(), Counter()
    ticker = Ticker(Journal(io.StringIO()))

    def job() -> None:
        calls["job"] += 1
        if calls["job"] == 3:
            stop.set()

    ticker.every(0.1, "job", job)
    thread = running(ticker, stop)
    thread.join(10)
    assert not thread.is_alive()
    assert calls["job"] == 3


def test_a_job_that_raises_is_told_and_the_others_run() -> None:
    stop, enough, log = threading.Event(), threading.Semaphore(0), io.StringIO()
    ticker = Ticker(Journal(log))

    def broken() -> None:
        raise RuntimeError("boom")

    ticker.every(0.1, "broken", broken)
    ticker.every(0.1, "good", enough.release)
    thread = running(ticker, stop)
    for _ in range(3):
        assert enough.acquire(timeout=10)
    stop.set()
    thread.join(10)
    assert 'tick-failed job=broken error="RuntimeError: boom"' in log.getvalue()


def test_a_clock_that_goes_back_an_hour_delays_nothing() -> None:
    stop, ran = threading.Event(), threading.Semaphore(0)
    ticker = Ticker(Journal(io.StringIO()))
    start = datetime(2026, 10, 25, 0, 59, tzinfo=UTC)
    with time_machine.travel(start) as clock:
        ticker.every(0.1, "job", ran.release)
        thread = running(ticker, stop)
        assert ran.acquire(timeout=10)
        clock.move_to(start - timedelta(hours=1))
        assert ran.acquire(timeout=10)
        assert ran.acquire(timeout=10)
        stop.set()
        thread.join(10)
