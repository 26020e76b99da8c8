"""Notices in the manner of mail servers and providers that send plain text, each written anew; whom and how they tell.

One mail a family: who writes, under which subject, with which sentences. Recipients, kind and status must be read.
"""

from __future__ import annotations

import pytest

from maildesk.mime.read import read
from maildesk.words import Automatic, Bounce

WHOM = "dave@acme.example"
ORIGINAL = f"From: support@desk.example\nTo: {WHOM}\nSubject: Offer\nMessage-ID: <EX-1.token@desk.example>\n\nhello\n"


def notice(sender: str, subject: str, text: str, *fields: str) -> bytes:
    lines = [f"From: {sender}", "To: support@desk.example", f"Subject: {subject}", *fields]
    return "\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text]).encode()


def with_original(sender: str, subject: str, text: str) -> bytes:
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{text}", f"Content-Type: message/rfc822\n\n{ORIGINAL}"]
    body = "".join(f"--b1\n{part}\n" for part in parts) + "--b1--\n"
    head = f"From: {sender}\nTo: support@desk.example\nSubject: {subject}\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: multipart/mixed; boundary=b1\n\n{body}".encode()


# name: (mail, kind, status)
SERVERS = {
    "James": (notice(
        "postmaster@mx.example", "[BOUNCE]",
        "Hi. This is the James mail server at mx.example.\nI'm afraid I wasn't able to deliver your message to the "
        f"following addresses.\nThis is a permanent error; I've given up.\n\nFailed recipient(s):\n{WHOM}\n\n"
        "Error message:\n550 5.1.1 no such user\n",
    ), "permanent", "5.1.1"),
    "PowerMTA": (notice(
        "postmaster@mx.example", "Delivery report",
        "Hello, this is the mail server on mx.example.\n\nI am sending you this message to inform you on the delivery\n"
        "status of a message you previously sent.  Immediately below\nyou will find a list of the affected "
        "recipients.\n\n"
        f"  <{WHOM}>\n    delivery failed; will not continue trying\n",
    ), "permanent", ""),
    "MailFoundry": (notice(
        "Mail Delivery <postmaster@mx.example>", "Message delivery has failed",
        f"Unable to deliver message to: <{WHOM}>\nDelivery failed for the following reason:\n"
        "Server mx.acme.example responded with: 550 5.1.1 User unknown\nThis has been a permanent failure.\n",
    ), "permanent", "5.1.1"),
    "MailMarshal": (with_original(
        "MailMarshal Gateway <postmaster@mx.example>", "Undeliverable Mail: \"Offer\"",
        "Your message:\n   From:    support@desk.example\n   Subject: Offer\n\nCould not be delivered because of\n\n"
        f"550 5.1.1 User unknown\n\nThe following recipients were affected:\n\n    {WHOM}\n",
    ), "permanent", "5.1.1"),
    "IMail": (notice(
        "Postmaster <postmaster@mx.example>", "Undeliverable Mail",
        f"Unknown user: {WHOM}\n\nOriginal message follows.\n\nReceived: from desk.example\n",
    ), "permanent", ""),
    "GroupWise": (with_original(
        "Mailer System <postoffice@mx.example>", "Message status - undeliverable",
        f"The message that you sent was undeliverable to the following:\n\t{WHOM} (user not found)\n\n"
        "Possibly truncated original message follows:\n",
    ), "permanent", ""),
    "Courier": (notice(
        "courier mail server <postmaster@mx.example>", "NOTICE: mail delivery status.",
        "This is a delivery status notification from mx.example,\nrunning the Courier mail server.\n\n"
        "The original message was received on Mon, 2 Mar 2026 from desk.example\n\n"
        "UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n"
        f"<{WHOM}>:\n    mx.acme.example [192.0.2.1]:\n>>> RCPT TO:<{WHOM}>\n<<< 550 5.1.1 unknown\n",
    ), "permanent", "5.1.1"),
    "SurfControl": (with_original(
        "SurfControl E-mail Filter <postmaster@mx.example>", "Message delivery failed to dave",
        "Your message could not be sent.\nA transcript of the attempts to send the message follows.\n"
        f"The number of attempts made: 1\nAddressed To: {WHOM}\n\nMon 2 Mar 2026 10:00:00\n"
        f"Failed to send to identified host,\n{WHOM}: [192.0.2.1], 550 5.1.1 unknown\n--- Message non-deliverable.\n",
    ), "permanent", "5.1.1"),
    "InterScan": (with_original(
        "InterScan MSS <no-reply@mx.example>", "Mail could not be delivered",
        f"Sent  >>> RCPT TO:<{WHOM}>\nReceived  <<< 550 5.1.1 <{WHOM}>: user unknown\n\nUnable to deliver message\n",
    ), "permanent", "5.1.1"),
    "an unnamed server": (notice(
        "IT <mailadmin@mx.example>", "There was an error sending your mail",
        "We had trouble delivering your message. Full details follow:\n\nSubject: 'Offer'\nDate: 'Mon, 2 Mar 2026'\n\n"
        f"1 error(s):\n\nSMTP Server <mx.acme.example> rejected recipient <{WHOM}> (Error following RCPT command).\n"
        "It responded as follows: [550 5.1.1 unknown]\n",
    ), "permanent", "5.1.1"),
    "Zoho": (notice(
        "mailer-daemon@mail.example", "Undelivered Mail Returned to Sender",
        "This message was created automatically by mail delivery software.\n A message that you sent could not be "
        f"delivered to one or more of its recipients. This is a permanent error.\n\n{WHOM} Invalid Address, "
        "ERROR_CODE :550, ERROR_CODE :5.1.1 unknown\n",
    ), "permanent", "5.1.1"),
    "an SMS gateway": (with_original(
        "sysadmin@phone.example", "Undeliverable Message",
        f"Message could not be delivered to mobile.\nError: No valid recipients for this MM\n\nMessage details:\n"
        f"  To: {WHOM}\n  From: support@desk.example\n",
    ), "permanent", ""),
    "ZMailer": (notice(
        "The Post Office <postmaster@mx.example>", "Delivery reports about your email [FAILED(1)]",
        "This is a collection of reports about email delivery\nprocess concerning a message you "
        "originated.\n\nFAILED:\n"
        f"  Original Recipient:\n    rfc822;{WHOM}\n  Control data:\n    smtp mx {WHOM}\n  Diagnostic text:\n"
        f"    <{WHOM}> smtp; 550 5.1.1 unknown\n",
    ), "permanent", "5.1.1"),
    "iPlanet": (notice(
        "Internet Mail Delivery <postmaster@mx.example>", "Delivery Notification: Delivery has failed",
        "This report relates to a message you sent with the following header fields:\n\n  Message-id: "
        "<1@desk.example>\n"
        "  From: Support <support@desk.example>\n  To: team@acme.example\n\n"
        f"Your message cannot be delivered to the following recipients:\n\n  Recipient address: {WHOM}\n"
        "  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 unknown\n",
    ), "permanent", "5.1.1"),
    "MDaemon": (notice(
        "MDaemon at mx.example <mdaemon@mx.example>", "Permanent Delivery Failure",
        "The following data may contain sections which represent BASE64 encoded\nfile attachments.\n\n"
        f"Failed address: {WHOM}\n\n--- Session Transcript ---\n <-- 550 5.1.1 <{WHOM}> User unknown\n",
    ), "permanent", "5.1.1"),
    "MailEnable": (notice(
        "postmaster@mx.example", "Message Delivery Failure",
        "MailEnable: Message could not be delivered to some recipients.\nThe following recipient(s) could not be "
        "reached:"
        f"\n\n        Recipient: [SMTP:{WHOM}]\n        Reason: The mailbox is not known\n\nMessage headers follow:\n",
    ), "permanent", ""),
    "smtp32": (notice(
        "<> <postmaster@mx.example>", "Undeliverable mail",
        f"undeliverable to {WHOM}\n\nOriginal message follows.\n\nReceived: x\n",
    ), "permanent", ""),
    "Domino": (notice(
        "Postmaster@mx.example", "DELIVERY FAILURE: User dave (dave@acme.example) not listed in Domino Directory",
        f"Your message\n\n  Subject: Offer\n\nwas not delivered to:\n\n  {WHOM}\n\nbecause:\n\n"
        f"  User dave ({WHOM}) not listed in Domino Directory\n",
    ), "permanent", ""),
    "Outlook, as text": (notice(
        "Microsoft Outlook <postmaster@acme.example>", "Undeliverable: Offer",
        f"Delivery has failed to these recipients or groups:\n\n{WHOM}<mailto:{WHOM}>\nThe email address you entered "
        "couldn't be found.\n\nDiagnostic information for administrators:\n\nGenerating server: mx.acme.example\n\n"
        f"{WHOM}\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'\n",
    ), "permanent", "5.1.10"),
    "Gmail, as text": (notice(
        "Mail Delivery Subsystem <mailer-daemon@mail.example>", "Delivery Status Notification (Failure)",
        f"Delivery to the following recipient failed permanently:\n\n     {WHOM}\n\nTechnical details of permanent "
        f"failure:"
        "\nGoogle tried to deliver your message, but it was rejected by the server for the recipient domain.\n"
        "The error that the other server returned was:\n550 5.1.1 unknown\n\n----- Original message -----\n",
    ), "permanent", "5.1.1"),
    "Gmail, delayed": (notice(
        "Mail Delivery Subsystem <mailer-daemon@mail.example>", "Delivery Status Notification (Delay)",
        "This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\n"
        f"Delivery to the following recipient has been delayed:\n\n     {WHOM}\n\nMessage will be retried for 2 "
        f"more days\n",
    ), "temporary", ""),
    "Yahoo": (notice(
        "MAILER-DAEMON@yahoo.example", "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n"
        f"<{WHOM}>:\n550: 5.1.1 User unknown\n\n--- Below this line is a copy of the message.\n\nTo: "
        f"team@acme.example\n",
    ), "permanent", "5.1.1"),
    "AOL": (notice(
        "Mail Delivery Subsystem <MAILER-DAEMON@aol.example>", "Mail Delivery Problem",
        f"Your mail to the following recipients could not be delivered because they are not accepting mail from "
        f"support@desk.example:\n\t{WHOM}\n",
    ), "permanent", ""),
    "Mimecast": (notice(
        "Mail Delivery System <postmaster@mx.example>", "[Postmaster] Email Delivery Failure",
        "This is a delivery failure notification message indicating that\nan email you addressed to email address :\n"
        f"-- {WHOM}\n\ncould not be delivered. The problem appears to be :\n-- Recipient email server rejected the "
        f"message\n\n"
        "Additional information follows :\n-- 5.4.1 Recipient address rejected: Access denied\n",
    ), "permanent", "5.4.1"),
    "Barracuda": (notice(
        "Barracuda Spam Firewall <postmaster@mx.example>", "**Message you sent blocked by our bulk email filter**",
        f"Your message to: {WHOM}\nwas blocked by our Spam Firewall. The email you sent with the following subject "
        f"has NOT "
        "BEEN DELIVERED:\n\nSubject: Offer\n",
    ), "permanent", ""),
    "a gateway's scanner": (notice(
        "Symantec_AntiVirus_for_SMTP_Gateways@mx.example", "Delivery failure notification",
        f"Your message with Subject: Offer\ncould not be delivered to the following recipients:\n\n{WHOM}\n\n"
        "Please do not resend your original message.\n\nDelivery attempts will continue to be made for 5  day(s).\n",
    ), "temporary", ""),
    "EZweb": (notice(
        "Postmaster <postmaster@phone.example>", "Mail System Error - Returned Mail",
        f"The user(s) account is disabled.\n\n<{WHOM}>: 550 user unknown: The user does not exist\n\n"
        "--------------------------------------------------\nReceived: x\n",
    ), "permanent", ""),
    "a carrier in Japan": (with_original(
        "no-reply@net.example", "メールエラー通知",
        f"送信先のメールボックスが一杯のため、送信できませんでした。\n\n     Could not be delivered to: <{WHOM}>\n  "
        f"   As their mailbox is full.\n",
    ), "permanent", ""),
    "a provider in Japan": (notice(
        "postmaster@net.example", "Returned mail: User unknown",
        "   ----- The following addresses had delivery problems -----\n"
        f"{WHOM}\n\n   ----- Non-delivered information -----\nMail Delivery Failed... User unknown\n",
    ), "permanent", ""),
    "mail.ru": (notice(
        "Mail Delivery System <mailer-daemon@mail.example>", "Mail failure.",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered "
        f"to one or more of its recipients. This is a permanent error.\nThe following address(es) failed:\n\n  {WHOM}\n"
        "    550 Message was not accepted -- invalid mailbox.\n",
    ), "permanent", ""),
    "a provider in Germany": (with_original(
        "Mail Delivery System <mailer-daemon@net.example>", "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered "
        f"to\none or more of its recipients. This is a permanent error.\n\nThe following address "
        f"failed:\n\n\"{WHOM}\":\n"
        "SMTP error from remote server after RCPT command:\nhost: mx.acme.example\n5.1.1 unknown\n",
    ), "permanent", "5.1.1"),
    "OpenSMTPD": (notice(
        "Mailer Daemon <MAILER-DAEMON@mx.example>", "Delivery status notification: failed",
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred "
        "while "
        f"attempting to deliver a message for\n    the following list of recipients:\n\n{WHOM}: 550 5.1.1 unknown\n\n"
        "    Below is a copy of the original message:\n\nTo: team@acme.example\n",
    ), "permanent", "5.1.1"),
    "DragonFly": (notice(
        "MAILER-DAEMON <>", "Mail delivery failed",
        f"This is the DragonFly Mail Agent v0.13 at mx.example.\n\nThere was an error delivering your mail to "
        f"<{WHOM}>.\n\n"
        "mx.acme.example [192.0.2.1] did not like our RCPT TO:\n550 5.1.1 unknown\n\nOriginal message follows.\n",
    ), "permanent", "5.1.1"),
    "XMail": (notice(
        "PostMaster@mx.example", "Error sending message [1234.5.mx] from [mx.example]",
        f"[<00>] XMail bounce: Rcpt=[{WHOM}];Error=[550 5.1.1 unknown]\n\n\n[<01>] Error sending message [1234.5.mx]\n",
    ), "permanent", "5.1.1"),
    "QQ": (notice(
        "PostMaster@mail.example", "系统退信",
        f"抱歉，您的邮件被退回来了……\n\n收件人邮件地址不存在，邮件无法送达。\n\n收件人：{WHOM}\n550 5.1.1 unknown\n",
    ), "permanent", "5.1.1"),
    "Naver": (notice(
        "postmaster@mail.example", "메일 전송 실패 안내",
        f"보내신 메일이 전송되지 못했습니다.\n\n받는 사람: {WHOM}\n실패 사유: 존재하지 않는 사용자\n",
    ), "permanent", ""),
    "SNS": (notice(
        "no-reply@sns.example", "AWS Notification Message",
        '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"'
        f'{WHOM}","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 unknown"}}]}}}}',
        "x-amz-sns-message-id: 1",
    ), "permanent", "5.1.1"),
    "a list's program": (notice(
        "team-admin@acme.example", "You support@desk.example are not member (team ML)",
        f"You are not a member of this mailing list <{WHOM}>.\n", "X-MLServer: fml [fml 4.0]",
    ), "permanent", ""),
    "old sendmail": (notice(
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", "Returned mail: User unknown",
        f"   ----- Transcript of session follows -----\nWhile talking to mx.acme.example:\n>>> RCPT To:<{WHOM}>\n"
        f"<<< 550 5.1.1 unknown\n550 <{WHOM}>... User unknown\n\n   ----- Unsent message follows -----\nTo: "
        f"x@acme.example\n",
    ), "permanent", "5.1.1"),
    "a smart host": (notice(
        "postmaster@mx.example", "Mail Delivery Warning",
        f"This is an advisory-only email.  Please do not reply to it.\n\nDelivery of email to this "
        f"address\n\n\"{WHOM}\"\n\n"
        "has been postponed due to a full mailbox.\n\nThe first 50 lines of your original message follow:\n",
    ), "temporary", ""),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "kind", "status"), SERVERS.values(), ids=SERVERS.keys())
def test_a_notice_of_a_server(raw: bytes, kind: str, status: str) -> None:
    found = read(raw)
    assert found.bounce is not None
    assert (found.bounce.recipients, found.bounce.kind, found.bounce.status) == ((WHOM,), kind, status)
    assert found.automatic is Automatic.REPORT


# The language of Exchange and Outlook: the subject, and the sentence above the recipients.
LANGUAGES = {
    "German": ("Unzustellbar: Angebot", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:"),
    "French": ("Non remis : Offre", "Échec de la remise pour ces destinataires ou groupes :"),
    "Spanish": ("No se puede entregar: Oferta", "Error al entregar a estos destinatarios o grupos:"),
    "Italian": ("Non recapitabile: Offerta", "Recapito non riuscito ai seguenti destinatari o gruppi:"),
    "Dutch": ("Onbestelbaar: Offerte", "Bezorging bij deze geadresseerden of groepen is mislukt:"),
    "Portuguese": ("Não é possível entregar: Oferta", "Falha na entrega a estes destinatários ou grupos:"),
    "Polish": ("Niedostarczalne: Oferta", "Nie można dostarczyć wiadomości do następujących adresatów lub grup:"),
    "Russian": (
        "Недоставленное сообщение: Предложение",
        "Не удалось выполнить доставку следующим получателям или группам:",
    ),
    "Ukrainian": ("Не вдалося доставити: Пропозиція", "Не вдалося доставити цим одержувачам або групам:"),
    "Czech": ("Nedoručitelné: Nabídka", "Zprávu se nepodařilo doručit těmto příjemcům nebo skupinám:"),
    "Danish": ("Kan ikke leveres: Tilbud", "Leveringen til disse modtagere eller grupper mislykkedes:"),
    "Swedish": ("Kan inte levereras: Offert", "Det gick inte att leverera till följande mottagare eller grupper:"),
    "Finnish": ("Ei voi toimittaa: Tarjous", "Toimitus näille vastaanottajille tai ryhmille epäonnistui:"),
    "Japanese": ("配信不能: 見積", "次の受信者またはグループへの配信に失敗しました:"),
    "Chinese": ("无法送达: 报价", "未能送达以下收件人或组:"),
    "Korean": ("배달되지 않음: 견적", "다음 받는 사람 또는 그룹에게 배달하지 못했습니다."),
    "Turkish": ("Teslim edilemedi: Teklif", "Bu alıcılara veya gruplara teslim edilemedi:"),
}


@pytest.mark.parametrize(("subject", "sentence"), LANGUAGES.values(), ids=LANGUAGES.keys())
def test_a_notice_of_exchange_in_its_language(subject: str, sentence: str) -> None:
    text = f"{sentence}\n\n{WHOM}\n#550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found ##\n"
    found = read(with_original("Microsoft Outlook <postmaster@acme.example>", subject, text)).bounce
    assert found == Bounce((WHOM,), "permanent", "5.1.1", "EX-1.token@desk.example")
