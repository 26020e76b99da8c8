"""An agent is proved by his own signature, PGP or S/MIME, over his words and the fields that say to whom and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests import sealing
from tests.builders import ALICE, ANTON, CAROL, DIRECTORY, START, mail
from tests.desk.world import World
from tests.sealing import Certificates, Keys, keys

SUBJECT = "Re: [EX-10001] The export fails"


@pytest.fixture(scope="module")
def pgp() -> Iterator[Keys]:
    """The key of Alice, whom the desk knows."""
    with keys() as made:
        made.carol = sealing._key(made.hers, "Alice Agent", "alice@example.com")
        made.know_carol()
        yield made


@pytest.fixture
def desk(world: Callable[..., World], pgp: Keys) -> World:
    desk = world(f'[crypto]\ngnupg_home = "{pgp.home}"\n', people=DIRECTORY)
    desk.receives(mail(CAROL))
    return desk


def fields(**changed: str) -> dict[str, str]:
    given = {"From": ALICE, "To": "support@example.com", "Subject": SUBJECT, "Message-ID": "<a1@example.com>"}
    return given | {"Date": format_datetime(START)} | changed


def block(given: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in given.items()).encode()


def entity(text: str = "#take", **changed: str) -> bytes:
    """A text with the fields of its mail, as Thunderbird signs them."""
    kind = b'Content-Type: text/plain; charset=utf-8; protected-headers="v1"\r\n'
    return kind + block(fields(**changed)) + b"\r\n" + text.replace("\n", "\r\n").encode() + b"\r\n"


def signed(by: Any, content: bytes, **outside: str) -> bytes:
    """Signed, with these fields around it."""
    whole: bytes = by.signed(content)
    return block(fields(**outside)) + b"MIME-Version: 1.0\r\n" + whole[whole.index(b"Content-Type: multipart/signed") :]


def test_a_mail_with_the_agents_own_signature_is_done(desk: World, pgp: Keys) -> None:
    assert desk.receives(signed(pgp, entity("#take\n#severity 2"))).outcome == "command"
    assert (desk.ticket()["owner"], desk.ticket()["severity"]) == ("alice@example.com", 2)


def test_so_is_one_that_is_newly_signed_in_the_form_of_rfc_9788(desk: World, pgp: Keys) -> None:
    content = entity().replace(b'protected-headers="v1"', b'hp="clear"')
    assert desk.receives(signed(pgp, content)).outcome == "command"


def test_s_mime_proves_likewise(world: Callable[..., World], tmp_path_factory: pytest.TempPathFactory) -> None:
    made = Certificates(tmp_path_factory.mktemp("alices"))
    made._issue("carol", "alice@example.com")
    made.trust_the_authority()
    desk = world(f'[crypto]\nsmime_dir = "{made.desk}"\n')
    desk.receives(mail(CAROL))
    assert desk.receives(signed(made, entity())).outcome == "command"
    assert desk.receives(signed(made, entity(), **{"Message-ID": "<a2@example.com>"})).outcome == "held"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Subject", "Re: [EX-10002] Another matter"),
        ("To", "sales@example.com"),
        ("Message-ID", "<a2@example.com>"),
        ("Date", format_datetime(START + timedelta(hours=1))),
        ("Cc", "eve@elsewhere.example"),
        ("In-Reply-To", "<another@example.com>"),
        ("References", "<another@example.com>"),
    ],
)
def test_t19_a_signed_text_in_another_mail_proves_nothing(desk: World, pgp: Keys, name: str, value: str) -> None:
    assert desk.receives(signed(pgp, entity(), **{name: value})).outcome == "held"
    assert [each.name for each in desk.sent()] == ["confirm"]
    assert desk.ticket()["owner"] is None


def test_t19_a_signed_mail_is_done_once(desk: World, pgp: Keys) -> None:
    content = signed(pgp, entity("#solved"))
    assert desk.receives(content).outcome == "command"
    desk.receives(mail(CAROL, subject="Re: [EX-10001]", text="It still fails."))
    assert desk.ticket()["status"] == "open"
    assert desk.receives(content).outcome == "duplicate"
    assert desk.receives(b"X-Way: another\r\n" + content.replace(b"outer", b"other")).outcome in ("duplicate", "held")
    assert desk.ticket()["status"] == "open"


def test_t19_an_old_signed_mail_proves_nothing(desk: World, pgp: Keys) -> None:
    desk.now += timedelta(days=8)
    assert desk.receives(signed(pgp, entity())).outcome == "held"


def test_t20_words_beside_what_is_signed_prove_nothing(desk: World, pgp: Keys) -> None:
    more = b"Content-Type: text/plain\r\n\r\n#closed\r\n"
    appended = signed(pgp, entity()).replace(b"--outer--", b"--outer\r\n" + more + b"--outer--")
    assert desk.receives(appended).outcome == "held"
    changed = signed(pgp, entity(**{"Message-ID": "<a3@example.com>"}), **{"Message-ID": "<a3@example.com>"})
    assert desk.receives(changed.replace(b"#take", b"#spam")).outcome == "held"
    assert desk.ticket()["owner"] is None


def test_t20_a_signature_without_the_fields_proves_nothing(desk: World, pgp: Keys) -> None:
    """Whoever has an old signed text of hers could write any subject around it."""
    bare = b"Content-Type: text/plain; charset=utf-8\r\n\r\n#take\r\n"
    assert desk.receives(signed(pgp, bare)).outcome == "held"
    unmarked = entity().replace(b'; protected-headers="v1"', b"")
    again = {"Message-ID": "<a4@example.com>"}
    assert desk.receives(signed(pgp, unmarked.replace(b"a1@", b"a4@"), **again)).outcome == "held"


def test_t20_fields_of_a_wrapping_that_nobody_signed_prove_nothing(desk: World, pgp: Keys) -> None:
    """A genuine signature over a bare text, in a part that bears the fields a forger would like."""
    bare = b"Content-Type: text/plain; charset=utf-8\r\n\r\n#closed\r\n"
    inner = pgp.signed(bare)
    inner = inner[inner.index(b"Content-Type: multipart/signed") :]
    wrapped = b'Content-Type: multipart/mixed; boundary="w"; protected-headers="v1"\r\n' + block(fields())
    content = block(fields()) + b"MIME-Version: 1.0\r\n" + wrapped.partition(b"\r\n")[0] + b"\r\n\r\n--w\r\n" + inner
    assert desk.receives(content + b"\r\n--w--\r\n").outcome == "held"
    assert desk.ticket()["status"] == "new"


def test_t6_another_agents_signature_does_not_speak_for_him(desk: World, pgp: Keys) -> None:
    assert desk.receives(signed(pgp, entity(From=ANTON), From=ANTON)).outcome == "held"
    stranger = copy(pgp)
    stranger.carol = sealing._key(pgp.hers, "Alice Agent", "alice@example.com")  # a key that the desk does not have
    other = {"Message-ID": "<a5@example.com>"}
    assert desk.receives(signed(stranger, entity(**other), **other)).outcome == "held"
    assert desk.ticket()["owner"] is None


def test_what_our_mail_servers_call_forged_is_not_made_good_by_a_signature(
    world: Callable[..., World], pgp: Keys
) -> None:
    desk = world(f'[crypto]\ngnupg_home = "{pgp.home}"\n[gate]\nauthserv_ids = ["mx.example.com"]\n')
    desk.receives(mail(CAROL))
    failed = b"Authentication-Results: mx.example.com; dmarc=fail header.from=example.com\r\n"
    assert desk.receives(failed + signed(pgp, entity()), verdicts=True).outcome == "held"
    assert desk.sent() == []
