"""Passing for somebody by a forged From, another field, or an address that is like his: rows T6, T7 and T15 of the
threat table.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from maildesk.policy.commands import ALIASES, COMMANDS
from maildesk.words import Outcome
from tests.builders import ALICE, ANTON, CAROL, DIRECTORY, STRANGER, mail
from tests.desk.hostile import (
    EVIL,
    TRUSTS,
    answered,
    came,
    earlier,
    letters,
    reached,
    read,
    ruled,
    said_of,
    untouched,
)
from tests.desk.world import Sent, World, reply_to

# T6: commands in an agent's name

ARGUMENTS = {
    "assign": "Alice", "severity": "1", "category": "x", "queue": "sales", "level": "2", "field": "x y",
    "cc": f"+{EVIL}", "new": EVIL, "merge": "EX-10002", "link": "EX-10002", "contact": f"allow {EVIL}",
    "escalate": "now", "charge": "9", "credit": "9 x", "time": "9h", "away": "2027-01-01",
}  # fmt: skip
WORDS = sorted({*COMMANDS, *ALIASES, *ARGUMENTS})


FIELDS = (
    "Reply-To", "Sender", "Resent-From", "Resent-Sender", "Return-Path", "X-Sender", "X-Original-From", "Errors-To",
    "Mail-Followup-To", "Mail-Reply-To", "Return-Receipt-To", "Disposition-Notification-To", "Author", "On-Behalf-Of",
)  # fmt: skip


def test_t6_no_command_with_a_forged_agents_name_does_anything(desk: World) -> None:
    """In the text and in the subject, to the ticket and to the queue."""
    answered(desk)
    desk.receives(mail(STRANGER, subject="At the door"))
    contents = []
    for word in WORDS:
        line = f"#{word} {ARGUMENTS.get(word, '')}".rstrip()
        contents += [
            mail(ALICE, subject="Re: [EX-10001] The export fails", text=f"{line}\nBuy pills."),
            mail(ALICE, to="support+EX-10001@example.com", subject=line, text="Buy pills."),
            mail(ALICE, subject=line, text=""),
        ]
    for content, (_, ruling) in zip(contents, ruled(desk, read(contents), came(desk)), strict=True):
        assert (ruling.outcome, ruling.reason) == (Outcome.HELD, "unproved"), content
        told = [each.letter for each in letters(ruling)]
        assert [(each.name, each.to.address) for each in told] == [("confirm", "alice@example.com")]
        assert "pills" not in repr(told[0].context)


def test_t6_the_agent_is_asked_at_the_address_of_the_directory(world: Callable[..., World]) -> None:
    """Whichever of his addresses the forger took, and wherever he would like the question to go."""
    second = DIRECTORY.replace('["alice@example.com"]', '["alice@example.com", "alice@home.example"]')
    desk = world(people=second)
    answered(desk)
    content = mail(
        "Eve <alice@home.example>", subject="[EX-10001]", text="#solved", headers=dict.fromkeys(FIELDS, EVIL)
    )
    with untouched(desk):
        assert desk.receives(content, sender=EVIL).outcome == "held"
    letter = desk.the("confirm")
    assert (letter.recipient, letter.addresses("To")) == ("alice@example.com", {"alice@example.com"})
    assert EVIL not in letter.text


def test_t6_a_forger_says_yes_to_himself_in_vain(desk: World) -> None:
    """He has no key of that question; and no key of another does."""
    answered(desk)
    other = earlier(desk, "agent_ticket", ANTON)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#solved"), sender=EVIL)
    question = desk.the("confirm")
    held = re.search(r"\+(held-\d+)-", question.reply_to)
    assert held is not None
    guessed = question.reply_to.replace(held[1], f"{held[1]}0")
    for to in (f"support+{held[1]}@example.com", guessed, other.reply_to, question.reply_to[:-14] + "@example.com"):
        with untouched(desk):
            assert desk.receives(mail(ALICE, to=to, subject="Re: Is this mail yours?", text="yes")).outcome == "held"
    with untouched(desk):  # another agent, a customer and a stranger who saw the question's key
        for writer in (ANTON, CAROL, STRANGER):
            desk.receives(mail(writer, to=question.reply_to, subject="Something else", text="yes"))
    assert desk.ticket()["status"] == "open"


def test_t6_nobody_is_asked_where_our_server_says_that_the_name_is_forged(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    answered(desk)
    with untouched(desk):
        content = said_of("example.com", "fail") + mail(ALICE, subject="[EX-10001]", text="#solved")
        assert desk.receives(content, verdicts=True, sender=EVIL).outcome == "held"
    assert desk.sent() == []


# T7: identity is From


@pytest.mark.parametrize("claimed", ["carol@acme.example", "Alice Agent <alice@example.com>"])
def test_t7_no_other_field_makes_a_stranger_somebody(desk: World, claimed: str) -> None:
    letter = answered(desk)
    contents = [
        mail(EVIL, subject="Re: [EX-10001] The export fails", text="#solved", headers={field: claimed})
        for field in FIELDS
    ]
    for field, (facts, ruling) in zip(FIELDS, ruled(desk, read(contents), came(desk)), strict=True):
        assert (facts.writer.address, ruling.outcome) == (EVIL, Outcome.REFUSED), field  # type: ignore[union-attr]
        assert {each.letter.to.address for each in letters(ruling)} == {EVIL}, field
    with untouched(desk):  # nor the envelope
        desk.receives(mail(EVIL, subject="Re: [EX-10001]"), sender="carol@acme.example")
    assert desk.ticket()["participants"] == []
    assert letter.recipient == "carol@acme.example"


def test_t7_a_contacts_letters_go_to_the_contact_wherever_the_mail_wants_them(desk: World) -> None:
    """A forger in Carol's name with a Reply-To of his own would have the answer otherwise."""
    wanted = dict.fromkeys(("Reply-To", "Sender", "Mail-Reply-To", "Resent-From"), f"Carol <{EVIL}>")
    desk.receives(mail(CAROL, headers=wanted))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Please send us the log.")
    assert {each.recipient for each in desk.sent()} == {"carol@acme.example"}
    desk.receives(mail(CAROL, subject="status", text="status EX-10001", headers=wanted))
    assert reached(desk) == {"carol@acme.example"}
    desk.time_passes(days=8)
    assert desk.ticket()["participants"] == []
    assert b"elsewhere" not in b"".join(each.raw for each in all_letters(desk) if each.name != "agent_ticket")


def all_letters(desk: World) -> list[Sent]:
    desk.seen = 0
    return desk.sent()


def test_t7_a_strangers_notice_goes_to_from_alone(desk: World) -> None:
    for field in ("Reply-To", "Sender", "Errors-To", "Return-Path"):
        sender = f"{field.lower()}@d-{field.lower()}.example"
        desk.receives(mail(sender, headers={field: "victim@victim.example"}), sender="victim@victim.example")
        assert reached(desk) <= {sender}


# T15: nearly the same address

NEARLY = ("carol+x@acme.example", "c.arol@acme.example", "carol.@acme.example", "carol-x@acme.example",
          "carol@mail.acme.example", "carol@ACME.example.", "'carol'@acme.example", "carol=x@acme.example")  # fmt: skip


def test_t15_an_address_that_is_nearly_a_contacts_is_a_strangers(desk: World) -> None:
    letter = answered(desk)
    for address in NEARLY:
        content = reply_to(CAROL, letter, "Here it is.").replace(b"<carol@acme.example>", f"<{address}>".encode())
        before = arrived(desk)
        assert desk.receives(content, sender=address).outcome in ("held", "refused"), address
        assert arrived(desk) == before
        assert desk.ticket()["participants"] == []
        assert not [each for each in desk.sent() if each.name in ("reply", "acknowledgement", "answer")]


def arrived(desk: World) -> list[object]:
    return [each for each in desk.ticket()["messages"] if each["direction"] == "in"]


def test_t15_an_address_that_is_nearly_an_agents_commands_nothing(desk: World) -> None:
    answered(desk)
    letter = earlier(desk, "agent_ticket", ALICE)
    for address in ("alice+x@example.com", "al.ice@example.com", "alice@mail.example.com", "alice.@example.com"):
        before = arrived(desk)
        desk.receives(reply_to(f"Alice Agent <{address}>", letter, "#solved\nBuy pills."), sender=address)
        assert (desk.ticket()["status"], arrived(desk)) == ("open", before), address
        assert not [each for each in desk.sent() if b"pills" in each.raw], address


def test_t15_capitals_make_no_difference_and_letters_go_to_the_known_address(desk: World) -> None:
    letter = answered(desk)
    for written in ("CAROL@acme.example", "carol@ACME.Example", "Carol@Acme.eXample"):
        reply = reply_to(f"Carol Jones <{written}>", letter, "Here.")
        assert desk.receives(reply, sender=written).ticket == "EX-10001"
        desk.replies(ALICE, desk.the("agent_update", ALICE), "Thank you.")
        assert [each.recipient for each in desk.sent()] == ["carol@acme.example"]


def test_t15_a_plus_address_that_the_contact_lists_is_his(world: Callable[..., World]) -> None:
    desk = world(people=DIRECTORY.replace('"carol.jones@acme.example"', '"carol+support@acme.example"'))
    assert desk.receives(mail("carol+support@acme.example")).outcome == "ticket"
    assert desk.receives(mail("carol+other@acme.example")).outcome == "held"


def test_t15_plus_and_capitals_get_round_no_limit(desk: World) -> None:
    """Each detail is another address, so the domain's limit counts them; capitals are one address."""
    notices = 0
    for number in range(30):
        desk.receives(mail(f"sam+{number}@elsewhere.example"))
        notices += len(desk.sent("redirect"))
    assert notices == 20  # [limits] notices_per_domain
    for written in ("sam@another.example", "Sam@another.example", "SAM@ANOTHER.EXAMPLE"):
        desk.receives(mail(written))
        notices += len(desk.sent("redirect"))
    assert notices == 21
