"""The line of a key, in every way TOML can write one."""

import pytest

from maildesk.config.lines import line_of, places

TEXT = '''\
# a comment with [brackets] and "quotes"
[desk]
name = "has # no comment"  # but here
'quoted key' = """
two lines
]"""
dotted.deep."er" = 1

[queue.technical]
aliases = [  # first
    "a@example.com",
    # between
    "b@example.com",
]
text = { scope = "x", docs = { url = 'y' } }
[queue.technical.field.product]
title = "z\\""

[[rule]]
when = { subject = "one" }
[[rule]]
[rule.when]
subject = """a""\"""""
body = "two"
[[rule.many]]
x = 1
[[rule.many]]
x = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("desk",), 2),
        (("desk", "name"), 3),
        (("desk", "quoted key"), 4),
        (("desk", "dotted", "deep", "er"), 7),
        (("queue", "technical"), 9),
        (("queue",), 9),
        (("queue", "technical", "aliases"), 10),
        (("queue", "technical", "aliases", 0), 11),
        (("queue", "technical", "aliases", 1), 13),
        (("queue", "technical", "text", "docs", "url"), 15),
        (("queue", "technical", "field", "product", "title"), 17),
        (("rule", 0), 19),
        (("rule", 0, "when", "subject"), 20),
        (("rule", 1), 21),
        (("rule", 1, "when"), 22),
        (("rule", 1, "when", "body"), 24),
        (("rule", 1, "many", 0, "x"), 26),
        (("rule", 1, "many", 1, "x"), 28),
        (("queue", "technical", "address"), 9),
        (("nowhere", "at", "all"), 1),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(places(TEXT), path) == line


def test_line_ends_of_windows_count_once() -> None:
    assert line_of(places(TEXT.replace("\n", "\r\n")), ("rule", 1, "many", 1, "x")) == 28
