"""maildesk.conf.example is what the options make it, and is a configuration once its "#" are gone."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

from maildesk import config
from maildesk.config import example
from maildesk.config.options import Config

FILE = Path(__file__).parent.parent.parent / "maildesk.conf.example"


def uncommented() -> str:
    return re.sub(r"(?m)^#(?=[^ \n])", "", FILE.read_text())


def test_the_example_file_is_the_one_the_options_make() -> None:
    made = example.render()
    assert FILE.read_text() == made, "run: python -m maildesk.config.example > maildesk.conf.example"


def test_every_line_of_the_example_is_commented_out() -> None:
    assert tomllib.loads(FILE.read_text()) == {}


def test_the_example_without_its_comment_signs_is_read_without_a_problem(tmp_path: Path) -> None:
    found = config.parse(uncommented(), tmp_path)
    assert found.default_queue == "technical"


def test_plain_tables_stand_at_their_defaults(tmp_path: Path) -> None:
    shown = config.parse(uncommented(), tmp_path)
    short = '[desk]\ndomain = "example.com"\npostmaster = "ops@example.com"\n'
    bare = config.parse(short + '[queue.technical]\naddress = "support@example.com"\n', tmp_path)
    named = {"listen", "mailbox", "queue", "rule", "maintenance", "calendar", "plan"}
    for table in set(Config.model_fields) - named:
        assert getattr(shown, table) == getattr(bare, table), table


def test_every_option_has_one_sentence_above_it() -> None:
    lines = FILE.read_text().splitlines()
    for above, line in pairwise(lines):
        if re.match(r"#[a-z_]+ = ", line):
            assert re.fullmatch(r"# .+\.", above), line
