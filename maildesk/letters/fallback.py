"""The shipped letters behind the overrides: a broken override never stops a letter.

Called by letters/render. Holds a shelf for each queue and tells operators, once a file, what is wrong with it. The
report names file, line and kind of error and never a value, which could be words of a mail or a key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError, UndefinedError

from maildesk.config import Config
from maildesk.letters.environment import Shelf, Written
from maildesk.letters.where import shipped


def shelf_folders(config: Config, queue: str) -> tuple[Path, ...]:
    """Where a queue's letters are looked for: its own overrides, the desk's, the shipped ones."""
    if config.desk.templates is None:
        return (shipped(),)
    own = config.desk.templates / "queues" / queue
    between = (config.desk.templates, shipped())
    return (own, *between) if queue and own.is_dir() else between


@cache
def shipped_shelf() -> Shelf:
    """Compiled once a process: what is shipped changes with the program alone, and a reload need not wait for it."""
    return Shelf((shipped(),))


class Templates:
    """All templates of a desk."""

    def __init__(self, config: Config, alarm: Callable[[str], None]) -> None:
        self._shipped = shipped_shelf()
        shelves = {folders: Shelf(folders) for folders in {shelf_folders(config, q) for q in ("", *config.queue)}}
        self._of_queue = {queue: shelves[shelf_folders(config, queue)] for queue in ("", *config.queue)}
        self._alarm = alarm
        self._told: set[str] = set()

    def write(
        self, name: str, queue: str, languages: Sequence[str], context: Callable[[str], Mapping[str, Any]]
    ) -> Written:
        shelf = self._of_queue.get(queue) or self._of_queue[""]
        if shelf.folders == self._shipped.folders:
            return self._shipped.write(name, languages, context)
        return attempt(shelf, self._shipped, name, languages, context, self._report)

    def _report(self, fault: str) -> None:
        if fault not in self._told:
            self._told.add(fault)
            self._alarm(f"{fault}; the shipped letter is used instead")


def attempt(
    shelf: Shelf,
    ours: Shelf,
    name: str,
    languages: Sequence[str],
    context: Callable[[str], Mapping[str, Any]],
    report: Callable[[str], None],
) -> Written:
    """By the operators' files, else by ours; a shelf of theirs ends with the folders of ours."""
    try:
        return shelf.write(name, languages, context)
    except Exception as error:  # an operator's file: anything may be wrong with it
        report(f"{place_of(error, shelf.folders[: -len(ours.folders)]) or name}: {cause_of(error)}")
        return ours.write(name, languages, context)


def place_of(error: BaseException, folders: Sequence[Path]) -> str:
    """FILE:LINE of the innermost template of these folders that the error passed."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    place, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if any(folder in file.parents for folder in folders):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def cause_of(error: BaseException) -> str:
    """What is wrong, in words that hold no value of a letter."""
    if isinstance(error, TemplateSyntaxError | UndefinedError):
        return str(error.message)
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8"
    return type(error).__name__
