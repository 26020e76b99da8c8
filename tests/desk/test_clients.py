"""Commands as some thirty mail programs send them: read from the agent's own new words, and from nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from maildesk.mime.read import read as read_mail
from maildesk.policy import script
from maildesk.words import Incoming, Outcome, SendLetter
from tests.builders import ALICE, CAROL, mail
from tests.desk.clients import CLIENTS, Client, answer
from tests.desk.hostile import came, letters, read, ruled
from tests.desk.world import Sent, World

# What the customer wrote, and so what each answer quotes.
ASKED = "#closed\n#spam\n#note\nHello,\n\n#assign me\nthe export to PDF stops at page 3.\n\n# solved\nCarol"
COMMANDS = ["#solved", "#severity 2"]
WORDS = ["", "Dear Carol,", "", "version 4.2 exports all pages.", "#hashtags are words down here."]
SAID = "Dear Carol,\nversion 4.2 exports all pages.\n#hashtags are words down here."
SIGNATURES = {
    "nothing": [],
    "a closing": ["", "Kind regards", "Alice Agent"],
    "an office": ["", "Alice Agent | Example Support", "Tel. +49 30 1234567"],
    "its line": ["", "-- ", "Alice Agent", "Example Support"],
    "a disclaimer": [
        "",
        "This e-mail is confidential and intended solely for the addressee. If you have received it in error, please "
        "notify the sender and delete it.",
    ],
    "an imprint": ["", "Alice Agent", "", "Example GmbH, Sitz der Gesellschaft: Berlin, Amtsgericht Berlin HRB 4711"],
}


def versions() -> Iterator[object]:
    """Each program as it sends, and with one of its two versions taken away on the way."""
    for name, client in CLIENTS.items():
        both = ("", "text", "html") if client.text and client.html else ("",)
        for only in both:
            yield pytest.param(client, only, id=f"{name}, {only} only" if only else name)


each_version = pytest.mark.parametrize(("client", "only"), list(versions()))


@pytest.fixture(scope="module")
def letter() -> Sent:
    """What an agent gets of a customer's mail that is full of commands."""
    raw = mail(
        "Technical Support <support@example.com>", ALICE, "[EX-10001] The export fails", SHOWN, html=SHOWN_IN_HTML
    )
    keyed = {"Reply-To": "support+EX-10001-bxk7fewmo3uzyiegckqmb655acm@example.com", "Message-ID": "<x@example.com>"}
    return Sent(
        "agent_ticket", "alice@example.com", "", b"".join(f"{k}: {v}\r\n".encode() for k, v in keyed.items()) + raw
    )


SHOWN = f"""##- Please type your reply above this line -##

A plain reply goes to Carol Jones. Begin with #note to keep it inside.

New request EX-10001
From: Carol Jones <carol@acme.example>

{ASKED}

--
Lines at the top of your reply: #take #assign NAME #note #pending
#solved #closed #severity 1-4

Technical Support
Example Support
"""
SHOWN_IN_HTML = (
    "<html><body>" + "".join(f"<div>{line or '<br>'}</div>" for line in SHOWN.splitlines()) + "</body></html>"
)


def script_of(content: bytes) -> tuple[list[tuple[str, str]], str, Incoming]:
    found = read_mail(content)
    said = script.read_text(found.said)
    return [(line.word, line.argument) for line in said.lines], re.sub(r"\n+", "\n", said.text), found


@each_version
def test_commands_and_words_are_those_above_the_quoted_letter(client: Client, only: str, letter: Sent) -> None:
    lines, text, found = script_of(answer(client, letter, [*COMMANDS, *WORDS], only))
    assert lines == [("solved", ""), ("severity", "2")]
    assert text == SAID
    assert "#closed" in found.text  # which the whole text has


@each_version
def test_above_a_quoted_letter_without_words_nothing_is_said(client: Client, only: str, letter: Sent) -> None:
    assert script_of(answer(client, letter, COMMANDS, only))[:2] == ([("solved", ""), ("severity", "2")], "")


@each_version
def test_without_commands_those_of_the_quoted_letter_are_none(client: Client, only: str, letter: Sent) -> None:
    lines, text, _ = script_of(answer(client, letter, WORDS[1:], only))
    assert (lines, text) == ([], SAID)


def through_all(desk: World, words: Sequence[str], **fields: object) -> Iterator[tuple[str, Outcome, list[SendLetter]]]:
    """What would become of an answer by each program, on a desk where Carol has asked."""
    desk.receives(mail(CAROL, text=ASKED))
    hers = desk.the("agent_ticket", ALICE)
    contents = [answer(client, hers, words, **fields) for client in CLIENTS.values()]  # type: ignore[arg-type]
    found = ruled(desk, read(contents), came(desk, "alice@example.com"))
    for name, (_, ruling) in zip(CLIENTS, found, strict=True):
        yield name, ruling.outcome, letters(ruling)


def test_an_answer_by_any_program_is_sent_with_its_words_alone_and_its_commands_are_done(desk: World) -> None:
    for name, outcome, sent in through_all(desk, [*COMMANDS, *WORDS]):
        told = {each.letter.name: each.letter for each in sent}
        assert outcome is Outcome.MESSAGE, name
        assert set(told) == {"reply", "receipt"}, name
        assert re.sub(r"\n+", "\n", str(told["reply"].context["text"])) == SAID, name
        assert told["reply"].context["status"] == "solved", name
        assert told["receipt"].context["refused"] == [], name
        assert ("severity", "2") in told["receipt"].context["done"], name  # type: ignore[operator]


@pytest.mark.parametrize("below", SIGNATURES.values(), ids=SIGNATURES.keys())
def test_commands_alone_post_nothing_whatever_stands_below_each_mail_of_an_agent(desk: World, below: list[str]) -> None:
    logo = [("image001.png", b"\x89PNG", "image/png")]
    for name, outcome, sent in through_all(desk, [*COMMANDS, *below], attachments=logo, inline=True):
        assert outcome is Outcome.COMMAND, name
        assert [each.letter.name for each in sent] == ["solved", "receipt"], name


def test_a_note_by_any_program_reaches_no_customer(desk: World) -> None:
    for name, outcome, sent in through_all(desk, ["#note", *WORDS, "", "Alice"]):
        assert outcome is Outcome.NOTE, name
        assert [each.letter.name for each in sent] == ["receipt"], name
