"""`maildesk demo`: the whole job on this machine, with nothing set up."""

from __future__ import annotations

from pathlib import Path

import click

from maildesk.cli.exits import WRONG, Exit
from maildesk.demo.play import play


@click.command("demo", epilog="Example: maildesk demo --keep /tmp/desk --serve")
@click.option("--keep", metavar="DIR", type=click.Path(path_type=Path), help="Leave everything in this folder.")
@click.option("--serve", is_flag=True, help="Keep the desk running afterwards, to write to it by hand.")
def demo_verb(keep: Path | None, serve: bool) -> None:
    """Start a real desk in a scratch folder and play a conversation with it; needs no network."""
    try:
        play(keep, serve=serve)
    except (RuntimeError, TimeoutError) as error:
        raise Exit(WRONG, f"maildesk: {error}") from error
