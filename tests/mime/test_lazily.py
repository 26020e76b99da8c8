"""Patterns that are compiled at need: what they give, and that each of them can be compiled."""

from __future__ import annotations

import copy
import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import maildesk.mime
import maildesk.policy
from maildesk.mime.lazily import at_need, lazily


def test_a_pattern_is_compiled_when_it_is_asked_for_something_and_once() -> None:
    compiled: list[str] = []

    def compile_it() -> re.Pattern[str]:
        compiled.append("now")
        return re.compile("a+")

    pattern = at_need(compile_it)
    assert not compiled
    assert [pattern.sub("b", "caat"), pattern.sub("c", "a")] == ["cbt", "c"]
    assert compiled == ["now"]


def test_it_gives_what_the_pattern_gives() -> None:
    late, pattern = lazily(r"(?P<who>\w+)@", re.IGNORECASE), re.compile(r"(?P<who>\w+)@", re.IGNORECASE)
    text = "Carol@acme dave@acme"
    assert late.findall(text) == pattern.findall(text)
    assert [each.groupdict() for each in late.finditer(text)] == [{"who": "Carol"}, {"who": "dave"}]
    assert (late.pattern, late.flags, late.groupindex) == (pattern.pattern, pattern.flags, pattern.groupindex)
    assert lazily(rb"\d").fullmatch(b"7")
    with pytest.raises(re.error):
        lazily("(").match("")


def test_a_copy_is_one_too() -> None:
    assert copy.copy(lazily("a")).match("a")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for room in (maildesk.mime, maildesk.policy):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                for each in value if isinstance(value, tuple) else (value,):
                    if type(each) is type(lazily("")):
                        yield f"{module.name}.{name}", each


def test_each_of_the_house_can_be_compiled() -> None:
    """A pattern with a mistake in it would else be found by the first mail that needs it."""
    found = dict(patterns())
    assert len(found) > 40
    assert all(each.groups >= 0 for each in found.values())
