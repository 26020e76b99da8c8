"""A small IMAP server over a real socket, for the faults that no real server shows on demand.

It knows one user's INBOX with a few mails. A test takes capabilities away, or exchanges the answer to a command:
`fake.answers["UID FETCH"] = lambda talk, tag, words: talk.close()`. Everything it heard is in `fake.heard`.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

GREETING = "* OK ready"
CAPABILITIES = "IMAP4rev1 IDLE MOVE UIDPLUS"


class Talk:
    """One connection, as the server sees it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb")

    def line(self) -> str:
        return self._file.readline().decode("latin-1").rstrip("\r\n")

    def write(self, *lines: str) -> None:
        self.send("".join(f"{line}\r\n" for line in lines).encode("latin-1"))

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def close(self) -> None:
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._file.close()
        self._sock.close()


Answer = Callable[[Talk, str, str], None]


class FakeImap:
    def __init__(self, capabilities: str = CAPABILITIES, greeting: str = GREETING) -> None:
        self.capabilities = capabilities
        self.greeting = greeting
        self.mails: dict[int, bytes] = {}
        self.moved: dict[int, str] = {}
        self.deleted: set[int] = set()
        self.uidvalidity = 1
        self.heard: list[str] = []
        self.answers: dict[str, Answer] = {}
        self.connections = 0
        self._talks: list[Talk] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads.append(threading.Thread(target=self._accept, daemon=True))
        self._threads[0].start()

    def heard_of(self, command: str) -> list[str]:
        return [line for line in list(self.heard) if line.startswith(command)]

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for talk in self._talks:
            talk.close()
        for thread in self._threads:
            thread.join(5)

    def drop_all(self) -> None:
        for talk in list(self._talks):
            talk.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            talk = Talk(sock)
            self._talks.append(talk)
            thread = threading.Thread(target=self._serve, args=(talk,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, talk: Talk) -> None:
        with suppress(OSError, ValueError):
            talk.write(self.greeting)
            while line := talk.line():
                self._hear(talk, line)
        talk.close()

    def _hear(self, talk: Talk, line: str) -> None:
        tag, _, rest = line.partition(" ")
        self.heard.append(rest)
        for command in sorted({*self.answers, *OWN}, key=len, reverse=True):
            if rest.upper().startswith(command):
                own = OWN.get(command)
                answer = self.answers.get(command)
                if answer:
                    answer(talk, tag, rest)
                elif own:
                    own(self, talk, tag, rest)
                return
        talk.write(f"{tag} BAD what?")


def _capability(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    talk.write(f"* CAPABILITY {fake.capabilities}", f"{tag} OK done")


def _done(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    talk.write(f"{tag} OK done")


def _logout(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    talk.write("* BYE bye", f"{tag} OK done")
    talk.close()


def _list(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    talk.write('* LIST () "/" ' + rest.rsplit(" ", maxsplit=1)[-1], f"{tag} OK done")


def _select(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    talk.write(
        "* FLAGS (\\Deleted)",
        f"* {len(fake.mails)} EXISTS",
        "* 0 RECENT",
        f"* OK [UIDVALIDITY {fake.uidvalidity}] valid",
        f"* OK [UIDNEXT {max(fake.mails, default=0) + 1}] next",
        f"{tag} OK [READ-WRITE] selected",
    )


def _search(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    low = re.search(r"UID (\d+):\*", rest)
    found = [uid for uid in sorted(fake.mails) if uid not in fake.deleted and uid >= (int(low[1]) if low else 0)]
    talk.write("* SEARCH " + " ".join(map(str, found)), f"{tag} OK done")


def _fetch(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    for uid in uids(rest):
        raw = fake.mails.get(uid)
        if raw is None:
            continue
        if "RFC822.SIZE" in rest:
            talk.write(f'* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE " 2-Mar-2026 09:00:00 +0000")')
        elif "BODY.PEEK[]" in rest:
            talk.send(f"* 1 FETCH (BODY[] {{{len(raw)}}}\r\n".encode() + raw + f" UID {uid})\r\n".encode())
        else:
            head = raw.split(b"\r\n\r\n")[0] + b"\r\n\r\n"
            talk.send(f"* 1 FETCH (UID {uid} BODY[HEADER]<0> {{{len(head)}}}\r\n".encode() + head + b")\r\n")
    talk.write(f"{tag} OK done")


def _move(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    for uid in uids(rest):
        if fake.mails.pop(uid, None) is not None:
            fake.moved[uid] = rest.split('"')[1]
    talk.write(f"{tag} OK done")


def _copy(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    fake.moved.update((uid, rest.split('"')[1]) for uid in uids(rest))
    talk.write(f"{tag} OK done")


def _store(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    fake.deleted.update(uids(rest))
    talk.write(f"{tag} OK done")


def _expunge(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    for uid in uids(rest):
        if uid in fake.deleted:
            fake.mails.pop(uid, None)
    talk.write(f"{tag} OK done")


def _idle(fake: FakeImap, talk: Talk, tag: str, rest: str) -> None:
    talk.write("+ idling")
    talk.line()
    talk.write(f"{tag} OK done")


def uids(rest: str) -> list[int]:
    return [int(uid) for uid in rest.split(" ")[2].split(",")]


OWN: dict[str, Callable[[FakeImap, Talk, str, str], None]] = {
    "CAPABILITY": _capability,
    "LOGIN": _done,
    "LOGOUT": _logout,
    "LIST": _list,
    "SELECT": _select,
    "CREATE": _done,
    "SUBSCRIBE": _done,
    "NOOP": _done,
    "IDLE": _idle,
    "UID SEARCH": _search,
    "UID FETCH": _fetch,
    "UID MOVE": _move,
    "UID COPY": _copy,
    "UID STORE": _store,
    "UID EXPUNGE": _expunge,
}
