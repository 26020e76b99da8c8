"""How grave a request sounds: sentences as customers write them, and those that only look grave."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from maildesk.policy.guessing import Guess, guess, sounds_down
from maildesk.words import Severity

DOWN = (
    "Our site is down",
    "The website is completely down since 8 this morning",
    "SITE DOWN!!!",
    "Nobody can log in",
    "Since the update none of our users can sign in",
    "no one is able to log on any more",
    "The portal seems to be offline",
    "Everything is down",
    "The service is not responding",
    "Complete outage in Berlin",
    "Die Seite ist nicht erreichbar",
    "Der Dienst ist seit heute früh ausgefallen",
    "Niemand kann sich anmelden",
    "Totalausfall",
)
LOST = (
    "We cannot restore our files",
    "Restoring the database fails with error 12",
    "I can't renew the certificate of the subscription",
    "My account has expired",
    "The license is expired",
    "Unable to restore from last night",
    "Unser Konto ist abgelaufen",
    "Die Wiederherstellung schlägt fehl",
)
HIGH = (
    "I cannot log in",
    "I want to restore one folder of Tuesday",
    "I'm locked out of my account",
    "Ich kann mich nicht anmelden",
    "Wiederherstellung eines Ordners",
)
CALM = (
    "The export to PDF stops at page 3",
    "How can I restore a folder?",
    "Will the site be down for maintenance on Sunday?",
    "The site was down yesterday, what happened?",
    "Scheduled: our server is down on Saturday",
    "Please break it down for me",
    "The drop down is empty",
    "I would like to download the invoice",
    "Nobody told us about the price",
    "Die Wartung der Seite ist am Sonntag",
    "Wie kann ich etwas wiederherstellen?",
    "The button in the sidebar is not available in German",
    "I scrolled down to look for the site",
    "We like the site. The price came down",
    "The site that you made for us last spring has a menu on the left that slides down",
)


@pytest.mark.parametrize("text", DOWN)
def test_nobody_can_work(text: str) -> None:
    assert guess(text, "") == guess("Help", f"Hello,\n\n{text}\n\nCarol") == Guess(Severity.CRITICAL, down=True)


@pytest.mark.parametrize("text", LOST)
def test_what_is_lost_is_critical_and_calls_nobody(text: str) -> None:
    assert guess(text, "") == guess("Help", text) == Guess(Severity.CRITICAL)


@pytest.mark.parametrize("text", HIGH)
def test_restores_and_locked_doors_go_first(text: str) -> None:
    assert guess(text, "") == guess("Help", text) == Guess(Severity.HIGH)


@pytest.mark.parametrize("text", CALM)
def test_what_only_looks_grave_is_like_any_other_request(text: str) -> None:
    assert guess(text, "") is guess("Question", text) is None


def test_what_stands_far_below_is_no_beginning() -> None:
    assert guess("Question", "word " * 200 + "the site is down") is None


@pytest.mark.parametrize("piece", ["nobody ", "cannot ", "site is ", "restore ", "site is since a ", "a "])
def test_hostile_words_take_no_time(piece: str) -> None:
    began = time.monotonic()
    guess(piece * 100_000, piece * 100_000)
    assert time.monotonic() - began < 5


def test_of_long_texts_no_more_is_remembered_than_is_looked_at() -> None:
    tracemalloc.start()
    for number in range(16):
        sounds_down(f"{number}{'x' * 1_000_000}")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000
