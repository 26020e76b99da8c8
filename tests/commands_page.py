"""The table of all commands on the agents' page, made from the code.

Write it anew after a change of the commands, and look at the diff:

    .venv/bin/python -m tests.commands_page
"""

from __future__ import annotations

from pathlib import Path

from maildesk.policy.commands import ALIASES, COMMANDS

PAGE = Path(__file__).parent.parent / "docs" / "agents.md"
BEGIN, END = "<!-- commands -->\n", "<!-- end -->\n"
HEAD = "| command | does | also | marked |\n| --- | --- | --- | --- |\n"


def table() -> str:
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in map(row_of, COMMANDS))


def row_of(name: str) -> tuple[str, str, str, str]:
    command = COMMANDS[name]
    written = f"#{name} {command.argument}".rstrip().replace("|", "\\|")
    others = " ".join(f"`#{word}`" for word, meant in ALIASES.items() if meant == name)
    marks = [] if command.sorts else ["waits"]
    marks += ["anywhere"] if command.alone else []
    return f"`{written}`", command.sentence.replace("|", "\\|"), others, ", ".join(marks)


def page(text: str) -> str:
    """The page with the table of today."""
    above, _, rest = text.partition(BEGIN)
    return f"{above}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
