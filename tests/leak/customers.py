"""What customers do in a history, their colleagues, people from outside, and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.leak import clients
from tests.leak.clients import PROGRAMS, Letter, foreign
from tests.leak.people import BOB, CAROL, CONTACTS, CUSTOMERS, DAVE, GIL, OTTO, OUTSIDE, SUPPORT
from tests.leak.scene import Scene

YEAR = 366 * 24  # hours: what comes once a year comes
CONSENTS = ("allow", "refuse", "take", "erlauben")
REQUESTS = ("status", "copy", "copy {}", "status {}", "escalate {} {word}", "solved", "stop copies", "close {}")


def opens(scene: Scene) -> bool:
    """A new matter, perhaps with copies and a file."""
    rng, writer = scene.rng, scene.rng.choice(CUSTOMERS)
    words = [scene.mint("words of a customer") for _ in range(2)]
    copies = [each for each in (BOB, DAVE, OTTO) if scene.either(0.25) and each != writer]
    files = [(f"{scene.mint('name of a file')}.txt", scene.mint("a file").encode())] if scene.either(0.2) else []
    public = [*words, *(word for name, data in files for word in (name[:-4], data.decode()))]
    scene.tell(f"{writer} asks, copies to {copies}")
    html = f"<p>It fails: {words[0]}</p><p>{words[1]}</p>" if scene.either(0.3) else ""
    text = "" if html and scene.either(0.5) else f"It fails: {words[0]}\n\n{words[1]}\n"
    more = [("Cc", ", ".join(copies))] if copies else []
    content = clients.mail(scene.fields(writer, SUPPORT, "It fails", *more), text, html, files, rng)
    receipt = scene.send(content, writer)
    scene.publish(public, receipt.ticket, writer)
    return True


def knocks(scene: Scene) -> bool:
    """Somebody who is no contact writes, or writes into a ticket that he heard of."""
    writer, word = scene.rng.choice(OUTSIDE), scene.mint("words of somebody at the door")
    about = f" [{scene.rng.choice(scene.tickets)}]" if scene.tickets and scene.either(0.5) else ""
    scene.tell(f"{writer} knocks{about}")
    content = clients.mail(scene.fields(writer, SUPPORT, f"Please{about}"), f"I need help: {word}\n", rng=scene.rng)
    receipt = scene.send(content, writer)
    scene.watch.publish([word], [writer])
    scene.waiting.append((receipt.id, writer, (word,)))
    return True


def answers(scene: Scene) -> bool:
    """To a letter, quoting it; somebody new may stand in Cc."""
    writer = scene.rng.choice((*CUSTOMERS, *OUTSIDE))
    letter = scene.newest(writer)
    if letter is None:
        return False
    word = scene.mint("words of a customer")
    copies = [each for each in (BOB, DAVE, OTTO) if scene.either(0.15) and each != writer]
    scene.tell(f"{writer} answers {letter.name} {letter.ident}, copies to {copies}")
    _into(scene, writer, letter, [f"It still fails: {word}"], (word,), copies)
    return True


def asks(scene: Scene) -> bool:
    """For something, on the first line."""
    writer = scene.rng.choice((CAROL, BOB, DAVE, GIL))
    word = scene.mint("reason of a customer")
    reference = scene.rng.choice(scene.tickets or ["EX-1"])
    line = scene.rng.choice(REQUESTS).format(reference, word=word)
    scene.watch.publish([word], [writer, *(each for every in CONTACTS.values() if writer in every for each in every)])
    letter = scene.newest(writer) if scene.either(0.4) else None
    scene.tell(f"{writer} asks: {line}")
    if letter:
        _into(scene, writer, letter, [line], (), ())
    else:
        scene.send(clients.mail(scene.fields(writer, SUPPORT, "Question"), f"{line}\n", rng=scene.rng), writer)
    if reference in scene.tickets:
        scene.publish([word], reference)
    return True


def decides(scene: Scene) -> bool:
    """About somebody at the door."""
    found = [each for who in CUSTOMERS for each in scene.boxes[who] if each.name == "consult"]
    if not found:
        return False
    letter, line = scene.rng.choice(found), scene.rng.choice(CONSENTS)
    scene.tell(f"{letter.reader} decides: {line}")
    _into(scene, letter.reader, letter, [line], (), ())
    return True


def marks(scene: Scene) -> bool:
    found = [each for who in CUSTOMERS for each in scene.boxes[who] if each.name == "survey"]
    if not found:
        return False
    letter, word = scene.rng.choice(found), scene.mint("comment on a survey")
    scene.tell(f"{letter.reader} marks")
    scene.watch.publish([word], [letter.reader])
    _into(scene, letter.reader, letter, [f"{scene.rng.randrange(1, 6)} {word}"], (), ())
    return True


def returned(scene: Scene) -> bool:
    """A letter comes back."""
    found = [each for who in (*CUSTOMERS, DAVE) for each in scene.boxes[who]]
    if not found:
        return False
    letter = scene.rng.choice(found)
    word = scene.mint("a server's words")
    scene.tell(f"{letter.name} {letter.ident} to {letter.reader} comes back")
    report = (
        f"From: MAILER-DAEMON@relay.example\r\nTo: {letter.reply_to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\n'
        f"It failed: {word}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {letter.reader}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        "Content-Type: message/rfc822\r\n\r\n"
    ).encode()
    scene.send(report + letter.raw + b"\r\n--b--\r\n", "", letter.reply_to)
    return True


def waits(scene: Scene) -> bool:
    hours = scene.rng.choice((3, 30, 50, 200, 3, 30, 50, 200, YEAR))
    scene.tell(f"{hours} hours pass")
    scene.swift.time_passes(hours=hours)
    return True


def _into(
    scene: Scene, writer: str, letter: Letter, lines: list[str], words: tuple[str, ...], copies: Sequence[str]
) -> None:
    client = scene.rng.choice(list(PROGRAMS.values()))
    old = foreign("It fails", "a line") if scene.either(0.1) else letter.quoted
    text, html = clients.written(client, lines, old, scene.rng)
    cited = ("References", f"{letter.head['References'] or ''} {letter.message_id}".strip())
    more = [("In-Reply-To", letter.message_id), cited, *([("Cc", ", ".join(copies))] if copies else [])]
    fields = scene.fields(writer, letter.reply_to, f"Re: {letter.subject}", *more)
    receipt = scene.send(clients.mail(fields, text, html, rng=scene.rng), writer, letter.reply_to)
    scene.watch.publish(words, [writer])
    scene.waiting.append((receipt.id, writer, words))


DEEDS: tuple[Callable[[Scene], bool], ...] = (
    opens, knocks, answers, answers, answers, asks, asks, decides, marks, returned, waits,
)  # fmt: skip
