"""The pages are held to the code: every rule, timer, letter, command, event, verb and option that one of them names.

Lists are read from the tables of a page and compared, order included; everything in backticks that looks like a
command line, a file or an option has to be there.
"""

from __future__ import annotations

import ast
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from maildesk import __version__, config
from maildesk.cli.verbs import VERBS, maildesk
from maildesk.config import Config
from maildesk.desk.chores import DOES
from maildesk.letters.table import LETTERS
from maildesk.policy.chores import KINDS
from maildesk.policy.commands import ALIASES, COMMANDS
from maildesk.policy.rules import RULES
from maildesk.policy.timers import ELAPSES
from maildesk.store.tables import TABLES
from maildesk.words import Outcome, Severity, Status
from tests import commands_page

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FLOW = ROOT / "docs" / "flow.md"
JOURNAL = ROOT / "docs" / "journal.md"
AGENTS = ROOT / "docs" / "agents.md"
OPERATIONS = ROOT / "docs" / "operations.md"

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def section(page: Path, title: str) -> str:
    """What stands under a heading, up to the next one of its kind."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{page.name} has no heading {title}"
    return found[1]


def rows(text: str) -> list[tuple[str, ...]]:
    """The cells of all tables in a text, without heads and rules."""
    lines = text.splitlines()
    tables = [
        line
        for at, line in enumerate(lines)
        if line.startswith("|") and not line.startswith("| ---") and lines[at + 1 : at + 2] != [ruled(line)]
    ]
    return [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in tables]


def ruled(head: str) -> str:
    return "| " + " | ".join(["---"] * (head.count("|") - 1)) + " |"


def first_column(page: Path, title: str) -> list[str]:
    return [row[0] for row in rows(section(page, title))]


# the flow


def test_the_flow_names_every_rule_in_its_order() -> None:
    assert first_column(FLOW, "The rules") == [rule.name for rule in RULES]


def test_the_flow_names_every_timer() -> None:
    assert first_column(FLOW, "The timers") == list(ELAPSES)


def test_the_flow_names_every_chore() -> None:
    assert first_column(FLOW, "The chores") == [kind.what for kind in KINDS]
    assert {kind.what for kind in KINDS} == set(DOES)


def test_the_flow_names_every_letter_and_its_reader() -> None:
    told = [row[:2] for row in rows(section(FLOW, "The letters"))]
    assert told == [(name, kind.audience) for name, kind in LETTERS.items()]


def test_the_flow_names_every_outcome() -> None:
    assert first_column(FLOW, "The outcomes") == [outcome.value for outcome in Outcome]


def test_the_flow_names_every_table_of_the_store() -> None:
    assert first_column(FLOW, "What is kept where") == [str(table._meta.table_name) for table in TABLES]  # type: ignore[attr-defined]


def test_every_rule_has_a_sentence_of_its_own() -> None:
    sentences = [row[1] for row in rows(section(FLOW, "The rules"))]
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


# agents


def test_the_agents_page_names_every_command_and_no_other() -> None:
    text = AGENTS.read_text()
    told = set(re.findall(r"`#(\w+)", text))
    assert told == {*COMMANDS, *ALIASES}


def test_the_agents_page_has_the_table_of_commands_that_the_code_makes() -> None:
    """Written by `.venv/bin/python -m tests.commands_page`."""
    assert commands_page.page(AGENTS.read_text()) == AGENTS.read_text()


def test_the_agents_page_names_every_status_and_severity() -> None:
    assert first_column(AGENTS, "What the statuses do") == [status.value for status in Status]
    for severity in Severity:
        assert f"{severity.value} {severity.name.lower()}" in AGENTS.read_text()


# the journal


def events() -> dict[str, tuple[list[str], list[str]]]:
    """Event: its levels and fields, as the methods of Journal tell them."""
    tree = ast.parse((ROOT / "maildesk" / "journal.py").read_text())
    journal = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Journal")
    found: dict[str, tuple[list[str], list[str]]] = {}
    for method in journal.body:
        if isinstance(method, ast.FunctionDef):
            for call in tellings(method):
                level, name = call.args[0], ast.literal_eval(call.args[1])
                levels = [str(node.value) for node in ast.walk(level) if isinstance(node, ast.Constant)]
                found[name] = sorted(levels), [str(keyword.arg) for keyword in call.keywords]
    return found


def tellings(method: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(method):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_tell":
            yield node


def test_the_journal_page_lists_every_event_with_its_level_and_fields() -> None:
    told = {
        name.strip("`"): (sorted(re.split(", ", level)), [field for field in fields.split(", ") if field])
        for name, level, fields, *_ in rows(JOURNAL.read_text())
    }
    assert told == events()


def test_every_event_is_told_by_somebody() -> None:
    source = "".join(path.read_text() for path in (ROOT / "maildesk").rglob("*.py") if path.name != "journal.py")
    for name in events():
        assert f"journal.{name.replace('-', '_')}(" in source, f"nobody tells {name}"


# verbs


def verbs(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Every verb with its options."""
    yield path, {name for parameter in command.params for name in parameter.opts} | {"--help", "-h"}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from verbs(below, (*path, name))


KNOWN = dict(verbs(maildesk))


def command_lines(page: Path) -> Iterator[str]:
    """`maildesk ...` in backticks and in indented blocks, in every part of a pipe or a list of commands."""
    text = page.read_text()
    blocks = re.findall(r"^    (?:\$ )?(.*\bmaildesk .*)$", text, re.MULTILINE)
    for written in (*re.findall(r"`([^`\n]+)`", text), *blocks):
        for part in re.split(r"\s*(?:\|\|?|;|&&)\s+", re.sub(r"(^|\s)#\s.*", "", written)):
            bare = re.sub(r"^(?:sudo (?:-u \S+ )?)?(?:\S*/)?(?=maildesk )", "", part.strip())
            if re.match(r"maildesk (?:--?[a-z]|[a-z]+\b(?![.:/=]))", bare):
                yield bare


@each_page
def test_every_command_line_names_a_verb_and_its_options(page: Path) -> None:
    for line in command_lines(page):
        words = shlex.split(re.split(r"\s[<>]", line)[0])[1:]
        if words[:1] == ["--config"]:
            words = words[2:]
        path: tuple[str, ...] = ()
        while words and (*path, words[0]) in KNOWN:
            path = (*path, words.pop(0))
        assert path or words == [] or words[0] in ("--help", "--version", "VERB"), f"{page.name}: {line}"
        options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert options <= KNOWN[path] | {"--version"}, f"{page.name}: {line}"


def test_the_operators_page_names_every_verb() -> None:
    told = {line.split()[1] for line in command_lines(OPERATIONS)}
    assert set(VERBS) <= told


# options


def options(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, str]]:
    """Every (table, key) of the configuration; tables with a NAME by what they are."""
    for name, field in model.model_fields.items():
        kind = inner(field.annotation)
        yield path, field.alias or name
        if kind is not None:
            yield from options(kind, f"{path}.{name}".strip("."))


def inner(annotation: object) -> type[BaseModel] | None:
    kinds = [annotation, *getattr(annotation, "__args__", ())]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


OPTIONS = set(options(Config))
TABLE = re.compile(r"\[\[?([a-z]+(?:\.[A-Za-z0-9]+)*)\]\]?$")
DIRECTORY_TABLES = {"organisation", "organisation.contact", "agent"}
UNITS = {"Service", "Unit", "Socket"}


@each_page
def test_every_option_in_backticks_is_one_of_its_table(page: Path) -> None:
    for table, key in re.findall(r"`\[([a-z]+)[^\]`]*\] ([a-z_]+)", page.read_text()):
        assert (table, key) in OPTIONS, f"{page.name}: [{table}] {key}"


@each_page
def test_every_block_of_configuration_uses_known_tables_and_keys(page: Path) -> None:
    for block in re.findall(r"(?:^    .*\n)+", page.read_text(), re.MULTILINE):
        table = ""
        for line in block.splitlines():
            bare = re.sub(r"\s+#\s.*", "", line.strip())
            if header := TABLE.match(bare):
                table = header[1]
                first = table.split(".")[0]
                assert table in DIRECTORY_TABLES or ("", first) in OPTIONS, f"{page.name}: {line}"
            elif bare.startswith("["):
                table = ""
            elif table and table not in DIRECTORY_TABLES and (key := re.match(r"([a-z_]+) = ", bare)):
                assert any(within(table, known) and key[1] == name for known, name in OPTIONS), f"{page.name}: {line}"


def within(written: str, known: str) -> bool:
    """`mailbox.support.oauth2` is `mailbox.oauth2`: the NAME is the writer's own, and a field's is, too."""
    words = written.split(".")
    return known in (".".join(words), ".".join(words[:1] + words[2:]), ".".join(words[::2]))


# links and files


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        assert not path.startswith("/"), f"{page.name}: {target}"
        if path.startswith(("http://", "https://")):
            continue
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(aim), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@each_page
def test_every_file_of_the_house_that_a_page_names_is_there(page: Path) -> None:
    for name in re.findall(r"`((?:[a-z_0-9]+/)*[a-z_0-9]+\.(?:py|svg|conf\.example))`", page.read_text()):
        places = (ROOT / name, ROOT / "maildesk" / name, page.parent / name)
        assert any(place.exists() for place in places), f"{page.name}: {name}"


@each_page
def test_a_page_is_written_in_lines_that_can_be_read(page: Path) -> None:
    for number, line in enumerate(page.read_text().splitlines(), 1):
        free = line.startswith(("|", "    ", "!["))
        assert free or len(line) <= 135, f"{page.name}:{number} has {len(line)} characters"


# the front page and the changes


def test_the_front_page_shows_the_two_commands_and_they_are_there() -> None:
    text = (ROOT / "README.md").read_text()
    for script in ("scripts/demo", "scripts/test"):
        assert f"    {script}" in text
        assert (ROOT / script).stat().st_mode & 0o111, f"{script} cannot be run"


def test_the_first_configuration_of_the_front_page_is_one(tmp_path: Path) -> None:
    block = re.search(r"these lines make a desk:\n\n((?:    .*\n)+)", (ROOT / "README.md").read_text())
    assert block
    found = config.parse(textwrap.dedent(block[1]), tmp_path)
    assert found.default_queue == "technical"


def test_every_page_can_be_reached_from_the_front_page() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        found = (page.parent / link for link in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text()))
        waiting += [path.resolve() for path in found if path.exists() and path.resolve() not in seen]
    assert {page for page in PAGES if page.name != "CHANGELOG.md"} <= seen


def test_the_changes_begin_with_this_version() -> None:
    heads = re.findall(r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert heads[0] == __version__
