"""People who write about bounces, robots and absence: none of their mails is a report or an automatic answer.

Each mail is our own. A new rule that takes one of them is wrong, however many real reports it finds.
"""

from __future__ import annotations

import pytest

from maildesk.mime.read import read

BOUNCE = (
    "This is the mail system at host mx.acme.example.\n\nI'm sorry to have to inform you that your message could not\n"
    "be delivered to one or more recipients.\n\n<dave@acme.example>: host mx1.acme.example[192.0.2.1] said: 550 5.1.1\n"
    "    <dave@acme.example>: Recipient address rejected: User unknown (in reply to RCPT TO command)\n"
)
CITED = "".join(f"> {line}\n" for line in BOUNCE.split("\n"))


def mail(subject: str, body: str, *fields: str, sender: str = "Carol <carol@acme.example>") -> bytes:
    lines = [f"From: {sender}", "To: support@desk.example", f"Subject: {subject}", *fields, "", body]
    return "\n".join(lines).encode()


def with_parts(subject: str, text: str, *parts: str) -> bytes:
    every = "".join(f"--b1\n{part}\n" for part in (f"Content-Type: text/plain\n\n{text}", *parts))
    return mail(subject, f"{every}--b1--\n", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b1")


STATUS = (
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.acme.example\n\n"
    "Final-Recipient: rfc822; dave@acme.example\nAction: failed\nStatus: 5.1.1\n"
)
ATTACHED = (
    "Content-Type: message/rfc822\n\nFrom: MAILER-DAEMON@mx.acme.example\nTo: carol@acme.example\n"
    f"Subject: Undelivered Mail Returned to Sender\n\n{BOUNCE}"
)
ABOUT_BOUNCES = {
    "asks why": mail("Undelivered Mail Returned to Sender", f"Hi,\n\nI got this from you. Why?\n\n{BOUNCE}"),
    "asks with a formal subject": mail("Mail delivery failed", "My mails to your sales team come back. Any idea?"),
    "pastes it": mail("Undelivered Mail Returned to Sender", f"Got this today from your side:\n\n{BOUNCE}"),
    "pastes it with the mail": mail(
        "Mail delivery failed", f"Third time this week.\nOurs works.\n\n{BOUNCE}\n--- Original message ---\n\nFrom: x"
    ),
    "is away and tells of a bounce": mail("Delivery failure", "The mail I sent from home was rejected: 550 5.7.1 spam"),
    "cites it": mail("Delivery Status Notification (Failure)", f"What does this mean?\n\n{CITED}\nCarol"),
    "cites it without a question": mail("Delivery failure", f"We get this all day since the update.\n\n{CITED}"),
    "cites it without any word": mail("Returned mail", CITED),
    "forwards it inline": mail(
        "Fwd: Undelivered Mail Returned to Sender",
        f"---------- Forwarded message ---------\nFrom: MAILER-DAEMON@mx.acme.example\n\n{BOUNCE}",
    ),
    "forwards it in Outlook": mail("WG: Unzustellbar: Angebot", f"-----Ursprüngliche Nachricht-----\n{BOUNCE}"),
    "forwards it as a file": with_parts("Fwd: Undelivered Mail Returned to Sender", "see below", ATTACHED),
    "forwards its parts": with_parts("Fwd: Undelivered Mail", f"Begin forwarded message:\n{CITED}", STATUS, ATTACHED),
    "attaches it to a new mail": with_parts("Undelivered Mail", "Hello, I attach what your server sent me.", ATTACHED),
    "attaches it in German": with_parts("Unzustellbare Mail", "Guten Tag,\n\nwas ist das?\n\nGruß\nCarol", ATTACHED),
    "answers it": mail("Re: failure notice", f"{CITED}\nThat address is gone, use dave2@acme.example."),
    "answers without a prefix": mail(
        "Mail delivery failed", "That user is unknown here, the address was closed.", "In-Reply-To: <1@desk.example>"
    ),
    "tells that an address is gone": mail("Change of address", "dave@acme.example does not exist any more."),
    "reports the error of a program": mail("Export fails: 550 error", "The log says 550 5.7.1 rejected. Please help."),
    "reports a delay": mail("Delivery delayed", "Dear support,\n\nmy parcel has been delayed again. When, please?"),
    "waits for goods": mail("Delivery failed", "The driver could not deliver to our address today. Please call me."),
    "returns goods": mail("Return to sender", "Hello, the package was returned to sender. I want my money back."),
    "has a full mailbox": mail("Mailbox full", "Hi, my mailbox is full and mail is rejected. Can you raise the quota?"),
    "warns": mail("Warning: message queue grows", "Hello,\n\nour queue has 4000 mails not delivered, I see 4.4.1"),
    "rejects an offer": mail("Offer rejected", "Your offer has been rejected by our board. Regards, Carol"),
    "configures bounces": mail("Bounce handling", "How do I configure what happens to bounced mail? VERP?"),
    "is a postmaster with a question": mail(
        "Undelivered mail from your server", f"Hello,\n\nwe see this from your host:\n\n{BOUNCE}",
        sender="Postmaster <postmaster@acme.example>",
    ),
    "is an administrator": mail(
        "Mail delivery problem", "Your server could not be reached by ours, 4.4.1. Can you have a look?",
        sender="Carol, System Administrator <root@acme.example>",
    ),
    "in German": mail("Nicht zustellbar", "Hallo,\n\nmeine Mail an Herrn Meier ist nicht zustellbar, was tun?"),
    "in French": mail("Message non remis", "Bonjour,\n\nmon message n'a pas été remis. Que faire ?\n\nCordialement"),
    "in Spanish": mail("Correo no entregado", "Hola,\n\nmi correo no se ha podido entregar. ¿Qué hago?"),
    "in Italian": mail("Mancata consegna", "Buongiorno,\n\nil messaggio non è stato consegnato. Cosa devo fare?"),
    "in Dutch": mail("Onbestelbaar", "Beste,\n\nmijn bericht kan niet worden bezorgd. Wat nu?"),
    "in Portuguese": mail("Mensagem não entregue", "Olá,\n\nminha mensagem não foi entregue. O que fazer?"),
    "in Polish": mail("Niedostarczone", "Dzień dobry,\n\nmoja poczta jest niedostarczona. Co robić?"),
    "in Russian": mail("Не доставлено", "Здравствуйте,\n\nмоё письмо не было доставлено. Почему?"),
    "in Japanese": mail("配信不能", "お世話になっております。\n\nメールが配信できません。なぜでしょうか。"),
    "in Chinese": mail("退信", "您好，\n\n我的邮件被退回，无法送达。怎么办？"),
    "in Korean": mail("반송", "안녕하세요.\n\n메일이 반송되었습니다. 왜 그런가요?"),
    "in Turkish": mail("Teslim edilemedi", "Merhaba,\n\ne-postam teslim edilemedi. Neden?"),
    "in Swedish": mail("Kan inte levereras", "Hej,\n\nmitt mejl kunde inte levereras. Varför?"),
}  # fmt: skip
ABOUT_ROBOTS = {
    "asks how to set one up": mail("Out of office: how do I set it up?", "I am out of the office next week. How?"),
    "answers the matter": mail("Re: Automatic reply: Export", "I am back. The export works now.", "In-Reply-To: <1@x>"),
    "forwards one": mail("Fwd: Automatic reply: Export", "> I am currently out of the office.\nPlease use bob."),
    "has trouble with one": mail("Automatic reply sent twice", "Customers get our automatic reply twice. Why?"),
    "goes on vacation": mail("Export", "I am on vacation from Friday on, please hurry."),
    "goes on vacation and says so": mail("Vacation", "I am on vacation from Friday on, please finish it by then."),
    "goes on holidays in German": mail("Urlaub", "Ich bin ab Freitag im Urlaub, bitte vorher erledigen."),
    "will be out": mail("Out of office next week", "I am out of the office next week, can we talk on Friday?"),
    "plans with a robot's subject": mail("Out of office", "I will be out of the office on Monday. Could you call Bob?"),
    "vacation days": mail("Vacation request form broken", "The form for vacation fails."),
    "absence list": mail("Abwesenheit Frau Meier", "Frau Meier ist krank, ich bin abwesend ab Mittag. Geht das?"),
    "read something": mail("Read: chapter 3 of your manual", "I read it and have questions on page 12."),
    "was lu": mail("Lu : votre offre", "Bonjour, votre offre a été lue par notre direction. Pouvez-vous appeler ?"),
    "complains of spam": mail("Spam complaint", "Your newsletter is spam, stop it."),
    "reports abuse": mail("Abuse report: your host scans ours", "See the log below.\n\n10:00 connect 192.0.2.1"),
    "reports abuse with the mail": with_parts("Spam report", "You sent me this. Stop it.", ATTACHED),
    "is asked not to be answered": mail("Export", "It fails.", "X-Auto-Response-Suppress: All"),
    "of first class": mail("Export", "It fails.", "Precedence: first-class"),
    "not automatic": mail("Export", "It fails.", "Auto-Submitted: no"),
    "asked for a receipt": mail("Export", "It fails.", "Disposition-Notification-To: carol@acme.example"),
    "in French away": mail("Absence du bureau", "Bonjour, comment configurer un message d'absence ?"),
    "in Japanese away": mail("不在時の連絡", "不在のため、担当者を変更していただけますか。"),
}  # fmt: skip


@pytest.mark.parametrize("raw", ABOUT_BOUNCES.values(), ids=ABOUT_BOUNCES.keys())
def test_who_writes_about_a_bounce_is_a_person(raw: bytes) -> None:
    found = read(raw)
    assert (found.bounce, found.automatic) == (None, None)


@pytest.mark.parametrize("raw", ABOUT_ROBOTS.values(), ids=ABOUT_ROBOTS.keys())
def test_who_writes_about_absence_or_robots_is_a_person(raw: bytes) -> None:
    found = read(raw)
    assert (found.bounce, found.automatic) == (None, None)
