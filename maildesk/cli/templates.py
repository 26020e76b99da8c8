"""`maildesk template`: the letters, with sample data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from maildesk.cli import show
from maildesk.cli.exits import WRONG, Exit
from maildesk.config import Config, find, load, parse
from maildesk.config.values import nearest
from maildesk.letters import preview
from maildesk.letters.fallback import shelf_folders
from maildesk.letters.table import LETTERS
from maildesk.letters.where import languages, shipped
from maildesk.mime.address import normal

# Where no configuration is found, letters are shown for a desk that stands in.
STAND_IN = """
[desk]
name = "Example Support"
domain = "example.com"
postmaster = "ops@example.com"
[queue.support]
address = "support@example.com"
"""
COLUMNS = (("name", "LETTER"), ("audience", "TO"), ("languages", "LANGUAGES"), ("overridden", "OVERRIDDEN"))


@click.group("template", epilog="Example: maildesk template preview acknowledgement --language de")
def template_verb() -> None:
    """The letters and how they look."""


@template_verb.command("list", epilog="Example: maildesk template list --json")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def list_(as_json: bool) -> None:
    """Every letter, to whom it goes, and in which languages it is there."""
    config = _configuration()
    rows = [_row(config, name) for name in preview.names()]
    if as_json:
        show.print_json(rows)
    else:
        show.table(COLUMNS, rows)


@template_verb.command("show", epilog="Example: maildesk template show acknowledgement --language de")
@click.argument("name", metavar="NAME")
@click.option("--language", metavar="L", default="en", help="Its language [en].")
@click.option("--only", type=click.Choice(["txt", "html"]), help="This file alone, as it is, for a copy.")
def show_(name: str, language: str, only: str | None) -> None:
    """The shipped template as it is written; a copy of it in [desk] templates replaces it."""
    _spoken(_known(name), language, [shipped()])
    if only:
        show.out(preview.show(name, language, only))
    else:
        show.say(preview.show(name, language).rstrip("\n"))


@template_verb.command("preview", epilog="Example: maildesk template preview survey --language de --html > survey.html")
@click.argument("name", metavar="NAME")
@click.option("--language", metavar="L", default="", help="Its language [the desk's].")
@click.option("--html", "as_html", is_flag=True, help="Print the HTML in place of the text.")
@click.option("--to", "reader", metavar="ADDRESS", default="", help="Put it into the outbox for this reader, too.")
def preview_(name: str, language: str, as_html: bool, reader: str) -> None:
    """A letter with sample data; --to sends it to somebody who wants to see it in a mail client."""
    if reader and not normal(reader):
        raise click.BadParameter(f"{reader!r} is no mail address", param_hint="--to")
    config = _configuration()
    _spoken(_known(name), language, shelf_folders(config, config.default_queue))
    rendered = preview.preview(config, name, language, normal(reader) if reader else "")
    if as_html:
        show.out(rendered.html)
    else:
        show.say(f"Subject: {rendered.subject}\n\n{rendered.text}".rstrip("\n"))
    if reader:
        _send(name, language, normal(reader))


def _send(name: str, language: str, reader: str) -> None:
    from maildesk.cli import desk as opening  # noqa: PLC0415 - the rest needs no store
    from maildesk.letters.render import Letters  # noqa: PLC0415
    from maildesk.store.apply_letters import Post  # noqa: PLC0415
    from maildesk.store.unwritten import keep  # noqa: PLC0415

    with opening.store() as (store, config):
        letters, now = Letters(config, [preview.NO_DESK]), opening.clock()
        letter = preview.sample(config, name, language, reader)
        with store.atomic():
            [serial] = Post(store, letters, None, now).send([(letter, None)])
            keep(store, [(serial, letters.render(letter, serial, now))])  # with that key: the daemon has the desk's
        opening.letters_wait(store)


def _configuration() -> Config:
    file = find(click.get_current_context().find_root().obj)
    is_there = file.exists() or click.get_current_context().find_root().obj
    return load(file) if is_there else parse(STAND_IN, file.parent)


def _known(name: str) -> str:
    if name not in LETTERS:
        guess = nearest(name, preview.names())
        remedy = f"did you mean {guess}?" if guess else "see: maildesk template list"
        raise Exit(WRONG, f"maildesk: there is no letter {name}; {remedy}")
    return name


def _spoken(name: str, language: str, folders: Sequence[Path]) -> None:
    """A language stands for its regions too: de-AT is shown in German."""
    there = sorted(
        {each for folder in folders for each in languages(folder) if (folder / each / f"{name}.txt").is_file()}
    )
    written = language.lower().replace("_", "-")
    if language and written not in there and written.partition("-")[0] not in there:
        raise Exit(WRONG, f"maildesk: the letter {name} is not there in {language}; it is in: {', '.join(there)}")


def _row(config: Config, name: str) -> dict[str, object]:
    return {
        "name": name,
        "audience": LETTERS[name].audience,
        "languages": [each for each in languages(shipped()) if (shipped() / each / f"{name}.txt").is_file()],
        "overridden": _overridden(config, name),
    }


def _overridden(config: Config, name: str) -> list[str]:
    """The folders of [desk] templates that have a letter of this name."""
    own = config.desk.templates
    if own is None:
        return []
    folders = [own, *(own / "queues" / queue for queue in config.queue)]
    found = (folder / each for folder in folders for each in languages(folder))
    return [str(folder.relative_to(own)) for folder in found if (folder / f"{name}.txt").is_file()]
