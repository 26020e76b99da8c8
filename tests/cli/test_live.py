"""check --live against a real IMAP server and a relay that speaks SMTP."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import configuration
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
