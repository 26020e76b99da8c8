"""Heads as Lotus Notes writes them: name, time, and the names of fields beside or above their values."""

from __future__ import annotations

import pytest

from maildesk.mime.quotes import new_text

NEW = "It works now, thank you.\n\nOne question is left."
OLD = "please try version 5.3.\nDoes it help?"
HEADS = {
    "labels above": "Alice <alice@desk.example>\n02.03.2026 09:15\n\nTo\nCarol <c@acme.example>\n\nSubject\nExport",
    "labels beside": "Alice <alice@desk.example>\n03/02/2026 09:15 AM\n\nTo:\tCarol Jones\ncc:\n\nSubject:\tRe: Export",
    "names of Notes": "Alice/Desk/X@X\n03/02/2026 09:15 AM\n\n        To\nCarol/Acme@Acme\n        Subject\nExport",
    "on one line": "Alice/Desk/Example on 03/02/2026 09:15:00 AM\n\nTo:   Carol Jones/Acme@Acme\ncc:\nSubject:  Export",
    "with a zone": "Alice Agent/Desk/Example\n2026-03-02 09:15 CET\n\nTo\nCarol/Acme\nSubject\nExport",
    "de": "Alice Agent/Desk/Example\n02.03.2026 09:15\n\nAn\nCarol Jones/Acme@Acme\nKopie\n\nThema\nExport",
    "de, with Betreff": "Alice Agent <alice@desk.example>\n02.03.2026 09:15\n\nAn: Carol Jones/Acme\nBetreff: Export",
    "fr": "Alice Agent <alice@desk.example>\n02/03/2026 09:15\n\nA\nCarol Jones/Acme@Acme\ncc\n\nObjet\nExport",
    "es": "Alice Agent <alice@desk.example>\n02/03/2026 09:15\n\nPara\nCarol Jones/Acme@Acme\ncc\n\nAsunto\nExport",
    "it": "Alice Agent <alice@desk.example>\n02/03/2026 09:15\n\nA: Carol Jones/Acme@Acme\nOggetto: Export",
}  # fmt: skip


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_what_stands_below_a_head_of_notes_is_cut(head: str) -> None:
    assert new_text(f"{NEW}\n\n{head}\n\n{OLD}\n", "Re: Export", answers=True) == NEW
    assert new_text(f"{head}\n\n{OLD}\n", "Fwd: Export") == f"{head}\n\n{OLD}"


OWN = {
    "a time below a name": "Please call bob@acme.example\n02.03.2026 09:15\nThe subject is the export.",
    "an appointment": "Room 7/second floor\n02.03.2026 09:15\n\nTo\nbring: the printer\nand two screens",
    "a log": "carol@acme.example\n2026-03-02 09:15\nexport to\nfailed\nWhat now?",
    "a list of times": "/srv/export\n02.03.2026 09:15\n/srv/import\n02.03.2026 09:20\nWhich one is right?",
    "a form": "Name: Carol\nDate: 02.03.2026 09:15\nSubject\nExport",
}


@pytest.mark.parametrize("words", OWN.values(), ids=OWN.keys())
@pytest.mark.parametrize("answers", [True, False], ids=["a reply", "a new mail"])
def test_names_and_times_of_the_writer_stay(words: str, answers: bool) -> None:
    assert new_text(words, "Re: Export" if answers else "Export", answers) == words
