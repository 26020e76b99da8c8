"""The schema and its numbered migrations: what is pending, how it is brought up to date, whose key it belongs to.

Called at the start of the daemon and by `upgrade`, `check` and every verb. A migration is a module of
`migrations/` named NNNN_word with `up(store)`, and is run in a transaction of its own with its line in
schema_migration, so that one cut short is undone. Only an empty store is ever filled without being asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from maildesk.store import migrations
from maildesk.store.database import Store, without_password
from maildesk.store.errors import KeyMismatch, SchemaPending, SchemaTooNew, StoreError

HISTORY = "CREATE TABLE schema_migration (name VARCHAR(255) NOT NULL PRIMARY KEY)"
ADVISORY = 0x6D61696C6465736B  # "maildesk": daemons that start together upgrade one after the other


def known() -> list[str]:
    """The migrations of this code, in order."""
    return sorted(module.name for module in iter_modules(migrations.__path__) if module.name[0].isdigit())


def is_empty(store: Store) -> bool:
    """No table at all."""
    return not tables(store)


def tables(store: Store) -> set[str]:
    return set(store.database.get_tables())


def applied(store: Store) -> list[str]:
    """Raises StoreError when the database belongs to something else."""
    present = tables(store)
    if "schema_migration" in present:
        return [name for (name,) in store.all("SELECT name FROM schema_migration ORDER BY name")]
    if present:
        raise StoreError(
            f"the store holds tables that are not maildesk's ({min(present)}); give it a database of its own"
        )
    return []


def pending(store: Store) -> list[str]:
    """What `upgrade` would run. Raises SchemaTooNew when the store has seen a newer maildesk."""
    ours, done = known(), applied(store)
    newer = sorted(set(done) - set(ours))
    if newer:
        raise SchemaTooNew(
            f"the store's schema is newer ({newer[-1]}) than this maildesk; install the newer version again"
        )
    return [name for name in ours if name not in done]


def upgrade(store: Store) -> list[str]:
    """Run what is pending; returns the names. Safe to run twice at once: the second finds nothing to do."""
    waiting = pending(store)
    steps = [waiting] if is_empty(store) else [[name] for name in waiting]  # an empty store is filled at once, or not
    return [name for step in steps for name in _together(store, step)]


def _together(store: Store, names: Sequence[str]) -> list[str]:
    """Run these in one transaction, but for those that somebody else has run meanwhile."""
    with store.atomic():
        if store.postgres:
            store.execute("SELECT pg_advisory_xact_lock(?)", (ADVISORY,))
        left = [name for name in names if name in pending(store)]
        for name in left:
            _run(store, name)
    return left


def ensure(store: Store) -> None:
    """Fill an empty store; refuse one that waits for `upgrade` (SchemaPending), is too new, or was lost."""
    waiting = pending(store)
    if waiting and not is_empty(store):
        raise SchemaPending(
            f"the store's schema is older than this maildesk ({waiting[0]} is pending); run: maildesk upgrade"
        )
    if waiting:
        refuse_if_lost(store)
        upgrade(store)
    if filled(store) != without_password(store.url):
        mark(store).write_text(without_password(store.url), encoding="utf-8")


def refuse_if_lost(store: Store) -> None:
    """Raises StoreError when this very store once held something: a lost database is not begun anew in silence."""
    if filled(store) == without_password(store.url):
        raise StoreError(
            f"the store {without_password(store.url)} is empty or gone, and was not before; "
            f"restore a backup, or remove {mark(store)} to begin anew"
        )


def mark(store: Store) -> Path:
    return store.state_dir / "filled"


def filled(store: Store) -> str:
    """The store that this state folder last saw filled, "" for none."""
    try:
        return mark(store).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def remember_key(store: Store, fingerprint: str, former: Sequence[str] = ()) -> None:
    """Bind the store to its key at first sight, or to a new one whose forerunner is in `former`.

    Raises KeyMismatch for any other: letters signed with it could not be told from forged ones.
    """
    with store.atomic():
        row = store.one("SELECT value FROM meta WHERE key = 'key'")
        if row is None:
            store.execute("INSERT INTO meta (key, value) VALUES ('key', ?)", (fingerprint,))
        elif row[0] in former:
            store.execute("UPDATE meta SET value = ? WHERE key = 'key'", (fingerprint,))
        elif row[0] != fingerprint:
            raise KeyMismatch(
                "the key is not the one this store began with; put the right key_file back, "
                "or name the former one in old_key_files"
            )


def _run(store: Store, name: str) -> None:
    if not applied(store) and is_empty(store):
        store.execute(HISTORY)
    import_module(f"{migrations.__name__}.{name}").up(store)
    store.execute("INSERT INTO schema_migration (name) VALUES (?)", (name,))
