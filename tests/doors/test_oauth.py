"""Tokens by a command: kept, renewed in time, and never told."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maildesk.doors.oauth import Token, TokenError, parsed

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class HandClock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def counting(tmp_path: Path) -> list[str]:
    """A command whose tokens are numbered by its runs: token-1, token-2, ..."""
    script = tmp_path / "token.py"
    script.write_text(
        "import json, pathlib\n"
        f"runs = pathlib.Path({str(tmp_path / 'runs')!r})\n"
        "runs.write_text((runs.read_text() if runs.exists() else '') + 'x')\n"
        "print(json.dumps({'access_token': 'token-%d' % len(runs.read_text()), 'expires_in': 3600}))\n"
    )
    return [sys.executable, str(script)]


def test_a_token_is_kept_until_two_minutes_before_it_ends(counting: list[str], clock: HandClock) -> None:
    token = Token(counting, clock)
    assert token.get() == "token-1"
    clock.now += timedelta(seconds=3479)
    assert token.get() == "token-1"
    clock.now += timedelta(seconds=1)
    assert token.get() == "token-2"


def test_a_refused_token_is_replaced_at_once(counting: list[str], clock: HandClock) -> None:
    token = Token(counting, clock)
    assert token.get() == "token-1"
    assert token.get(force=True) == "token-2"
    assert token.get() == "token-2"


def test_a_bare_line_is_a_token_that_is_kept_for_a_few_minutes() -> None:
    assert parsed(b"ya29.secret\n") == ("ya29.secret", timedelta(minutes=5))


@pytest.mark.parametrize(
    "printed",
    [b"", b"two words", b"{broken", b'{"token": "x"}', b"line\nline", "tökén".encode(), b'{"access_token": ""}'],
)
def test_what_is_no_token_is_an_error_that_does_not_repeat_it(printed: bytes) -> None:
    with pytest.raises(TokenError) as caught:
        parsed(printed)
    assert not printed or printed.decode() not in str(caught.value)


def test_a_failing_command_is_told_by_its_exit_code_and_none_of_its_words(clock: HandClock) -> None:
    noisy = [sys.executable, "-c", "import sys; print('hush'); print('hush', file=sys.stderr); sys.exit(3)"]
    with pytest.raises(TokenError, match="ended with code 3") as caught:
        Token(noisy, clock).get()
    assert "hush" not in str(caught.value)


def test_a_command_that_does_not_exist_says_so(clock: HandClock) -> None:
    with pytest.raises(TokenError, match="No such file"):
        Token(["/nowhere/token"], clock).get()


def test_a_command_that_hangs_is_ended(clock: HandClock) -> None:
    endless = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    with pytest.raises(TokenError, match=r"longer than 0\.1 seconds"):
        Token(endless, clock, patience=0.1).get()
