"""maildesk.conf.example, made from the options themselves: `python -m maildesk.config.example > maildesk.conf.example`.

Every option stands there commented out, at its default (in tables with a NAME: at an example), under its one
sentence. Taking the "#" away everywhere gives a file that is read without a problem; a test holds both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from maildesk.config.options import Config, IntakeField, OAuth2, Plan, Promises, Then, When
from maildesk.config.toml import written

HEAD = """\
# maildesk.conf: every option, commented out at its default. Copy this file to maildesk.conf, or write a short one
# with `maildesk init DIR`, and take the "#" from what you change. Lines with "# " in front are words.
#
# Looked for in --config, $MAILDESK_CONFIG, ./maildesk.conf, /etc/maildesk/maildesk.conf. `maildesk check` reads it.
# Paths are relative to this file's folder. Durations: 30s 15m 4h 2d run on the wall clock, 4bh 2bd are business
# hours and days. Sizes: KB MB GB. Rates: 5/h, 20/d. Secrets never stand here, only the names of their files.
"""
# The tables with a NAME, as the example shows them: name, and the keys that are left out.
NAMED: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "listen": (("local", frozenset()),),
    "mailbox": (("support", frozenset()),),
    "queue": (("technical", frozenset()),),
    "calendar": (
        ("us", frozenset({"of"})),
        ("world", frozenset({"time_zone", "hours", "holidays", "closed", "open"})),
    ),
    "plan": (("standard", frozenset()),),
    "field": (("product", frozenset()),),
}
INNER: dict[str, type[BaseModel]] = {"oauth2": OAuth2, "when": When, "then": Then}
NOTHING: frozenset[str] = frozenset()


def render() -> str:
    lines = [HEAD]
    for name, field in Config.model_fields.items():
        lines += [f"\n# {field.description}"]
        lines += _table(name, field)
    return "\n".join(lines) + "\n"


def _table(name: str, field: FieldInfo) -> Iterator[str]:
    kind: Any = field.annotation
    if name in NAMED:
        for label, left_out in NAMED[name]:
            yield from _options(kind.__args__[1], f"{name}.{label}", left_out, by_example=True)
    elif getattr(kind, "__origin__", None) is tuple:
        yield from _options(kind.__args__[0], name, NOTHING, by_example=True, many=True)
    else:
        yield from _options(kind, name, NOTHING)


def _options(
    model: type[BaseModel], header: str, left_out: frozenset[str], *, by_example: bool = False, many: bool = False
) -> Iterator[str]:
    inner: list[str] = []
    yield f"#[[{header}]]" if many else f"#[{header}]"
    for name, field in model.model_fields.items():
        if name in INNER:
            inner += _options(INNER[name], f"{header}.{name}", NOTHING, by_example=by_example)
        elif name == "field" and model is not Then:
            inner += _options(IntakeField, f"{header}.field.{NAMED[name][0][0]}", NOTHING, by_example=True)
        elif name == "queue" and model is Plan:
            inner += _options(Promises, f"{header}.queue.{NAMED[name][0][0]}", NOTHING, by_example=True)
        elif name not in left_out:
            yield f"# {field.description}"
            yield f"#{field.alias or name} = {written(_value(field, by_example))}"
    yield from inner


def _value(field: FieldInfo, by_example: bool) -> object:
    if field.examples and (by_example or field.is_required()):
        return field.examples[0]
    return field.default


if __name__ == "__main__":
    sys.stdout.write(render())
