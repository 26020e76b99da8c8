"""Complaints, read receipts, lists and news of services: mail of machines that is no bounce and no vacation notice."""

from __future__ import annotations

import pytest

from maildesk.mime.read import read
from maildesk.words import Automatic

LETTER = "From: support@desk.example\nTo: carol@acme.example\nMessage-ID: <EX-1.token@desk.example>\n\nhello\n"
FEEDBACK = "Feedback-Type: abuse\nUser-Agent: Loop/1.0\nVersion: 1\nOriginal-Rcpt-To: <carol@acme.example>\n"
DISPOSITION = (
    "Final-Recipient: rfc822; carol@acme.example\nOriginal-Message-ID: <EX-1.token@desk.example>\n"
    "Disposition: manual-action/MDN-sent-manually; displayed\n"
)


def parts(kind: str, sender: str, subject: str, *each: tuple[str, str]) -> bytes:
    body = "".join(f"--b1\nContent-Type: {type_}\n\n{text}\n" for type_, text in each) + "--b1--\n"
    head = f"From: {sender}\nTo: support@desk.example\nSubject: {subject}\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: {kind}; boundary=b1\n\n{body}".encode()


def plain(sender: str, subject: str, text: str, *fields: str) -> bytes:
    head = [f"From: {sender}", "To: support@desk.example", f"Subject: {subject}", *fields]
    return "\n".join([*head, "Content-Type: text/plain; charset=utf-8", "", text]).encode()


REPORTS = {
    "an abuse report": parts(
        "multipart/report; report-type=feedback-report", "fbl@provider.example", "FW: Offer",
        ("text/plain", "This is an abuse report."), ("message/feedback-report", FEEDBACK), ("message/rfc822", LETTER),
    ),
    "an abuse report without its type": parts(
        "multipart/mixed", "abuse@provider.example", "Abuse",
        ("text/plain", "Spam."), ("message/feedback-report", FEEDBACK), ("message/rfc822", LETTER),
    ),
    "a complaint of a provider": parts(
        "multipart/mixed", "staff@hotmail.example", "complaint about message from 192.0.2.1", ("message/rfc822", LETTER)
    ),
    "a provider's feedback": parts(
        "multipart/mixed", "scomp@provider.example", "Email Feedback Report for IP 192.0.2.1",
        ("text/plain", "Removed."), ("message/rfc822", LETTER),
    ),
    "a read receipt": parts(
        "multipart/report; report-type=disposition-notification", "carol@acme.example", "Read: Offer",
        ("text/plain", "Your message was read on Monday."), ("message/disposition-notification", DISPOSITION),
    ),
    "a read receipt of a server": parts(
        "multipart/report; report-type=disposition-notification", "MAILER-DAEMON@acme.example", "Not read: Offer",
        ("text/plain", "Your message was deleted unread."), ("message/disposition-notification", DISPOSITION),
        ("message/rfc822", LETTER),
    ),
    "an abuse report of a server": parts(
        "multipart/report; report-type=feedback-report", "MAILER-DAEMON@provider.example", "Abuse",
        ("text/plain", "This mail was rejected as spam."), ("message/feedback-report", FEEDBACK),
        ("message/rfc822", LETTER),
    ),
    "a read receipt without its type": parts(
        "multipart/mixed", "carol@acme.example", "Gelesen: Angebot",
        ("text/plain", "Gelesen."), ("message/disposition-notification", DISPOSITION),
    ),
    "a read receipt in words": plain(
        "carol@acme.example", "Read: Offer", "Your message\n  Subject: Offer\nwas read on 2 March 2026 10:00."
    ),
    "a read receipt in German": plain(
        "carol@acme.example", "Gelesen: Angebot", "Ihre Nachricht\n  Betreff: Angebot\nwurde am 2. März 2026 gelesen."
    ),
    "a read receipt in French": plain("carol@acme.example", "Lu : Offre", "Votre message a été lu le 2 mars 2026."),
    "a read receipt in Japanese": plain("carol@acme.example", "開封済み: 見積", "メッセージは開封されました。"),
}  # fmt: skip
OTHERS = {
    "a list of old": (plain("x@list.example", "news", "text", "X-Mailing-List: team@list.example"), Automatic.LIST),
    "Mailman": (plain("x@list.example", "news", "text", "X-BeenThere: team@list.example"), Automatic.LIST),
    "fml": (plain("x@list.example", "[team 1] news", "text", "X-ML-Name: team"), Automatic.LIST),
    "a campaign": (plain("x@shop.example", "news", "text", "X-Campaign-Id: 7"), Automatic.BULK),
    "a service's news": (plain("no-reply@sns.example", "AWS", "{}", "x-amz-sns-message-id: 1"), Automatic.BULK),
    "bulk of old": (plain("x@shop.example", "news", "text", "X-Precedence: bulk"), Automatic.BULK),
}


@pytest.mark.parametrize("raw", REPORTS.values(), ids=REPORTS.keys())
def test_a_report_that_is_no_bounce(raw: bytes) -> None:
    found = read(raw)
    assert (found.bounce, found.automatic) == (None, Automatic.REPORT)


@pytest.mark.parametrize(("raw", "kind"), OTHERS.values(), ids=OTHERS.keys())
def test_marks_of_lists_and_machines(raw: bytes, kind: Automatic) -> None:
    found = read(raw)
    assert (found.bounce, found.automatic) == (None, kind)


def test_a_complaint_that_a_service_tells_of_is_no_bounce() -> None:
    told = (
        '{"notificationType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"carol@acme.example"}]}}'
    )
    found = read(plain("no-reply@sns.example", "AWS Notification Message", told, "x-amz-sns-message-id: 1"))
    assert (found.bounce, found.automatic) == (None, Automatic.BULK)


def test_a_receipt_of_a_filter_that_rejects_is_a_bounce() -> None:
    told = DISPOSITION.replace(
        "manual-action/MDN-sent-manually; displayed", "automatic-action/MDN-sent-automatically; deleted"
    )
    words = "Your message to <carol@acme.example> was automatically rejected:\nQuota exceeded"
    parted = (("text/plain", words), ("message/disposition-notification", told), ("message/rfc822", LETTER))
    kind = "multipart/report; report-type=disposition-notification"
    found = read(
        parts(kind, "Mail Delivery Subsystem <postmaster@acme.example>", "Automatically rejected mail", *parted)
    )
    assert found.bounce is not None
    assert (found.bounce.recipients, found.bounce.kind) == (("carol@acme.example",), "permanent")
