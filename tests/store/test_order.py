"""Several daemons draw their ids by the handful: what is listed goes by its moment, not by its id."""

from __future__ import annotations

from datetime import timedelta

from maildesk.store import outbox, views, views_ticket
from maildesk.words import AddMessage, Address, Facts, Outcome, Ruling, SendLetter, Visibility
from tests.builders import START, mail
from tests.store.house import House, acknowledgement

REFERENCE = "EX-10001"
WRITER = Address("carol@acme.example", "Carol")


def answered(facts: Facts) -> Ruling:
    letter = acknowledgement(WRITER, REFERENCE, facts)
    added = AddMessage(REFERENCE, Visibility.PUBLIC, WRITER.address)
    return Ruling(Outcome.MESSAGE, "a reply", ("reply",), (added, SendLetter(letter)), REFERENCE)


def test_a_thread_that_two_daemons_wrote_is_shown_in_its_order(daemons: list[House]) -> None:
    daemons[0].opens()
    for number in range(1, 5):
        house = daemons[number % 2]
        house.now = START + timedelta(minutes=number)
        house.takes(mail(subject=f"[{REFERENCE}] {number}"), answered)
    store, config = daemons[0].store, daemons[0].config
    shown = views_ticket.show(store, REFERENCE, config, daemons[0].now, daemons[0].letters.write)["messages"]
    assert [each["at"] for each in shown] == sorted(each["at"] for each in shown)
    assert [each["id"] for each in shown] != sorted(each["id"] for each in shown), "or this proves nothing"
    received = [row["received"] for row in views.ledger(store)]
    assert received == sorted(received)
    letters = [row["id"] for row in outbox.rows(store)]
    daemons[0].writes()
    claimed = [parcel.id for parcel in outbox.claim(store, daemons[0].now, 10, timedelta(minutes=5))]
    assert claimed == letters
    assert claimed != sorted(claimed)
