"""check --live against a real IMAP server and a relay that speaks SMTP."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from maildesk.store.database import Store
from tests.builders import SUPPORT, configuration, mail
from tests.cli.conftest import Call
from tests.dovecot import PASSWORD, Dovecot


class Conversation(socketserver.StreamRequestHandler):
    """As much SMTP as a login takes."""

    def handle(self) -> None:
        self.wfile.write(b"220 relay.example\r\n")
        for line in self.rfile:
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 relay.example\r\n")


@pytest.fixture
def relay() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def written(folder: Path, port: int, dovecot: Dovecot, user: str, password: str) -> Path:
    (folder / "pw").write_text(password)
    (folder / "pw").chmod(0o600)
    mailbox = f'[mailbox.m]\nhost = "127.0.0.1"\nport = {dovecot.imap}\ntls = "none"\nuser = "{user}"\n'
    text = configuration(mailbox + 'password_file = "pw"\n').replace("port = 2525", f"port = {port}")
    (folder / "maildesk.conf").write_text(text)
    return folder / "maildesk.conf"


def test_a_mailbox_and_a_relay_that_let_us_in_are_no_problem(
    call: Call, tmp_path: Path, dovecot: Dovecot, relay: int
) -> None:
    conf = written(tmp_path, relay, dovecot, dovecot.user(), PASSWORD)
    ended = call("--config", conf, "check", "--live")
    assert ended.code == 0, ended
    assert "mailboxes: no problem\nrelay: no problem\n" in ended.out


def test_a_wrong_password_and_a_silent_relay_are_69_and_told(call: Call, tmp_path: Path, dovecot: Dovecot) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        conf = written(tmp_path, port, dovecot, dovecot.user(), "tr0ub4dor")
        ended = call("--config", conf, "check", "--live")
    assert ended.code == 69
    assert f"mailboxes: m: 127.0.0.1:{dovecot.imap}: " in ended.out
    assert "tr0ub4dor" not in ended.out
    assert f"relay: 127.0.0.1:{port}: " in ended.out


def test_a_folder_that_is_not_there_is_told_and_nothing_is_changed(
    call: Call, tmp_path: Path, dovecot: Dovecot, relay: int
) -> None:
    user = dovecot.user()
    conf = written(tmp_path, relay, dovecot, user, PASSWORD)
    conf.write_text(conf.read_text().replace("[mailbox.m]", '[mailbox.m]\nfolder = "Nowhere"'))
    ended = call("--config", conf, "check", "--live")
    assert ended.code == 69
    assert "Nowhere" in ended.out
    with dovecot.client(user) as client:
        assert [name for _, _, name in client.list_folders()] == ["INBOX"]


STAMP = b"Authentication-Results: mx.example.com; dmarc=pass header.from=acme.example\r\n"
HOP = (
    b"Received: from far.example (far.example [192.0.2.7]) by mx.example.com with ESMTPS; 2 Mar 2026 10:00:00 +0000\r\n"
)


def test_the_last_mails_say_where_verdicts_stand(call: Call, tmp_path: Path, dovecot: Dovecot, relay: int) -> None:
    user = dovecot.user()
    with dovecot.client(user) as client:
        for _ in range(2):
            client.append("INBOX", HOP + STAMP + mail())
    conf = written(tmp_path, relay, dovecot, user, PASSWORD)
    ended = call("--config", conf, "check", "--live")
    assert ended.code == 0
    assert 'if it is yours: authserv_ids = ["mx.example.com"], verdicts = "below"' in ended.out
    conf.write_text(conf.read_text() + '[gate]\nauthserv_ids = ["mx.example.com"]\n')
    ended = call("--config", conf, "check", "--live")
    assert ended.code == 1
    assert "verdicts: recent mails 2, with Authentication-Results of ours above 0, below 2, elsewhere 0\n" in ended.out
    assert 'write verdicts = "below"' in ended.out
    conf.write_text(conf.read_text() + 'verdicts = "below"\n')
    ended = call("--config", conf, "check", "--live")
    assert (ended.code, "verdicts: no problem" in ended.out) == (0, True)
    with dovecot.client(user) as client:
        client.select_folder("INBOX")
        assert client.search("UNSEEN") == [1, 2]


def test_mails_that_were_taken_say_it_too(call: Call, tmp_path: Path, dovecot: Dovecot, relay: int) -> None:
    conf = written(tmp_path, relay, dovecot, dovecot.user(), PASSWORD)
    listener = '[listen.mta]\nprotocol = "lmtp"\naddress = "127.0.0.1:0"\nverdicts = true\nallow = ["127.0.0.1"]\n'
    gate = '[gate]\nauthserv_ids = ["mx.example.com"]\n'
    conf.write_text(conf.read_text() + listener + gate)
    assert call("--config", conf, "check", "--live").code == 0
    assert call("--config", conf, "deliver", "--to", SUPPORT, mail=HOP + STAMP + mail()).code == 0
    assert "Authentication-Results" not in call("--config", conf, "check", "--live").out
    store = Store.open(f"sqlite:///{tmp_path}/state/maildesk.db", tmp_path / "state")
    with store.atomic():
        store.execute("UPDATE mail SET door = 'lmtp:mta'")
    store.close()
    ended = call("--config", conf, "check", "--live")
    assert "recent mails 1, with Authentication-Results of ours above 0, below 1" in ended.out
