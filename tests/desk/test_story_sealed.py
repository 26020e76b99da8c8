"""Signed and encrypted mail, on a whole desk with real keys: checked, opened, kept, and told to the agents."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from maildesk.desk.opener import LARGEST, MOST, Signature, opened
from maildesk.desk.readers import Readers
from maildesk.desk.unsealing import Unsealing
from maildesk.mime.sealed import Sealed
from maildesk.words import Envelope, Outcome, Seal
from tests.builders import ALICE, BOB
from tests.desk.world import World
from tests.dovecot import wait_until
from tests.sealing import ENTITY, WORDS, Certificates, Keys, entity_with_file, headed, keys

PDF = b"%PDF-1.4 " + bytes(range(65, 91)) * 40


@pytest.fixture(scope="module")
def pgp() -> Iterator[Keys]:
    with keys() as made:
        made.know_carol()
        yield made


@pytest.fixture(scope="module")
def smime(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    made = Certificates(tmp_path_factory.mktemp("certificates"))
    made.trust_the_authority()
    return made


@pytest.fixture
def sealing_desk(world: Callable[..., World], pgp: Keys, smime: Certificates) -> World:
    return world(f'[crypto]\ngnupg_home = "{pgp.home}"\nsmime_dir = "{smime.desk}"\n')


def sealed_events(desk: World) -> list[str]:
    return [str(each.get("detail")) for each in desk.ticket()["events"] if each["event"] == "sealed"]


def envelope(desk: World) -> Envelope:
    return Envelope(
        door="lmtp:main", received=desk.now, sender="carol@acme.example", recipients=("support@example.com",)
    )


def opens(desk: World, raw: bytes) -> dict[str, Any]:
    """The one message of the ticket that a mail opens."""
    assert desk.receives(raw).outcome is Outcome.TICKET
    message: dict[str, Any] = desk.ticket()["messages"][0]
    return message


@pytest.mark.parametrize("form", ["pgp", "pgp in the text", "smime", "smime in one blob"])
def test_a_signature_is_checked_and_told(form: str, sealing_desk: World, pgp: Keys, smime: Certificates) -> None:
    raw = {
        "pgp": pgp.signed,
        "pgp in the text": lambda: pgp.clear_signed(WORDS),
        "smime": smime.signed,
        "smime in one blob": lambda: smime.signed(opaque=True),
    }[form]()
    assert opens(sealing_desk, raw)["text"] == WORDS
    name = "S/MIME" if "smime" in form else "PGP"
    letter = sealing_desk.the("agent_ticket", "alice@example.com")
    for text in (letter.text, letter.html):
        assert f"Signed with {name} by carol@acme.example." in " ".join(text.split())
    assert f"signed with {name}, by carol@acme.example" in str(sealed_events(sealing_desk))


@pytest.mark.parametrize("form", ["pgp", "pgp in the text", "smime", "smime in one blob"])
def test_a_mail_whose_signature_is_wrong_is_a_ticket_all_the_same(
    form: str, sealing_desk: World, pgp: Keys, smime: Certificates
) -> None:
    signed = {
        "pgp": pgp.signed,
        "pgp in the text": lambda: pgp.clear_signed(WORDS),
        "smime": smime.signed,
    }
    raw = signed[form]().replace(b"page 3", b"page 4") if form in signed else forged(smime)
    assert "page 4" in opens(sealing_desk, raw)["text"]
    assert "signature is wrong" in sealing_desk.the("agent_ticket", "alice@example.com").text
    assert "signature bad" in str(sealed_events(sealing_desk))


@pytest.mark.parametrize("form", ["behind", "before", "around armour", "in a part of armour", "in one blob"])
def test_a_signature_that_leaves_words_out_is_told_as_of_a_part(
    form: str, sealing_desk: World, pgp: Keys, smime: Certificates
) -> None:
    """Who has an old signed mail of hers may put his own words beside it."""
    more = b"Content-Type: text/plain\r\n\r\nPay the other account.\r\n"
    raw = {
        "behind": lambda: pgp.signed().replace(b"--outer--", b"--outer\r\n" + more + b"--outer--"),
        "before": lambda: beside(more, pgp.signed()),
        "around armour": lambda: pgp.clear_signed(WORDS).replace(b"\r\n\r\n", b"\r\n\r\nPay the other account.\r\n", 1),
        "in a part of armour": lambda: beside(more, pgp.clear_signed(WORDS)),
        "in one blob": lambda: beside(more, smime.signed(opaque=True)),
    }[form]()
    text = opens(sealing_desk, raw)["text"]
    assert "other account" in text
    assert WORDS in text
    assert "A part of it is signed with" in sealing_desk.the("agent_ticket", "alice@example.com").text
    assert "by carol@acme.example, but not the whole of it" in str(sealed_events(sealing_desk))


def beside(more: bytes, signed: bytes) -> bytes:
    """A mail of two parts: other words, and what was a mail."""
    start = signed.index(b"Content-Type:")
    kind = b'Content-Type: multipart/mixed; boundary="both"\r\n\r\n--both\r\n'
    return signed[:start] + kind + more + b"--both\r\n" + signed[start:] + b"\r\n--both--\r\n"


def test_a_signature_that_brings_words_of_its_own_is_none_over_others(
    sealing_desk: World, pgp: Keys, smime: Certificates
) -> None:
    """The signer's words travel in the signature itself, others are shown."""
    pgp_own = str(pgp.hers.sign(ENTITY, keyid=pgp.carol, clearsign=False)).encode()
    made = pgp.signed(ENTITY.replace(b"page 3", b"page 4"))
    start = made.index(b"-----BEGIN PGP SIGNATURE")
    raw = made[:start] + pgp_own + made[made.index(b"\r\n--outer--") :]
    assert "page 4" in opens(sealing_desk, raw)["text"]
    assert "signature bad" in str(sealed_events(sealing_desk))


def test_armour_that_is_signed_and_not_encrypted_is_read_and_checked(sealing_desk: World, pgp: Keys) -> None:
    armour = str(pgp.hers.sign(WORDS, keyid=pgp.carol, clearsign=False))
    assert "BEGIN PGP MESSAGE" in armour
    raw = headed(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + armour.replace("\n", "\r\n").encode())
    assert opens(sealing_desk, raw)["text"] == WORDS
    assert sealed_events(sealing_desk) == ["signed with PGP, by carol@acme.example"]


def test_armour_that_is_neither_signed_nor_encrypted_is_no_opened_mail(sealing_desk: World, pgp: Keys) -> None:
    packed = subprocess.run(["gpg", "--armor", "--store"], input=WORDS.encode(), capture_output=True, check=True).stdout
    raw = headed(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + packed.replace(b"\n", b"\r\n"))
    assert "BEGIN PGP MESSAGE" in opens(sealing_desk, raw)["text"]
    assert sealed_events(sealing_desk) == ["encrypted with PGP, not opened"]


def test_without_certificates_a_signature_is_unknown_and_not_wrong(
    world: Callable[..., World], smime: Certificates, tmp_path: Path
) -> None:
    desk = world(f'[crypto]\nsmime_dir = "{tmp_path}"\n')
    opens(desk, smime.signed())
    assert sealed_events(desk) == ["signed with S/MIME, by an unknown key"]


def forged(smime: Certificates) -> bytes:
    """An opaque signature with other words of the same length within."""
    head, _, blob = smime.signed(opaque=True).partition(b"base64\r\n\r\n")
    other = base64.b64decode(blob).replace(b"page 3", b"page 4")
    return head + b"base64\r\n\r\n" + base64.encodebytes(other)


def test_a_signature_of_somebody_else_is_told_as_such(sealing_desk: World, pgp: Keys, smime: Certificates) -> None:
    for number, raw in enumerate((pgp.signed(sender=BOB), smime.signed(sender=BOB, ident="s2")), start=1):
        assert sealing_desk.receives(raw).outcome is Outcome.TICKET
        reference = f"EX-{10000 + number}"
        told = [each for each in sealing_desk.ticket(reference)["events"] if each["event"] == "sealed"]
        assert "carol@acme.example, who is not the writer" in str(told)


def test_a_signature_of_an_unknown_key_is_told_as_such(world: Callable[..., World], tmp_path: Path) -> None:
    smime = Certificates(tmp_path / "other")
    with keys() as pgp:
        desk = world(f'[crypto]\ngnupg_home = "{pgp.home}"\nsmime_dir = "{smime.desk}"\n')
        desk.receives(pgp.signed())
        desk.receives(smime.signed(ident="s2"))
        for number in (1, 2):
            told = [each for each in desk.ticket(f"EX-1000{number}")["events"] if each["event"] == "sealed"]
            assert "by an unknown key" in str(told)


@pytest.mark.parametrize("form", ["pgp", "pgp in the text", "smime", "smime, authenticated"])
def test_an_encrypted_mail_is_opened_where_the_key_is_given(
    form: str, sealing_desk: World, pgp: Keys, smime: Certificates
) -> None:
    raw = {
        "pgp": pgp.encrypted,
        "pgp in the text": lambda: pgp.encrypted_text(WORDS),
        "smime": smime.encrypted,
        "smime, authenticated": lambda: smime.encrypted(cipher="-aes-256-gcm"),
    }[form]()
    message = opens(sealing_desk, raw)
    assert message["text"] == (f"Hello,\n\n{WORDS}\n\nCarol" if "text" in form else WORDS)
    assert message["attachments"] == []
    assert sealing_desk.raw(message["id"]) == raw
    letter = sealing_desk.the("agent_ticket", "alice@example.com")
    assert WORDS in letter.text
    assert "was opened here" in letter.text


@pytest.mark.parametrize("kind", ["pgp", "smime"])
def test_a_file_that_came_encrypted_reaches_the_agents(
    kind: str, sealing_desk: World, pgp: Keys, smime: Certificates
) -> None:
    entity = entity_with_file("page.pdf", PDF)
    raw = pgp.encrypted(entity) if kind == "pgp" else smime.encrypted(entity)
    (named,) = opens(sealing_desk, raw)["attachments"]
    assert (named["name"], named["size"]) == ("page.pdf", len(PDF))
    assert sealing_desk.the("agent_ticket", "alice@example.com").attachments == {"page.pdf": PDF}


def test_a_signature_within_encryption_is_checked(sealing_desk: World, pgp: Keys, smime: Certificates) -> None:
    """PGP signs and encrypts in one; S/MIME signs an entity, which is encrypted, in either form."""
    inner = [smime.signed(opaque=opaque).partition(b"MIME-Version: 1.0\r\n")[2] for opaque in (False, True)]
    mails = [pgp.encrypted(sign=True), *(smime.encrypted(each, ident=f"i{at}") for at, each in enumerate(inner))]
    for number, raw in enumerate(mails, start=1):
        sealing_desk.receives(raw)
        ticket = sealing_desk.ticket(f"EX-1000{number}")
        told = str([each for each in ticket["events"] if each["event"] == "sealed"])
        assert ticket["messages"][0]["text"] == WORDS
        assert "opened" in told
        assert "by carol@acme.example" in told


def test_an_encrypted_subject_takes_the_place_of_its_placeholder(sealing_desk: World, pgp: Keys) -> None:
    inner = ENTITY.replace(b"charset=utf-8", b'charset=utf-8; protected-headers="v1"')
    message = opens(sealing_desk, pgp.encrypted(b"Subject: The export fails\r\n" + inner, subject="..."))
    assert message["subject"] == "The export fails"


def test_without_its_key_an_encrypted_mail_is_kept_attached_and_told(
    world: Callable[..., World], pgp: Keys, smime: Certificates
) -> None:
    desk = world()
    for number, (raw, file) in enumerate(((pgp.encrypted(), "encrypted.asc"), (smime.encrypted(), "smime.p7m")), 1):
        receipt = desk.receives(raw.replace(b"s1@mail", b"t%d@mail" % number))
        assert receipt.outcome is Outcome.TICKET
        letter = desk.the("agent_ticket", "alice@example.com")
        assert "could not be opened here" in letter.text
        assert "could not be opened here" in letter.html
        assert file in letter.attachments


def test_agents_read_of_it_in_their_language(world: Callable[..., World], pgp: Keys) -> None:
    desk = world(prefix='"EX"\nlanguage = "de"')
    desk.receives(pgp.encrypted())
    text = desk.the("agent_ticket", "alice@example.com").text
    assert "verschlüsselt und ließ sich hier nicht öffnen" in text


def test_a_mail_encrypted_for_somebody_else_is_kept(sealing_desk: World, pgp: Keys, smime: Certificates) -> None:
    armour = str(pgp.hers.encrypt(ENTITY, pgp.carol, always_trust=True)).encode()
    kind = b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="o"\r\n\r\n'
    parts = b"--o\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--o\r\n"
    raw = headed(kind + parts + b"Content-Type: application/octet-stream; name=e.asc\r\n\r\n" + armour + b"--o--\r\n")
    (file,) = [each for each in opens(sealing_desk, raw)["attachments"] if each["name"]]
    assert file["name"] == "e.asc"
    assert "could not be opened here" in sealing_desk.the("agent_ticket", "alice@example.com").text


def test_what_came_encrypted_is_not_sent_back_in_clear(world: Callable[..., World], pgp: Keys) -> None:
    own = '[gate]\nauthserv_ids = ["mx.example.com"]\n'
    desk = world(own + f'[crypto]\ngnupg_home = "{pgp.home}"\n')
    verdict = b"Authentication-Results: mx.example.com; dmarc=pass header.from=acme.example\r\n"
    desk.receives(verdict + pgp.encrypted(), verdicts=True)
    assert WORDS not in desk.the("acknowledgement").text
    desk.receives(verdict + headed(ENTITY, ident="clear"), verdicts=True)
    assert WORDS in desk.the("acknowledgement").text


def test_an_encrypted_mail_that_holds_what_is_over_the_caps_is_kept_closed(sealing_desk: World, pgp: Keys) -> None:
    """What comes out goes through the same reading."""
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(40))
    message = opens(sealing_desk, pgp.encrypted(nested + ENTITY))
    assert [each["name"] for each in message["attachments"] if each["name"]] == ["encrypted.asc"]
    (row,) = sealing_desk.rows()
    assert row["outcome"] == "ticket"


def test_explain_tells_of_the_seals_and_keeps_nothing(sealing_desk: World, pgp: Keys) -> None:
    facts, ruling = sealing_desk.desk.explain(pgp.encrypted(sign=True), envelope(sealing_desk))
    assert [seal.told for seal in facts.mail.seals] == [
        "encrypted with PGP, opened",
        "signed with PGP, by carol@acme.example",
    ]
    assert ruling.outcome is Outcome.TICKET
    assert sealing_desk.rows() == []


def test_an_agent_may_command_by_a_signed_mail(sealing_desk: World, pgp: Keys) -> None:
    """The armour hides no command; a signature proves nobody, the key in the letter does."""
    sealing_desk.receives(headed(ENTITY))
    letter = sealing_desk.the("agent_ticket", "alice@example.com")
    signed = pgp.clear_signed("#solved\nUse the newer version.", sender=ALICE, ident="a1").decode()
    raw = signed.replace("To: support@example.com", f"To: {letter.reply_to}").encode()
    assert sealing_desk.receives(raw).outcome is Outcome.MESSAGE
    assert sealing_desk.ticket()["status"] == "solved"


def test_many_sealed_mails_are_looked_at_one_after_the_other(sealing_desk: World, pgp: Keys) -> None:
    mails = [pgp.signed(ident=f"many{number}") for number in range(12)]
    asked = [sealing_desk.desk.readers.read(raw) for raw in mails]
    assert {each.result(60).mail.seals[0].state for each in asked} == {"good"}


def test_a_mail_that_a_reader_process_read_is_opened_too(sealing_desk: World, pgp: Keys) -> None:
    """What a reader finds of seals comes through its pipe, and the desk does the rest."""
    readers = Readers(1, 10)
    readers.start()
    try:
        reading = Unsealing(readers, lambda: sealing_desk.config.crypto).read(pgp.encrypted(sign=True)).result(30)
    finally:
        readers.stop()
    assert [seal.state for seal in reading.mail.seals if seal.act == "encrypted"] == ["opened"]
    assert reading.mail.text == WORDS


def test_a_check_that_dies_costs_the_mail_nothing(
    world: Callable[..., World], pgp: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = world(f'[crypto]\ngnupg_home = "{pgp.home}"\n')
    raw = [pgp.signed(), pgp.signed(ident="s2")]
    deadly = tmp_path / "bin" / "gpg"
    deadly.parent.mkdir()
    deadly.write_text("#!/bin/sh\nkill -9 $PPID\n")
    deadly.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(deadly.parent), prepend=":")
        assert opens(desk, raw[0])["text"] == WORDS
    assert "not checked" in str(sealed_events(desk))
    desk.receives(raw[1])
    assert "by carol@acme.example" in str(desk.ticket("EX-10002")["events"])


def test_of_a_mail_with_hundreds_of_signatures_a_few_are_checked() -> None:
    class Counts:
        checks = 0

        def checked(self, _each: Sealed) -> tuple[Seal, tuple[str, ...]]:
            self.checks += 1
            return Seal("pgp", "signed", "unknown"), ()

        def opened(self, _each: Sealed) -> tuple[bytes | None, tuple[Seal, ...], tuple[Signature, ...]]:
            raise AssertionError

        def end(self) -> None: ...

    part = b'--b\r\nContent-Type: multipart/signed; boundary="c%d"\r\n\r\n'
    part += b"--c%d\r\n\r\nword\r\n--c%d\r\nContent-Type: application/pgp-signature\r\n\r\n%d\r\n--c%d--\r\n"
    parts = b"".join(part % ((number,) * 5) for number in range(300))
    tool = Counts()
    opened(headed(b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts + b"--b--\r\n"), "", {"pgp": tool})
    assert tool.checks == MOST


def test_what_a_killed_check_left_in_clear_is_taken_away(
    sealing_desk: World, smime: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = tmp_path / f"maildesk-opener-{gone.pid}-x"
    left.mkdir()
    (left / "out").write_bytes(ENTITY)
    opens(sealing_desk, smime.encrypted())
    wait_until(lambda: not list(tmp_path.glob("maildesk-opener-*")), "the check of today to end")


def test_a_mail_that_would_fill_the_memory_when_opened_stays_closed(sealing_desk: World, pgp: Keys) -> None:
    bomb = ENTITY + b" " * (LARGEST + 1)
    message = opens(sealing_desk, pgp.encrypted(bomb))
    assert "encrypted.asc" in [each["name"] for each in message["attachments"]]
    assert "could not be opened here" in sealing_desk.the("agent_ticket", "alice@example.com").text
