"""What a sorting rule does is seen before and after: by `explain`, `why`, `ticket show` and `check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import configuration, mail
from tests.cli.conftest import Call

RULES = """
[queue.technical.field.version]
title = "Version"
[queue.technical.field.device]
title = "Device"

[[rule]]
when = { subject = "never" }
then = { level = 2 }
[[rule]]
when = { header = { "X-Version" = 'v(\\d+)' } }
then = { severity = 2, level = 2, field = { version = '\\1' } }
"""


@pytest.fixture
def sorting(maildesk: Call, folder: Path) -> Call:
    (folder / "maildesk.conf").write_text(configuration(RULES))
    return maildesk


MAIL = mail(text="Device: A-17\n\nIt stops.", headers={"X-Version": "v8"}, message_id="<one@acme.example>")


def test_explain_names_the_rule_and_every_value_and_writes_nothing(sorting: Call) -> None:
    told = sorting("explain", mail=MAIL).out
    assert "outcome ticket: a new request, sorted by rule 2 (severity 2, level 2)" in told
    assert 'EX-10001: set the field version to "8"\n' in told
    assert 'EX-10001: set the field device to "A-17", by carol@acme.example' in told
    assert sorting("ledger", "--json").json == []


def test_why_and_show_tell_the_same_afterwards(sorting: Call) -> None:
    assert sorting("deliver", mail=MAIL).code == 0
    row = sorting("why", "one@acme.example", "--json").json
    assert row["reason"] == "a new request, sorted by rule 2 (severity 2, level 2)"
    assert 'EX-10001: set the field version to "8"' in row["decisions"]
    told = sorting("ticket", "show", "EX-10001").out
    assert "field: version" in told
    assert "A-17" in told
    assert sorting("ticket", "show", "EX-10001", "--json").json["fields"] == {"version": "8", "device": "A-17"}
    [listed] = sorting("ticket", "list", "--json").json
    assert listed["fields"] == {"version": "8", "device": "A-17"}


def test_check_renders_the_letters_that_ask_for_fields(sorting: Call) -> None:
    assert sorting("template", "preview", "fields_wanted").code == 0
    assert "fields_wanted" in sorting("template", "list").out
