"""No canary reaches a customer: 150 random histories in a run of the suite, 1,000 in CI, a part of them on PostgreSQL.

`scripts/bench leak` plays 5,000. What a failure prints is the history, with the seed and the number to play it again.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from quopri import encodestring
from random import Random
from urllib.parse import quote

import pytest

from maildesk.store.database import Store
from maildesk.words import Incoming
from tests.leak import agents, clients, customers
from tests.leak.histories import Played, desk, play, run
from tests.leak.people import AGENTS
from tests.leak.swift import Swift
from tests.leak.watch import Watch, everything

HISTORIES = int(os.environ.get("MAILDESK_LEAK", "150"))
BATCH = 25
FOUND = 40  # histories within which each fault is seen


@pytest.fixture(scope="module")
def swift() -> Iterator[Swift]:
    with desk() as made:
        yield made


@pytest.mark.parametrize("number", range(HISTORIES // BATCH))
def test_nothing_that_is_inside_reaches_a_customer(swift: Swift, number: int) -> None:
    played = run(swift, "suite", range(number * BATCH, (number + 1) * BATCH))
    assert played.leaks == [], "\n\n".join(played.leaks)
    assert played.went.total() > BATCH, "hardly a letter was looked at"


def test_nor_does_it_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    store = Store.open(postgres_url, tmp_path)
    try:
        played = run(Swift(store, tmp_path), "postgresql", range(max(5, HISTORIES // 20)))
    finally:
        store.close()
    assert played.leaks == [], "\n\n".join(played.leaks)


def test_the_same_seed_gives_the_same_history(swift: Swift) -> None:
    assert play(swift, "again", 3)[1] == play(swift, "again", 3)[1]
    assert play(swift, "again", 3)[1] != play(swift, "again", 4)[1]


def test_histories_lead_to_all_that_a_mail_can_come_to_and_to_most_letters(swift: Swift) -> None:
    played = run(swift, "wide", range(60))
    assert {"ticket", "message", "note", "command", "held", "request", "bounce", "refused"} <= set(played.came)
    seen = {"reply", "acknowledgement", "fields_wanted", "answer", "closed", "redirect", "consult", "escalated"}
    assert seen | {"stage", "appointment"} <= set(played.went)
    assert played.canaries > 20 * played.histories


def without_cutting(mail: Incoming) -> Incoming:
    """A desk that takes what is quoted for new words."""
    return replace(mail, said=mail.text, reply_text=mail.text)


def without_notes(mail: Incoming) -> Incoming:
    """A desk that knows no `#note`."""
    return replace(mail, said=mail.said.replace("#note\n", ""))


def with_names(mail: Incoming) -> Incoming:
    """A desk that signs with what an agent's program calls him."""
    return replace(mail, said=f"{mail.said}\n{mail.sender.name if mail.sender else ''}")


def with_fields(mail: Incoming) -> Incoming:
    """A desk that hands fields of agents' mails on."""
    secrets = [value for name, value in mail.headers if name.lower() == "x-mailer"]
    return replace(mail, said="\n".join((mail.said, *secrets)))


def with_ids(mail: Incoming) -> Incoming:
    """A desk that forgets whose mail it was, and so cites agents' Message-IDs."""
    return replace(mail, said=f"{mail.said}\n{mail.message_id}")


@pytest.mark.parametrize("spoils", [without_cutting, without_notes, with_names, with_fields, with_ids])
def test_a_desk_with_a_fault_is_found_out(spoils: object) -> None:
    with desk(spoils=spoils) as faulty:
        assert found(faulty, "spoilt")


@pytest.mark.parametrize("secret", [b"alice.home@private.example", b"anton@example.com"])
def test_a_letter_that_names_an_agents_address_is_found_out(secret: bytes) -> None:
    with desk(stains=lambda letter: letter + b64encode(b"-" * 60 + secret) + b"\r\n") as faulty:
        assert found(faulty, "stained")


def test_a_letter_with_another_readers_key_is_found_out() -> None:
    seen: list[bytes] = [b""]

    def stains(letter: bytes) -> bytes:
        seen.append(letter)
        own = next(line for line in letter.split(b"\r\n") if line.startswith(b"Message-ID"))
        first = next(line for line in seen[1].split(b"\r\n") if line.startswith(b"Message-ID"))
        return letter + first.removeprefix(b"Message-ID: ") + b"\r\n" if own != first else letter

    with desk(stains=stains) as faulty:
        assert any("a key of" in told for told in found(faulty, "keys"))


def found(swift: Swift, seed: str) -> list[str]:
    played = Played()
    for number in range(FOUND):
        played.add(play(swift, seed, number)[0])
        if played.leaks:
            break
    return played.leaks


WORD = "zq0123456789a"
HIDES = {
    "plainly": f"Text: {WORD}".encode(),
    "in capitals": WORD.upper().encode(),
    "in quoted-printable": b"Content: " + encodestring(b"x" * 70 + WORD.encode()),
    "with a letter coded": WORD.replace("q", "=71").encode(),
    "in base64": b"\r\n" + b64encode(b"x" * 100 + WORD.encode()) + b"\r\n",
    "in folded base64": b"\r\n" + b64encode(b"x" * 45) + b"\r\n" + b64encode(b"y" * 10 + WORD.encode()) + b"\r\n",
    "as an entity": WORD.replace("z", "&#122;").encode(),
    "between tags": WORD.replace("5", "<b>5</b>").encode(),
    "in a link": quote(f"mailto:{WORD}@x", safe="").replace("z", "%7A").encode(),
}
HEADS = {
    "in a word of a field": b"Subject: =?utf-8?b?" + b64encode(b"about " + WORD.encode()) + b"?=\r\n\r\n",
    "in a folded field": f"References: <a@b>\r\n <{WORD[:6]}\r\n\t{WORD[6:]}@c>\r\n\r\n".encode(),
}


@pytest.mark.parametrize("content", HIDES.values(), ids=HIDES.keys())
def test_a_canary_is_seen_in_every_coding_of_a_body(content: bytes) -> None:
    assert WORD in everything(b"Subject: x\r\n\r\n" + content)


@pytest.mark.parametrize("content", HEADS.values(), ids=HEADS.keys())
def test_a_canary_is_seen_in_the_head(content: bytes) -> None:
    assert WORD in everything(content)


def test_a_word_is_for_its_readers_and_for_those_who_may_ask() -> None:
    watch = Watch(Random(1))
    word = watch.mint("words", 1)
    content = f"Subject: x\r\n\r\n{word}".encode()
    watch.publish([word], ["carol@acme.example"], ["bob@acme.example"])
    assert list(watch.leaks(content, "carol@acme.example", "reply")) == []
    assert list(watch.leaks(content, "bob@acme.example", "answer")) == []
    assert len(list(watch.leaks(content, "bob@acme.example", "reply"))) == 1
    assert len(list(watch.leaks(content, "gil@globex.example", "answer"))) == 1


def test_every_agent_writes_from_an_address_that_nobody_else_has() -> None:
    addresses = [address for own in AGENTS.values() for address in own]
    assert len(set(addresses)) == len(addresses)
    assert len(agents.DEEDS) + len(customers.DEEDS) > 20
    assert len(clients.PROGRAMS) > 30
