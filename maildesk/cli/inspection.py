"""`maildesk inspect`: what is read from mails, without configuration or store.

A few files are read here, which imports the reading of mail and nothing else; many by a crew of processes. What is
read is shown as it comes, so any number of files takes the same memory.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from pathlib import Path

import click

from maildesk.cli import inspector, show
from maildesk.cli.exits import OK, WRONG, tell
from maildesk.cli.inspector import Shown

FEW = 24  # files that are read sooner than processes for them are started

Emit = Callable[[str], None]


@click.command("inspect", epilog="Example: maildesk inspect --json mail.eml | jq .reply_text")
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path())
@click.option("--list", "listed", is_flag=True, help="Read the names of files from stdin, one a line.")
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def inspect_verb(files: tuple[str, ...], listed: bool, as_json: bool) -> int:
    """Show what is read from each mail: people, new text, attachments, problems.

    - is stdin; of a folder every .eml below it, of a Maildir what is in cur and new.
    """
    if listed == bool(files):
        raise click.UsageError("Name the files, or give --list and their names on stdin.")
    if listed and sys.stdin.isatty():
        raise click.UsageError("--list reads names from stdin; append: < names.txt")
    named = _names() if listed else files
    with _progress(named) as emit:
        return _inspect(named, emit, as_json=as_json)


def _inspect(named: Iterable[str], emit: Emit, *, as_json: bool) -> int:
    code, begun = OK, False
    with closing(_shown(_found(named), as_json=as_json)) as shown:
        for text, wrong in shown:
            if wrong:
                tell(wrong)
                code = WRONG
            emit(f"\n{text}" if text and begun and not as_json else text)
            begun = begun or bool(text)
    return code


def _names() -> Iterator[str]:
    for line in sys.stdin.buffer:
        if name := line.rstrip(b"\r\n"):
            yield name.decode(sys.getfilesystemencoding(), "surrogateescape")


def _found(named: Iterable[str]) -> Iterator[str]:
    """Folders as the mails that lie in them."""
    for name in named:
        if name != "-" and Path(name).is_dir():
            yield from _within(name)
        else:
            yield name


def _within(folder: str) -> Iterator[str]:
    from maildesk.cli.folders import files_in  # noqa: PLC0415

    yield from map(str, files_in(Path(folder)) or [Path(folder)])  # an empty one is told as a failure


def _shown(files: Iterator[str], *, as_json: bool) -> Generator[Shown]:
    """In their order. The first few tell whether a crew is worth it."""
    first = list(islice(files, FEW))
    if len(first) < FEW:
        yield from (inspector.shown_here(file, as_json=as_json) for file in first)
        return
    from maildesk.cli.crew import Crew  # noqa: PLC0415

    with Crew(as_json=as_json) as crew:
        yield from crew.shows(chain(first, files))


@contextmanager
def _progress(named: Iterable[str]) -> Iterator[Emit]:
    """Where what is shown goes; on a terminal a bar goes along when there are many."""
    if not sys.stderr.isatty() or (isinstance(named, Sequence) and len(named) < FEW and not _folders(named)):
        yield show.out
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, wanted on terminals alone
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn  # noqa: PLC0415

    both = sys.stdout.isatty()  # lines and bar share one terminal: the bar stays below the lines
    console = Console(stderr=not both, highlight=False, soft_wrap=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=both) as bar:
        task = bar.add_task("", total=_total(named))

        def emit(text: str) -> None:
            if text and both:
                console.out(text, end="", highlight=False)
            elif text:
                show.out(text)
            bar.advance(task)

        yield emit


def _folders(named: Sequence[str]) -> bool:
    return any(name != "-" and Path(name).is_dir() for name in named)


def _total(named: Iterable[str]) -> int | None:
    """None when names still come."""
    return sum(1 for _ in _found(named)) if isinstance(named, Sequence) else None
