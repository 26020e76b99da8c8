"""What a service says to systemd, and the sockets it is handed: sd_notify(3) and sd_listen_fds(3), by hand.

Used by the daemon alone. Outside systemd every call does nothing. It never raises for a missing or dead
notification socket: a desk that cannot tell its state still runs.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping

FIRST_FD = 3  # sd_listen_fds(3): SD_LISTEN_FDS_START


class Notifier:
    """Sends states to `$NOTIFY_SOCKET`. `watchdog` is how often systemd wants to hear of us, in seconds, or None."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        path = environment.get("NOTIFY_SOCKET", "")
        self.address = "\0" + path[1:] if path.startswith("@") else path  # an abstract socket
        meant_for = environment.get("WATCHDOG_PID", "")
        microseconds = environment.get("WATCHDOG_USEC", "")
        ours = not meant_for or meant_for == str(os.getpid())
        self.watchdog = int(microseconds) / 1e6 if microseconds.isdigit() and ours else None

    def ready(self) -> None:
        self._send("READY=1")

    def status(self, words: str) -> None:
        self._send("STATUS=" + " ".join(words.split()))

    def alive(self) -> None:
        self._send("WATCHDOG=1")

    def reloading(self) -> None:
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def _send(self, state: str) -> None:
        if not self.address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            try:
                out.sendto(state.encode(), self.address)
            except OSError:  # the listener is gone; the desk is not
                return


def inherited_sockets(environment: Mapping[str, str] = os.environ) -> dict[str, socket.socket]:
    """The listening sockets of our socket units, by their FileDescriptorName."""
    if environment.get("LISTEN_PID") != str(os.getpid()):
        return {}
    count = int(environment.get("LISTEN_FDS", "0"))
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    sockets: dict[str, socket.socket] = {}
    for index in range(count):
        name = names[index] if index < len(names) and names[index] else f"fd{index}"
        sockets[name] = socket.socket(fileno=FIRST_FD + index)
        sockets[name].set_inheritable(False)
    return sockets
