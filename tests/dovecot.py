"""A real Dovecot for the tests: private, in a folder of its own, on free loopback ports; as root or not.

The fixture `dovecot` is one server for the session: IMAP, STARTTLS, IMAPS and LMTP. `dovecot.user()` makes a new
mailbox owner, so that tests do not meet. It ends with the session, however that ends. Without Dovecot the tests are
skipped with the reason, and fail when CI=true.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from imapclient import IMAPClient

from tests.keeper import Keeper

T = TypeVar("T")
PASSWORD = "correct horse"
USERS = 200  # written at the start: Dovecot looks at its file of users once a second only
MISSING = {
    "dovecot": "no Dovecot: install dovecot-core, dovecot-imapd and dovecot-lmtpd",
    "doveadm": "no doveadm: install dovecot-core",
    "openssl": "no openssl to make a certificate with: install openssl",
}
SETTINGS = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap lmtp
listen = 127.0.0.1, 127.0.0.2
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
mail_location = maildir:~/mail
first_valid_uid = 1
mail_fsync = never
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
passdb {{
  driver = passwd-file
  args = scheme=plain {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
  # No address waits longer and longer after wrong passwords: all tests come from one.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service auth {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    home: Path
    imap: int  # plain and STARTTLS
    imaps: int
    lmtp: int
    users: list[str]  # nobody's yet
    keeper: Keeper

    @property
    def certificate(self) -> Path:
        """Of localhost and 127.0.0.1, signed by itself: trusted by whoever names it in SSL_CERT_FILE."""
        return self.home / "cert.pem"

    def start(self) -> None:
        self.keeper.start("dovecot", "-F", "-c", self.home / "conf")
        for port in (self.imap, self.imaps, self.lmtp):
            connectable(port)

    def stop(self) -> None:
        """Ends it with all its connections."""
        self.keeper.stop()

    def doveadm(self, *words: object) -> str:
        return self._run("doveadm", "-c", self.home / "conf", *words)

    def user(self) -> str:
        """Another user, with an empty INBOX and the password PASSWORD."""
        return self.users.pop()

    def deliver(self, user: str, raw: bytes, sender: str = "carol@acme.example") -> None:
        """Through LMTP, as a mail server would: Return-Path and Delivered-To are written."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            lmtp.sendmail(sender, [user], raw)

    def append(self, user: str, mails: Sequence[bytes], folder: str = "INBOX") -> None:
        """As they are, without a delivering server."""
        with self.client(user) as client:
            for raw in mails:
                client.append(folder, raw)

    def client(self, user: str) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.imap, ssl=False, timeout=20)
        client.login(user, PASSWORD)
        return client

    def count(self, user: str, folder: str) -> int:
        with self.client(user) as client:
            if not client.folder_exists(folder):
                return 0
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def _run(self, *words: object) -> str:
        output = self.home / "output"
        with output.open("w+b") as said:  # a file, since the server would keep a pipe open
            words = tuple(str(word) for word in words)
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False)
        assert done.returncode == 0, f"{words}: {output.read_text()}\n{self.log()}"
        return output.read_text()

    def log(self) -> str:
        log = self.home / "log"
        return log.read_text()[-2000:] if log.exists() else ""


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    require()
    yield from served(separator="/", prefix="")


@pytest.fixture(scope="session")
def courier_like() -> Iterator[Dovecot]:
    """The same with names as Courier and Cyrus have them: INBOX.Folder.Folder."""
    require()
    yield from served(separator=".", prefix="INBOX.")


def require() -> None:
    for program, reason in MISSING.items():
        if shutil.which(program) is None:
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)


def served(separator: str, prefix: str) -> Iterator[Dovecot]:
    home = Path(tempfile.mkdtemp(prefix="maildesk-dovecot-"))
    keeper = Keeper(home, signal.SIGTERM)
    try:
        server = prepared(home, keeper, separator, prefix)
        server.start()
        yield server
    finally:
        keeper.close()


def prepared(home: Path, keeper: Keeper, separator: str, prefix: str) -> Dovecot:
    root = os.getuid() == 0
    me = pwd.getpwuid(os.getuid())
    owner = pwd.getpwnam("nobody") if root else me  # Dovecot takes no root for the owner of mail
    names = [f"desk{number}@example.com" for number in range(USERS, 0, -1)]
    server = Dovecot(home, *free_ports(3), names, keeper)
    home.chmod(0o755)
    mail = home / "mail"
    mail.mkdir()
    os.chown(mail, owner.pw_uid, owner.pw_gid)
    ids = f"{owner.pw_uid}:{owner.pw_gid}"
    (home / "users").write_text("".join(f"{name}:{{PLAIN}}{PASSWORD}:{ids}::{mail / name}::\n" for name in names))
    make_certificate(home / "cert.pem", home / "key.pem", "localhost")
    internal = "dovecot" if root else me.pw_name
    settings = SETTINGS.format(
        home=home,
        imap=server.imap,
        imaps=server.imaps,
        lmtp=server.lmtp,
        internal=internal,
        group=grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name,
        login="dovenull" if root else me.pw_name,
        separator=separator,
        prefix=prefix,
    )
    (home / "conf").write_text(settings)
    return server


def make_certificate(cert: Path, key: Path, name: str) -> None:
    """A certificate for one host name and 127.0.0.1, signed by itself."""
    made = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout {key} -out {cert}"
    names = f"-subj /CN={name} -addext subjectAltName=DNS:{name},IP:127.0.0.1"
    subprocess.run(["openssl", *made.split(), *names.split()], check=True, capture_output=True)
    key.chmod(0o600)


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def connectable(port: int) -> None:
    def answers() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    wait_until(answers, f"Dovecot on port {port}")


def wait_until(condition: Callable[[], T], what: str, seconds: float = 20) -> T:
    """Waits for a condition; the value that made it true."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:g} s for {what}"
        time.sleep(0.02)
    return value
