"""What must hold between the options: names that exist, values that fit each other.

`check` is called by load once every single value is good. Each check yields the problems it finds, in words that
name a remedy; none of them looks at another's.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path as File

from maildesk.config.options import Config, Listener, OAuth2, Queue
from maildesk.config.places import is_loopback
from maildesk.config.problems import Path, Problem, unknown
from maildesk.config.rules_service import SERVICE_CHECKS
from maildesk.config.rules_sorting import SORTING_CHECKS

LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
REFERENCE_DIGITS = 8
TOKEN_LENGTH = 32

Check = Callable[[Config], Iterator[Problem]]


def check(config: Config) -> list[Problem]:
    return [problem for each in CHECKS for problem in each(config)]


def a_queue(config: Config) -> Iterator[Problem]:
    if not config.queue:
        yield Problem(("queue",), "there is no queue", 'write [queue.support] with address = "support@example.com"')


def one_default_queue(config: Config) -> Iterator[Problem]:
    marked = [name for name, queue in config.queue.items() if queue.default]
    for name in marked[1:]:
        yield Problem(
            ("queue", name, "default"), f"queue {marked[0]} is the default already", "leave default = true to one queue"
        )


def addresses_of_one_queue(config: Config) -> Iterator[Problem]:
    owner = {config.desk.postmaster: ("postmaster", "name an address that this desk does not read")}
    for name, queue in config.queue.items():
        for path, address in _addresses(name, queue):
            if address in owner:
                whose, remedy = owner[address]
                yield Problem(path, f"{address} is the address of {whose} already", remedy)
            owner.setdefault(address, (f"queue {name}", "give each queue addresses of its own"))


def room_for_the_key(config: Config) -> Iterator[Problem]:
    """A keyed address must fit into 64 octets, RFC 5321, 4.5.3.1.1."""
    detail = len("+") + len(config.desk.prefix) + len("-") + REFERENCE_DIGITS + len("-") + TOKEN_LENGTH
    for name, queue in config.queue.items():
        for path, address in _addresses(name, queue) if queue.subaddress else ():
            length = len(address.rpartition("@")[0].encode()) + detail
            if length > LONGEST_LOCAL_PART:
                room = LONGEST_LOCAL_PART - detail
                yield Problem(
                    path,
                    f"with the key of a ticket the part before the @ has {length} octets, 64 is the most",
                    f"take an address of at most {room} before the @, or write subaddress = false",
                )


def _addresses(name: str, queue: Queue) -> Iterator[tuple[Path, str]]:
    yield ("queue", name, "address"), queue.address
    for number, alias in enumerate(queue.aliases):
        yield ("queue", name, "aliases", number), alias


def queues_of_doors(config: Config) -> Iterator[Problem]:
    for kind, doors in (("listen", config.listen), ("mailbox", config.mailbox)):
        for name, door in doors.items():
            if door.queue and door.queue not in config.queue:
                yield unknown((kind, name, "queue"), "queue", door.queue, list(config.queue))


def listeners(config: Config) -> Iterator[Problem]:
    for name, listener in config.listen.items():
        for key, what, remedy in _listener(listener):
            yield Problem(("listen", name, key), what, remedy)


def _listener(listener: Listener) -> Iterator[tuple[str, str, str]]:
    if listener.tls != "none" and listener.protocol == "lmtp":
        yield "tls", "lmtp is spoken without TLS", 'write tls = "none", or protocol = "smtp"'
    elif listener.tls != "none":
        for key, value in (("tls_cert", listener.tls_cert), ("tls_key", listener.tls_key)):
            if value is None:
                yield key, f'tls = "{listener.tls}" needs it', f'write {key} = "FILE.pem", or tls = "none"'
    if listener.verdicts and not listener.allow:
        remedy = 'name the mail servers whose word counts: allow = ["192.0.2.7"]'
        yield "verdicts", "anybody may connect here and write his own verdicts", remedy


def one_listener_an_address(config: Config) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, listener in config.listen.items():
        if listener.address in first and not listener.address.endswith(":0"):
            what = f"listener {first[listener.address]} listens on {listener.address} already"
            yield Problem(("listen", name, "address"), what, "choose another port or path")
        first.setdefault(listener.address, name)


def bare_connections(config: Config) -> Iterator[Problem]:
    """Without TLS nothing leaves this machine."""
    clients: list[tuple[Path, str, str]] = [(("relay",), config.relay.tls, config.relay.host)]
    clients += [(("mailbox", name), mailbox.tls, mailbox.host) for name, mailbox in config.mailbox.items()]
    for path, tls, host in clients:
        if tls == "none" and not is_loopback(host):
            yield Problem(
                (*path, "tls"),
                f"{host} is another machine, mail and password would cross the network in clear",
                'write "starttls" or "implicit"',
            )


def logins(config: Config) -> Iterator[Problem]:
    for name, mailbox in config.mailbox.items():
        yield from _login(("mailbox", name), mailbox.password_file, mailbox.oauth2)
    relay = config.relay
    if relay.user:
        yield from _login(("relay",), relay.password_file, relay.oauth2)
    elif relay.password_file or relay.oauth2.token_command:
        yield Problem(("relay", "user"), "a password or token is named, but no user", 'write user = "NAME"')


def _login(path: Path, password_file: File | None, oauth2: OAuth2) -> Iterator[Problem]:
    if password_file is None and not oauth2.token_command:
        remedy = 'write password_file = "FILE", or token_command = ["COMMAND"] in the oauth2 table'
        yield Problem((*path, "password_file"), "neither a password nor a token is named", remedy)
    if password_file is not None and oauth2.token_command:
        yield Problem((*path, "password_file"), "a password and a token are both named", "leave out one of them")


def secrets_kept(config: Config) -> Iterator[Problem]:
    """Nobody else may read a secret. A file that is not there yet is found by `check` and by its use."""
    files: list[tuple[Path, File | None]] = [
        (("mailbox", name, "password_file"), mailbox.password_file) for name, mailbox in config.mailbox.items()
    ]
    files += [(("relay", "password_file"), config.relay.password_file), (("desk", "key_file"), config.desk.key_file)]
    files += [(("desk", "old_key_files", number), file) for number, file in enumerate(config.desk.old_key_files)]
    for path, file in files:
        if file is not None and _world_readable(file):
            yield Problem(path, f"everybody on this machine can read {file}", f"chmod 600 {file}")


def _world_readable(file: File) -> bool:
    try:
        found = file.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and bool(found.st_mode & stat.S_IROTH)


def boundary_of_bare_verdicts(config: Config) -> Iterator[Problem]:
    if "" in config.gate.authserv_ids and not config.gate.boundary:
        yield Problem(
            ("gate", "authserv_ids"),
            '"" takes verdicts that name no server',
            'write boundary = "HOST", the host that writes them as its Received field says',
        )


def packages_of_verify_dkim(config: Config) -> Iterator[Problem]:
    if config.gate.verify_dkim and not all(find_spec(name) for name in ("dkim", "dns", "nacl", "spf")):
        remedy = 'pip install "maildesk[auth]", or write false'
        yield Problem(("gate", "verify_dkim"), "its packages are not installed", remedy)


CHECKS: tuple[Check, ...] = (
    a_queue,
    one_default_queue,
    addresses_of_one_queue,
    room_for_the_key,
    queues_of_doors,
    listeners,
    one_listener_an_address,
    bare_connections,
    logins,
    secrets_kept,
    boundary_of_bare_verdicts,
    packages_of_verify_dkim,
    *SERVICE_CHECKS,
    *SORTING_CHECKS,
)
