"""What is wrong with a configuration, in plain words.

`Problem` names a key by its path; `from_pydantic` turns pydantic's findings into problems, so that none of its own
texts reaches an operator. Called by load; knows nothing of lines and files.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from maildesk.config.toml import written
from maildesk.config.values import Wrong, nearest, shown
from maildesk.words.frozen import frozen

Path = tuple[str | int, ...]
SECRETS = ("password", "passwd", "pass", "secret", "token", "credential")
WRONG_TYPE = {
    "string_type": ("is no text", "put it in double quotes"),
    "int_type": ("is no whole number", "write a number without quotes"),
    "int_from_float": ("is no whole number", "write a number without a point"),
    "float_type": ("is no number", "write a number without quotes"),
    "float_parsing": ("is no number", "write a number without quotes, such as 0.75"),
    "bool_type": ("is neither true nor false", "write true or false, without quotes"),
    "tuple_type": ("is no list", "put it in brackets: [ ... ]"),
    "dict_type": ("is no table", "write { KEY = VALUE }, or a [table] of its own"),
    "model_type": ("is no table", "write { KEY = VALUE }, or a [table] of its own"),
    "model_attributes_type": ("is no table", "write { KEY = VALUE }, or a [table] of its own"),
}


@frozen
class Problem:
    path: Path
    what: str
    remedy: str

    @property
    def key(self) -> str:
        return ".".join(str(part) for part in self.path if not isinstance(part, int))


class ConfigError(Exception):
    """A configuration that cannot be used; `str()` is one line a problem."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def unknown(path: Path, noun: str, name: str, known: list[str]) -> Problem:
    guess = nearest(name, known)
    remedy = (
        f"did you mean {guess}?"
        if guess
        else (f"known are: {', '.join(known)}" if known else f"write the {noun} first, or leave this out")
    )
    return Problem(path, f"there is no {noun} {shown(name)}", remedy)


def from_pydantic(error: ErrorDetails, root: type[BaseModel]) -> Problem:
    path = tuple(part for part in error["loc"] if part != "[key]")
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        return _missing(path, root)
    if kind == "extra_forbidden":
        return _unknown(path, root)
    wrong = context.get("error")
    if isinstance(wrong, Wrong):
        return Problem(path + wrong.at, wrong.what, wrong.remedy)
    if kind == "literal_error":
        return _not_one_of(path, value, context)
    if kind in ("greater_than_equal", "less_than_equal", "string_too_short"):
        return _out_of_bounds(path, value, context)
    what, remedy = WRONG_TYPE.get(kind, ("cannot be used", "see maildesk.conf.example"))
    return Problem(path, f"{_shown(value)} {what}", remedy)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "a table" if isinstance(value, Mapping) else shown(value)


def _missing(path: Path, root: type[BaseModel]) -> Problem:
    model = _model_at(root, path[:-1])
    for field_name, field in model.model_fields.items() if model else ():
        if path[-1] in (field_name, field.alias) and field.examples:
            return Problem(path, "this key is missing", f"write {path[-1]} = {written(field.examples[0])}")
    return Problem(path, "this key is missing", "see maildesk.conf.example")


def _unknown(path: Path, root: type[BaseModel]) -> Problem:
    key = str(path[-1])
    model = _model_at(root, path[:-1])
    known = [field.alias or name for name, field in model.model_fields.items()] if model else []
    if key.lower() in SECRETS and "password_file" in known:
        return Problem(
            path,
            "a secret stands in the file",
            f'put it into a file of its own, mode 0600, and name that: password_file = "{path[-2]}-password"',
        )
    guess = nearest(key.replace("-", "_").lower(), known)
    remedy = f"did you mean {guess}?" if guess else f"known here: {', '.join(known)}"
    return Problem(path, "unknown key", remedy)


def _not_one_of(path: Path, value: object, context: Mapping[str, Any]) -> Problem:
    allowed = str(context.get("expected", "")).replace("'", '"')
    return Problem(path, f"{_shown(value)} is not known here", f"write {allowed}")


def _out_of_bounds(path: Path, value: object, context: Mapping[str, Any]) -> Problem:
    if "min_length" in context:
        return Problem(path, "this is empty", "write a name, or leave the key out")
    if "ge" in context:
        return Problem(path, f"{_shown(value)} is too small", f"write at least {context['ge']}")
    return Problem(path, f"{_shown(value)} is too large", f"write at most {context['le']}")


def _model_at(root: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model of the table at this path."""
    here: Any = root
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            fields = {field.alias or name: field for name, field in here.model_fields.items()}
            here = fields[str(part)].annotation if str(part) in fields else None
        else:
            inner = [arg for arg in get_args(here) if arg is not Ellipsis]
            here = inner[-1] if inner and not isinstance(here, types.UnionType) else None
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None
