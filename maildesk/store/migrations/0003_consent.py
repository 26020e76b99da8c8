"""Who asked to be let in, what was said of him and by whom; languages of tickets, and tickets that went into others.

Run by `schema.upgrade` inside one transaction, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from maildesk.store.database import Store

NEWCOMER = """
CREATE TABLE newcomer (
    ticket_id INTEGER NOT NULL, address VARCHAR(255) NOT NULL, name TEXT NOT NULL, asked {big} NOT NULL,
    answer VARCHAR(255) NOT NULL, PRIMARY KEY (ticket_id, address),
    FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE
)"""
COLUMNS = (("ticket", "language"), ("ticket", "merged"), ("held", "answer"), ("held", "answered_by"), ("held", "taker"))
WHO_TAKES_PART = "CREATE INDEX participant_address ON participant (address)"
WHO_WAITS = "CREATE INDEX mail_sender ON mail (sender) WHERE (outcome = 'held')"
# Without this, whoever waits from before would stand for one whose contacts were asked, and they never would be.
NOT_ASKED = "UPDATE held SET reason = 'awaiting consent; nobody was asked' WHERE reason = 'awaiting consent'"


def up(store: Store) -> None:
    store.execute(NEWCOMER.format(big="BIGINT" if store.postgres else "INTEGER"))
    for table, column in COLUMNS:
        store.execute(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(255) NOT NULL DEFAULT ''")
    store.execute(WHO_TAKES_PART)
    store.execute(WHO_WAITS)
    store.execute(NOT_ASKED)
