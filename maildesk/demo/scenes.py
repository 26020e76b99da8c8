"""The conversation of the demo, scene by scene: who writes, what the desk should do, and the check that it did.

Each scene is a function of the stage and the teller; SCENES is their order. A scene that does not see what it
waits for raises, and the demo fails: it is also a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from maildesk.demo.people import ALICE, CAROL, DAVE, SAM, away, reply, tap, write
from maildesk.demo.sink import Taken
from maildesk.demo.stage import Sent, Stage
from maildesk.demo.teller import Teller

Scene = Callable[[Stage, Teller], None]
LINK = re.compile(r"mailto:[^\s\"<>)]+")


def expect(sent: Sent, outcome: str) -> None:
    if sent.row["outcome"] != outcome:
        raise RuntimeError(f"the desk made {sent.row['outcome']} of it, not {outcome}: {sent.row['reason']}")


def link(letter: Taken, words: str) -> str:
    """The link in a letter that answers it with these words."""
    links: list[str] = LINK.findall(letter.text("html").replace("&amp;", "&"))
    return next(each for each in links if each.endswith(f"&body={words}"))


def carol_asks(stage: Stage, tell: Teller) -> None:
    tell.scene("A customer asks for help")
    mail = write(
        CAROL,
        stage.clock(),
        "The PDF export stops at page 3",
        "Hello,\n\nsince this morning the export stops at page 3. Our report is due tomorrow.\n\nCarol\n",
    )
    sent = stage.send(CAROL, mail)
    expect(sent, "ticket")
    tell.sent(sent)
    tell.letter(stage.letter("acknowledgement", CAROL))
    tell.letter(stage.letter("agent_ticket", ALICE))


def a_stranger_asks(stage: Stage, tell: Teller) -> None:
    tell.scene("A stranger writes, and is turned politely away")
    sent = stage.send(SAM, write(SAM, stage.clock(), "Free help?", "Can you help me too?\n\nSam\n"))
    expect(sent, "refused")
    tell.sent(sent)
    tell.letter(stage.letter("redirect", SAM))


def a_colleague_asks(stage: Stage, tell: Teller) -> None:
    tell.scene("A colleague of Carol's who is no contact writes: he hears whom to turn to, and she is asked")
    sent = stage.send(DAVE, write(DAVE, stage.clock(), "Export broken", "Same here.\n\nDave\n"))
    expect(sent, "held")
    tell.sent(sent)
    tell.letter(stage.letter("redirect", DAVE))
    tell.letter(stage.letter("consult", CAROL))


def carol_takes_it_over(stage: Stage, tell: Teller) -> None:
    tell.scene("Carol taps “Take it over”: his request becomes hers")
    before = len(stage.sink.letters)
    sent = stage.send(CAROL, tap(CAROL, stage.clock(), link(stage.letter("consult", CAROL), "take")))
    expect(sent, "consent")
    tell.sent(sent)
    tell.letter(stage.letter("answer", CAROL, before))
    tell.letter(stage.letter("acknowledgement", CAROL, before))
    tell.letter(stage.letter("agent_ticket", ALICE, before))


def alice_answers(stage: Stage, tell: Teller) -> None:
    tell.scene("The agent replies from her mail client; the customer gets her words")
    ticket = stage.letter("agent_ticket", ALICE)
    answer = "Dear Carol,\n\nwhich version do you use? Version 4.1 had such a fault.\n\nAlice"
    sent = stage.send(ALICE, reply(ALICE, stage.clock(), ticket, answer))
    expect(sent, "message")
    tell.sent(sent)
    tell.letter(stage.letter("reply", CAROL))


def carol_replies(stage: Stage, tell: Teller) -> None:
    tell.scene("The customer replies; it goes to the agent who answered, and to nobody else")
    sent = stage.send(CAROL, reply(CAROL, stage.clock(), stage.letter("reply", CAROL), "It is 4.1."))
    expect(sent, "message")
    tell.sent(sent)
    tell.letter(stage.letter("agent_update", ALICE))


def a_robot_answers(stage: Stage, tell: Teller) -> None:
    tell.scene("The customer's out-of-office robot answers too: filed, and answered by nobody")
    before = len(stage.sink.letters)
    mail = away(CAROL, stage.clock(), stage.letter("reply", CAROL))
    sent = stage.send(CAROL, mail, null_sender=True)
    expect(sent, "robot")
    tell.sent(sent)
    tell.nothing(len(stage.sink.letters) - before)


def alice_notes(stage: Stage, tell: Teller) -> None:
    tell.scene("The agent leaves a note; it stays inside")
    update = stage.letter("agent_update", ALICE)
    note = "#note\nKnown fault in 4.1, fixed in 4.2. Ask for the patch if she cannot upgrade."
    sent = stage.send(ALICE, reply(ALICE, stage.clock(), update, note))
    expect(sent, "note")
    tell.sent(sent)
    tell.letter(stage.letter("receipt", ALICE))


def alice_solves(stage: Stage, tell: Teller) -> None:
    tell.scene("The agent answers and solves, in one mail")
    before = len(stage.sink.letters)
    update = stage.letter("agent_update", ALICE)
    words = "#solved\nDear Carol,\n\nversion 4.2 exports all pages again; it is on your download page.\n\nAlice"
    sent = stage.send(ALICE, reply(ALICE, stage.clock(), update, words))
    expect(sent, "message")
    tell.sent(sent)
    tell.letter(stage.letter("reply", CAROL, before))
    tell.letter(stage.letter("receipt", ALICE, before))


def a_day_passes(stage: Stage, tell: Teller) -> None:
    tell.scene("A day passes in silence; the customer is reminded")
    stage.time_passes(timedelta(days=1, minutes=1))
    tell.letter(stage.letter("closing_soon", CAROL))


def another_day_passes(stage: Stage, tell: Teller) -> None:
    tell.scene("Another day: the ticket closes, and the desk asks how it was")
    stage.time_passes(timedelta(days=1))
    tell.letter(stage.letter("closed", CAROL))
    tell.letter(stage.letter("survey", CAROL))


def carol_marks(stage: Stage, tell: Teller) -> None:
    tell.scene("The customer taps the 5 in the survey; her client writes the mail for her")
    sent = stage.send(CAROL, tap(CAROL, stage.clock(), link(stage.letter("survey", CAROL), "5")))
    expect(sent, "survey")
    tell.sent(sent)
    tell.letter(stage.letter("survey_thanks", CAROL))


SCENES: tuple[Scene, ...] = (
    carol_asks,
    a_stranger_asks,
    a_colleague_asks,
    carol_takes_it_over,
    alice_answers,
    carol_replies,
    a_robot_answers,
    alice_notes,
    alice_solves,
    a_day_passes,
    another_day_passes,
    carol_marks,
)
