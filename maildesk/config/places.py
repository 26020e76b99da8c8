"""Where things are: files, hosts, sockets, networks, databases.

Called by the option models. Relative paths are resolved against the configuration's folder, which the models are
handed as validation context. Looks at no file and opens no socket.
"""

from __future__ import annotations

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationInfo

from maildesk.config.values import Wrong, shown, text
from maildesk.words.frozen import frozen

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?")
LONGEST_SOCKET = 107  # octets of sun_path, unix(7)
CREDENTIALS = "$CREDENTIALS_DIRECTORY"
Network = IPv4Network | IPv6Network


@frozen
class Endpoint:
    """Where a listener listens: tcp (host, port), unix (name is the path) or systemd (name)."""

    kind: str
    host: str = ""
    port: int = 0
    name: str = ""


def is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def folder_of(info: ValidationInfo) -> Path:
    context = info.context or {}
    return Path(context.get("folder", "."))


def path(value: object, info: ValidationInfo) -> Path:
    """A file or folder, relative to the configuration's."""
    written = text(value)
    if not written or "\0" in written:
        raise Wrong(f"{shown(written)} is no path", "write the name of a file or folder")
    if written.startswith(CREDENTIALS + "/"):  # stays as it is where systemd did not set it: in an operator's shell
        return Path(os.path.expandvars(written))
    return folder_of(info) / Path(written).expanduser()


def path_or_none(value: object, info: ValidationInfo) -> Path | None:
    return None if value == "" else path(value, info)


def host(value: object) -> str:
    written = text(value)
    try:
        return str(ip_address(written.strip("[]")))
    except ValueError:
        pass
    if not HOST.fullmatch(written):
        raise Wrong(f"{shown(written)} is no host", 'write a name or an IP address, such as "mail.example.com"')
    return written.lower()


def listening(value: object, info: ValidationInfo) -> str:
    """The address of a listener; the path of a unix socket is made absolute."""
    written = text(value)
    if written.startswith("unix:"):
        place = path(written[5:], info)
        if len(os.fsencode(place)) > LONGEST_SOCKET:
            raise Wrong(f"{place} is too long for a socket", f"choose a path of at most {LONGEST_SOCKET} octets")
        return f"unix:{place}"
    endpoint(written)
    return written


def host_and_port(value: object) -> str:
    """`HOST:PORT`; "" for none."""
    written = text(value)
    if written and endpoint(written).kind != "tcp":
        raise Wrong(f"{shown(written)} is no address", 'write HOST:PORT, such as "127.0.0.1:9100"')
    return written


def endpoint(written: str) -> Endpoint:
    """The parts of HOST:PORT, unix:PATH or systemd:NAME."""
    kind, _, name = written.partition(":")
    if kind in ("unix", "systemd") and name:
        return Endpoint(kind, name=name)
    left, colon, port = written.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        remedy = 'write HOST:PORT such as "127.0.0.1:8024", unix:PATH, or systemd:NAME'
        raise Wrong(f"{shown(written)} is no address to listen on", remedy)
    return Endpoint("tcp", host=host(left) if left else "", port=int(port))


def socket_mode(value: object) -> int:
    """The mode of a unix socket, in octal."""
    written = text(value)
    if not re.fullmatch(r"0?[0-7]{3}", written):
        raise Wrong(f"{shown(written)} is no file mode", 'write it in octal, such as "0660"')
    return int(written, 8)


def network(value: object) -> Network:
    """An address, or a network such as 10.0.0.0/8."""
    written = text(value)
    try:
        return ip_network(written, strict=False)
    except ValueError:
        remedy = 'write an IP address or a network, such as "192.0.2.7" or "10.0.0.0/8"'
        raise Wrong(f"{shown(written)} is no peer", remedy) from None


def store_url(value: object) -> str:
    written = text(value)
    remedy = 'write "sqlite:///maildesk.db" or "postgresql://user@host/name"'
    try:
        parts = urlsplit(written)
        hidden = parts.password is not None
    except ValueError:
        raise Wrong(f"{shown(written)} is no database", remedy) from None
    if hidden or "password=" in parts.query:
        secret = "leave it out and put it into ~/.pgpass of the desk's user, or into a file named by $PGPASSFILE"
        raise Wrong("a password stands in the file", secret)
    known = parts.scheme in ("sqlite", "postgresql", "postgres")
    if not known or not parts.path.strip("/") or (parts.scheme == "sqlite" and parts.netloc):
        raise Wrong(f"{shown(written)} is no database", remedy)
    return written
