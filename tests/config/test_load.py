"""Good configurations: defaults, units, paths, where the file is looked for, secrets."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk import config
from maildesk.config import ConfigError, Rate, Span, secrets
from maildesk.config.hours import OpenDay, WeekTime

SHORT = '[desk]\ndomain = "example.com"\npostmaster = "ops@example.com"\n'
QUEUE = '[queue.technical]\naddress = "support@example.com"\n'


def test_five_lines_are_enough(tmp_path: Path) -> None:
    found = config.parse(SHORT + QUEUE, tmp_path)
    assert found.desk.key_file == Path("/var/lib/maildesk/key")
    assert found.queue["technical"].title == "Technical"
    assert found.default_queue == "technical"
    assert found.closing.solved_after == timedelta(days=2)
    assert found.limits.message_size == 25 * 1024 * 1024
    assert found.limits.automatic_mail == Rate(600, timedelta(hours=1))
    assert found.retention.held == timedelta(days=30)
    assert found.retention.raw is None
    assert found.escalation.triage == Span(1, "bd")
    assert found.report.at == WeekTime(0, 480)
    assert found.path == tmp_path / "maildesk.conf"


def test_every_kind_of_value_is_read(tmp_path: Path) -> None:
    found = config.parse(
        SHORT
        + QUEUE.replace("technical", "sales").replace("support", "Sales")
        + """
        [queue.tech-1]
        address = "Support@BÜCHER.example"
        default = true
        [listen.mx]
        protocol = "smtp"
        address = "[::1]:25"
        allow = ["192.0.2.7", "10.0.0.0/8"]
        mode = "0600"
        [listen.unix]
        address = "unix:lmtp.sock"
        [mailbox.m]
        host = "127.0.0.1"
        tls = "none"
        user = "u"
        password_file = "secret"
        since = 2026-01-31
        [mailbox.m.oauth2]
        [calendar.us]
        time_zone = "America/Los_Angeles"
        hours = { mon-fri = "13:00-17:00 08:00-12:00", "sat,sun" = "09:00-24:00" }
        holidays = "US-CA"
        closed = ["2026-12-24", 2026-12-31]
        open = ["2026-12-25 10:00-14:00"]
        [calendar.world]
        of = ["us", "always"]
        [plan.gold]
        calendar = "world"
        first_response = { 1 = "2bh", 2 = "30m" }
        escalate = [1]
        [[maintenance]]
        from = 2026-12-24T19:00:00+01:00
        until = 2026-12-24T22:00:00Z
        [gate]
        blocked = ["spam.example", "@worse.example", "Bad@example.org"]
        """,
        tmp_path,
    )
    assert found.default_queue == "tech-1"
    assert found.queue["tech-1"].address == "support@xn--bcher-kva.example"
    assert found.listen["mx"].endpoint.port == 25
    assert found.listen["mx"].allow == (ip_network("192.0.2.7"), ip_network("10.0.0.0/8"))
    assert found.listen["mx"].mode == 0o600
    assert found.listen["unix"].address == f"unix:{tmp_path}/lmtp.sock"
    assert found.mailbox["m"].since == date(2026, 1, 31)
    assert found.mailbox["m"].password_file == tmp_path / "secret"
    hours = found.calendar["us"].hours
    assert hours is not None
    assert hours[0] == ((480, 720), (780, 1020))
    assert hours[6] == ((540, 1440),)
    assert found.calendar["us"].open == (OpenDay(date(2026, 12, 25), ((600, 840),)),)
    assert found.plan["gold"].queues == ("sales", "tech-1")
    assert found.plan["gold"].first_response == {1: Span(2, "bh"), 2: Span(30, "m")}
    assert found.maintenance[0].from_ == datetime(2026, 12, 24, 18, tzinfo=UTC)
    assert found.gate.blocked == ("spam.example", "worse.example", "bad@example.org")


def test_paths_are_relative_to_the_file_and_the_key_lies_in_state_dir(tmp_path: Path) -> None:
    found = config.parse(SHORT + 'state_dir = "state"\ntemplates = "mine"\n' + QUEUE, tmp_path)
    assert found.desk.state_dir == tmp_path / "state"
    assert found.desk.key_file == tmp_path / "state" / "key"
    assert found.desk.templates == tmp_path / "mine"


def test_a_key_file_is_relative_to_the_file_too(tmp_path: Path) -> None:
    found = config.parse(SHORT + 'key_file = "shared.key"\n' + QUEUE, tmp_path)
    assert found.desk.key_file == tmp_path / "shared.key"


def test_an_empty_retention_is_for_ever(tmp_path: Path) -> None:
    found = config.parse(SHORT + QUEUE + '[retention]\nheld = ""\nraw = "90d"\n', tmp_path)
    assert found.retention.held is None
    assert found.retention.raw == timedelta(days=90)


def test_the_file_is_looked_for_in_the_documented_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    assert config.find() == Path("/etc/maildesk/maildesk.conf")
    (tmp_path / "maildesk.conf").touch()
    assert config.find() == Path("maildesk.conf")
    monkeypatch.setenv("MAILDESK_CONFIG", "/somewhere/else.conf")
    assert config.find() == Path("/somewhere/else.conf")
    assert config.find("named.conf") == Path("named.conf")


def test_a_file_that_is_not_there_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no such file; write one with: maildesk init"):
        config.load(tmp_path / "maildesk.conf")


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "maildesk.conf").write_bytes(b'[desk]\nname = "B\xfccher"\n')
    with pytest.raises(ConfigError, match=r"^maildesk\.conf:2: this is not UTF-8"):
        config.load(tmp_path / "maildesk.conf")


def test_a_secret_everybody_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "imap-password"
    file.write_text("hunter2\n")
    file.chmod(0o644)
    mailbox = '[mailbox.m]\nhost = "imap.example.com"\nuser = "u"\npassword_file = "imap-password"\n'
    with pytest.raises(ConfigError, match=rf"mailbox\.m\.password_file: everybody .* can read .*; chmod 600 {file}"):
        config.parse(SHORT + QUEUE + mailbox, tmp_path)
    file.chmod(0o640)
    found = config.parse(SHORT + QUEUE + mailbox, tmp_path).mailbox["m"]
    assert found.password_file is not None
    assert config.secret(found.password_file) == "hunter2"


def test_a_secret_comes_from_systemds_credentials_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "imap").write_text("from systemd")
    (credentials / "imap").chmod(0o400)
    (tmp_path / "imap").write_text("from the folder")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert config.secret(tmp_path / "imap") == "from systemd"
    named = '[mailbox.m]\nhost = "h"\nuser = "u"\npassword_file = "$CREDENTIALS_DIRECTORY/imap"\n'
    file = config.parse(SHORT + QUEUE + named, tmp_path).mailbox["m"].password_file
    assert file is not None
    assert config.secret(file) == "from systemd"


def test_a_credential_that_systemd_has_not_set_is_no_problem_before_its_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    named = '[mailbox.m]\nhost = "h"\nuser = "u"\npassword_file = "$CREDENTIALS_DIRECTORY/imap"\n'
    (line,) = secrets.unusable(config.parse(SHORT + QUEUE + named, tmp_path))
    assert line.startswith("$CREDENTIALS_DIRECTORY/imap: there is no such file")


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_secret_that_cannot_be_had_is_told_with_its_file(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "pw").write_bytes(content)
        (tmp_path / "pw").chmod(0o600)
    mailbox = '[mailbox.m]\nhost = "h"\nuser = "u"\npassword_file = "pw"\n'
    found = config.parse(SHORT + QUEUE + mailbox, tmp_path)
    (line,) = secrets.unusable(found)
    assert line.startswith(f"{tmp_path / 'pw'}: ")
    assert "; " in line or "write the password" in line


def test_reading_a_configuration_does_not_import_the_holidays() -> None:
    program = (
        "import sys, pathlib; from maildesk import config;"
        f"config.parse({SHORT + QUEUE!r}, pathlib.Path('/tmp'));"
        "sys.exit('holidays' in sys.modules or 'rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@given(st.text(max_size=60), st.sampled_from(["desk", "queue", "gate", "limits", "calendar.us", "plan.p", "[rule]"]))
def test_no_text_makes_the_reader_crash(text: str, table: str) -> None:
    for written in (text, f"[{table}]\n{text}", f"[{table}]\nhours = {text}\naddress = {text!r}\nwhen = {text!r}"):
        try:
            config.parse(written, Path("/"))
        except ConfigError as refused:
            assert str(refused)  # noqa: PT017 - both ways out are right
