"""The mailboxes against servers that fail, lie or attack."""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from maildesk.config import Config
from maildesk.words import Outcome
from tests.builders import mail
from tests.doors.mailbox_world import PASSWORD, QUICK, Desk, Memory, conf, serving, wait_until
from tests.fake_imap import OWN, FakeImap, Talk, uids

USER = "support@example.com"


@pytest.fixture
def fake() -> Iterator[FakeImap]:
    server = FakeImap()
    server.mails = {7: question(7), 9: question(9)}
    yield server
    server.close()


def question(number: int) -> bytes:
    return mail(text=f"question {number}\n")


def settings(folder: Path, fake: FakeImap, more: str = "", limits: str = "") -> Config:
    return conf(folder, fake.port, USER, more, limits)


def all_moved(fake: FakeImap) -> bool:
    return set(fake.moved) == {7, 9} and not fake.mails


# what a server may do without


def test_without_move_the_mail_is_copied_marked_and_expunged_by_its_uid(fake: FakeImap, tmp_path: Path) -> None:
    fake.capabilities = "IMAP4rev1 IDLE UIDPLUS"
    desk = Desk()
    with serving(settings(tmp_path, fake), desk):
        wait_until(lambda: all_moved(fake), "the move by hand")
    assert [line.split(" ")[:2] for line in fake.heard if "7,9" in line][-3:] == [
        ["UID", "COPY"],
        ["UID", "STORE"],
        ["UID", "EXPUNGE"],
    ]
    assert not fake.heard_of("EXPUNGE")


def test_without_move_and_uidplus_the_mail_stays_and_is_handed_on_only_once(fake: FakeImap, tmp_path: Path) -> None:
    fake.capabilities = "IMAP4rev1"
    desk, memory, log = Desk(), Memory(), io.StringIO()
    with serving(settings(tmp_path, fake), desk, memory, log=log) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "the first look")
        fake.drop_all()
        wait_until(lambda: fake.connections == 2, "the second connection")
        fake.mails[11] = question(11)
        wait_until(lambda: len(desk.got) == 3, "a new mail")
    memory.sources = {envelope.source for _, envelope in desk.got}
    again = Desk()
    with serving(settings(tmp_path, fake), again, memory) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "a later daemon's look")
    assert again.got == []
    assert set(fake.mails) == {7, 9, 11}
    assert not [line for line in fake.heard if "EXPUNGE" in line or "STORE" in line]
    assert "mailbox-unmovable" in log.getvalue()


@pytest.mark.parametrize("how", ["the server has no IDLE", "idle = false"])
def test_without_idle_the_folder_is_polled(fake: FakeImap, tmp_path: Path, how: str) -> None:
    more = ""
    if how == "idle = false":
        more = how
    else:
        fake.capabilities = "IMAP4rev1 MOVE"
    with serving(settings(tmp_path, fake, more), Desk()):
        wait_until(lambda: all_moved(fake), "the first mails")
        fake.mails[11] = question(11)
        wait_until(lambda: 11 in fake.moved, "the next mail")
    assert not fake.heard_of("IDLE")


# a server that goes away


def test_a_connection_that_ends_in_idle_is_made_again_after_a_growing_pause(fake: FakeImap, tmp_path: Path) -> None:
    fake.answers["IDLE"] = lambda talk, tag, rest: (talk.write("+ idling"), talk.close())
    log = io.StringIO()
    with serving(settings(tmp_path, fake), Desk(), pace=replace(QUICK, first_pause=0.05, longest_pause=30), log=log):
        wait_until(lambda: log.getvalue().count("mailbox-lost") == 4, "four losses")
    waits = [line.split("wait=")[1] for line in log.getvalue().splitlines() if "mailbox-lost" in line]
    assert waits == ["0.1", "0.1", "0.2", "0.4"]
    assert "socket error: EOF" in log.getvalue()


def test_a_bye_in_idle_leads_to_a_new_connection(fake: FakeImap, tmp_path: Path) -> None:
    def bye(talk: Talk, tag: str, rest: str) -> None:
        talk.write("+ idling", "* BYE Server shutting down.")
        del fake.answers["IDLE"]
        talk.close()

    fake.answers["IDLE"] = bye
    log = io.StringIO()
    with serving(settings(tmp_path, fake), Desk(), log=log):
        wait_until(lambda: fake.connections == 2 and fake.heard.count("IDLE") == 2, "the second IDLE")
    assert "mailbox-lost" in log.getvalue()


def test_a_server_that_freezes_in_idle_is_found_out_by_the_renewal(fake: FakeImap, tmp_path: Path) -> None:
    def freeze(talk: Talk, tag: str, rest: str) -> None:
        talk.write("+ idling")
        talk.line()  # DONE, and never an answer
        talk.line()

    fake.answers["IDLE"] = freeze
    with serving(settings(tmp_path, fake), Desk(), pace=replace(QUICK, renew=0.1, done=0.1)) as mailboxes:
        wait_until(lambda: "timed out" in mailboxes.status()["support"].last_error, "the time-out")
        del fake.answers["IDLE"]
        wait_until(lambda: not mailboxes.status()["support"].last_error, "the recovery")


def test_a_server_that_stalls_in_the_middle_of_a_mail_loses_none(fake: FakeImap, tmp_path: Path) -> None:
    def stall(talk: Talk, tag: str, rest: str) -> None:
        del fake.answers["UID FETCH 7,9 (UID BODY.PEEK[])"]
        talk.send(b"* 1 FETCH (UID 7 BODY[] {5000}\r\nSubject: a beg")
        talk.line()

    fake.answers["UID FETCH 7,9 (UID BODY.PEEK[])"] = stall
    desk = Desk()
    with serving(settings(tmp_path, fake), desk, pace=replace(QUICK, read=0.2)):
        wait_until(lambda: all_moved(fake), "both mails")
    assert sorted(desk.bodies) == [b"question 7", b"question 9"]


def test_a_line_that_comes_in_pieces_is_waited_for(fake: FakeImap, tmp_path: Path) -> None:
    def pieces(talk: Talk, tag: str, rest: str) -> None:
        del fake.answers["IDLE"]
        fake.mails[11] = question(11)
        talk.write("+ idling")
        for piece in (b"* 1", b" EXI", b"STS\r", b"\n"):
            talk.send(piece)
        talk.line()
        talk.write(f"{tag} OK done")

    fake.answers["IDLE"] = pieces
    with serving(settings(tmp_path, fake), Desk()):
        wait_until(lambda: 11 in fake.moved, "the mail")
    assert fake.connections == 1


@pytest.mark.parametrize(
    "told", [b"+ idling\r\n* 1 EXISTS\r\n", b"* 1 EXISTS\r\n+ idling\r\n"], ids=["with the plus", "before the plus"]
)
def test_news_beside_the_plus_of_idle_is_not_missed(fake: FakeImap, tmp_path: Path, told: bytes) -> None:
    def tell(talk: Talk, tag: str, rest: str) -> None:
        del fake.answers["IDLE"]
        fake.mails[11] = question(11)
        talk.send(told)
        talk.line()
        talk.write(f"{tag} OK done")

    fake.answers["IDLE"] = tell
    with serving(settings(tmp_path, fake), Desk(), pace=replace(QUICK, renew=600)):
        wait_until(lambda: 11 in fake.moved, "the mail")


@pytest.mark.parametrize("command", ["UID SEARCH", "UID FETCH", "UID MOVE"])
def test_mail_that_is_announced_while_the_folder_is_looked_through_is_not_missed(
    fake: FakeImap, tmp_path: Path, command: str
) -> None:
    """The server says EXISTS once (RFC 3501, 7.3.1), behind what it found, and nothing in the IDLE that follows."""

    def tell(talk: Talk, tag: str, rest: str) -> None:
        del fake.answers[command]
        OWN[command](fake, Unended(talk, tag), tag, rest)
        fake.mails[12] = question(12)
        talk.write("* 2 EXISTS", f"{tag} OK done")

    fake.mails[11] = question(11)
    fake.answers[command] = tell
    with serving(settings(tmp_path, fake), Desk(), pace=replace(QUICK, renew=600)):
        wait_until(lambda: {11, 12} <= fake.moved.keys(), "both mails")


class Unended(Talk):
    """Says all of an answer but its end."""

    def __init__(self, talk: Talk, tag: str) -> None:
        self._talk, self._tag = talk, tag

    def write(self, *lines: str) -> None:
        self._talk.write(*(line for line in lines if not line.startswith(self._tag)))

    def send(self, data: bytes) -> None:
        self._talk.send(data)


# login and protection


def test_preauth_gets_no_password_and_no_mail(tmp_path: Path) -> None:
    fake = FakeImap(greeting="* PREAUTH welcome, no questions asked")
    fake.mails = {7: question(7)}
    desk = Desk()
    with serving(settings(tmp_path, fake), desk) as mailboxes:
        wait_until(lambda: "PREAUTH" in mailboxes.status()["support"].last_error, "the refusal")
    fake.close()
    assert {line.split(" ")[0] for line in fake.heard} <= {"CAPABILITY", "LOGOUT"}
    assert desk.got == []


def test_a_server_that_hides_starttls_gets_no_password(fake: FakeImap, tmp_path: Path) -> None:
    with serving(settings(tmp_path, fake, 'tls = "starttls"'), Desk()) as mailboxes:
        wait_until(lambda: "STARTTLS" in mailboxes.status()["support"].last_error, "the refusal")
    assert set(fake.heard) <= {"CAPABILITY"}


def test_a_server_that_refuses_starttls_gets_no_password(fake: FakeImap, tmp_path: Path) -> None:
    fake.capabilities += " STARTTLS"
    fake.answers["STARTTLS"] = lambda talk, tag, rest: talk.write(f"{tag} NO not today")
    with serving(settings(tmp_path, fake, 'tls = "starttls"'), Desk()) as mailboxes:
        wait_until(lambda: "STARTTLS" in mailboxes.status()["support"].last_error, "the refusal")
    assert set(fake.heard) <= {"CAPABILITY", "STARTTLS"}


def test_a_refused_login_is_tried_once_a_minute_and_the_password_is_not_told(fake: FakeImap, tmp_path: Path) -> None:
    fake.answers["LOGIN"] = lambda talk, tag, rest: talk.write(f"{tag} NO [AUTHENTICATIONFAILED] not with {rest}")
    log = io.StringIO()
    pace = replace(QUICK, login_pause=60)
    with serving(settings(tmp_path, fake), Desk(), pace=pace, log=log) as mailboxes:
        wait_until(lambda: "AUTHENTICATIONFAILED" in mailboxes.status()["support"].last_error, "the refusal")
        assert len(fake.heard_of("LOGIN")) == 1
    assert "wait=60" in log.getvalue()
    assert PASSWORD not in log.getvalue()
    assert PASSWORD not in mailboxes.status()["support"].last_error


def test_a_user_with_a_space_and_a_quote_is_quoted(fake: FakeImap, tmp_path: Path) -> None:
    with serving(settings(tmp_path, fake, "user = 'the \"desk\"'"), Desk()):
        wait_until(lambda: all_moved(fake), "the mails")
    assert fake.heard_of("LOGIN") == [f'LOGIN "the \\"desk\\"" "{PASSWORD}"']


def test_a_refused_token_is_replaced_once_and_used_on(fake: FakeImap, tmp_path: Path) -> None:
    runs, script = tmp_path / "runs", tmp_path / "token.py"
    script.write_text(
        f"import pathlib; runs = pathlib.Path({str(runs)!r})\n"
        "count = int(runs.read_text()) + 1 if runs.exists() else 1\n"
        "runs.write_text(str(count)); print(f'token-{count}')\n"
    )
    answers: list[str] = []

    def authenticate(talk: Talk, tag: str, rest: str) -> None:
        talk.write("+ ")
        answers.append(base64.b64decode(talk.line()).decode())
        if "token-1" in answers[-1]:
            talk.write("+ eyJzdGF0dXMiOiI0MDEifQ==")
            talk.line()
            talk.write(f"{tag} NO [AUTHENTICATIONFAILED] expired")
        else:
            talk.write(f"{tag} OK welcome")

    fake.answers["AUTHENTICATE XOAUTH2"] = authenticate
    fake.capabilities += " AUTH=XOAUTH2"
    command = f"[mailbox.support.oauth2]\ntoken_command = [{sys.executable!r}, {str(script)!r}]"
    with serving(settings(tmp_path, fake, limits=command), Desk()):
        wait_until(lambda: all_moved(fake), "the mails")
        fake.drop_all()
        wait_until(lambda: len(answers) == 3, "the next login")
    assert answers[0] == f"user={USER}\x01auth=Bearer token-1\x01\x01"
    assert "token-2" in answers[1]
    assert "token-2" in answers[2]
    assert not fake.heard_of("LOGIN ")


# mail that makes trouble


def test_a_mail_that_vanishes_before_it_is_fetched_disturbs_nobody(fake: FakeImap, tmp_path: Path) -> None:
    def vanished(talk: Talk, tag: str, rest: str) -> None:
        del fake.answers["UID FETCH 7,9 (UID BODY.PEEK[])"]
        raw = fake.mails[9]
        del fake.mails[7]
        talk.send(f"* 1 FETCH (UID 9 BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        talk.write(f"{tag} NO [EXPUNGEISSUED] some of them are gone")

    fake.answers["UID FETCH 7,9 (UID BODY.PEEK[])"] = vanished
    desk = Desk()
    with serving(settings(tmp_path, fake), desk) as mailboxes:
        wait_until(lambda: 9 in fake.moved, "the other mail")
        wait_until(lambda: mailboxes.status()["support"].last_good, "a look without trouble")
    assert desk.bodies == [b"question 9"]
    assert fake.connections == 1


def test_a_mail_that_breaks_every_fetch_is_taken_by_its_head_and_holds_up_no_other(
    fake: FakeImap, tmp_path: Path
) -> None:
    def deadly(talk: Talk, tag: str, rest: str) -> None:
        if 7 in uids(rest) and "BODY.PEEK[]" in rest:
            talk.send(b"* 1 FETCH (UID 7 BODY[] {400}\r\nhalf of it")
            talk.close()
        else:
            own(talk, tag, rest)

    def own(talk: Talk, tag: str, rest: str) -> None:
        OWN["UID FETCH"](fake, talk, tag, rest)

    fake.answers["UID FETCH"] = deadly
    desk = Desk()
    with serving(settings(tmp_path, fake), desk):
        wait_until(lambda: all_moved(fake), "both mails")
    assert fake.moved == {7: "Maildesk/Held", 9: "Maildesk/Done"}
    assert [bool(envelope.cut) for _, envelope in desk.got] == [False, True]


def test_a_move_that_is_refused_is_tried_again_and_nothing_is_handed_on_twice(fake: FakeImap, tmp_path: Path) -> None:
    fake.answers["UID MOVE"] = lambda talk, tag, rest: talk.write(f"{tag} NO [OVERQUOTA] full")
    desk, log = Desk(), io.StringIO()
    with serving(settings(tmp_path, fake), desk, log=log) as mailboxes:
        wait_until(lambda: log.getvalue().count("mailbox-move-failed") >= 3, "three tries")
        assert "2 mails wait" in mailboxes.status()["support"].last_error
        fake.drop_all()
        wait_until(lambda: fake.connections == 2, "a new connection")
        del fake.answers["UID MOVE"]
        wait_until(lambda: all_moved(fake), "the move")
    assert len(desk.got) == 2
    assert "OVERQUOTA" in log.getvalue()


def test_receipts_that_come_after_the_connection_was_lost_still_count(fake: FakeImap, tmp_path: Path) -> None:
    desk = Desk()
    desk.gate.clear()
    desk.outcome = lambda raw: Outcome.HELD
    with serving(settings(tmp_path, fake), desk):
        wait_until(lambda: len(desk.got) == 2, "the mails")
        fake.drop_all()
        desk.gate.set()
        wait_until(lambda: all_moved(fake), "the move over a new connection")
    assert len(desk.got) == 2
    assert set(fake.moved.values()) == {"Maildesk/Held"}


# a server that attacks


@pytest.mark.parametrize(
    "attack",
    [
        b"* 1 FETCH (UID 7 BODY[] {4294967296}\r\nabc",
        b"* 1 FETCH (UID 7 BODY[] {99999999999999999999}\r\nabc",
        b"* " + b"x" * 1_200_000,
        b"\x00\xff\xfe junk\r\n",
        b"* 1 FETCH (UID 7 BODY[] {-1}\r\n",
        b"* OK flood\r\n" * 1_000_000,
        b"other OK tag\r\n",
    ],
    ids=["4 GiB literal", "absurd literal", "endless line", "junk", "negative literal", "flood", "foreign tag"],
)
def test_a_hostile_answer_ends_the_connection_and_no_more(fake: FakeImap, tmp_path: Path, attack: bytes) -> None:
    def hostile(talk: Talk, tag: str, rest: str) -> None:
        fake.answers.clear()
        talk.send(attack)
        talk.line()

    fake.answers["UID FETCH 7,9 (UID BODY.PEEK[])"] = hostile
    desk, log = Desk(), io.StringIO()
    with serving(settings(tmp_path, fake), desk, pace=replace(QUICK, read=0.5), log=log):
        wait_until(lambda: all_moved(fake), "the mails over the next connection")
    assert "mailbox-lost" in log.getvalue()
    assert "junk" not in log.getvalue()
    assert sorted(desk.bodies) == [b"question 7", b"question 9"]


def test_a_mail_nobody_asked_for_is_not_handed_on(fake: FakeImap, tmp_path: Path) -> None:
    def foisted(talk: Talk, tag: str, rest: str) -> None:
        fake.answers.clear()
        talk.send(b"* 1 FETCH (UID 666 BODY[] {3}\r\nabc)\r\n")
        for uid in (7, 9):
            raw = fake.mails[uid]
            talk.send(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        talk.write(f"{tag} OK done")

    fake.answers["UID FETCH 7,9 (UID BODY.PEEK[])"] = foisted
    desk = Desk()
    with serving(settings(tmp_path, fake), desk):
        wait_until(lambda: all_moved(fake), "the mails")
    assert desk.bodies == [b"question 7", b"question 9"]


def test_no_word_of_a_mail_stands_in_a_command(fake: FakeImap, tmp_path: Path) -> None:
    nasty = b"a1 CREATE Pwned"
    fake.mails = {7: mail(subject="=?utf-8?q?x=0D=0Aa1_CREATE_Pwned?=", text="\r\na1 CREATE Pwned\r\n")}
    fake.mails[9] = b"Message-ID: <x\r\n " + nasty + b">\r\nReturn-Path: <a@b.example>\r\n\r\n" + nasty + b"\r\n"
    with serving(settings(tmp_path, fake), Desk()):
        wait_until(lambda: all_moved(fake), "the mails")
    assert not [line for line in fake.heard if "Pwned" in line]


# stopping


def test_stop_wakes_idle_at_once(fake: FakeImap, tmp_path: Path) -> None:
    with serving(settings(tmp_path, fake), Desk(), pace=replace(QUICK, renew=600)) as mailboxes:
        wait_until(lambda: fake.heard_of("IDLE"), "IDLE")
        mailboxes.stop(5)
        assert not mailboxes.alive
    assert fake.heard[-1] == "LOGOUT"


def test_stop_cuts_off_a_server_that_never_answers(fake: FakeImap, tmp_path: Path) -> None:
    fake.answers["SELECT"] = lambda talk, tag, rest: talk.line()
    with serving(settings(tmp_path, fake), Desk(), pace=replace(QUICK, read=600)) as mailboxes:
        wait_until(lambda: fake.heard_of("SELECT"), "SELECT")
        mailboxes.stop(0.1)
        assert not mailboxes.alive
