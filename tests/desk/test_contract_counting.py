"""The contract's sentences about counting, identity and operation: the ledger's rows, hashes, duplicates, releases."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from maildesk.config import parse
from maildesk.desk.opening import configure
from maildesk.store import held, outbox, views
from maildesk.store.outlook import rows
from tests.builders import ALICE, BOB, CAROL, DAVE, DIRECTORY, START, STRANGER, SUPPORT, configuration, mail
from tests.desk.test_story_gate import returned
from tests.desk.world import SECRETS, World

GIL = "Gil Glow <gil@globex.example>"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

PASSING = "mx.example.com; dmarc=pass header.from={}"
TRUSTING = '[gate]\nauthserv_ids = ["mx.example.com"]\n'


def asked(desk: World, **fields: Any) -> None:
    desk.receives(mail(CAROL, **fields))


def stamped(results: str, content: bytes, *received: str) -> bytes:
    fields = [f"Authentication-Results: {results}", *(f"Received: {each}" for each in received)]
    return "".join(f"{field}\r\n" for field in fields).encode() + content


# JSON forms

LEDGER = {"id", "door", "received", "message_id", "sha256", "outcome", "reason", "rule", "ticket"}
HELD = {"id", "reason", "from", "subject", "queue", "received", "until"}
TICKET = {
    "reference", "queue", "status", "severity", "category", "subject", "organisation", "requester", "participants",
    "owner", "level", "opened", "first_answered", "first_response_kind", "solved", "closed", "time_worked", "survey",
    "due", "fields", "links",
}  # fmt: skip
MESSAGE = {
    "id", "at", "direction", "visibility", "from", "to", "subject", "text", "message_id", "sha256", "attachments",
}  # fmt: skip
LETTER = {"id", "letter", "ticket", "to", "message_id", "state", "attempts", "next_try", "last_error"}


def test_the_ledger_has_one_row_of_the_contracts_form_a_mail(desk: World) -> None:
    content = mail(CAROL, message_id="<first@acme.example>")
    receipt = desk.receives(content)
    [row] = desk.rows()
    assert set(row) == LEDGER
    assert (row["id"], row["door"], row["outcome"], row["ticket"]) == (receipt.id, "lmtp:main", "ticket", "EX-10001")
    assert row["message_id"] == "first@acme.example"
    assert MOMENT.fullmatch(row["received"])
    assert row["sha256"] == hashlib.sha256(content).hexdigest()


def test_why_has_rules_decisions_and_letters_whatever_brackets_the_id_has(desk: World) -> None:
    asked(desk, message_id="<first@acme.example>")
    for written in ("<first@acme.example>", "first@acme.example"):
        [row] = desk.ask(lambda store, written=written: views.why(store, written))
        assert set(row) >= LEDGER | {"rules", "decisions", "letters"}
        assert row["rules"]
        assert row["decisions"]
        assert {each["letter"] for each in row["letters"]} == {"acknowledgement", "agent_ticket"}


def test_a_ticket_has_the_contracts_form(desk: World) -> None:
    asked(desk, cc=BOB, attachments=[("a.txt", b"abc", "text/plain")])
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    desk.replies(ALICE, desk.the("receipt", ALICE), "#note\nRemember.")
    desk.time_passes(days=3)
    ticket = desk.ticket()
    assert set(ticket) == TICKET | {"messages", "events"}
    assert set(ticket["due"]) == {"first_response", "next_response", "update", "close"}
    assert set(ticket["survey"]) == {"sent", "mark", "comment"}
    assert all(set(each) == MESSAGE for each in ticket["messages"])
    assert {each["direction"] for each in ticket["messages"]} == {"in", "out"}
    assert {each["visibility"] for each in ticket["messages"]} == {"public", "note"}
    first = ticket["messages"][0]
    assert first["attachments"] == [{"name": "a.txt", "type": "text/plain", "size": 3}]
    assert first["to"] == [SUPPORT]
    assert isinstance(ticket["severity"], int)
    assert ticket["requester"] == "carol@acme.example"
    assert ticket["organisation"] == "Acme"
    assert ticket["due"]["close"] is None
    assert all({"at", "event", "by"} <= set(each) for each in ticket["events"])
    for at in [ticket["opened"], ticket["closed"], *(each["at"] for each in ticket["messages"] + ticket["events"])]:
        assert MOMENT.fullmatch(at)
    assert [each["at"] for each in ticket["events"]] == sorted(each["at"] for each in ticket["events"])


def test_what_is_not_there_is_null(desk: World) -> None:
    asked(desk)
    ticket = desk.ticket()
    nothing = ("owner", "first_answered", "first_response_kind", "solved", "closed", "survey")
    assert {ticket[name] for name in nothing} == {None}
    desk.receives(mail(STRANGER))
    assert desk.rows()[-1]["ticket"] is None


def test_held_mails_have_the_contracts_form(desk: World) -> None:
    receipt = desk.receives(mail(DAVE, subject="May I?"))
    [row] = desk.ask(held.listed)
    assert set(row) == HELD
    assert (row["id"], row["from"], row["subject"], row["queue"]) == (
        receipt.id, "dave@acme.example", "May I?", "technical",
    )  # fmt: skip
    assert (row["received"], row["until"]) == ("2026-03-02T09:00:00Z", "2026-04-01T09:00:00Z")


def test_the_outbox_has_the_contracts_form(desk: World) -> None:
    asked(desk)
    rows = desk.ask(outbox.rows)
    assert all(set(row) == LETTER for row in rows)
    first = rows[0]
    assert (first["letter"], first["ticket"], first["to"]) == ("acknowledgement", "EX-10001", "carol@acme.example")
    assert (first["state"], first["attempts"]) == ("waiting", 0)
    assert MOMENT.fullmatch(first["next_try"])
    assert "<" not in first["message_id"]


def test_what_time_will_do_is_told_in_order(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    told = desk.ask(lambda store: rows(store, desk.config, desk.now, START + timedelta(days=100)))
    assert told == [
        {"at": "2026-03-03T09:00:00Z", "ticket": "EX-10001", "what": "remind"},
        {"at": "2026-03-04T09:00:00Z", "ticket": "EX-10001", "what": "close"},
    ]


def test_the_end_of_a_held_mail_is_due_as_retention(desk: World) -> None:
    desk.receives(mail(DAVE))
    told = desk.ask(lambda store: rows(store, desk.config, desk.now, START + timedelta(days=100)))
    assert told == [{"at": "2026-04-01T09:00:00Z", "ticket": None, "what": "retention"}]


# outcomes


def test_outcomes_of_agents(desk: World) -> None:
    asked(desk)
    told = desk.the("agent_ticket", ALICE)
    for text, outcome in (
        ("#take\nWords.", "message"),
        ("Words alone.", "message"),
        ("#note\nInside.", "note"),
        ("#severity 2", "command"),
    ):
        assert desk.replies(ALICE, told, text).outcome == outcome


def test_every_accepted_mail_has_exactly_one_row(desk: World) -> None:
    content = mail(CAROL)
    for each in (content, content, mail(STRANGER), mail(DAVE), mail(CAROL, headers={"List-Id": "<a.b>"})):
        desk.receives(each)
    assert [row["outcome"] for row in desk.rows()] == ["ticket", "duplicate", "refused", "held", "robot"]


# the same mail


def test_line_ends_make_no_difference_to_the_hash_and_raw_is_kept_as_received(desk: World) -> None:
    content = mail(CAROL)
    bare = b"From carol@acme.example Mon Mar  2 09:00:00 2026\n" + content.replace(b"\r\n", b"\n")
    first = desk.receives(bare, door="deliver")
    again = desk.receives(content)
    assert (again.outcome, again.reason) == ("duplicate", f"duplicate of {first.id}")
    assert {row["sha256"] for row in desk.rows()} == {hashlib.sha256(content).hexdigest()}
    assert desk.raw(first.id) == bare


def test_the_same_mail_by_another_door_is_a_duplicate_trace_fields_apart(desk: World) -> None:
    content = mail(CAROL)
    desk.receives(content)
    other = b"Received: from a by b; Mon, 2 Mar 2026 09:00:01 +0000\r\nDelivered-To: x@example.com\r\n" + content
    assert desk.receives(other + b"\r\n", door="imap:main").outcome == "duplicate"


def test_a_mail_without_a_message_id_is_known_by_its_bytes(desk: World) -> None:
    content = re.sub(rb"Message-ID: [^\r]*\r\n", b"", mail(CAROL))
    desk.receives(content)
    assert desk.receives(content).outcome == "duplicate"
    assert desk.receives(content.replace(b"page 3", b"page 4")).outcome == "ticket"


# addresses


@pytest.mark.parametrize("written", ["CAROL@acme.example", "Carol@ACME.Example"])
def test_case_makes_no_difference_to_an_address(desk: World, written: str) -> None:
    assert desk.receives(mail(written)).outcome == "ticket"


@pytest.mark.parametrize("written", ["carol+x@acme.example", "car.ol@acme.example"])
def test_dots_and_plus_details_make_another_address(desk: World, written: str) -> None:
    assert desk.receives(mail(written)).outcome == "held"


def test_domains_are_compared_as_a_labels(world: Callable[..., World]) -> None:
    desk = world(people=DIRECTORY.replace('"carol@acme.example"', '"carol@bücher.example"'))
    content = mail(CAROL).replace(b"carol@acme.example", "carol@BÜCHER.example".encode())
    assert desk.receives(content).outcome == "ticket"
    assert desk.ticket()["requester"] == "carol@xn--bcher-kva.example"


@pytest.mark.parametrize("forged", ["m\u0131ke@acme.example", "\u212aarl@acme.example"])
def test_nothing_but_ascii_is_folded(world: Callable[..., World], forged: str) -> None:
    people = DIRECTORY.replace('"carol@acme.example"', '"carol@acme.example", "mike@acme.example", "karl@acme.example"')
    desk = world(people=people)
    content = mail(CAROL).replace(b"carol@acme.example", forged.encode())
    assert desk.receives(content).outcome != "ticket"


# queues


@pytest.mark.parametrize(
    ("to", "cc", "recipients", "queue"),
    [
        (["sales@example.com", SUPPORT], [], [SUPPORT, "sales@example.com"], "sales"),
        ([BOB], ["sales@example.com"], [SUPPORT], "sales"),
        ([BOB], [], ["sales@example.com", SUPPORT], "sales"),
        (["sales+any.detail@example.com"], [], [SUPPORT], "sales"),
    ],
)
def test_a_mail_to_two_of_our_addresses_belongs_to_the_first(
    desk: World, to: list[str], cc: list[str], recipients: list[str], queue: str
) -> None:
    desk.receives(mail(CAROL, to=to, cc=cc), recipients=tuple(recipients))
    assert desk.ticket()["queue"] == queue
    assert len(desk.rows()) == 1


def test_the_default_queue_takes_mail_of_doors_whose_addresses_name_none(desk: World) -> None:
    receipt = desk.receives(mail(CAROL, to="someone@else.example"), door="deliver", queue="technical", refusable=False)
    assert (receipt.outcome, desk.ticket()["queue"]) == ("ticket", "technical")


def test_a_listener_without_a_queue_refuses_unknown_recipients(desk: World) -> None:
    receipt = desk.receives(mail(CAROL, to="someone@else.example"))
    assert receipt.refusal.startswith("550 5.1.1 ")


def test_references_with_a_former_prefix_go_on_matching(desk: World) -> None:
    asked(desk)
    letter = desk.the("acknowledgement", CAROL)
    changed = parse(configuration(prefix='"NEW"'), desk.config.path.parent)
    configure(desk.desk, changed, SECRETS)
    renamed = desk
    assert renamed.replies(CAROL, letter, "More.").ticket == "EX-10001"
    assert renamed.receives(mail(CAROL, subject="About [ex-10001]")).ticket == "EX-10001"
    assert renamed.receives(mail(CAROL, subject="Another matter")).ticket == "NEW-10002"


def test_postmaster_reaches_the_operators(desk: World) -> None:
    assert desk.receives(mail(CAROL, to="postmaster@example.com")).outcome == "held"
    assert desk.the("alarm").recipient == "ops@example.com"


# verdicts


@pytest.mark.parametrize(
    ("gate", "received", "outcome"),
    [
        ("", ["from x by mx.example.com; now"], "command"),
        ('boundary = "edge.example.com"\n', ["from x by edge.example.com; now"], "command"),
    ],
)
def test_results_count_above_the_topmost_received_of_their_host(
    world: Callable[..., World], gate: str, received: list[str], outcome: str
) -> None:
    desk = world(TRUSTING + gate)
    asked(desk)
    content = mail(ALICE, subject="[EX-10001]", text="#take")
    above = stamped(PASSING.format("example.com"), content, *received)
    assert desk.receives(above, verdicts=True).outcome == outcome


@pytest.mark.parametrize(("verdicts", "outcome"), [("above", "held"), ("below", "command")])
def test_results_below_count_only_where_the_desk_says_so(
    world: Callable[..., World], verdicts: str, outcome: str
) -> None:
    desk = world(f'{TRUSTING}verdicts = "{verdicts}"\n')
    asked(desk)
    content = mail(ALICE, subject="[EX-10001]", text="#take")
    below = b"Received: from x by mx.example.com; now\r\n" + stamped(PASSING.format("example.com"), content)
    assert desk.receives(below, verdicts=True).outcome == outcome


def test_results_by_a_door_without_verdicts_mean_nothing(world: Callable[..., World]) -> None:
    desk = world(TRUSTING)
    asked(desk)
    content = stamped(PASSING.format("example.com"), mail(ALICE, subject="[EX-10001]", text="#take"))
    assert desk.receives(content).outcome == "held"


def test_of_several_results_of_ours_a_failing_one_wins(world: Callable[..., World]) -> None:
    desk = world(TRUSTING)
    asked(desk)
    content = mail(ALICE, subject="[EX-10001]", text="#take")
    both = stamped(
        "mx.example.com; dmarc=fail header.from=example.com", stamped(PASSING.format("example.com"), content)
    )
    assert desk.receives(both, verdicts=True).outcome == "held"
    assert desk.sent() == []


def test_a_customers_failing_verdict_is_held_and_nobody_is_answered(world: Callable[..., World]) -> None:
    desk = world(TRUSTING)
    content = stamped("mx.example.com; dmarc=fail header.from=acme.example", mail(CAROL))
    receipt = desk.receives(content, verdicts=True)
    assert (receipt.outcome, receipt.reason, desk.sent()) == ("held", "unproved", [])


def test_no_verdict_is_no_failure_for_contacts(world: Callable[..., World]) -> None:
    desk = world(TRUSTING)
    content = stamped("mx.example.com; dmarc=none; spf=none", mail(CAROL))
    assert desk.receives(content, verdicts=True).outcome == "ticket"


def test_a_stranger_whom_our_server_does_not_vouch_for_gets_no_notice(world: Callable[..., World]) -> None:
    desk = world(TRUSTING)
    unproved = stamped("mx.example.com; dmarc=none; spf=none; dkim=none", mail(STRANGER))
    assert desk.receives(unproved, verdicts=True).outcome == "refused"
    assert desk.sent() == []
    passed = stamped(PASSING.format("elsewhere.example"), mail(STRANGER))
    desk.receives(passed, verdicts=True)
    assert desk.the("redirect")


# held and released


def release(desk: World, mail_id: int) -> Any:
    desk.seen = desk.ask(lambda store: store.one("SELECT COALESCE(MAX(id), 0) FROM letter")[0])
    desk.ask(lambda store: held.release(store, mail_id))
    return desk.desk.release(mail_id).result(20)


def test_a_released_stranger_has_a_ticket_and_the_row_tells_of_it(desk: World) -> None:
    receipt = desk.receives(mail(DAVE))
    again = release(desk, receipt.id)
    assert (again.id, again.outcome, again.ticket) == (receipt.id, "ticket", "EX-10001")
    [row] = desk.rows()
    assert row["outcome"] == "ticket"
    [why] = desk.ask(lambda store: views.why(store, str(receipt.id)))
    assert why["history"][0]["outcome"] == "held"
    assert desk.the("acknowledgement", DAVE)
    assert desk.ask(held.listed) == []


def test_a_robots_and_a_refused_mail_are_handled_when_released(desk: World) -> None:
    robot = desk.receives(mail(CAROL, headers={"Precedence": "bulk"}))
    refused = desk.receives(mail(STRANGER))
    assert release(desk, robot.id).outcome == "ticket"
    assert release(desk, refused.id).outcome == "ticket"
    assert desk.ticket("EX-10002")["requester"] == "sam@elsewhere.example"
    assert desk.ticket("EX-10002")["organisation"] is None


def test_a_bounce_is_handled_as_a_mail_when_released(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    letter = desk.the("reply", CAROL)
    receipt = desk.receives(returned(letter.mail_from, letter.message_id), sender="")
    assert receipt.outcome == "bounce"
    again = release(desk, receipt.id)
    assert again.outcome in ("ticket", "message")


def test_a_dropped_mail_is_refused_and_its_history_stays(desk: World) -> None:
    receipt = desk.receives(mail(DAVE))
    desk.ask(lambda store: held.drop(store, receipt.id, "dropped by the operator", desk.now))
    [row] = desk.rows()
    assert row["outcome"] == "refused"
    [why] = desk.ask(lambda store: views.why(store, str(receipt.id)))
    assert why["history"][0]["reason"] == "awaiting consent"


def test_every_held_mail_whose_time_is_over_is_dropped_however_many(desk: World) -> None:
    for number in range(70):
        desk.receives(mail(f"new{number}@acme.example"))
    desk.time_passes(days=31)
    assert {row["outcome"] for row in desk.rows()} == {"refused"}


def test_an_agents_word_neither_yes_nor_no_runs_nothing(desk: World) -> None:
    asked(desk)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#closed"))
    desk.replies(ALICE, desk.the("confirm", ALICE), "What is this?")
    assert desk.ticket()["status"] == "new"
    assert len(desk.ask(held.listed)) >= 1


# automatic mail


def test_automatic_mail_counts_what_no_human_wrote_to_people_who_are_no_agents(world: Callable[..., World]) -> None:
    desk = world('[limits]\nautomatic_mail = "2/h"\n')
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    desk.replies(ALICE, desk.the("agent_ticket") if desk.sent("agent_ticket") else desk.the("reply"), "x")
    asked(desk, subject="Second")
    states = desk.ask(lambda store: store.all("SELECT state FROM letter WHERE name = 'acknowledgement' ORDER BY id"))
    assert [state for (state,) in states] == ["waiting", "waiting"]


def test_four_prompt_answers_stop_automatic_letters_for_a_day(desk: World) -> None:
    asked(desk)
    acknowledged = 0
    for number in range(8):
        letters = desk.sent("acknowledgement")
        acknowledged += len(letters)
        if not letters:
            break
        desk.now += timedelta(seconds=30)
        desk.receives(mail(CAROL, subject=f"Re: ticket {number}", text=f"Wir haben Ihre Nachricht {number} erhalten."))
    assert acknowledged == 4
    desk.time_passes(hours=25)
    asked(desk, subject="A day later")
    assert desk.the("acknowledgement", CAROL)


def test_an_import_without_answer_sends_nothing(desk: World) -> None:
    assert desk.receives(mail(CAROL), door="import", quiet=True, refusable=False).outcome == "ticket"
    assert desk.sent() == []


def test_a_list_of_what_was_suppressed_stands_in_the_reason(desk: World) -> None:
    for _ in range(6):
        receipt = desk.receives(mail(CAROL))
    assert receipt.reason.endswith("acknowledgement suppressed: acks_per_contact")


def test_refused_strangers_are_told_by_notice_where_nobody_is_on_the_line(world: Callable[..., World]) -> None:
    desk = world('[gate]\nstrangers = "refuse"\n')
    receipt = desk.receives(mail(STRANGER), door="deliver", refusable=False)
    assert (receipt.outcome, receipt.refusal) == ("refused", "")
    assert desk.the("redirect", STRANGER)


@pytest.mark.parametrize("entry", ["carol@acme.example", "acme.example"])
def test_the_blocked_are_held_as_spam_in_silence(world: Callable[..., World], entry: str) -> None:
    desk = world(f'[gate]\nblocked = ["{entry}"]\n')
    receipt = desk.receives(mail(CAROL))
    assert (receipt.outcome, desk.sent()) == ("held", [])
    assert "spam" in receipt.reason


def test_what_our_spam_filter_marks_is_held_as_spam(world: Callable[..., World]) -> None:
    desk = world('[gate]\nspam_header = "X-Spam-Flag: YES"\n')
    receipt = desk.receives(mail(CAROL, headers={"X-Spam-Flag": "YES"}))
    assert (receipt.outcome, receipt.reason, desk.sent()) == ("held", "spam", [])
    assert desk.receives(mail(CAROL, headers={"X-Spam-Flag": "NO"})).outcome == "ticket"


# keys


def test_no_key_stands_in_ledger_ticket_or_why(desk: World) -> None:
    asked(desk, message_id="<k1@acme.example>")
    letter = desk.the("acknowledgement", CAROL)
    token = re.search(r"-([a-z2-7]{27,39})@", letter.reply_to)[1]
    desk.replies(CAROL, letter, "More.", message_id="<k2@acme.example>")
    shown = [desk.rows(), desk.ask(lambda store: views.why(store, "k2@acme.example"))]
    ticket = desk.ticket()
    for message in ticket["messages"]:
        message.pop("message_id")
    assert token not in json.dumps([*shown, ticket])
