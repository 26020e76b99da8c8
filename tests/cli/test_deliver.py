"""deliver: 0 when kept, 75 for everything else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import mail
from tests.cli.conftest import Call

MAIN = [sys.executable, "-c", "from maildesk.cli import main; main()"]


def deliver(*words: str | Path, raw: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | more
    return subprocess.run([*MAIN, *map(str, words)], input=raw, capture_output=True, check=False, env=environment)


def test_a_kept_mail_is_0_and_stands_in_the_ledger_once(maildesk: Call, folder: Path) -> None:
    raw = mail(message_id="<kept@acme.example>")
    assert deliver("--config", folder / "maildesk.conf", "deliver", raw=raw).returncode == 0
    assert deliver("--config", folder / "maildesk.conf", "deliver", raw=raw).returncode == 0
    first, second = maildesk("ledger", "--json").json
    assert first["outcome"] == "ticket"
    assert first["message_id"] == "kept@acme.example"
    assert second["outcome"] == "duplicate"


@pytest.mark.parametrize(
    "words",
    [
        ("deliver", "--frm", "x"),
        ("--nothing", "deliver"),
        ("--config", "/nowhere/maildesk.conf", "deliver"),
        ("deliver", "--to", "no address"),
        ("deliver", "surplus"),
    ],
)
def test_every_fault_of_its_surroundings_is_75(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = deliver(*words, raw=mail(), MAILDESK_CONFIG=str(tmp_path / "none.conf"))
    assert ended.returncode == 75
    assert ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_crash_is_75_in_one_line(folder: Path) -> None:
    program = (
        "import sys; from maildesk import cli; import maildesk.cli.verbs as verbs\n"
        "verbs.maildesk.main = lambda *a, **k: 1 / 0\nsys.argv = ['maildesk', 'deliver']\ncli.main()"
    )
    ended = subprocess.run([sys.executable, "-c", program], input=mail(), capture_output=True, check=False)
    assert ended.returncode == 75
    assert ended.stderr.splitlines() == [b"maildesk: ZeroDivisionError; the mail was not taken, try again later"]


def test_no_mail_at_all_and_a_mail_that_is_too_large_are_75(folder: Path) -> None:
    conf = folder / "maildesk.conf"
    conf.write_text(conf.read_text() + '[limits]\nmessage_size = "4KB"\n')
    assert deliver("--config", conf, "deliver").returncode == 75
    ended = deliver("--config", conf, "deliver", raw=mail(text="x" * 5000))
    assert ended.returncode == 75
    assert b"message_size" in ended.stderr


def test_a_store_that_cannot_be_opened_is_75(folder: Path) -> None:
    (folder / "state").write_text("a file in the way")
    assert deliver("--config", folder / "maildesk.conf", "deliver", raw=mail()).returncode == 75


def test_the_envelope_is_read_from_the_mail_when_it_is_not_given(maildesk: Call, folder: Path) -> None:
    raw = b"Return-Path: <>\r\nDelivered-To: sales@example.com\r\n" + mail(to="undisclosed@example.org")
    assert maildesk("deliver", mail=raw).code == 0
    (row,) = maildesk("ledger", "--json").json
    assert row["outcome"] in ("robot", "bounce")
    assert (
        maildesk(
            "deliver", "--from", "carol@acme.example", "--to", "sales@example.com", mail=mail(to="x@y.example")
        ).code
        == 0
    )
    assert maildesk("ticket", "list", "--queue", "sales", "--json").json[0]["queue"] == "sales"
