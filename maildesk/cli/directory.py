"""`maildesk directory`: organisations, contacts and agents, from a file and back into one."""

from __future__ import annotations

from pathlib import Path

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.exits import WRONG, Exit
from maildesk.cli.staff import user
from maildesk.store import directory


@click.group("directory", epilog="Example: maildesk directory apply --dry-run directory.toml")
def directory_verb() -> None:
    """Whom the desk knows."""


@directory_verb.command("apply", epilog="Example: maildesk directory apply --prune directory.toml")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="Remove whom the file does not name.")
@click.option("--dry-run", is_flag=True, help="Tell what would change; write nothing.")
@click.option("--force", is_flag=True, help="Take domains of free mail providers, too.")
def apply(file: Path, prune: bool, dry_run: bool, force: bool) -> None:
    """Make the store match a TOML file, or a CSV file of contacts; all of it or nothing."""
    text = _read(file)
    by = user()
    form = "csv" if file.suffix.lower() == ".csv" else "toml"
    with opening.store() as (store, config):
        changes = directory.apply(
            store,
            text,
            config,
            format=form,
            prune=prune,
            dry_run=dry_run,
            force=force,
            name=file.name,
            by=by,
            now=opening.clock(),
        )
    for change in changes:
        show.say(change)
    ending = "would change" if dry_run else "changed"
    show.say(f"{len(changes)} {ending}" if changes else "nothing to change")


@directory_verb.command("export", epilog="Example: maildesk directory export > directory.toml")
def export() -> None:
    """Print the directory in the form that apply reads."""
    with opening.store() as (store, _):
        text = directory.export(store)
    show.out(text)


def _read(file: Path) -> str:
    """Read before the process becomes the owner of state_dir, who may not see this file."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Exit(WRONG, f"{file.name}:{line}: this is not UTF-8; save the file in UTF-8") from None
    except OSError as error:
        raise Exit(WRONG, f"maildesk: {file}: {(error.strerror or 'cannot be read').lower()}") from None
