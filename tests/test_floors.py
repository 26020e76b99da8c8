"""The house's walls, floors and sizes (docs/decisions/0001): read off the syntax trees, not off good intentions."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "maildesk"
FILES = sorted(HOUSE.rglob("*.py"))

# Rooms by floor. No room imports a higher one; side rooms are open to all and see only words and mime.
FLOORS = {
    "words": 1,
    "mime": 1,
    "policy": 2,
    "letters": 3,
    "store": 3,
    "desk": 4,
    "reports": 4,
    "doors": 5,
    "cli": 6,
    "daemon": 6,
    "demo": 6,
    "__main__": 6,
    "__init__": 0,
}
SIDE = {"config", "journal", "systemd", "crashpoints"}

# Each library has its one room; the prefix is of the module's path.
FENCES = {
    "peewee": ("store/",),
    "playhouse": ("store/",),
    "psycopg": ("store/",),
    "aiosmtpd": ("doors/listener", "doors/smtp", "doors/lmtp", "doors/data", "demo/sink"),
    "imapclient": ("doors/mailbox", "doors/imap"),
    "smtplib": ("doors/postman", "doors/relay", "demo/"),
    "schedule": ("doors/clock",),
    "jinja2": ("letters/",),
    "babel": ("letters/",),
    "mailparser": ("mime/read",),
    "inscriptis": ("mime/",),
    "nh3": ("mime/html_safe",),
    "flufl": ("mime/",),
    "isal": ("desk/packing",),
    "authres": ("desk/results",),
    "dkim": ("desk/signatures",),
    "dns": ("desk/lookup",),
    "spf": ("desk/senders",),
    "gnupg": ("desk/opener_pgp",),
    "cryptography": ("desk/opener_smime",),
    "pydantic": ("config/",),
    "holidays": ("config/", "policy/holidays"),
    "click": ("cli/",),
    "rich": ("cli/", "demo/"),
    "secrets": ("daemon", "cli/", "demo/"),
    "random": ("daemon", "cli/", "demo/"),
}
PURE = ("mime/", "policy/", "words/")
IMPURE = {
    "peewee",
    "socket",
    "os",
    "pathlib",
    "time",
    "random",
    "secrets",
    "logging",
    "subprocess",
    "threading",
    "sqlite3",
}

# `except Exception` in these places alone (design.md 4.5): each is a border where a mail must not be lost.
CATCHES_ALL = {
    "store/ledger": "the ledger's job boundary",
    "store/batch": "the ledger's job boundary",
    "doors/smtp": "the listener's hook",
    "doors/smtp_stream": "the listener's hook",
    "doors/mailbox": "the mailbox loop",
    "doors/postman": "the postman loop",
    "desk/reader": "the reader loop",
    "letters/render": "the scribe's loop",
    "desk/prover": "the prover's loop",
    "doors/clock": "the clock's tick",
    "letters/fallback": "the template fallback",
}
# Slow to import, or not always there.
LAZY = {"psycopg", "holidays", "inscriptis", "nh3", "authres", "flufl", "babel", "gnupg", "cryptography"}
LAZY_ROOMS = ("cli/",)  # a verb imports only what it needs, so that `--help` stays quick

NAMES_THAT_SAY_NOTHING = ("utils", "util", "helpers", "helper", "manager", "base", "misc", "common")


def place(path: Path) -> str:
    return path.relative_to(HOUSE).with_suffix("").as_posix()


def room(path: Path) -> str:
    return place(path).split("/")[0]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        if node.module == "maildesk":
            yield from (f"maildesk.{alias.name}" for alias in node.names)


def imports(path: Path) -> set[str]:
    return {name for node in ast.walk(tree(path)) for name in imported(node)}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


BRANCHES = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)


def depth(node: ast.AST, level: int = 0) -> int:
    deepest = level
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        below = level + (isinstance(child, BRANCHES) and not is_elif)
        deepest = max(deepest, depth(child, below))
    return deepest


each_file = pytest.mark.parametrize("path", FILES, ids=place)


@each_file
def test_no_room_imports_a_higher_floor(path: Path) -> None:
    mine = room(path)
    for name in imports(path):
        if not name.startswith("maildesk."):
            continue
        other = name.split(".")[1]
        if other in SIDE or other.startswith("_"):
            continue
        if mine in SIDE:
            assert other in {"words", "mime", *SIDE}, f"the side room {place(path)} imports {name}"
        elif mine in FLOORS and other in FLOORS:
            assert FLOORS[other] <= FLOORS[mine], f"{place(path)} (floor {FLOORS[mine]}) imports {name}"


@each_file
def test_every_room_stands_on_a_known_floor(path: Path) -> None:
    assert room(path) in FLOORS or room(path) in SIDE, f"{place(path)}: add the room to FLOORS or SIDE"


@each_file
def test_doors_speak_a_protocol_and_nothing_else(path: Path) -> None:
    if room(path) == "doors":
        behind = {
            name for name in imports(path) if name.startswith(("maildesk.desk", "maildesk.store", "maildesk.policy"))
        }
        assert not behind, f"{place(path)} imports {behind}: a door is handed what it needs"


@each_file
def test_each_library_stays_in_its_room(path: Path) -> None:
    for name in imports(path):
        fence = FENCES.get(name.split(".")[0])
        if fence:
            assert place(path).startswith(fence), f"{place(path)} imports {name}, which belongs to {fence}"


@each_file
def test_policy_and_reading_are_pure(path: Path) -> None:
    if place(path).startswith(PURE):
        impure = {name for name in imports(path) if name.split(".")[0] in IMPURE}
        assert not impure, f"{place(path)} imports {impure}"


@each_file
def test_a_file_is_at_most_three_hundred_lines(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 300, f"{place(path)} has {lines} lines: a word is missing from the vocabulary"


@each_file
def test_a_function_is_at_most_forty_lines_and_three_levels_deep(path: Path) -> None:
    for function in functions(path):
        assert length(function) <= 40, f"{place(path)}:{function.lineno} {function.name} has {length(function)} lines"
        assert depth(function) <= 3, f"{place(path)}:{function.lineno} {function.name} is {depth(function)} levels deep"


def test_most_functions_are_small() -> None:
    sizes = sorted(length(function) for path in FILES for function in functions(path))
    assert statistics.median(sizes) < 10
    assert sizes[int(len(sizes) * 0.9)] < 25


@each_file
def test_a_module_says_what_it_is(path: Path) -> None:
    if path.stat().st_size:
        assert ast.get_docstring(tree(path)), f"{place(path)} has no docstring"


def catches_all(path: Path) -> bool:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{place(path)}:{node.lineno}: a bare except"
            if {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} & {"Exception", "BaseException"}:
                return True
    return False


def test_all_errors_are_caught_at_the_listed_borders_and_nowhere_else() -> None:
    assert {place(path) for path in FILES if catches_all(path)} == set(CATCHES_ALL)


@each_file
def test_imports_inside_functions_are_the_listed_lazy_ones(path: Path) -> None:
    if place(path).startswith(LAZY_ROOMS):
        return
    for function in functions(path):
        for node in ast.walk(function):
            late = {name.split(".")[0] for name in imported(node)} - LAZY
            assert not late, f"{place(path)}:{function.lineno} {function.name} imports {late}"


def test_each_lazy_import_is_one_somewhere() -> None:
    outside = [path for path in FILES if not place(path).startswith(LAZY_ROOMS)]
    inner = (imported(node) for path in outside for function in functions(path) for node in ast.walk(function))
    assert {name.split(".")[0] for names in inner for name in names} == LAZY


@each_file
def test_names_say_something(path: Path) -> None:
    words = set(place(path).lower().split("/"))
    assert not words & set(NAMES_THAT_SAY_NOTHING), place(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            assert not node.name.lower().endswith(NAMES_THAT_SAY_NOTHING), f"{place(path)}: class {node.name}"


@each_file
def test_no_function_changes_a_global(path: Path) -> None:
    changed = [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Global)]
    assert not changed, f"{place(path)}: global in line {changed}"


@each_file
def test_a_class_has_state_or_a_second_method(path: Path) -> None:
    for node in tree(path).body:
        if not isinstance(node, ast.ClassDef) or node.bases or node.decorator_list:
            continue
        methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
        keeps_state = any(method.name == "__init__" for method in methods)
        assert keeps_state or len(methods) > 1, f"{place(path)}: class {node.name} is a function"
