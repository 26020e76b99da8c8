"""People who write about bounces and absence, in nine languages: no mail of theirs is a report or a robot's."""

from __future__ import annotations

import pytest

from maildesk.mime.read import read

NOTICE = (
    "This is the mail system at host mx.far.example.\n\nI'm sorry to have to inform you that your message could not\n"
    "be delivered to one or more recipients.\n\n<dave@far.example>: host mx.far.example[192.0.2.1] said: 550 5.1.1\n"
    "    <dave@far.example>: Recipient address rejected: User unknown (in reply to RCPT TO command)\n"
)
QUOTED = "".join(f"> {line}\n" for line in NOTICE.split("\n"))
REPORT = (
    "Reporting-MTA: dns; mx.far.example\n\nFinal-Recipient: rfc822; dave@far.example\nAction: failed\nStatus: 5.1.1\n"
)

# Subject and text; some are answers to a mail of ours.
BOUNCES = {
    "what does this mean": ("What does this mean?", f"Hi,\n\nI got this today, what does it mean?\n\n{NOTICE}"),
    "forwarded in the text": (
        "Fwd: Undelivered Mail Returned to Sender",
        f"Can you help?\n\n---------- Forwarded message ---------\nFrom: MAILER-DAEMON@mx.far.example\n\n{NOTICE}",
    ),
    "forwarded without a word": (
        "FW: Delivery Status Notification (Failure)",
        f"-----Original Message-----\nFrom: MAILER-DAEMON@mx.far.example\nSent: Monday\n\n{NOTICE}",
    ),
    "the notice quoted": ("Mail delivery failed", f"All our mails to Dave come back like this:\n\n{QUOTED}\nWhy?\n"),
    "the notice pasted under its own subject": (
        "Undelivered Mail Returned to Sender",
        f"Hello,\n\nsince yesterday I get this for each mail I send, please help.\n\n{NOTICE}\nThanks, Carol\n",
    ),
    "an administrator about codes": (
        "550 5.1.1 or 450 4.2.0?",
        "Your server answers 550 5.1.1 to unknown users and 450 4.2.0 to greylisted ones. We would like 451 4.7.1\n"
        "for the latter: some of our gateways give up on 450. Could that be set?\n",
    ),
    "an administrator's log": (
        "Delivery problem: user unknown",
        "Our log of this morning:\n\nMar  2 09:15:00 mx postfix/smtp[17]: to=<bob@acme.example>, dsn=5.1.1,\n"
        "status=bounced (host mx.far.example said: 550 5.1.1 User unknown)\n\nDo you reject him, or do we?\n",
    ),
    "a mailbox that is full": (
        "Mailbox full",
        "My mailbox is full and mails are rejected with 552 5.2.2. More room, please.",
    ),
    "a warning that is passed on": (
        "Warning: message delayed",
        f"Dear support, is this one of yours?\n\n{QUOTED}\nKind regards,\nCarol\n",
    ),
    "an answer to our question": ("Re: Delivery failed", f"Here is the whole text that you asked for:\n\n{NOTICE}\n"),
    "de, fragt nach": (
        "Unzustellbar: Angebot",
        f"Guten Tag,\n\nwas bedeutet diese Meldung? Ich bekomme sie bei jeder Mail an Herrn Meier.\n\n{NOTICE}\nGruß\n",
    ),
    "de, leitet weiter": ("WG: Unzustellbar: Angebot", f"Bitte prüfen.\n\n{NOTICE}"),
    "fr": (
        "Échec de la remise : que faire ?",
        f"Bonjour,\n\nje reçois ce message chaque fois que j'écris à Dave.\n\n{QUOTED}\nCordialement\n",
    ),
    "es": (
        "No se puede entregar el correo",
        f"Hola,\n\nno puedo enviar correos a Dave, me sale esto. ¿Qué significa?\n\n{NOTICE}\nSaludos\n",
    ),
    "it": ("Mancata consegna", f"Buongiorno,\n\nho ricevuto questo avviso. Cosa devo fare?\n\n{NOTICE}\nSaluti\n"),
    "nl": ("Onbestelbaar bericht", f"Beste,\n\nwat betekent deze melding?\n\n{NOTICE}\nGroeten\n"),
    "pl": ("Niedostarczona wiadomość", f"Dzień dobry,\n\nco oznacza ten komunikat?\n\n{NOTICE}\nPozdrawiam\n"),
    "ru": ("Не доставлено", f"Здравствуйте!\n\nЧто означает это сообщение?\n\n{NOTICE}\n"),
    "ja": (
        "メールが届きません",
        f"お世話になっております。\n\n以下のエラーが返ってきますが、どうすればよいでしょうか。\n\n{NOTICE}\n",
    ),
}


def written(subject: str, text: str, *fields: str, writer: str = "Carol Jones <carol@acme.example>") -> bytes:
    head = [f"From: {writer}", "To: support@desk.example", f"Subject: {subject}", "Return-Path: <carol@acme.example>"]
    head += [*fields, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return "\r\n".join([*head, "", *text.split("\n")]).encode()


ANSWERING = {"a new mail": (), "an answer": ("In-Reply-To: <1@desk.example>", "References: <1@desk.example>")}


@pytest.mark.parametrize("fields", ANSWERING.values(), ids=ANSWERING.keys())
@pytest.mark.parametrize(("subject", "text"), BOUNCES.values(), ids=BOUNCES.keys())
def test_a_person_who_quotes_a_bounce_sends_none(subject: str, text: str, fields: tuple[str, ...]) -> None:
    found = read(written(subject, text, *fields))
    assert (found.bounce, found.automatic) == (None, None)


ADMINISTRATORS = ["Postmaster <postmaster@acme.example>", "IT Support <it-support@acme.example>", "root@acme.example"]


@pytest.mark.parametrize("writer", ADMINISTRATORS)
@pytest.mark.parametrize("name", ["an administrator about codes", "an administrator's log", "what does this mean"])
def test_an_administrator_may_ask_too(name: str, writer: str) -> None:
    found = read(written(*BOUNCES[name], writer=writer))
    assert (found.bounce, found.automatic) == (None, None)


def forwarded(subject: str, *parts: tuple[str, str]) -> bytes:
    body = "".join(f"--b\nContent-Type: {type_}\n\n{text}\n" for type_, text in parts) + "--b--\n"
    head = f"From: carol@acme.example\nTo: support@desk.example\nSubject: {subject}\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: multipart/mixed; boundary=b\n\n{body}".encode()


BOUNCE = (
    "From: MAILER-DAEMON@mx.far.example\nSubject: Undelivered Mail\nContent-Type: multipart/report;"
    f' report-type=delivery-status; boundary="r"\n\n--r\n\n{NOTICE}\n'
    f"--r\nContent-Type: message/delivery-status\n\n{REPORT}--r--\n"
)
ATTACHED = {
    "as a mail": forwarded("Fwd: failure", ("text/plain", "What does this mean?"), ("message/rfc822", BOUNCE)),
    "as a mail under another subject": forwarded("Strange", ("text/plain", "See there."), ("message/rfc822", BOUNCE)),
    "as a text": forwarded("Strange mail", ("text/plain", "Please look."), ("text/plain; name=bounce.txt", BOUNCE)),
    "as what it is made of": forwarded(
        "Fwd: Undelivered Mail", ("text/plain", "Why?"), ("text/plain", NOTICE), ("message/delivery-status", REPORT)
    ),
}  # fmt: skip


@pytest.mark.parametrize("raw", ATTACHED.values(), ids=ATTACHED.keys())
def test_a_bounce_that_a_person_attaches_is_the_persons_mail(raw: bytes) -> None:
    found = read(raw)
    assert (found.bounce, found.automatic) == (None, None)


AWAY = {
    "please answer by then": (
        "Export",
        "I am out of office next week, so please answer by Friday.\n\nThe export still fails.\n\nCarol",
    ),
    "under a subject of absence": (
        "Out of office next week",
        "I am out of the office from Monday on, so please answer by Friday. The export fails.",
    ),
    "asks for his deputy": (
        "On vacation until 9 March",
        "I will be on vacation until 9 March. Please add bob@acme.example to the ticket while I am away.",
    ),
    "tells of another's absence": (
        "Automatic reply of Bob",
        "All I got was an automatic reply that Bob is out of the office.",
    ),
    "wants such notices": ("Out of office replies", "How do I set up out of office replies? I am away from Monday on."),
    "de": ("Abwesend ab Montag", "Ich bin ab Montag im Urlaub, bitte melden Sie sich bis Freitag. Der Export steht."),
    "de, meldet einen Fehler": ("Abwesenheitsnotiz geht nicht", "Ich bin nächste Woche im Urlaub, und sie geht nicht."),
    "fr": ("Absence", "Je suis absent la semaine prochaine, pouvez-vous répondre avant vendredi ?"),
    "es": ("Vacaciones", "Estoy de vacaciones desde el lunes, ¿pueden contestar antes?"),
    "it": ("Ferie", "Sono in ferie da lunedì: potete rispondere prima?"),
    "nl": ("Vakantie", "Ik ben vanaf maandag met vakantie, kunt u voor vrijdag antwoorden?"),
    "pl": ("Urlop", "Od poniedziałku jestem na urlopie, czy mogą Państwo odpowiedzieć do piątku?"),
    "ru": ("Отпуск", "С понедельника я в отпуске, ответьте, пожалуйста, до пятницы. Экспорт не работает."),
    "ja": ("休暇の前に", "来週は休暇をいただきますので、金曜までにご回答いただけますでしょうか。"),
}


@pytest.mark.parametrize("fields", ANSWERING.values(), ids=ANSWERING.keys())
@pytest.mark.parametrize(("subject", "text"), AWAY.values(), ids=AWAY.keys())
def test_a_person_who_will_be_away_is_no_robot(subject: str, text: str, fields: tuple[str, ...]) -> None:
    found = read(written(subject, text, *fields))
    assert (found.bounce, found.automatic) == (None, None)
