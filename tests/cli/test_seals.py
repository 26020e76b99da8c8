"""Signed and encrypted mail on the command line: check tells what is missing, inspect and explain what was found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import configuration
from tests.cli.conftest import Call
from tests.sealing import WORDS, Certificates, Keys, keys


@pytest.fixture(scope="module")
def pgp() -> Iterator[Keys]:
    with keys() as made:
        yield made


def with_crypto(folder: Path, more: str) -> None:
    (folder / "maildesk.conf").write_text(configuration(f"[crypto]\n{more}\n"))


def test_check_says_nothing_of_keys_that_nobody_asked_for(maildesk: Call) -> None:
    assert "crypto" not in maildesk("check").out


def test_check_is_content_with_folders_and_tools_that_are_there(maildesk: Call, folder: Path, pgp: Keys) -> None:
    (folder / "smime").mkdir()
    with_crypto(folder, f'gnupg_home = "{pgp.home}"\nsmime_dir = "smime"')
    ended = maildesk("check")
    assert "crypto: no problem" in ended.out
    assert ended.code == 0


def test_check_names_a_folder_that_is_missing_and_what_happens_until_then(maildesk: Call, folder: Path) -> None:
    with_crypto(folder, 'gnupg_home = "gone"')
    ended = maildesk("check")
    assert ended.code == 1
    (line,) = [line for line in ended.out.splitlines() if line.startswith("crypto:")]
    assert "gone: there is no such folder" in line
    assert "kept and shown as signed or encrypted" in line


def test_check_names_a_folder_whose_path_is_too_long_for_a_socket(maildesk: Call, folder: Path) -> None:
    (folder / ("long" * 20)).mkdir()
    with_crypto(folder, f'gnupg_home = "{"long" * 20}"')
    assert "too long for GnuPG's socket" in maildesk("check").out


def test_check_names_programs_that_are_missing(
    maildesk: Call, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("pgp", "smime"):
        (folder / name).mkdir()
    with_crypto(folder, 'gnupg_home = "pgp"\nsmime_dir = "smime"')
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    lines = [line for line in maildesk("check").out.splitlines() if "is missing" in line]
    assert ["gpg is missing" in lines[0], "openssl is missing" in lines[1]] == [True, True]


def test_inspect_reads_what_is_signed_and_tells_what_is_encrypted(call: Call, tmp_path: Path, pgp: Keys) -> None:
    smime = Certificates(tmp_path)
    mails = {"signed": smime.signed(opaque=True), "beside": pgp.signed(), "secret": pgp.encrypted()}
    for name, raw in mails.items():
        (tmp_path / f"{name}.eml").write_bytes(raw)
    ended = call("inspect", "--json", *(tmp_path / f"{name}.eml" for name in mails))
    signed, beside, secret = map(json.loads, ended.out.splitlines())
    assert (signed["text"], signed["problems"]) == (WORDS, [])
    assert (beside["text"], beside["problems"]) == (WORDS, [])
    assert secret["problems"] == ["encrypted with PGP, not opened"]
    assert "encrypted.asc" in [each["name"] for each in secret["attachments"]]
    assert "signed with S/MIME, not checked" in call("inspect", tmp_path / "signed.eml").out


def test_explain_opens_what_the_desk_would_open(maildesk: Call, folder: Path, pgp: Keys) -> None:
    with_crypto(folder, f'gnupg_home = "{pgp.home}"')
    told = maildesk("explain", "--json", mail=pgp.encrypted()).json
    assert told["seals"] == ["encrypted with PGP, opened"]
    assert "encrypted with PGP, opened" in maildesk("explain", mail=pgp.encrypted()).out


def test_why_and_history_tell_of_a_mail_that_could_not_be_opened(maildesk: Call, pgp: Keys) -> None:
    assert maildesk("deliver", mail=pgp.encrypted(ident="why1")).code == 0
    assert "encrypted with PGP, not opened" in maildesk("why", "why1@mail.test").out
    assert "encrypted with PGP, not opened" in maildesk("ticket", "history", "EX-10001").out


def test_raw_gives_an_opened_mail_as_it_came(maildesk: Call, folder: Path, pgp: Keys) -> None:
    with_crypto(folder, f'gnupg_home = "{pgp.home}"')
    raw = pgp.encrypted(ident="raw1")
    assert maildesk("deliver", mail=raw).code == 0
    (row,) = maildesk("ledger", "--json").json
    assert maildesk("message", "raw", str(row["id"])).out.encode() == raw
    assert maildesk("ticket", "show", "EX-10001", "--json").json["messages"][0]["text"] == WORDS
