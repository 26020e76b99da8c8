"""Which mails are reports of a failed delivery, of whom and for how long; and which only speak of one."""

from __future__ import annotations

import pytest

from maildesk.mime.read import read
from maildesk.words import Automatic, Bounce

RETURNED = (
    "From: support@desk.example\nTo: carol@acme.example\nMessage-ID: <EX-1.token@desk.example>\nSubject: x\n\nhello\n"
)


def report(*groups: str, note: str = "It failed.", returned: str = RETURNED, kind: str = "delivery-status") -> bytes:
    told = "Reporting-MTA: dns; mx.acme.example\n" + "".join(f"\n{group}\n" for group in groups)
    parts = [f"Content-Type: text/plain\n\n{note}", f"Content-Type: message/delivery-status\n\n{told}"]
    parts.append(f"Content-Type: message/rfc822\n\n{returned}")
    body = "".join(f"--b1\n{part}\n" for part in parts) + "--b1--\n"
    head = "From: MAILER-DAEMON@mx.acme.example\nTo: support@desk.example\nSubject: Undelivered Mail\n"
    return f"{head}Content-Type: multipart/report; report-type={kind}; boundary=b1\n\n{body}".encode()


def group(address: str = "carol@acme.example", action: str = "failed", status: str = "5.1.1", *more: str) -> str:
    return "\n".join([f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}", *more])


REPORTS = {
    "failed for good": ([group()], (("carol@acme.example",), "permanent", "5.1.1")),
    "given up after days": ([group(status="4.4.7")], (("carol@acme.example",), "temporary", "4.4.7")),
    "delayed": ([group(action="delayed", status="4.4.1")], (("carol@acme.example",), "temporary", "4.4.1")),
    "delivered": ([group(action="delivered", status="2.0.0")], (("carol@acme.example",), "none", "2.0.0")),
    "relayed": ([group(action="relayed", status="2.1.9")], (("carol@acme.example",), "none", "2.1.9")),
    "with words": (
        [group(action="failed (give up)", status="5.2.2 (full)")], (("carol@acme.example",), "permanent", "5.2.2")
    ),
    "two": ([group(), group("bob@acme.example")], (("carol@acme.example", "bob@acme.example"), "permanent", "5.1.1")),
    "one of two": (
        [group(), group("bob@acme.example", "delivered", "2.0.0")], (("carol@acme.example",), "permanent", "5.1.1")
    ),
    "a vague status": (
        [group("carol@acme.example", "failed", "5.0.0", "Diagnostic-Code: smtp; 550 5.7.1 refused")],
        (("carol@acme.example",), "permanent", "5.7.1"),
    ),
    "whom the letter was for": (
        ["Original-Recipient: rfc822;carol@acme.example\n" + group("internal17@store.acme.example")],
        (("carol@acme.example",), "permanent", "5.1.1"),
    ),
    "in angles": ([group("<carol@acme.example>")], (("carol@acme.example",), "permanent", "5.1.1")),
    "passed on to a mailbox elsewhere": (
        ["Original-Recipient: rfc822;carol@acme.example\n" + group("carol@far.example", "failed", "5.2.2")],
        (("carol@far.example",), "permanent", "5.2.2"),
    ),
    "reached by X.400": (
        ["Original-Recipient: rfc822;carol@acme.example\nFinal-Recipient: x400; /S=carol/C=GB/\nAction: failed"],
        (("carol@acme.example",), "permanent", ""),
    ),
    "a name of the far server alone": (
        ["Final-Recipient: LOCAL;<\\carol>\nX-Actual-Recipient: RFC822; carol@acme.example\nStatus: 5.1.1"],
        (("carol@acme.example",), "permanent", "5.1.1"),
    ),
    "an address against the rules": (
        [group("carol..k.@phone.example")], (("carol..k.@phone.example",), "permanent", "5.1.1")
    ),
    "an encoded word is no address": (
        [group("=?utf-8?b?8J+QiA==?=@acme.example")],
        (("=?utf-8?b?8j+qia==?=@acme.example",), "permanent", "5.1.1"),
    ),
    "the far server's answer": (
        [group("carol@acme.example", "failed", "5.1.1", "Diagnostic-Code: smtp; 550 5.7.1 refused")],
        (("carol@acme.example",), "permanent", "5.7.1"),
    ),
    "the answer within a summary": (
        [group("carol@acme.example", "failed", "5.0.0", "Diagnostic-Code: smtp; 5.1.0 - Unknown 550-'5.2.2 full'")],
        (("carol@acme.example",), "permanent", "5.2.2"),
    ),
    "an answer that says nothing": (
        [group("carol@acme.example", "failed", "5.2.1", "Diagnostic-Code: smtp; 550 5.0.0 no")],
        (("carol@acme.example",), "permanent", "5.2.1"),
    ),
    "blank lines lost": (
        [group() + "\n" + group("bob@acme.example")],
        (("carol@acme.example", "bob@acme.example"), "permanent", "5.1.1"),
    ),
    "no recipient": (["X-Nothing: here"], (("carol@acme.example",), "permanent", "")),
}  # fmt: skip


@pytest.mark.parametrize(("groups", "wanted"), REPORTS.values(), ids=REPORTS.keys())
def test_a_report_by_the_book(groups: list[str], wanted: tuple[tuple[str, ...], str, str]) -> None:
    found = read(report(*groups))
    assert found.bounce == Bounce(*wanted, original_id="EX-1.token@desk.example")
    assert found.automatic is Automatic.REPORT


def prose(
    body: str, sender: str = "MAILER-DAEMON@mx.acme.example", subject: str = "failure notice", *more: str
) -> bytes:
    lines = [f"From: {sender}", "To: support@desk.example", f"Subject: {subject}", *more, "", body]
    return "\n".join(lines).encode()


PROSE = {
    "qmail": (
        "This is a mail program. I was not able to deliver your message to the following addresses.\n\n"
        "<carol@acme.example>:\nNo such mailbox. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        "Message-ID: <EX-1.token@desk.example>\nTo: other@x.example\n",
        (("carol@acme.example",), "permanent", "5.1.1", "EX-1.token@desk.example"),
    ),
    "exim": (
        "A message that you sent could not be delivered to one or more of its recipients.\n"
        "The following address(es) failed:\n\n  carol@acme.example\n    550 Unknown user\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\nTo: other@x.example\n",
        (("carol@acme.example",), "permanent", "", ""),
    ),
    "sendmail of old": (
        "   ----- The following addresses had permanent fatal errors -----\n<carol@acme.example>\n\n"
        "   ----- Transcript of session follows -----\n550 5.1.1 <carol@acme.example>... User unknown\n",
        (("carol@acme.example",), "permanent", "5.1.1", ""),
    ),
    "a delay": (
        "Your message has not yet been delivered to:\n\n  carol@acme.example\n\nWe will keep trying for 4 days.\n",
        (("carol@acme.example",), "temporary", "", ""),
    ),
    "exchange of old": (
        "Your message\n\n  To:      team@acme.example\n  Subject: x\n\ndid not reach the following recipient(s):\n\n"
        "carol@acme.example on Mon, 2 Mar 2026 09:15:00 +0100\n    The recipient name is not recognized\n",
        (("carol@acme.example",), "permanent", "", ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "wanted"), PROSE.values(), ids=PROSE.keys())
def test_what_mail_servers_write(body: str, wanted: tuple[tuple[str, ...], str, str, str]) -> None:
    found = read(prose(body))
    assert found.bounce == Bounce(*wanted)
    assert found.automatic is Automatic.REPORT


def test_a_field_of_exim_names_the_recipients() -> None:
    raw = prose(
        "Sorry.", "Mail Delivery System <x@y.example>", "x", "X-Failed-Recipients: carol@acme.example, bob@acme.example"
    )
    bounce = read(raw).bounce
    assert bounce is not None
    assert bounce.recipients == ("carol@acme.example", "bob@acme.example")


PEOPLE = {
    "asks about a bounce": prose(
        "I wrote to dave@x.example and got: 550 5.1.1 user unknown. Why?", "carol@acme.example", "Mail bounced"
    ),
    "forwards a bounce": prose(
        "See below.\n\n---------- Forwarded message ---------\nFrom: MAILER-DAEMON@x.example\n\n"
        "<dave@x.example>: 550 5.1.1 user unknown",
        "carol@acme.example", "Fwd: failure notice",
    ),
    "answers about delivery": prose(
        "> Delivery failed for good: 550 5.1.1\nYes, that address is closed.", "carol@acme.example",
        "Re: Delivery status notification", "In-Reply-To: <1@desk.example>",
    ),
    "is a postmaster": prose("Who rejected it? 550 5.7.1", "postmaster@x.example", "Delivery problem"),
}  # fmt: skip


@pytest.mark.parametrize("raw", PEOPLE.values(), ids=PEOPLE.keys())
def test_a_person_who_writes_about_bounces_sends_none(raw: bytes) -> None:
    found = read(raw)
    assert (found.bounce, found.automatic) == (None, None)


def test_a_read_receipt_is_a_report_but_no_bounce() -> None:
    raw = report("Final-Recipient: rfc822; carol@acme.example", kind="disposition-notification")
    found = read(
        raw.replace(b"message/delivery-status", b"message/disposition-notification").replace(b"MAILER-DAEMON", b"carol")
    )
    assert (found.bounce, found.automatic) == (None, Automatic.REPORT)
