"""The spoof matrix: some 200 From lines, by what proves them, by how they refer to Carol's ticket.

None of them changes a ticket, a contact or an agent, and none of them has a word of the mail sent to anybody, but to
agents where our own servers vouch for the address that really wrote. What a stranger may cause is what any stranger
may: his mail is held or refused, and somebody is asked or told of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from maildesk.desk.desk import rule
from maildesk.desk.reader import reading
from maildesk.desk.readers import Reading
from maildesk.store.database import Store
from maildesk.words import AskNewcomers, Envelope, Facts, Hold, Outcome, Ruling, SendLetter, SpendKeys, Verdict
from tests.builders import ALICE, CAROL, START, mail
from tests.desk.spoofs import EVIL, FORMS, PROOFS
from tests.desk.world import World

GATE = '[gate]\nauthserv_ids = ["mx.example.com"]\n'
HARMLESS = (Hold, SendLetter, SpendKeys, AskNewcomers)
QUESTIONS = ("redirect", "consult", "agent_update", "alarm")
SECRET = "the words of the forger"
TABLES = ("ticket", "participant", "contact", "agent", "person_address", "organisation", "survey", "link")

Thread = Callable[[World], dict[str, Any]]


def with_carols_ticket(world: Callable[..., World]) -> World:
    """Carol has a ticket, an agent has answered it."""
    desk = world(GATE)
    desk.receives(mail(CAROL, message_id="<first@acme.example>"))
    told = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, told, "Please send us the log.")
    return desk


def to_nothing(_desk: World) -> dict[str, Any]:
    return {}


def by_a_guessed_reference(_desk: World) -> dict[str, Any]:
    return {"subject": "Re: [EX-10001] The export fails"}


def by_the_id_of_carols_own_mail(_desk: World) -> dict[str, Any]:
    return {"headers": {"In-Reply-To": "<first@acme.example>"}}


def by_a_changed_id_of_ours(desk: World) -> dict[str, Any]:
    ident = letter_of(desk, "reply")
    place = ident.index(".") + 3
    other = "a" if ident[place] != "a" else "b"
    return {"headers": {"In-Reply-To": ident[:place] + other + ident[place + 1 :]}}


def by_an_id_of_ours_for_another_ticket(desk: World) -> dict[str, Any]:
    return {"headers": {"In-Reply-To": letter_of(desk, "reply").replace("EX-10001", "EX-10002")}}


def by_the_id_of_carols_letter(desk: World) -> dict[str, Any]:
    return {"headers": {"In-Reply-To": letter_of(desk, "reply")}}


def by_the_id_of_an_agents_letter(desk: World) -> dict[str, Any]:
    return {"headers": {"In-Reply-To": letter_of(desk, "agent_ticket")}}


def by_an_invented_keyed_address(_desk: World) -> dict[str, Any]:
    return {"to": f"support+EX-10001-{'b' * 28}@example.com"}


THREADS: tuple[Thread, ...] = (
    to_nothing,
    by_a_guessed_reference,
    by_the_id_of_carols_own_mail,
    by_a_changed_id_of_ours,
    by_an_id_of_ours_for_another_ticket,
    by_the_id_of_carols_letter,
    by_the_id_of_an_agents_letter,
    by_an_invented_keyed_address,
)


def letter_of(desk: World, name: str) -> str:
    def ask(store: Store) -> str:
        row = store.one("SELECT message_id FROM letter WHERE name = ? ORDER BY id", (name,))
        assert row is not None
        return f"<{row[0]}>"

    found: str = desk.ask(ask)
    return found


def unsigned(reference: dict[str, Any]) -> bytes:
    return mail("WRITER", text=f"#solved\n{SECRET}", **({"subject": SECRET} | reference))


def signed(content: bytes, form: str, proof: str, number: int) -> bytes:
    ident = f"<forged{number}@mail.test>".encode()
    written = re.sub(rb"(?m)^From: WRITER", lambda _: form.encode("utf-8", "surrogateescape"), content)
    return proof.encode() + re.sub(rb"<m\d+@mail\.test>", ident, written)


def ruled(desk: World, reference: dict[str, Any], proof: str, forms: Sequence[str]) -> list[tuple[Facts, Ruling]]:
    """What would become of each of them, one by one; nothing stays."""
    content, came = unsigned(reference), envelope(desk)
    readings = [Reading(*reading(signed(content, form, proof, number))) for number, form in enumerate(forms)]

    def ask(store: Store) -> list[tuple[Facts, Ruling]]:
        with store.undone():
            return [rule(store, desk.desk.settings, each, came, desk.now) for each in readings]

    found: list[tuple[Facts, Ruling]] = desk.ask(ask)
    return found


def envelope(desk: World) -> Envelope:
    return Envelope("lmtp:main", desk.now, EVIL, ("support@example.com",), verdicts=True, refusable=True)


def state(desk: World) -> dict[str, list[Any]]:
    """All that a forger would like to change."""

    def ask(store: Store) -> dict[str, list[Any]]:
        found = {table: sorted(store.all(f"SELECT * FROM {table}"), key=repr) for table in TABLES}
        in_thread = "SELECT id, visibility FROM mail WHERE ticket_id IS NOT NULL AND visibility <> '' ORDER BY id"
        return found | {"thread": list(store.all(in_thread))}

    found: dict[str, list[Any]] = desk.ask(ask)
    return found


def test_the_matrix_has_two_hundred_forms_and_more() -> None:
    assert len(FORMS) >= 200


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS.keys())
@pytest.mark.parametrize("refers", THREADS, ids=lambda each: each.__name__)
def test_a_forged_writer_changes_nothing_and_none_of_his_words_go_anywhere(
    world: Callable[..., World], refers: Thread, proof: str
) -> None:
    desk = with_carols_ticket(world)
    forms = FORMS[::10] if desk.ask(lambda store: store.postgres) else FORMS
    for form, (facts, ruling) in zip(forms, ruled(desk, refers(desk), proof, forms), strict=True):
        assert ruling.outcome in (Outcome.HELD, Outcome.REFUSED, Outcome.ROBOT), (form, ruling)
        assert [each for each in ruling.decisions if not isinstance(each, HARMLESS)] == [], form
        letters = [each.letter for each in ruling.decisions if isinstance(each, SendLetter)]
        assert {each.name for each in letters} <= set(QUESTIONS), form
        really = facts.mail.sender is not None and facts.mail.sender.address.endswith("elsewhere.example")
        vouched = really and facts.verdict is Verdict.PASS
        told = [each.context for each in letters if not (vouched and each.audience == "agent")]
        assert SECRET not in repr(told), form
        if facts.verdict is Verdict.FAIL:
            assert [each.name for each in letters if each.name != "alarm"] == [], form


@pytest.mark.parametrize("refers", [by_a_guessed_reference, by_the_id_of_carols_letter], ids=lambda each: each.__name__)
def test_what_forgers_send_for_a_day_leaves_everything_as_it_was(world: Callable[..., World], refers: Thread) -> None:
    desk = with_carols_ticket(world)
    before, proofs = state(desk), list(PROOFS.values())
    content, came = unsigned(refers(desk)), envelope(desk)
    for number, form in enumerate(FORMS):
        desk.desk.receive(signed(content, form, proofs[number % len(proofs)], number), came).result(20)
    assert len(desk.rows()) == len(FORMS) + 2
    assert state(desk) == before
    assert desk.now == START
