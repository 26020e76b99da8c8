"""The listeners: every SMTP and LMTP address of the configuration, served by one thread with an asyncio loop.

Made and started by the daemon, which hands over `receive` and `knows`. It decides nothing and queries nothing.
On stop nobody new is let in, mail in hand is answered, and what is not finished by then keeps its sender's copy.
"""

from __future__ import annotations

import asyncio
import resource
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from maildesk.config import Config, Listener
from maildesk.doors.answers import Answers
from maildesk.doors.crowd import TOTAL, Crowd
from maildesk.doors.data import Room
from maildesk.doors.lmtp import LmtpConversation
from maildesk.doors.smtp import Conversation
from maildesk.doors.smtp_stream import Terms
from maildesk.doors.sockets import Bound, CannotListen, bound, opened
from maildesk.doors.tls import Certificate
from maildesk.journal import Journal
from maildesk.words import Envelope, Receipt

BACKLOG = 512
ROOM = 256 << 20  # octets of unfinished mail in memory, all conversations together
SPARE_FILES = 100  # of this process's descriptors, for everything that is no connection


class Listeners:
    def __init__(  # noqa: PLR0913  what a door is handed by the daemon
        self,
        config: Config,
        receive: Callable[[bytes, Envelope], Future[Receipt]],
        knows: Callable[[str], bool],
        clock: Callable[[], datetime],
        journal: Journal,
        inherited: Mapping[str, socket.socket] | None = None,
        *,
        crowd: Crowd | None = None,
        patience: float = 300.0,
        answer_within: float = 29.0,
    ) -> None:
        self._config = config
        self._journal = journal
        self._inherited = inherited or {}
        self._crowd = Crowd(total=max(min(TOTAL, descriptors() - SPARE_FILES), 1)) if crowd is None else crowd
        limit = config.limits.message_size
        self.room = Room(space(limit), limit)
        self._loop = asyncio.new_event_loop()
        self._terms = partial(
            Terms,
            hostname=f"maildesk.{config.desk.domain}",
            receive=receive,
            knows=knows,
            clock=clock,
            journal=journal,
            crowd=self._crowd,
            room=self.room,
            answers=Answers(self._loop),
            patience=patience,
            answer_within=answer_within,
        )
        self._sockets: dict[str, list[socket.socket]] = {}
        self._bound: dict[str, Bound] = {}
        self._certificates: dict[str, Certificate] = {}
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._run, name="listeners", daemon=True)

    @property
    def addresses(self) -> dict[str, Bound]:
        """Where each listener listens: (host, port), or the path of a unix socket."""
        return dict(self._bound)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        """Opens all listeners, or none: CannotListen names the one that is in the way."""
        try:
            for name, listener in self._config.listen.items():
                self._certificates.update(certificate(name, listener))
                self._sockets[name] = opened(name, listener, self._inherited)
                self._bound[name] = bound(listener, self._sockets[name][0])
        except CannotListen:
            self._close_sockets()
            self._loop.close()
            raise
        self._loop.set_exception_handler(self._told)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result()
        for name, place in self._bound.items():
            self._journal.listening(
                listener=name, address=place if isinstance(place, str) else f"{place[0]}:{place[1]}"
            )

    def reload(self, config: Config) -> None:
        """Takes what can change while sockets stay open: the size of a mail, and certificate files."""
        self.room.resize(space(config.limits.message_size), config.limits.message_size)
        self.reload_certificates()

    def reload_certificates(self) -> None:
        """A changed file is taken; one that is broken is told and the old one stays."""
        asyncio.run_coroutine_threadsafe(self._refresh(), self._loop).result()

    def stop(self, deadline: float) -> None:
        """Lets nobody in, waits up to `deadline` seconds for the mail in hand, then cuts what is left."""
        if not self._thread.is_alive():
            self._loop.close()
            return
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._wind_down(deadline), self._loop).result(deadline + 5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._close_sockets()

    # on the loop

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self) -> None:
        for name, listener in self._config.listen.items():
            for sock in self._sockets[name]:
                self._servers.append(await self._server(name, listener, sock))

    async def _server(self, name: str, listener: Listener, sock: socket.socket) -> asyncio.Server:
        spoken = LmtpConversation if listener.protocol == "lmtp" else Conversation
        held = self._certificates.get(name)
        starttls = held.context if held and listener.tls == "starttls" else None
        implicit = held.context if held and listener.tls == "implicit" else None
        return await self._loop.create_server(
            lambda: spoken(self._terms(name, listener), starttls, self._loop), sock=sock, ssl=implicit, backlog=BACKLOG
        )

    async def _refresh(self) -> None:
        for name, found in self._certificates.items():
            try:
                found.refresh()
            except OSError as error:
                self._journal.listener_failed(listener=name, error=error)

    async def _wind_down(self, deadline: float) -> None:
        for sock in (sock for sockets in self._sockets.values() for sock in sockets):
            self._loop.remove_reader(sock)
        await self._settled()  # a server closed at once would lose those it has just accepted, without a word
        for server in self._servers:
            server.close()
        end = self._loop.time() + deadline
        while len(self._crowd) and self._loop.time() < end:
            for member in self._crowd:
                member.leave()
            await asyncio.sleep(0.01)
        for member in self._crowd:
            member.cut()
        await self._settled()
        left = [task for task in asyncio.all_tasks(self._loop) if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _settled(self) -> None:
        """Whom the loop has accepted, or lost, is known to the crowd a few rounds later."""
        for _ in range(4):
            await asyncio.sleep(0)

    def _told(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What asyncio would write to standard error: an accept() without free descriptors, a fault of ours."""
        self._journal.listener_failed(listener="", error=context.get("exception") or str(context.get("message", "")))

    def _close_sockets(self) -> None:
        for sockets in self._sockets.values():
            for sock in sockets:
                sock.close()
        for name, place in self._bound.items():
            if self._config.listen[name].endpoint.kind == "unix":
                Path(str(place)).unlink(missing_ok=True)


def space(limit: int) -> int:
    """Octets for all unfinished mails, of which each may have `limit`."""
    return max(ROOM, 4 * limit)


def certificate(name: str, listener: Listener) -> dict[str, Certificate]:
    if listener.tls == "none" or listener.tls_cert is None:
        return {}
    try:
        return {name: Certificate(listener.tls_cert, listener.tls_key)}
    except OSError as error:
        raise CannotListen(f"listen.{name}: the certificate cannot be used: {error.strerror or error}") from error


def descriptors() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else TOTAL + SPARE_FILES
