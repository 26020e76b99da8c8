"""Thousands of forged strangers: less goes out because of them than came in, and nothing of theirs is in it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest

from maildesk.store import views
from maildesk.store.database import Store
from maildesk.store.unwritten import in_full
from maildesk.words import Envelope, Receipt
from tests.builders import mail
from tests.desk.world import World

MANY = int(os.environ.get("MAILDESK_FLOOD", "2000"))  # .ci/run says 10,000
pytestmark = pytest.mark.timeout(60 + MANY // 25)
AT_ONCE = 500
CANARY = "zzcanary"
GATE = '[gate]\nauthserv_ids = ["mx.example.com"]\n'
FAILED = (
    b"Authentication-Results: mx.example.com; dmarc=fail header.from=forged.example\r\n"
    b"Received: from gate.example by mx.example.com with ESMTP; Mon, 02 Mar 2026 09:00:00 +0000\r\n"
)


def strangers(number: int) -> str:
    """A third of one company without a plan, a third of everywhere, a third of a customer's own domain."""
    domains = ("forged.example", f"d{number}.example", "acme.example")
    return f"{CANARY}name <s{number}@{domains[number % 3]}>"


def forged(many: int, before: bytes = b"") -> Iterator[tuple[bytes, str]]:
    """The mails and their envelope senders; short ones, as who wants to multiply them would write.

    Their ids are no canaries: a notice says what it answers (RFC 3834, 3.1.5).
    """
    written = mail("WRITER", subject=f"{CANARY} subject", text=f"{CANARY} text", message_id="<NUMBER@mail.test>")
    for number in range(many):
        writer = strangers(number)
        content = written.replace(b"WRITER", writer.encode()).replace(b"<NUMBER@", f"<{number}@".encode())
        yield before + content, writer.split("<")[1].rstrip(">")


def how_many(store: Store) -> int:
    """A quarter of them on PostgreSQL, which answers each question by another process."""
    return MANY // 4 if store.postgres else MANY


def flooded(desk: World, mails: Iterator[tuple[bytes, str]]) -> tuple[Counter[str], int]:
    """What became of them, and how many octets came in."""
    outcomes: Counter[str] = Counter()
    octets, waiting = 0, list[Future[Receipt]]()
    for content, sender in mails:
        octets += len(content)
        came = Envelope("lmtp:main", desk.now, sender, ("support@example.com",), verdicts=True)
        waiting.append(desk.desk.receive(content, came))
        if len(waiting) == AT_ONCE:
            outcomes.update(each.result(60).outcome.value for each in waiting)
            waiting = []
    return outcomes, octets


def leaving(desk: World) -> list[tuple[str, str, bytes]]:
    """Name, reader and octets of all letters but those to operators and what the brake holds back."""
    columns, going = ("name", "recipient", *views.PARTS), "state = 'waiting' AND audience <> 'ops' ORDER BY id"

    def ask(store: Store) -> list[tuple[str, str, bytes]]:
        found = in_full(store, columns, going, (), desk.write)
        return [(name, to, b"".join(views.assembled(store, parts))) for name, to, *parts in found]

    found: list[tuple[str, str, bytes]] = desk.ask(ask)
    return found


def to_one_company(store: Store) -> int:
    """How many strangers of it have a notice, gone or held back."""
    sql = "SELECT recipient FROM letter WHERE name = 'redirect'"
    return sum(recipient.endswith("@forged.example") for (recipient,) in store.all(sql))


def test_of_thousands_of_forged_strangers_only_the_capped_notices_go_out(
    world: Callable[..., World], store: Store
) -> None:
    many = how_many(store)
    brake = many * 6 // 100  # 600 of 10,000, as by default
    desk = world(f'{GATE}[limits]\nautomatic_mail = "{brake}/h"\n')
    outcomes, octets = flooded(desk, forged(many))
    assert outcomes.total() == many
    assert set(outcomes) == {"held", "refused"}
    going = leaving(desk)
    assert {name for name, _, _ in going} == {"redirect", "consult"}
    assert len(going) == brake
    if brake >= 120:  # of fewer, the questions to contacts are too large a part, and they are capped by the day
        assert sum(len(raw) for _, _, raw in going) < octets
    assert not [name for name, _, raw in going if CANARY.encode() in raw]
    assert all(len(raw) <= 4096 for name, _, raw in going if name == "redirect")
    assert desk.ask(to_one_company) == 20  # [limits] notices_per_domain
    asked = Counter(to for name, to, _ in going if name == "consult")
    assert asked.most_common(1)[0][1] <= 20


def test_of_thousands_that_failed_authentication_nobody_hears(world: Callable[..., World], store: Store) -> None:
    many = how_many(store)
    desk = world(GATE)
    outcomes, _ = flooded(desk, forged(many, FAILED))
    assert outcomes == Counter(held=many)
    assert desk.sent() == []
