"""Mails that share one commit: what the first of them caused counts for the others."""

from __future__ import annotations

import threading
from email.utils import parseaddr

from maildesk.words import Envelope
from tests.builders import CAROL, STRANGER, mail
from tests.desk.world import World


def burst(desk: World, sender: str, count: int) -> None:
    """So many mails that wait for the ledger at once, and so come into one batch."""
    held_up, go_on = threading.Event(), threading.Event()

    def hold_up(_: object) -> None:
        held_up.set()
        go_on.wait(10)

    desk.ledger.submit(hold_up)
    assert held_up.wait(10)
    whom, to = parseaddr(sender)[1], ("support@example.com",)
    came = Envelope(door="lmtp:main", received=desk.now, sender=whom, recipients=to, refusable=True)
    receipts = [desk.desk.receive(mail(sender, subject=f"Question {number}"), came) for number in range(count)]
    go_on.set()
    for receipt in receipts:
        receipt.result(20)


def test_a_stranger_who_writes_often_at_once_gets_one_notice(desk: World) -> None:
    burst(desk, STRANGER, 10)
    assert len(desk.sent("redirect")) == 1


def test_a_contact_who_writes_often_at_once_gets_five_acknowledgements(desk: World) -> None:
    burst(desk, CAROL, 10)
    assert len(desk.sent("acknowledgement")) == 5
