"""What the tests of hostile access share: Carol's ticket, what must stay as it was, and many mails ruled on cheaply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from maildesk.desk.desk import rule
from maildesk.desk.reader import reading
from maildesk.desk.readers import Reading
from maildesk.store.database import Store
from maildesk.words import Envelope, Facts, Ruling, SendLetter
from tests.builders import ALICE, CAROL, DIRECTORY, mail
from tests.desk.world import Sent, World

EVIL = "evil@elsewhere.example"
GIL = "Gil Glow <gil@globex.example>"
MX = "mx.example.com"
TRUSTS = f'[gate]\nauthserv_ids = ["{MX}"]\n'
PEOPLE = ("contact", "agent", "person_address", "organisation")
_TOKEN = re.compile(r"[.-]([a-z2-7]{27,39})(?:\.t)?@")


def said_of(domain: str, what: str = "pass") -> bytes:
    """What our own mail server says of a writer."""
    return f"Authentication-Results: {MX}; dmarc={what} header.from={domain}\r\n".encode()


def answered(desk: World, **fields: Any) -> Sent:
    """Carol has asked as EX-10001, Alice has answered: the answer, as Carol got it."""
    desk.receives(mail(CAROL, message_id="<first@acme.example>", **fields))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Please send us the log.")
    return desk.the("reply", "carol@acme.example")


def earlier(desk: World, name: str, recipient: str = "") -> Sent:
    """The first letter of that name to him, whenever it was written."""
    seen, desk.seen = desk.seen, 0
    found = [each for each in desk.sent(name) if not recipient or each.recipient in recipient]
    desk.seen = seen
    return found[0]


def token(letter: str) -> str:
    """The key in a keyed address or Message-ID."""
    found = _TOKEN.search(letter)
    assert found is not None
    return found[1]


def changed(text: str, place: int) -> str:
    """The text with another character there."""
    return f"{text[:place]}{'a' if text[place] != 'a' else 'b'}{text[place + 1 :]}"


@contextmanager
def untouched(desk: World, reference: str = "EX-10001") -> Iterator[None]:
    """Whatever happens within: the ticket stays as it is, with nothing new in its thread, and so do all people."""
    before = desk.ticket(reference), rows(desk, *PEOPLE)
    yield
    assert (desk.ticket(reference), rows(desk, *PEOPLE)) == before


def rows(desk: World, *tables: str) -> dict[str, list[Any]]:
    def ask(store: Store) -> dict[str, list[Any]]:
        return {table: sorted(store.all(f"SELECT * FROM {table}"), key=repr) for table in tables}

    found: dict[str, list[Any]] = desk.ask(ask)
    return found


def reached(desk: World) -> set[str]:
    """Whom the last mail's letters went to, but for the operators."""
    return {each.recipient for each in desk.sent() if each.name != "alarm"}


def came(desk: World, sender: str = EVIL, **fields: Any) -> Envelope:
    given: dict[str, Any] = {"recipients": ("support@example.com",), "verdicts": True, "refusable": True}
    return Envelope("lmtp:main", desk.now, sender, **(given | fields))


def read(contents: Iterable[bytes]) -> list[Reading]:
    return [Reading(*reading(content)) for content in contents]


def ruled(desk: World, readings: Iterable[Reading], envelope: Envelope) -> list[tuple[Facts, Ruling]]:
    """What would become of each of them, one by one; nothing stays."""

    def ask(store: Store) -> list[tuple[Facts, Ruling]]:
        with store.undone():
            return [rule(store, desk.desk.settings, each, envelope, desk.now) for each in readings]

    found: list[tuple[Facts, Ruling]] = desk.ask(ask)
    return found


def flooded(desk: World, contents: Sequence[bytes], sender: str) -> list[str]:
    """Handed in all at once, each kept; their outcomes."""
    envelope = came(desk, sender)
    desk.seen = desk.ask(lambda store: int(store.one("SELECT COALESCE(MAX(id), 0) FROM letter")[0]))
    waiting = [desk.desk.receive(content, envelope) for content in contents]
    return [each.result(60).outcome.value for each in waiting]


def letters(ruling: Ruling) -> list[SendLetter]:
    return [each for each in ruling.decisions if isinstance(each, SendLetter)]


def allotment(number: int) -> str:
    """The directory with so many more contacts of Acme's."""
    more = "".join(
        f'[[organisation.contact]]\nname = "C{each}"\naddresses = ["c{each}@acme.example"]\n' for each in range(number)
    )
    place = '[[organisation]]\nname = "Globex"'
    return DIRECTORY.replace(place, f"{more}{place}")
