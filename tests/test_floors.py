"""The house's walls, floors and sizes (docs/decisions/0001): read off the syntax trees, not off good intentions."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

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


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: Path) -> frozenset[str]:
    return frozenset(name for node in nodes(path) for name in imported(node))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(path):
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


def of_each(rule: Callable[[Path], Iterable[str]]) -> list[str]:
    """What is said of all files. One test asks all: hundreds of files by a dozen rules would be thousands of tests."""
    return [f"{place(path)}{told}" for path in FILES for told in rule(path)]


def test_no_room_imports_a_higher_floor() -> None:
    def higher(path: Path) -> Iterator[str]:
        mine = room(path)
        for name in imports(path):
            if not name.startswith("maildesk."):
                continue
            other = name.split(".")[1]
            if other in SIDE or other.startswith("_"):
                continue
            if mine in SIDE and other not in {"words", "mime"}:
                yield f", of a side room, imports {name}"
            if mine in FLOORS and other in FLOORS and FLOORS[other] > FLOORS[mine]:
                yield f" (floor {FLOORS[mine]}) imports {name}"

    assert of_each(higher) == []


def test_every_room_stands_on_a_known_floor() -> None:
    unknown = [place(path) for path in FILES if room(path) not in FLOORS and room(path) not in SIDE]
    assert unknown == [], "add the room to FLOORS or SIDE"


def test_doors_speak_a_protocol_and_nothing_else() -> None:
    def behind(path: Path) -> Iterator[str]:
        if room(path) == "doors":
            for name in imports(path):
                if name.startswith(("maildesk.desk", "maildesk.store", "maildesk.policy")):
                    yield f" imports {name}: a door is handed what it needs"

    assert of_each(behind) == []


def test_each_library_stays_in_its_room() -> None:
    def outside(path: Path) -> Iterator[str]:
        for name in imports(path):
            fence = FENCES.get(name.split(".")[0])
            if fence and not place(path).startswith(fence):
                yield f" imports {name}, which belongs to {fence}"

    assert of_each(outside) == []


def test_policy_and_reading_are_pure() -> None:
    def impure(path: Path) -> Iterator[str]:
        if place(path).startswith(PURE):
            yield from (f" imports {name}" for name in imports(path) if name.split(".")[0] in IMPURE)

    assert of_each(impure) == []


def test_a_file_is_at_most_three_hundred_lines() -> None:
    def longer(path: Path) -> Iterator[str]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 300:
            yield f" has {lines} lines: a word is missing from the vocabulary"

    assert of_each(longer) == []


def test_a_function_is_at_most_forty_lines_and_three_levels_deep() -> None:
    def larger(path: Path) -> Iterator[str]:
        for function in functions(path):
            if length(function) > 40:
                yield f":{function.lineno} {function.name} has {length(function)} lines"
            if depth(function) > 3:
                yield f":{function.lineno} {function.name} is {depth(function)} levels deep"

    assert of_each(larger) == []


def test_most_functions_are_small() -> None:
    sizes = sorted(length(function) for path in FILES for function in functions(path))
    assert statistics.median(sizes) < 10
    assert sizes[int(len(sizes) * 0.9)] < 25


def test_a_module_says_what_it_is() -> None:
    silent = [place(path) for path in FILES if path.stat().st_size and not ast.get_docstring(tree(path))]
    assert silent == []


def catches_all(path: Path) -> bool:
    for node in nodes(path):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{place(path)}:{node.lineno}: a bare except"
            if {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} & {"Exception", "BaseException"}:
                return True
    return False


def test_all_errors_are_caught_at_the_listed_borders_and_nowhere_else() -> None:
    assert {place(path) for path in FILES if catches_all(path)} == set(CATCHES_ALL)


def late(path: Path) -> Iterator[tuple[str, str]]:
    """What is imported inside functions, and where."""
    for function in functions(path):
        for node in ast.walk(function):
            yield from ((name.split(".")[0], f":{function.lineno} {function.name}") for name in imported(node))


def test_imports_inside_functions_are_the_listed_lazy_ones() -> None:
    def others(path: Path) -> Iterator[str]:
        if not place(path).startswith(LAZY_ROOMS):
            yield from (f"{where} imports {name}" for name, where in late(path) if name not in LAZY)

    assert of_each(others) == []


def test_each_lazy_import_is_one_somewhere() -> None:
    outside = [path for path in FILES if not place(path).startswith(LAZY_ROOMS)]
    assert {name for path in outside for name, _ in late(path)} == LAZY


def test_names_say_something() -> None:
    def nothing(path: Path) -> Iterator[str]:
        if set(place(path).lower().split("/")) & set(NAMES_THAT_SAY_NOTHING):
            yield ""
        for node in nodes(path):
            if isinstance(node, ast.ClassDef) and node.name.lower().endswith(NAMES_THAT_SAY_NOTHING):
                yield f": class {node.name}"

    assert of_each(nothing) == []


def test_no_function_changes_a_global() -> None:
    def changes(path: Path) -> Iterator[str]:
        yield from (f":{node.lineno} global" for node in nodes(path) if isinstance(node, ast.Global))

    assert of_each(changes) == []


def test_a_class_has_state_or_a_second_method() -> None:
    def neither(path: Path) -> Iterator[str]:
        for node in tree(path).body:
            if not isinstance(node, ast.ClassDef) or node.bases or node.decorator_list:
                continue
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            keeps_state = any(method.name == "__init__" for method in methods)
            if not keeps_state and len(methods) <= 1:
                yield f": class {node.name} is a function"

    assert of_each(neither) == []
