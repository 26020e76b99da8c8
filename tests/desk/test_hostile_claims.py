"""What a mail brings along: fields of our names, claims about its writer, our own addresses, an id that was used, and a
look at who is known here. Rows T16, T17, T30, T83 and T87 of the threat table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from maildesk.daemon.doors import Doors
from maildesk.daemon.finish import Finish
from maildesk.desk.desk import rule
from maildesk.desk.readers import Reading
from maildesk.letters import headers
from maildesk.store.database import Store
from maildesk.words import Later, Ruling
from tests.builders import ALICE, CAROL, DAVE, STRANGER, mail
from tests.desk.hostile import (
    EVIL,
    GIL,
    PEOPLE,
    TRUSTS,
    answered,
    came,
    earlier,
    reached,
    read,
    rows,
    ruled,
    said_of,
    untouched,
)
from tests.desk.world import Sent, World, reply_to
from tests.doors.near import house


def all_letters(desk: World) -> list[Sent]:
    desk.seen = 0
    return desk.sent()


# T16: fields with our names

SOURCE = Path(headers.__file__).read_text()
EMITTED = sorted(set(re.findall(r"(X-[A-Za-z-]+): ", SOURCE)))
INVENTED = [f"X-Maildesk-{word}" for word in ("Vouched", "Verdict", "Key", "Agent", "From", "Id", "Release", "Level")]
VALUES = ("EX-10001", "agent_ticket", "confirm", "zzcanary\tpass", "alice@example.com")


def test_t16_the_fields_are_those_that_letters_have(desk: World) -> None:
    answered(desk)
    found = {name for each in all_letters(desk) for name in each.message if name.startswith("X-")}  # type: ignore[attr-defined]
    assert found == set(EMITTED)
    assert {"X-Maildesk-Letter", "X-Maildesk-Ticket"} <= found


@pytest.mark.parametrize("writer", [CAROL, STRANGER, ALICE])
def test_t16_a_field_of_ours_that_a_mail_brings_along_changes_nothing(desk: World, writer: str) -> None:
    answered(desk)
    [plain] = read([mail(writer, subject="Question", text="#solved", message_id="<q@mail.test>")])
    forged = [
        mail(writer, subject="Question", text="#solved", message_id="<q@mail.test>", headers={name: value})
        for name in (*EMITTED, *INVENTED)
        if name != "X-Auto-Response-Suppress"  # Microsoft's, which says how to answer
        for value in VALUES
    ]
    asked = [plain, *read(forged)]
    [(_, expected), *found] = ruled(desk, asked, came(desk))
    for (_, ruling), content in zip(found, forged, strict=True):
        assert numberless(ruling) == numberless(expected), content
    assert len(found) >= 50


def numberless(ruling: Ruling) -> str:
    """But for the numbers that each mail draws anew."""
    return re.sub(r"held-\d+|EX-\d+", "N", repr(ruling))


def test_t16_what_such_fields_say_is_in_no_letter(desk: World) -> None:
    brought = dict.fromkeys((*EMITTED, *INVENTED), "zzcanary")
    desk.receives(mail(CAROL, headers=brought))
    desk.receives(mail(CAROL, headers=dict.fromkeys(INVENTED, "zzcanary")))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Please send us the log.", headers=brought)
    desk.receives(mail(DAVE, headers=brought))
    desk.receives(mail(STRANGER, headers=brought))
    desk.time_passes(days=8)
    assert not [each for each in all_letters(desk) if b"zzcanary" in each.raw]  # type: ignore[attr-defined]


# T17: contacts are changed on purpose alone


def test_t17_no_mail_changes_what_the_directory_says_of_its_writer(desk: World) -> None:
    letter = answered(desk)
    before = rows(desk, *PEOPLE)
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eve\r\nEMAIL:evil@elsewhere.example\r\nEND:VCARD\r\n"
    fields = {
        "Reply-To": EVIL, "Sender": EVIL, "Organization": "Globex", "Content-Language": "fr", "Accept-Language": "fr",
        "List-Unsubscribe": "<mailto:carol@acme.example>", "Autocrypt": f"addr={EVIL}; keydata=AAAA",
        "X-Language": "fr",
    }  # fmt: skip
    texts = (
        "My new address is evil@elsewhere.example.", f"#contact swap {EVIL} carol@acme.example", f"swap {EVIL}",
        f"#contact add {EVIL}", f"#cc +{EVIL}", "unsubscribe", "Bonjour, je suis la.\n\n-- \nEve Evil\nGlobex\nTel. 1",
    )  # fmt: skip
    for text in texts:
        desk.receives(mail(f"Eve Evil <{CAROL[13:-1]}>", text=text, headers=fields,
                           attachments=[("eve.vcf", card, "text/vcard")]))  # fmt: skip
        desk.replies("Eve Evil <carol@acme.example>", letter, text, headers=fields)
    assert rows(desk, *PEOPLE) == before
    desk.now += timedelta(hours=6)
    desk.receives(mail("carol@acme.example"))
    assert desk.the("acknowledgement").text.count("Carol Jones") == 1
    assert desk.the("acknowledgement").addresses("To") == {"carol@acme.example"}


def test_t17_no_mail_of_an_agent_changes_what_the_directory_says_of_him(desk: World) -> None:
    answered(desk)
    before = rows(desk, *PEOPLE)
    letter = earlier(desk, "agent_ticket", ALICE)
    renamed = reply_to("Eve Evil <alice@example.com>", letter, "Hello.", headers={"Reply-To": EVIL})
    desk.receives(renamed)
    assert rows(desk, *PEOPLE) == before
    assert "Eve" not in desk.the("reply", CAROL).raw.decode()
    assert "Alice Agent" in str(desk.the("reply", CAROL).message["From"])


def test_t17_nobody_makes_himself_a_contact(desk: World) -> None:
    before = rows(desk, *PEOPLE)
    for writer in (DAVE, STRANGER, GIL):
        own = writer.split("<")[1].rstrip(">")
        for text in (f"#contact add {own}", f"swap carol@acme.example\n{own}", "allow", "take", f"allow {own}"):
            desk.receives(mail(writer, text=text))
            desk.receives(mail(writer, subject=text.partition("\n")[0], text=""))
    assert rows(desk, *PEOPLE) == before


# T30: our own addresses

OWN = (
    "support@example.com", "Support@Example.COM", "help@example.com", "sales@example.com", "postmaster@example.com",
    "support+EX-10001@example.com", "help+EX-10001@example.com", "sales+x@example.com", "support+@example.com",
)  # fmt: skip


REPLYING = ("Reply-To", "Sender", "Resent-From", "Errors-To")


def test_t30_a_mail_from_an_address_of_ours_is_a_robots(desk: World) -> None:
    letter = answered(desk)
    keyed = (letter.reply_to, earlier(desk, "agent_ticket", ALICE).reply_to)
    for own in (*OWN, *keyed):
        for written in (own, f"Example Support <{own}>"):
            with untouched(desk):
                receipt = desk.receives(mail(written, subject="Re: [EX-10001]", text="#solved"))
            assert receipt.outcome == "robot", written
            assert desk.sent() == [], written


def test_t30_no_letter_ever_goes_to_an_address_of_ours(desk: World) -> None:
    for number, (own, field) in enumerate(zip(OWN[1::2], REPLYING, strict=True)):
        desk.now += timedelta(hours=1)
        for writer in (CAROL, f"s{number}@d{number}.example", f"n{number}@acme.example"):
            desk.receives(mail(writer, subject=f"N {number}", headers={field: own}), sender=own)
            assert not [each for each in reached(desk) if each.endswith("@example.com") and each.lower() in OWN]
            assert len([each for each in desk.sent() if each.name in ("acknowledgement", "redirect")]) <= 1
    assert desk.ticket()["participants"] == []


def test_t30_our_addresses_in_to_and_cc_take_no_part(desk: World) -> None:
    desk.receives(mail(CAROL, to=["support@example.com", "sales@example.com"], cc=OWN))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Please send us the log.")
    assert reached(desk) == {"carol@acme.example"}
    assert (desk.ticket()["participants"], len(desk.rows())) == ([], 2)


def test_t30_a_letter_of_ours_that_comes_back_changes_nothing(desk: World) -> None:
    """Sent on by a rule of the reader's, or by a relay that runs in a circle."""
    letter = answered(desk)
    for back in (letter, earlier(desk, "acknowledgement"), earlier(desk, "agent_ticket", ALICE)):
        for sender in ("", "support@example.com", "carol@acme.example"):
            with untouched(desk):
                assert desk.receives(back.raw, sender=sender, recipients=(letter.reply_to,)).outcome in (
                    "robot",
                    "duplicate",
                )
            assert desk.sent() == []


# T83: an id used before


def test_t83_a_forger_who_is_first_with_an_id_keeps_no_mail_out(desk: World) -> None:
    for writer in (STRANGER, EVIL, GIL, DAVE, "MAILER-DAEMON@elsewhere.example", ALICE, CAROL):
        desk.receives(mail(writer, subject="The export fails", text="Ignore this.", message_id="<next@acme.example>"))
    receipt = desk.receives(mail(CAROL, message_id="<next@acme.example>"))
    assert receipt.outcome == "ticket"
    assert b"stops at page 3" in desk.raw(receipt.id)
    assert desk.the("acknowledgement", CAROL)


def test_t83_a_forger_who_is_second_with_an_id_takes_nothing_away(desk: World) -> None:
    letter = answered(desk)
    with untouched(desk):
        for writer in (STRANGER, EVIL, GIL):
            desk.receives(mail(writer, subject="Other", text="Ignore this.", message_id="<first@acme.example>"))
    again = reply_to(CAROL, letter, "Here it is.", headers={"References": letter.message_id})
    assert desk.receives(again).ticket == "EX-10001"


ONE_BIT = (
    (b"stops at page 3", b"stops at page 4"), (b"Subject: The", b"Subject: the"),
    (b"Hello,", b"Hello ,"), (b"10:00:00", b"10:00:01"), (b"09:00:00", b"09:00:01"),
    (b"To: support@", b"To: help@"), (b"Carol Jones <", b"Carol  Jones <"),
)  # fmt: skip


def test_t83_the_smallest_difference_makes_another_mail(desk: World) -> None:
    content = mail(CAROL, message_id="<next@acme.example>")
    desk.receives(content)
    for before, after in ONE_BIT:
        other = content.replace(before, after)
        if other == content:
            continue
        receipt = desk.receives(other)
        assert receipt.outcome != "duplicate" or b"Jones" in before, after
        assert desk.raw(receipt.id) == other


def test_t83_an_id_of_ours_as_the_forgers_own_takes_no_place_of_a_letter(desk: World) -> None:
    letter = answered(desk)
    told = earlier(desk, "agent_ticket", ALICE)
    with untouched(desk):
        for ident in (letter.message_id, told.message_id):
            desk.receives(mail(GIL, subject="Other", message_id=ident))
            desk.receives(mail(STRANGER, subject="Other", message_id=ident))
    assert desk.replies(CAROL, letter, "Here it is.").ticket == "EX-10001"
    assert desk.replies(ALICE, told, "#note seen").outcome == "note"


def test_t83_the_same_id_in_capitals_or_with_comments_keeps_no_mail_out(desk: World) -> None:
    for ident in ("<NEXT@acme.example>", "<next@ACME.example>", "<next@acme.example> (x)", "<next@acme.example"):
        content = mail(STRANGER, message_id="<x@x>").replace(b"<x@x>", ident.encode())
        desk.receives(content)
    assert desk.receives(mail(CAROL, message_id="<next@acme.example>")).outcome == "ticket"


MARKS = (
    b"Auto-Submitted: auto-replied\r\n", b"Precedence: bulk\r\n", b"X-Spam-Flag: YES\r\n", b"List-Id: <x.example>\r\n",
    b"Received: from a by b; now\r\n" * 60, b"X-A: b\r\n" * 2000,
)  # fmt: skip


def test_t83_a_copy_that_is_made_to_be_passed_over_keeps_the_true_mail_not_out(world: Callable[..., World]) -> None:
    """Somebody who was sent it too hands in a copy first, with a mark for robots, spam or loops."""
    desk = world('[gate]\nspam_header = "X-Spam-Flag: YES"\n')
    for number, mark in enumerate(MARKS):
        content = mail(CAROL, subject=f"Number {number}", cc=EVIL)
        assert desk.receives(mark + content, sender=EVIL).outcome in ("robot", "held", "refused")
        assert desk.receives(content).outcome == "ticket", mark[:20]
        assert desk.receives(b"Received: from a by b; now\r\n" + content).outcome == "duplicate"
    for number, twice in enumerate((b"From: evil@elsewhere.example\r\n", b"")):
        content = mail(CAROL, subject=f"Twice {number}", cc=EVIL)
        first = content.replace(b"\r\nSubject", b"\r\n" + twice + b"Subject", 1)
        received = b"Received: from a by b; now\r\n"
        assert desk.receives(received + first, sender=EVIL if twice else "").outcome in ("held", "robot")
        assert desk.receives(content).outcome == "ticket"


def test_t83_the_same_marked_mail_by_two_doors_is_still_one(world: Callable[..., World]) -> None:
    desk = world('[gate]\nspam_header = "X-Spam-Flag: YES"\n')
    for number, mark in enumerate(MARKS):
        content = mark + mail(CAROL, subject=f"Number {number}")
        desk.receives(content)
        if b"-Spam-" not in mark and b"X-A" not in mark and b"Received" not in mark:  # held anew, for nobody to answer
            assert desk.receives(b"Received: from a by b; now\r\n" + content).outcome == "duplicate"
    assert "ticket" not in {row["outcome"] for row in desk.rows()}


def test_t83_a_copy_that_failed_authentication_keeps_the_true_mail_not_out(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    content = mail(CAROL, cc=EVIL)
    assert desk.receives(said_of("acme.example", "fail") + content, sender=EVIL, verdicts=True).outcome == "held"
    assert desk.receives(said_of("acme.example") + content, verdicts=True).outcome == "ticket"


# T87: who is known here

WHO = (
    "carol@acme.example",
    "dave@acme.example",
    "sam@elsewhere.example",
    "alice@example.com",
    "support@example.com",
    "",
)


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_t87_the_door_says_the_same_to_everybody(tmp_path: Path, protocol: str) -> None:
    """Who a sender is, and whether a recipient's detail means anything, is asked of nobody before the final dot."""
    asked: list[str] = []

    def knows(address: str) -> bool:
        asked.append(address)
        return address.partition("@")[0].partition("+")[0] == "support"

    text = f'[listen.in]\nprotocol = "{protocol}"\naddress = "127.0.0.1:0"\n'
    recipients = ("support@example.com", "support+EX-10001@example.com", "support+EX-99999@example.com",
                  "carol@acme.example", "sam@elsewhere.example", "alice@example.com")  # fmt: skip
    said = {}
    with house(tmp_path, text, knows) as running:
        client = running.client()
        client.start("LHLO there" if protocol == "lmtp" else "EHLO there")
        for sender in WHO:
            asked.clear()
            replies = client.envelope(*recipients, sender=sender)
            content = f"From: {sender}\r\nSubject: x\r\n\r\nHello\r\n.\r\n".encode()
            ends = [client.say(content), *(client.reply() for _ in range(2 * (protocol == "lmtp")))]
            said[sender] = [*replies, *(re.sub(r"as \d+", "as N", each) for each in ends)]
            assert asked == [each.lower() for each in recipients]
        said["verified"] = sorted({client.say(f"VRFY {each}") for each in WHO if each})
        client.say("EXPN support")
    verified = said.pop("verified")
    assert len(verified) == 1
    assert len({tuple(each) for each in said.values()}) == 1
    assert [each[:3] for each in said["carol@acme.example"][:8]] == ["250"] * 4 + ["550"] * 3 + ["354"]


def test_t87_whether_an_address_is_taken_depends_on_the_configuration_alone(desk: World) -> None:
    """No store and no directory is looked into: there is nothing to be timed."""
    doors = Doors(desk.desk, 1, {}, Finish())
    stops_reading(desk)
    try:
        known = [each for each in (*OWN, *WHO, "support+held-1@example.com", "gil@globex.example") if doors.knows(each)]
    finally:
        doors.close()
    assert known == [*OWN, "support@example.com", "support+held-1@example.com"]


def stops_reading(desk: World) -> None:
    """From now on the ledger answers nobody."""
    desk.stop()
    with pytest.raises(Later):
        desk.rows()


def test_t87_after_the_final_dot_everybody_hears_the_same(desk: World) -> None:
    """A contact, a colleague of his, a stranger, an agent, a machine: kept, whatever becomes of it."""
    answered(desk)
    for writer in (CAROL, DAVE, STRANGER, ALICE, GIL, "noreply@elsewhere.example", "support@example.com"):
        assert desk.receives(mail(writer)).refusal == ""


def test_t87_a_contact_a_stranger_and_an_agent_cost_about_as_many_questions_to_the_store(desk: World) -> None:
    """What is asked before anything is decided: the reply to the final dot tells hardly anything by its time.

    Of everybody alike: the first of them all finds nothing of the directory remembered yet.
    """
    writers = (CAROL, GIL, STRANGER, DAVE, ALICE, "nobody@nowhere.example")
    readings = read(mail(writer) for writer in writers)
    desk.receives(mail(CAROL))

    def ask(store: Store) -> list[int]:
        rule(store, desk.desk.settings, readings[0], came(desk), desk.now)
        return [questions(store, desk, each) for each in readings]

    counts = desk.ask(ask)
    assert max(counts) - min(counts) <= 4, dict(zip(writers, counts, strict=True))


def questions(store: Store, desk: World, one: Reading) -> int:
    asked: list[str] = []
    execute = store.execute

    def counted(sql: str, params: Sequence[object] = ()) -> object:
        asked.append(sql)
        return execute(sql, params)

    with store.undone(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "execute", counted)
        rule(store, desk.desk.settings, one, came(desk), desk.now)
    return len(asked)
