"""The outbox on both databases: claimed once, settled by the holder, tried again, given up, released, dropped."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest

from maildesk.store import outbox
from maildesk.store.database import Store
from maildesk.words import Attachment, Delivery, Settled
from tests.store import rows
from tests.store.rows import NOON

LEASE = timedelta(minutes=5)
SENT = Settled(Delivery.SENT, "250 2.0.0 taken")


def claim(store: Store, limit: int = 10, after: timedelta = timedelta()) -> list[int]:
    return [parcel.id for parcel in outbox.claim(store, NOON + after, limit, LEASE)]


def state(store: Store, ident: int) -> str:
    [found] = [row["state"] for row in outbox.rows(store, all=True) if row["id"] == ident]
    return str(found)


def test_a_parcel_is_the_letter_as_it_will_leave(store: Store) -> None:
    listed = [
        {"name": "a.pdf", "type": "application/pdf", "sha256": "ab", "size": 3, "inline": False, "content_id": ""}
    ]
    written = rows.letter(store, attachments=json.dumps(listed), boundary="b", mail_from="x@example.com", attempts=2)
    [parcel] = outbox.claim(store, NOON, 10, LEASE)
    assert (parcel.id, parcel.name, parcel.recipient) == (written.id, "acknowledgement", "carol@acme.example")
    assert (parcel.head, parcel.body, parcel.boundary) == (b"Subject: x\r\n\r\n", b"y\r\n", "b")
    assert (parcel.mail_from, parcel.attempts, parcel.created) == ("x@example.com", 2, NOON)
    assert parcel.attachments == (Attachment("a.pdf", "application/pdf", 3, sha256="ab"),)


def test_what_is_due_first_goes_first_and_what_is_not_due_stays(store: Store) -> None:
    later, first, second = (
        rows.letter(store, next_try=NOON + timedelta(minutes=minutes)).id for minutes in (1, -2, -1)
    )
    assert claim(store, limit=1) == [first]
    assert claim(store) == [second]
    assert claim(store, after=timedelta(minutes=1)) == [later]


def test_what_is_held_or_done_is_not_claimed(store: Store) -> None:
    for other in ("held", "sent", "failed"):
        rows.letter(store, state=other)
    assert claim(store) == []


def test_a_claimed_letter_is_nobody_else_s_until_its_lease_has_ended(store: Store) -> None:
    letter = rows.letter(store)
    assert claim(store) == [letter.id]
    assert claim(store, after=LEASE - timedelta(seconds=1)) == []
    assert claim(store, after=LEASE) == [letter.id]


def test_a_daemon_that_starts_anew_frees_what_it_was_killed_with_and_nobody_elses(store: Store) -> None:
    sent, in_hand, of_another = (rows.letter(store).id for _ in range(3))
    [first, _] = outbox.claim(store, NOON, 2, LEASE, daemon=7)
    assert [parcel.id for parcel in outbox.claim(store, NOON, 1, LEASE, daemon=8)] == [of_another]
    assert outbox.settle(store, first, SENT, NOON)
    assert outbox.free(store, 7) == 1
    assert claim(store) == [in_hand]
    assert state(store, sent) == "sent"


def test_one_that_slept_past_its_lease_settles_nothing(store: Store) -> None:
    letter = rows.letter(store)
    [slept] = outbox.claim(store, NOON, 1, LEASE)
    [awake] = outbox.claim(store, NOON + LEASE, 1, LEASE)
    failed = Settled(Delivery.FAILED, "550 no")
    assert not outbox.settle(store, slept, failed, NOON + LEASE)
    assert outbox.settle(store, awake, SENT, NOON + LEASE)
    assert not outbox.settle(store, awake, failed, NOON + LEASE)
    assert state(store, letter.id) == "sent"


def test_a_letter_put_off_is_due_again_at_its_next_try(store: Store) -> None:
    letter = rows.letter(store)
    [parcel] = outbox.claim(store, NOON, 1, LEASE)
    soon = NOON + timedelta(minutes=5)
    outbox.settle(store, parcel, Settled(Delivery.WAITING, "try later", "4.2.0", soon), NOON)
    [row] = outbox.rows(store)
    assert row == {
        "id": letter.id,
        "letter": "acknowledgement",
        "ticket": None,
        "to": "carol@acme.example",
        "message_id": letter.message_id,
        "state": "waiting",
        "attempts": 1,
        "next_try": "2026-03-02T12:05:00Z",
        "last_error": "4.2.0 try later",
    }
    assert claim(store, after=timedelta(minutes=4)) == []
    assert claim(store, after=timedelta(minutes=5)) == [letter.id]


def test_a_fault_of_the_relay_does_not_count_as_an_attempt(store: Store) -> None:
    rows.letter(store)
    [parcel] = outbox.claim(store, NOON, 1, LEASE)
    outbox.settle(store, parcel, Settled(Delivery.WAITING, "no route", next_try=NOON, counted=False), NOON)
    assert [row["attempts"] for row in outbox.rows(store)] == [0]


def test_a_letter_that_waits_must_know_until_when(store: Store) -> None:
    rows.letter(store)
    [parcel] = outbox.claim(store, NOON, 1, LEASE)
    with pytest.raises(ValueError, match="next_try"):
        outbox.settle(store, parcel, Settled(Delivery.WAITING), NOON)


def test_the_list_names_the_ticket_and_shows_sent_ones_only_on_request(store: Store) -> None:
    ticket = rows.ticket(store)
    waiting, sent = rows.letter(store, ticket=ticket), rows.letter(store, state="sent")
    assert [(row["id"], row["ticket"]) for row in outbox.rows(store)] == [(waiting.id, ticket.reference)]
    assert [row["id"] for row in outbox.rows(store, all=True)] == [waiting.id, sent.id]


def test_retry_without_ids_makes_all_that_wait_or_are_held_due_now(store: Store) -> None:
    waiting = rows.letter(store, next_try=NOON + timedelta(days=1))
    held = rows.letter(store, state="held", next_try=None)
    failed = rows.letter(store, state="failed", next_try=None)
    assert outbox.retry(store, None, NOON) == [waiting.id, held.id]
    assert claim(store) == [waiting.id, held.id]
    assert state(store, failed.id) == "failed"


def test_retry_by_id_takes_up_what_was_given_up_and_never_what_was_sent(store: Store) -> None:
    failed = rows.letter(store, state="failed", next_try=None)
    sent = rows.letter(store, state="sent", next_try=None)
    assert outbox.retry(store, [failed.id, sent.id, 999], NOON) == [failed.id]
    assert claim(store) == [failed.id]


def test_drop_takes_out_what_was_not_sent(store: Store) -> None:
    waiting, sent = rows.letter(store), rows.letter(store, state="sent")
    assert outbox.drop(store, [waiting.id, sent.id, 999]) == [waiting.id]
    assert [row["id"] for row in outbox.rows(store, all=True)] == [sent.id]


def test_the_next_look_is_at_the_first_letter_or_the_end_of_its_lease(store: Store) -> None:
    assert outbox.next_due(store) is None
    rows.letter(store, next_try=NOON + timedelta(hours=1))
    assert outbox.next_due(store) == NOON + timedelta(hours=1)
    rows.letter(store)
    assert outbox.next_due(store) == NOON
    claim(store)
    assert outbox.next_due(store) == NOON + LEASE


def test_several_postmen_never_get_the_same_letter(store: Store) -> None:
    written = {rows.letter(store).id for _ in range(60)}
    claimed: list[int] = []

    def work() -> None:
        with store.session():
            while True:
                with store.atomic():
                    found = claim(store, limit=4)
                if not found:
                    return
                claimed.extend(found)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(written)
