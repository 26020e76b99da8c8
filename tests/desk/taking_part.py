"""People of the stories about who takes part, and what several of these stories do."""

from __future__ import annotations

from maildesk.words import Receipt
from tests.builders import ALICE, CAROL, mail
from tests.desk.world import Sent, World

NED = "Ned New <ned@partner.example>"
EVE = "Eve Evil <eve@attacker.example>"
GIL = "Gil Glow <gil@globex.example>"
SECRET = "The password is in the vault"


def opened(desk: World, **fields: object) -> None:
    assert desk.receives(mail(CAROL, **{"message_id": "<first@acme.example>", **fields})).ticket == "EX-10001"


def named(desk: World, *people: str) -> Sent:
    """Carol has asked, with these in Cc; the letter that asks her about them."""
    opened(desk, cc=people, text=SECRET)
    return desk.the("consult", CAROL)


def written_in(desk: World, writer: str = NED, text: str = "I know more.", **fields: object) -> Receipt:
    """Somebody answers Carol's first mail, which he has seen."""
    headers = {"In-Reply-To": "<first@acme.example>", "References": "<first@acme.example>"}
    return desk.receives(mail(writer, subject="Re: The export fails", text=text, headers=headers, **fields))


def answers(desk: World, letter: Sent, text: str = "Which version is it?") -> list[Sent]:
    """An agent answers one of his letters; the copies that go out."""
    desk.replies(ALICE, letter, text)
    return desk.sent("reply")


def texts(desk: World, address: str) -> str:
    """All that was ever sent to an address."""
    desk.seen = 0
    return "\n".join(letter.text for letter in desk.sent() if letter.recipient == address)


def people(desk: World) -> list[str]:
    return list(desk.ticket()["participants"])


def events(desk: World) -> list[str]:
    return [event["event"] for event in desk.ticket()["events"]]
