"""Fixtures that tests in every folder may use, how hypothesis searches, and what is told at the end of a run."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator

import pytest
from hypothesis import settings

# The desk's processes are started some hundred times: let them find their modules compiled, whoever asked for no files.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

pytest_plugins = ["tests.databases", "tests.dovecot"]

settings.register_profile("maildesk", deadline=None)
settings.load_profile("maildesk")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What the thousands of tests are made of stays to the end: nobody need look it through for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)  # a test makes little of it, and is over soon


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many mails the fuzz target read (reliability N6)."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    ran = [value for report in reports for name, value in report.user_properties if name == "fuzz"]
    if ran:
        count, seconds, slowest = (
            sum(each[0] for each in ran),
            sum(each[1] for each in ran),
            max(each[2] for each in ran),
        )
        took = f"{seconds:.0f} s of the processor, the slowest {slowest:.2f} s"
        terminalreporter.write_line(f"fuzz: {count} mails changed at random were read in {took}")
