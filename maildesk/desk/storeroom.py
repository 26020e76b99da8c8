"""The store and the keys that belong to it, opened together.

Called by the daemon, by `open_desk`, and by verbs that only look: light to import, for it brings neither readers
nor letters. What is in the way is raised with a sentence that says what to do.
"""

from __future__ import annotations

from collections.abc import Callable

from maildesk.config import Config
from maildesk.desk.keyring import fingerprint, open_keyring
from maildesk.store import schema
from maildesk.store.database import Store

Entropy = Callable[[int], bytes]


def open_store(config: Config, entropy: Entropy) -> tuple[Store, tuple[bytes, ...]]:
    """The store with its schema, and the keys that belong to it. Fills an empty store."""
    store = Store.open(config.store.url, config.desk.state_dir)
    empty = schema.is_empty(store)
    secrets = open_keyring(config, empty_store=empty, entropy=entropy)
    schema.ensure(store)
    with store.atomic():
        schema.remember_key(store, fingerprint(secrets[0]), [fingerprint(old) for old in secrets[1:]])
    return store, secrets
