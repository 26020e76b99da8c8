"""The sockets that listeners listen on: TCP, unix, or handed over by systemd; and who may connect to them.

Called by the listeners before their loop starts, so that a taken port is told at once and by the listener's
name. It accepts no connection.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path

from maildesk.config import Endpoint, Listener

Bound = tuple[str, int] | str  # where a socket listens: host and port, or the path
Network = IPv4Network | IPv6Network


class CannotListen(Exception):
    """A listener that cannot be opened: which one, why, and what to do."""


def opened(name: str, listener: Listener, inherited: Mapping[str, socket.socket]) -> list[socket.socket]:
    """The bound sockets of one listener; they do not accept before the loop says so."""
    endpoint = listener.endpoint
    try:
        if endpoint.kind == "unix":
            return [_unix(Path(endpoint.name), listener.mode)]
        if endpoint.kind == "tcp":
            return _tcp(endpoint)
    except OSError as error:
        raise CannotListen(f"listen.{name}: {listener.address}: {_why(error)}") from error
    if endpoint.name not in inherited:
        raise CannotListen(
            f"listen.{name}: systemd handed over no socket named {endpoint.name}; enable its .socket unit"
        )
    return [inherited[endpoint.name]]


def bound(listener: Listener, sock: socket.socket) -> Bound:
    if listener.endpoint.kind == "unix":
        return listener.endpoint.name
    place = sock.getsockname()
    return (place[0], place[1]) if isinstance(place, tuple) else os.fsdecode(place)


def allowed(peer: str, listener: Listener) -> bool:
    """May this peer speak to this listener? A unix socket has no peer ("") and is guarded by its file mode."""
    if not peer:
        return True
    address = ip_address(peer)
    if not listener.allow:
        return listener.protocol == "smtp" or address.is_loopback  # RFC 2033, 5: LMTP is for the near side alone
    return any(address in network for network in listener.allow)


def peer_address(name: object) -> str:
    """The IP address of a socket's peer, an IPv4 one in its own form; "" for a unix socket."""
    if not isinstance(name, tuple):
        return ""
    address: IPv4Address | IPv6Address = ip_address(str(name[0]).partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _tcp(endpoint: Endpoint) -> list[socket.socket]:
    found = socket.getaddrinfo(
        endpoint.host or None, endpoint.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
    )
    places = list(dict.fromkeys((family, place) for family, _, _, _, place in found))
    if endpoint.port == 0:
        places = places[:1]  # each would get a port of its own
    return _bind_all(places)


def _bind_all(places: Sequence[tuple[int, object]]) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for family, place in places:
            sock = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(sock)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind(place)  # type: ignore[arg-type]
            sock.listen()  # a second daemon's bind fails now, not at its first mail
    except OSError:
        for sock in sockets:
            sock.close()
        raise
    return sockets


def _unix(path: Path, mode: int) -> socket.socket:
    if path.exists():
        _refuse_unless_stale(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.bind(str(beside))
        beside.chmod(mode)
        sock.listen()
        beside.rename(path)  # never there with another mode, never there without somebody who listens
    except OSError:
        sock.close()
        beside.unlink(missing_ok=True)
        raise
    return sock


def _refuse_unless_stale(path: Path) -> None:
    """A socket that a killed daemon left behind is replaced; a living one, or any other file, is not."""
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise OSError(errno.EEXIST, "there is a file of that name that is no socket; remove it")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        if probe.connect_ex(str(path)) == 0:
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


def _why(error: OSError) -> str:
    remedies = {
        errno.EADDRINUSE: "stop whoever listens there, or choose another address",
        errno.EACCES: "ports below 1024 need CAP_NET_BIND_SERVICE, or a socket handed over by systemd",
        errno.EADDRNOTAVAIL: "this machine has no such address",
        errno.ENOENT: "create the folder first",
    }
    remedy = remedies.get(error.errno or 0)
    reason = error.strerror or str(error)
    return f"{reason}; {remedy}" if remedy else reason
