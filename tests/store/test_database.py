"""The Store on both databases: statements, text at the edge, numbers, transactions, what others committed."""

from __future__ import annotations

import stat
import threading
from contextlib import suppress
from pathlib import Path

import peewee
import pytest

from maildesk.store.database import Store
from maildesk.store.drivers import postgres_sql
from maildesk.store.errors import Unavailable
from maildesk.store.tables import Meta


class Undone(Exception):
    """Raised to roll back."""


def put(store: Store, key: str, value: str = "") -> None:
    store.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))


def keys(store: Store) -> list[str]:
    return [key for (key,) in store.all("SELECT key FROM meta ORDER BY key")]


def test_a_row_comes_back_as_it_went_in(store: Store) -> None:
    put(store, "a", "100 % of 'it', with ?")
    assert store.one("SELECT value FROM meta WHERE key = ? AND value LIKE '100 %?'", ("a",)) == (
        "100 % of 'it', with ?",
    )
    assert store.one("SELECT value FROM meta WHERE key = ?", ("b",)) is None


def test_question_marks_and_percent_signs_become_postgresql_s() -> None:
    assert postgres_sql("SELECT '?%''?' WHERE a % 2 = ? AND b = ?") == "SELECT '?%%''?' WHERE a %% 2 = %s AND b = %s"


def test_nul_and_lone_surrogates_never_reach_the_database(store: Store) -> None:
    put(store, "a", "x\0y\ud800z")
    store.many("INSERT INTO meta (key, value) VALUES (?, ?)", [("b", "\0"), ("c", "\udcff")])
    Meta.create(key="d", value="\0\ud800")
    assert store.all("SELECT key, value FROM meta ORDER BY key") == [
        ("a", "xy\ufffdz"),
        ("b", ""),
        ("c", "\ufffd"),
        ("d", "\ufffd"),
    ]


def test_text_beyond_the_basic_plane_stays_whole(store: Store) -> None:
    put(store, "a", "grüße 🎈 \U0010ffff")
    assert store.one("SELECT value FROM meta") == ("grüße 🎈 \U0010ffff",)


def test_errors_of_the_driver_are_peewee_s(store: Store) -> None:
    put(store, "a")
    with pytest.raises(peewee.IntegrityError):
        put(store, "a")
    with pytest.raises(peewee.DatabaseError):
        store.execute("SELECT nothing FROM nowhere")


def test_atomic_undoes_all_and_a_savepoint_its_own(store: Store) -> None:
    with suppress(Undone), store.atomic():
        put(store, "a")
        raise Undone
    with store.atomic():
        put(store, "b")
        with pytest.raises(peewee.IntegrityError), store.atomic():
            put(store, "b")
        put(store, "c")
    assert keys(store) == ["b", "c"]


def test_models_and_fixed_sql_share_one_transaction(store: Store) -> None:
    with suppress(Undone), store.atomic():
        Meta.create(key="a", value="")
        put(store, "b")
        raise Undone
    assert keys(store) == []


def test_serials_rise_and_are_never_repeated(store: Store) -> None:
    with store.atomic():
        serials = [store.serial() for _ in range(100)]
    assert serials == sorted(set(serials))


def test_tickets_are_numbered_from_10001(store: Store) -> None:
    with store.atomic():
        assert [store.next_number() for _ in range(3)] == [10001, 10002, 10003]


def test_a_number_of_an_undone_transaction_is_not_handed_to_two_tickets(store: Store) -> None:
    with suppress(Undone), store.atomic():
        store.next_number()
        raise Undone
    with store.atomic():
        first = store.next_number()
    with store.atomic():
        assert store.next_number() > first


def test_numbers_drawn_between_two_batches_are_drawn_by_neither(store: Store) -> None:
    drawn = []
    for begin in (store.batch, store.atomic, store.batch):
        with begin():
            drawn += [store.serial(), store.next_number()]
    assert drawn[::2] == sorted(set(drawn[::2]))
    assert drawn[1::2] == sorted(set(drawn[1::2]))


def test_changed_tells_of_a_foreign_commit_and_not_of_a_quiet_store(store: Store) -> None:
    store.changed()
    assert not store.changed()
    other = Store.open(store.url, store.state_dir)
    put(other, "a")
    other.close()
    assert store.changed()
    assert not store.changed()


def test_a_thread_that_comes_later_needs_a_session(store: Store) -> None:
    seen: list[object] = []

    def other() -> None:
        try:
            store.one("SELECT 1")
        except peewee.InterfaceError as error:
            seen.append(error)
        with store.session():
            seen.append(store.one("SELECT 1"))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert isinstance(seen[0], peewee.InterfaceError)
    assert seen[1] == (1,)


def test_abandoning_a_connection_undoes_what_was_not_committed(store: Store) -> None:
    store.database.begin()
    put(store, "a")
    store.abandon()
    store.connect()
    assert keys(store) == []


def test_the_folder_and_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = Store.open("sqlite:///desk.db", tmp_path / "new" / "state")
    store.execute("CREATE TABLE a (b)")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new" / "state").iterdir()}
    assert stat.S_IMODE((tmp_path / "new" / "state").stat().st_mode) == 0o700
    assert modes == {"desk.db": 0o600, "desk.db-wal": 0o600, "desk.db-shm": 0o600}
    store.close()


def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    store = Store.open("sqlite:///desk.db", tmp_path)
    assert store.one("PRAGMA journal_mode") == ("wal",)
    assert store.one("PRAGMA synchronous") == (2,)
    assert store.one("PRAGMA foreign_keys") == (1,)
    assert store.one("PRAGMA busy_timeout") == (25_000,)
    store.close()


@pytest.mark.parametrize("url", ["sqlite:////dev/null/desk.db", "postgresql://nobody:secret@127.0.0.1:1/none"])
def test_a_store_out_of_reach_says_so_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be opened") as caught:
        Store.open(url, tmp_path)
    assert "secret" not in str(caught.value)


def test_postgresql_answers_only_when_the_disk_has_it(postgres_url: str, tmp_path: Path) -> None:
    relaxed = Store.open(postgres_url, tmp_path)
    name = postgres_url.rsplit("/", 1)[1]
    relaxed.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    relaxed.close()
    store = Store.open(postgres_url, tmp_path)
    assert store.one("SELECT current_setting('synchronous_commit')") == ("on",)
    store.close()
