"""Letters that wait to be written: the row has all they will say, and they are written once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.letters.samples import SAMPLE_NOW, SAMPLES
from maildesk.store import outbox, schema, unwritten, views, views_ticket
from maildesk.words import Address, Attachment, Letter, Order
from maildesk.words.orders import decided, ordered
from tests.builders import mail
from tests.letters.goldens import desk, letters_of
from tests.store.house import House

LEASE = timedelta(minutes=5)
TEXTS = st.text(max_size=20)
MOMENTS = st.datetimes(timezones=st.just(UTC))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | MOMENTS, lambda inner: st.lists(inner, max_size=3), max_leaves=6
)


def claimed(house: House) -> list[int]:
    return [parcel.id for parcel in outbox.claim(house.store, house.now, 10, LEASE)]


@given(
    context=st.dictionaries(TEXTS, VALUES | st.dictionaries(TEXTS, VALUES, max_size=2), max_size=4),
    name=TEXTS,
    now=MOMENTS,
)
def test_an_order_says_all_that_its_letter_says(context: dict[str, object], name: str, now: datetime) -> None:
    letter = Letter(
        name,
        Address("carol@acme.example", name),
        "customer",
        references=("a@x", "b@x"),
        shown_cc=(Address("bob@acme.example"),),
        attachments=(Attachment("a.pdf", "application/pdf", 3, True, "c1", "ab", 7, 9, "base64"),),
        context=context,
        copy=True,
    )
    text = ordered(letter, now)
    assert text.isascii()
    assert decided(text) == (letter, now)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_letter_reads_the_same_from_its_order(house: House, language: str) -> None:
    config, seen = desk(), set()
    for letter, rendered in letters_of(config, language):
        again, now = decided(ordered(letter, SAMPLE_NOW))
        assert house_of(house, again) == house_of(house, letter)
        assert now == SAMPLE_NOW
        assert rendered.text
        seen.add(letter.name)
    assert seen == set(SAMPLES)


def house_of(house: House, letter: Letter) -> tuple[str, bytes]:
    rendered = house.letters.render(letter, 9, SAMPLE_NOW)
    return rendered.text, rendered.body


def test_an_order_of_a_version_with_other_fields_is_still_read(house: House) -> None:
    told = '{"now":{"moment":"2026-03-02T09:00:00+00:00"},"gone":1,"name":"closed","to":{"address":"a@b.example"}}'
    with pytest.raises(TypeError, match="audience"):
        decided(told)
    letter, _ = decided(told[:-1] + ',"audience":"customer"}')
    assert (letter.name, letter.to, letter.attachments) == ("closed", Address("a@b.example"), ())


def test_a_letter_that_is_not_written_is_not_claimed_and_one_that_is_goes(house: House) -> None:
    house.opens()
    assert claimed(house) == []
    [serial] = house.writes()
    assert claimed(house) == [serial]
    assert house.writes() == []


def test_what_to_write_is_looked_for_among_the_letters_whose_turn_it_is(house: House) -> None:
    for number in range(3):
        house.opens(mail(subject=f"Matter {number}"))
        house.later(seconds=1)
    first = [order.serial for order in unwritten.due(house.store, house.now, 2)]
    second = [order for order in unwritten.due(house.store, house.now, 9) if order.serial not in first]
    house.store.execute("UPDATE letter SET lease_until = NULL")
    unwritten.keep(
        house.store, [(order.serial, house.letters.write(order)) for order in unwritten.due(house.store, house.now, 2)]
    )
    assert unwritten.due(house.store, house.now, 2) == []
    assert claimed(house) == first
    assert len(unwritten.due(house.store, house.now, 2)) == len(second) == 1


def test_a_letter_is_written_once_whoever_else_writes_it_too(house: House) -> None:
    house.opens()
    [order] = unwritten.due(house.store, house.now, 10)
    first = house.letters.write(order)
    unwritten.keep(house.store, [(order.serial, first)])
    unwritten.keep(house.store, [(order.serial, first._replace(body=b"another"))])
    [parcel] = outbox.claim(house.store, house.now, 10, LEASE)
    assert (parcel.head, parcel.body, parcel.mail_from) == (first.head, first.body, first.mail_from)


def test_daemons_that_share_a_store_write_different_letters(daemons: list[House]) -> None:
    daemons[0].opens()
    daemons[0].opens(mail(subject="Another matter"))
    now = daemons[0].now
    [[mine], [theirs]] = [unwritten.due(house.store, now, 1, daemon=number) for number, house in enumerate(daemons)]
    assert mine.serial != theirs.serial
    assert unwritten.due(daemons[0].store, now, 9) == []
    again = unwritten.due(daemons[0].store, now + unwritten.LEASE, 9)
    assert again == [mine, theirs], "who took them has died"
    unwritten.keep(daemons[0].store, [(order.serial, daemons[0].letters.write(order)) for order in again])
    assert claimed(daemons[1]) == [mine.serial, theirs.serial]


def test_a_letter_is_known_by_its_message_id_before_it_is_written(house: House) -> None:
    house.opens()
    [before] = outbox.rows(house.store)
    house.writes()
    [after] = outbox.rows(house.store)
    assert before["message_id"] == after["message_id"]


def test_a_thread_shows_a_letter_as_it_will_leave(house: House) -> None:
    house.opens()

    def thread() -> object:
        return views_ticket.show(house.store, "EX-10001", house.config, house.now, house.letters.write)

    waiting = thread()
    [serial] = [row["id"] for row in outbox.rows(house.store)]
    raw = views.message(house.store, serial, house.letters.write)
    house.writes()
    assert thread() == waiting
    assert views.message(house.store, serial, never) == raw


def test_a_letter_that_cannot_be_written_hides_nothing_else_of_its_thread(house: House) -> None:
    house.opens()
    [serial] = [row["id"] for row in outbox.rows(house.store)]
    shown = views_ticket.show(house.store, "EX-10001", house.config, house.now, lambda _: None)
    assert [(each["direction"], each["text"] != "") for each in shown["messages"]] == [("in", True), ("out", False)]
    with pytest.raises(LookupError, match=f"letter {serial} cannot be written; see: maildesk outbox list"):
        views.message(house.store, serial, lambda _: None)


def test_letters_of_the_first_schema_are_written_already_and_go(house: House) -> None:
    house.opens()
    [serial] = house.writes()
    raw = views.message(house.store, serial, never)
    house.store.execute("ALTER TABLE letter DROP COLUMN unwritten")
    house.store.execute("DELETE FROM schema_migration WHERE name = '0002_unwritten'")
    assert schema.upgrade(house.store) == ["0002_unwritten"]
    assert house.writes() == []
    assert claimed(house) == [serial]
    assert views.message(house.store, serial, never) == raw


def never(order: Order) -> unwritten.Rendered:
    raise AssertionError(f"{order.serial} is written already")


def test_a_letter_that_the_database_does_not_take_stands_in_no_others_way(house: House) -> None:
    house.opens()
    house.opens(mail(subject="Another matter"))
    first, second = unwritten.due(house.store, house.now, 9)
    nameless: Any = house.letters.write(second)._replace(message_id=None)
    with house.store.atomic():
        left = unwritten.keep(house.store, [(first.serial, house.letters.write(first)), (second.serial, nameless)])
    assert list(left) == [second.serial]
    assert "null" in left[second.serial].lower()
    assert claimed(house) == [first.serial]


def test_what_waits_for_an_operator_is_not_written_before_he_lets_it_go(house: House) -> None:
    house.opens()
    [order] = unwritten.due(house.store, house.now, 10)
    assert unwritten.refuse(house.store, order.serial, "why")
    assert not unwritten.refuse(house.store, order.serial, "again")
    [row] = outbox.rows(house.store)
    assert (row["state"], row["last_error"]) == ("held", "cannot be written: why")
    assert house.writes() == claimed(house) == []
    outbox.retry(house.store, [order.serial], house.now)
    assert house.writes() == claimed(house) == [order.serial]
