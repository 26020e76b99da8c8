"""What agents do in a history: answers, notes, commands, forwards; with secrets in all that must stay inside.

What an agent types himself is his to show: a line that he copies out of a note is not among it.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.leak import clients
from tests.leak.clients import PROGRAMS, Letter, foreign, with_word
from tests.leak.people import AGENTS, CUSTOMERS, SUPPORT
from tests.leak.scene import Scene
from tests.mime.test_forwards import FORMS

PASS = ("Authentication-Results", "mx.example.com; dmarc=pass header.from={}")
PLAIN = (
    "#solved", "#pending", "#take", "#release", "#severity 2", "#cc +dave@acme.example", "#cc -bob@acme.example",
    "#cc +bob@acme.example", "#queue sales", "#queue technical", "#level 2", "#assign anton", "#closed", "#open",
    "#status", "#mine", "#why", "#raw", "#help", "#stage feature", "#forecast 2026-12-24", "#charge 1", "#time 20m",
    "#field version 4.2", "#contact allow dave@acme.example", "#nudge",
    "#appointment 2026-03-05 14:00 1h", "#offer 30m", "#cancel", "#held 30m", "#noshow",
)  # fmt: skip


def answers(scene: Scene) -> bool:
    """In public, below commands or without any."""
    return _writes(scene, [line for line in PLAIN if scene.either(0.06)], "an answer")


def notes(scene: Scene) -> bool:
    return _writes(scene, ["#note"], "a note", inside=True)


def mistypes(scene: Scene) -> bool:
    """A line that is no command: the words wait."""
    return _writes(scene, ["#solvedd"], "words beside a wrong line", inside=True)


def drops(scene: Scene) -> bool:
    return scene.either(0.3) and _writes(scene, ["#spam"], "words beside #spam", inside=True)


def escalates(scene: Scene) -> bool:
    return _writes(scene, [f"#escalate {scene.mint('reason of an agent')}"], "an answer")


def links(scene: Scene) -> bool:
    return _writes(scene, [f"#link https://bugs.example.com/{scene.mint('address of a bug')}"], "an answer")


def gives_back(scene: Scene) -> bool:
    return _writes(scene, [f"#credit 1 {scene.mint('reason of an agent')}"], "an answer")


def calls(scene: Scene) -> bool:
    """A call that he tells of."""
    return _writes(scene, ["#note phone 20m"], "a note", inside=True)


def stages(scene: Scene) -> bool:
    """The words beside the stage are for customers."""
    return _writes(scene, ["#stage bug"], "an answer")


def splits(scene: Scene) -> bool:
    return _writes(scene, ["#split"], "an answer")


def merges(scene: Scene) -> bool:
    return bool(scene.tickets) and _writes(scene, [f"#merge {scene.rng.choice(scene.tickets)}"], "an answer")


def commands(scene: Scene) -> bool:
    """Nothing but commands."""
    return _writes(scene, [scene.rng.choice(PLAIN)], "", inside=True)


def passes_on(scene: Scene) -> bool:
    """What a customer wrote to him: the comment above it stays inside."""
    _, own = _agent(scene)
    comment, word = scene.mint("comment above a forward"), scene.mint("a forwarded mail")
    form = scene.rng.choice(list(FORMS))
    text = FORMS[form].replace("Please take this.", f"Please take this: {comment}").replace("{}", f"It fails: {word}")
    scene.tell(f"{own} forwards as {form}")
    fields = _fields(scene, own, SUPPORT, "Fwd: It fails")
    receipt = scene.send(clients.mail(fields, text, rng=scene.rng), own)
    if receipt.ticket:
        scene.publish([word], receipt.ticket)
    return True


def passes_on_inside(scene: Scene) -> bool:
    """Into a ticket that there is: a note."""
    agent, own = _agent(scene)
    letter = scene.newest(agent)
    if letter is None:
        return False
    comment, word = scene.mint("comment above a forward"), scene.mint("a forwarded mail")
    text = FORMS["gmail"].replace("Please take this.", comment).replace("{}", f"It fails: {word}")
    scene.tell(f"{own} forwards into {letter.name} {letter.ident}")
    scene.noted = True
    fields = _fields(scene, own, letter.reply_to, "Fwd: It fails")
    scene.send(clients.mail(fields, text, rng=scene.rng), own, letter.reply_to)
    return True


def begins(scene: Scene) -> bool:
    """A matter in a contact's name."""
    _, own = _agent(scene)
    word, whom = scene.mint("an answer"), scene.rng.choice(CUSTOMERS)
    scene.tell(f"{own} begins a matter of {whom}")
    fields = _fields(scene, own, SUPPORT, "Your call")
    receipt = scene.send(clients.mail(fields, f"#new {whom}\nYou called: {word}\n", rng=scene.rng), own)
    if receipt.ticket:
        scene.publish([word], receipt.ticket)
    return True


def unproved(scene: Scene) -> bool:
    """A mail in an agent's name that nobody vouches for; it waits for his word."""
    if not scene.tickets:
        return False
    _, own = _agent(scene)
    word, reference = scene.mint("an answer that waits"), scene.rng.choice(scene.tickets)
    scene.tell(f"somebody writes as {own} into {reference}")
    fields = _fields(scene, own, SUPPORT, f"Re: [{reference}] It fails", passed=False)
    receipt = scene.send(clients.mail(fields, f"We look at it: {word}\n", rng=scene.rng), own)
    scene.waiting.append((receipt.id, own, (word,)))
    return True


def confirms(scene: Scene) -> bool:
    found = [each for own in AGENTS.values() for each in scene.boxes[own[0]] if each.name == "confirm"]
    if not found:
        return False
    letter = scene.rng.choice(found)
    scene.tell(f"{letter.reader} says yes to {letter.ident}")
    fields = _fields(scene, letter.reader, letter.reply_to, f"Re: {letter.subject}", letter=letter, passed=False)
    scene.send(clients.mail(fields, scene.rng.choice(("yes\n", "no\n")), rng=scene.rng), letter.reader, letter.reply_to)
    return True


def _writes(scene: Scene, lines: list[str], kind: str, *, inside: bool = False) -> bool:
    """An answer to one of his letters, in one of the manners, with secrets all around it."""
    agent, own = _agent(scene)
    letter = scene.newest(agent)
    if letter is None or letter.name == "confirm":
        return False
    words = [scene.mint(kind)] if kind else []
    files = [(f"{scene.mint(kind)}.txt", scene.mint(kind).encode())] if kind and scene.either(0.25) else []
    inside = inside or letter.note
    name, client = scene.rng.choice(list(PROGRAMS.items()))
    scene.tell(f"{own} by {name}: {' '.join(lines)} {kind}, to {letter.name} {letter.ident}{' (inside)' * inside}")
    said = [*lines, *(f"We have seen {word} ourselves." for word in words)]
    text, html = clients.written(client, said, _old(scene, agent, letter), scene.rng)
    fields = _fields(
        scene, own, letter.reply_to, f"Re: {letter.subject} {scene.mint('subject of an agent')}", letter=letter
    )
    scene.noted = inside
    receipt = scene.send(clients.mail(fields, text, html, files, scene.rng), own, letter.reply_to)
    if receipt.ticket and not inside:
        scene.publish([*words, *(part for file in files for part in (file[0][:-4], file[1].decode()))], receipt.ticket)
    return True


def _old(scene: Scene, agent: str, letter: Letter) -> clients.Quoted:
    """What stands below: the letter, another one of his such as a note's, or a mail of somebody else's."""
    word = scene.mint("what stood in a quotation")
    which = scene.rng.random()
    if which < 0.15:
        return foreign("It fails", word)
    return with_word((scene.rng.choice(scene.boxes[agent]) if which < 0.5 else letter).quoted, word)


def _agent(scene: Scene) -> tuple[str, str]:
    """Where an agent gets his letters, and where he writes from."""
    own = scene.rng.choice(list(AGENTS.values()))
    return own[0], scene.rng.choice(own)


def _fields(
    scene: Scene, own: str, to: str, subject: str, *, letter: Letter | None = None, passed: bool = True
) -> list[tuple[str, str]]:
    """With all that a program tells of its user."""
    secret = scene.mint("head of an agent's mail")
    sender = f'"Ally {scene.mint("name that a program made up")}" <{own}>'
    more = [
        ("User-Agent", f"Program {secret}"), ("X-Mailer", secret), ("X-Originating-IP", f"[10.1.2.3] {secret}"),
        ("Organization", secret), ("X-Note", secret), ("Bcc", f"{secret}@private.example"), ("Comments", secret),
        ("Disposition-Notification-To", f"<{secret}@private.example>"), ("Reply-To", f"<{secret}@private.example>"),
        ("Keywords", secret), ("List-Unsubscribe", f"<mailto:{secret}@private.example>"),
    ]  # fmt: skip
    if letter:
        more += [("In-Reply-To", letter.message_id), ("References", f"<{secret}@laptop.private> {letter.message_id}")]
    received = ("Received", f"from {secret}.private ([10.1.2.3]) by mx.example.com; Mon, 02 Mar 2026 09:00:00 +0000")
    proof = [(PASS[0], PASS[1].format(own.partition("@")[2]))] if passed else []
    fields = scene.fields(sender, to, subject, *(more if scene.either(0.7) else more[-2:] if letter else ()))
    return [*proof, received, *(each for each in fields if each[0] != "List-Unsubscribe")]


DEEDS: tuple[Callable[[Scene], bool], ...] = (
    answers, answers, answers, answers, notes, notes, mistypes, drops, escalates, links, gives_back, calls, stages,
    splits, merges, commands, passes_on, passes_on_inside, begins, unproved, confirms,
)  # fmt: skip
