"""What agents do besides answering: fields, stages, forecasts, hours, appointments, incidents, deputies and chores.

Run by `schema.upgrade` inside one transaction, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from maildesk.store.database import Store

WORK = """
CREATE TABLE work (
    id {ident}, ticket_id INTEGER NOT NULL, agent VARCHAR(255) NOT NULL, at {big} NOT NULL, minutes INTEGER NOT NULL,
    channel VARCHAR(255) NOT NULL, FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE
)"""
CHARGE = """
CREATE TABLE charge (
    id {ident}, organisation_id INTEGER NOT NULL, at {big} NOT NULL, amount INTEGER NOT NULL,
    kind VARCHAR(255) NOT NULL, reason TEXT NOT NULL, by VARCHAR(255) NOT NULL, reference VARCHAR(255) NOT NULL,
    FOREIGN KEY (organisation_id) REFERENCES organisation (id) ON DELETE CASCADE
)"""
CHORE = """
CREATE TABLE chore (
    name VARCHAR(255) NOT NULL PRIMARY KEY, done {big} NOT NULL, told {big} NOT NULL, due {big}, next_check {big}
)"""
INDEXES = (
    "CREATE INDEX work_ticket_id ON work (ticket_id)",
    "CREATE INDEX charge_organisation_id ON charge (organisation_id)",
    "CREATE INDEX charge_reference ON charge (reference)",
    "CREATE INDEX charge_kind ON charge (kind)",
    "CREATE INDEX chore_next_check ON chore (next_check)",
)
# A twin is looked for among the mails of one Message-ID, a letter by its id, which its Message-ID holds, and nothing by
# when it was made or opened: each mail would pay for these.
NEVER_ASKED = ("mail_twin", "letter_message_id", "letter_created", "ticket_opened")
# What the clock asks for: whose moment has come, in order; what of a queue is at work; who was asked for a mark when.
TIMES = (
    "DROP INDEX ticket_next_check",
    "CREATE INDEX ticket_next_check_number ON ticket (next_check, number)",
    "CREATE INDEX ticket_at_work ON ticket (queue, owner_id) WHERE (status != 'closed')",
    "DROP INDEX held_until",
    "DROP INDEX held_state",
    "CREATE INDEX held_state_until ON held (state, until)",
    "CREATE INDEX survey_address_sent ON survey (address, sent)",
)
APPOINTMENTS = "CREATE INDEX ticket_appointment ON ticket (number) WHERE (appointment != '')"
COLUMNS = (
    "ticket ADD COLUMN fields TEXT NOT NULL DEFAULT '{}'",
    "ticket ADD COLUMN stage VARCHAR(255) NOT NULL DEFAULT ''",
    "ticket ADD COLUMN forecast VARCHAR(255) NOT NULL DEFAULT ''",
    "ticket ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0",
    "ticket ADD COLUMN clocks TEXT NOT NULL DEFAULT ''",
    "ticket ADD COLUMN appointment TEXT NOT NULL DEFAULT ''",
    "agent ADD COLUMN deputy_id INTEGER REFERENCES agent (id) ON DELETE SET NULL",
    "survey ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]'",
    "agent ADD COLUMN notices VARCHAR(255) NOT NULL DEFAULT 'single'",
)


def up(store: Store) -> None:
    ident = "SERIAL NOT NULL PRIMARY KEY" if store.postgres else "INTEGER NOT NULL PRIMARY KEY"
    big = "BIGINT" if store.postgres else "INTEGER"
    for table in (WORK, CHARGE, CHORE):
        store.execute(table.format(ident=ident, big=big))
    for index in INDEXES:
        store.execute(index)
    for column in COLUMNS:
        store.execute(f"ALTER TABLE {column}")
    store.execute(APPOINTMENTS)
    for change in TIMES:
        store.execute(change)
    for index in NEVER_ASKED:
        store.execute(f"DROP INDEX {index}")
