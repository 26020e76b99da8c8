"""The first schema. Frozen: later changes are migrations of their own.

Run by `schema.upgrade` inside one transaction, on SQLite and on PostgreSQL. It knows nothing of the models, which
may move on; a test holds all migrations together to the models of the day.
"""

from __future__ import annotations

from maildesk.store.database import Store

TYPES_SQLITE = {"auto": "INTEGER", "big": "INTEGER", "bool": "INTEGER", "blob": "BLOB", "char": "VARCHAR(255)"}
TYPES_POSTGRESQL = {"auto": "SERIAL", "big": "BIGINT", "bool": "BOOLEAN", "blob": "BYTEA", "char": "VARCHAR(255)"}
TABLES = """
CREATE TABLE meta (
    "key" {char} NOT NULL PRIMARY KEY, value TEXT NOT NULL
);
CREATE TABLE counter (
    name {char} NOT NULL PRIMARY KEY, value {big} NOT NULL
);
CREATE TABLE organisation (
    id {auto} NOT NULL PRIMARY KEY, name {char} NOT NULL, plan {char} NOT NULL, active {bool} NOT NULL,
    until {char} NOT NULL, account_manager {char} NOT NULL
);
CREATE UNIQUE INDEX organisation_name ON organisation (name);
CREATE TABLE domain (
    name {char} NOT NULL PRIMARY KEY, organisation_id INTEGER NOT NULL,
    FOREIGN KEY (organisation_id) REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX domain_organisation_id ON domain (organisation_id);
CREATE TABLE contact (
    id {auto} NOT NULL PRIMARY KEY, organisation_id INTEGER NOT NULL, name {char} NOT NULL,
    language {char} NOT NULL, time_zone {char} NOT NULL,
    FOREIGN KEY (organisation_id) REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX contact_organisation_id ON contact (organisation_id);
CREATE TABLE agent (
    id {auto} NOT NULL PRIMARY KEY, name {char} NOT NULL, level INTEGER NOT NULL, role {char} NOT NULL,
    calendar {char} NOT NULL, queues TEXT NOT NULL, away_until {big}
);
CREATE UNIQUE INDEX agent_name ON agent (name);
CREATE TABLE person_address (
    address {char} NOT NULL PRIMARY KEY, contact_id INTEGER, agent_id INTEGER, position INTEGER NOT NULL,
    FOREIGN KEY (contact_id) REFERENCES contact (id) ON DELETE CASCADE,
    FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
);
CREATE INDEX person_address_contact_id ON person_address (contact_id);
CREATE INDEX person_address_agent_id ON person_address (agent_id);
CREATE TABLE ticket (
    id {auto} NOT NULL PRIMARY KEY, number {big} NOT NULL, reference {char} NOT NULL, queue {char} NOT NULL,
    address {char} NOT NULL, subject TEXT NOT NULL, requester {char} NOT NULL, requester_name TEXT NOT NULL,
    organisation_id INTEGER, status {char} NOT NULL, status_since {big} NOT NULL, severity INTEGER NOT NULL,
    category {char} NOT NULL, level INTEGER NOT NULL, owner_id INTEGER, opened {big} NOT NULL, first_answered {big},
    first_response_kind {char} NOT NULL, solved {big}, closed {big}, reminded {big}, survey_due {big},
    next_check {big}, FOREIGN KEY (organisation_id) REFERENCES organisation (id) ON DELETE SET NULL,
    FOREIGN KEY (owner_id) REFERENCES agent (id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX ticket_number ON ticket (number);
CREATE UNIQUE INDEX ticket_reference ON ticket (reference);
CREATE INDEX ticket_requester ON ticket (requester);
CREATE INDEX ticket_organisation_id ON ticket (organisation_id);
CREATE INDEX ticket_status ON ticket (status);
CREATE INDEX ticket_owner_id ON ticket (owner_id);
CREATE INDEX ticket_opened ON ticket (opened);
CREATE INDEX ticket_next_check ON ticket (next_check);
CREATE TABLE participant (
    ticket_id INTEGER NOT NULL, address {char} NOT NULL, name TEXT NOT NULL, PRIMARY KEY (ticket_id, address),
    FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE
);
CREATE TABLE mail (
    id {big} NOT NULL PRIMARY KEY, door {char} NOT NULL, received {big} NOT NULL, mail_from TEXT NOT NULL,
    recipients TEXT NOT NULL, peer TEXT NOT NULL, source TEXT NOT NULL, message_id TEXT NOT NULL,
    id_hash {big} NOT NULL, sha256 {char} NOT NULL, twin {char} NOT NULL, size {big} NOT NULL, sender TEXT NOT NULL,
    sender_name TEXT NOT NULL, addressed TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
    reply_text TEXT NOT NULL, problems TEXT NOT NULL, outcome {char} NOT NULL, reason TEXT NOT NULL,
    rule {char} NOT NULL, rules TEXT NOT NULL, decisions TEXT NOT NULL, ticket_id INTEGER,
    visibility {char} NOT NULL, history TEXT NOT NULL,
    FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE
);
CREATE INDEX mail_received ON mail (received);
CREATE INDEX mail_id_hash ON mail (id_hash);
CREATE INDEX mail_twin ON mail (twin);
CREATE INDEX mail_outcome ON mail (outcome);
CREATE INDEX mail_ticket_id ON mail (ticket_id);
CREATE UNIQUE INDEX mail_id_hash_sha256 ON mail (id_hash, sha256) WHERE (outcome != 'duplicate');
CREATE UNIQUE INDEX mail_source ON mail (source) WHERE (source != '');
CREATE TABLE chunk (
    mail_id {big} NOT NULL, number INTEGER NOT NULL, data {blob} NOT NULL, PRIMARY KEY (mail_id, number),
    FOREIGN KEY (mail_id) REFERENCES mail (id) ON DELETE CASCADE
);
CREATE TABLE attachment (
    mail_id {big} NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, size {big} NOT NULL,
    inline {bool} NOT NULL, content_id TEXT NOT NULL, sha256 {char} NOT NULL, "offset" {big} NOT NULL,
    length {big} NOT NULL, encoding TEXT NOT NULL, PRIMARY KEY (mail_id, number),
    FOREIGN KEY (mail_id) REFERENCES mail (id) ON DELETE CASCADE
);
CREATE INDEX attachment_sha256 ON attachment (sha256);
CREATE TABLE letter (
    id {big} NOT NULL PRIMARY KEY, name {char} NOT NULL, ticket_id INTEGER, answers_id {big}, about {char} NOT NULL,
    audience {char} NOT NULL, sender {char} NOT NULL, recipient {char} NOT NULL, subject TEXT NOT NULL,
    text TEXT NOT NULL, message_id {char} NOT NULL, mail_from {char} NOT NULL, head {blob} NOT NULL,
    body {blob} NOT NULL, boundary {char} NOT NULL, attachments TEXT NOT NULL, human {bool} NOT NULL,
    note {bool} NOT NULL, "copy" {bool} NOT NULL, spent {bool} NOT NULL, state {char} NOT NULL,
    attempts INTEGER NOT NULL, created {big} NOT NULL, next_try {big}, last_error TEXT NOT NULL, done {big},
    answered {big}, lease_until {big}, lease_by {big}, fence {big} NOT NULL,
    FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE,
    FOREIGN KEY (answers_id) REFERENCES mail (id) ON DELETE SET NULL
);
CREATE INDEX letter_ticket_id ON letter (ticket_id);
CREATE INDEX letter_answers_id ON letter (answers_id);
CREATE UNIQUE INDEX letter_message_id ON letter (message_id);
CREATE INDEX letter_created ON letter (created);
CREATE INDEX letter_state_next_try ON letter (state, next_try);
CREATE INDEX letter_recipient_created ON letter (recipient, created);
CREATE TABLE held (
    mail_id {big} NOT NULL PRIMARY KEY, reason TEXT NOT NULL, queue {char} NOT NULL, until {big},
    state {char} NOT NULL, FOREIGN KEY (mail_id) REFERENCES mail (id) ON DELETE CASCADE
);
CREATE INDEX held_until ON held (until);
CREATE INDEX held_state ON held (state);
CREATE TABLE survey (
    ticket_id INTEGER NOT NULL PRIMARY KEY, address {char} NOT NULL, sent {big} NOT NULL,
    valid_until {big} NOT NULL, mark INTEGER, comment TEXT NOT NULL, marked {big},
    FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE
);
CREATE TABLE event (
    id {auto} NOT NULL PRIMARY KEY, ticket_id INTEGER NOT NULL, at {big} NOT NULL, event {char} NOT NULL,
    "by" {char} NOT NULL, detail TEXT NOT NULL, FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE
);
CREATE INDEX event_ticket_id ON event (ticket_id);
CREATE TABLE link (
    ticket_id INTEGER NOT NULL, other {char} NOT NULL, PRIMARY KEY (ticket_id, other),
    FOREIGN KEY (ticket_id) REFERENCES ticket (id) ON DELETE CASCADE
);
CREATE TABLE pause (
    address {char} NOT NULL PRIMARY KEY, until {big} NOT NULL, why TEXT NOT NULL
);
CREATE TABLE tally (
    name {char} NOT NULL, minute {big} NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (name, minute)
);
CREATE TABLE mailbox (
    name {char} NOT NULL PRIMARY KEY, first_login {big} NOT NULL, uidvalidity {big} NOT NULL, last_good {big}
)
"""
NUMBERS_SQLITE = ("INSERT INTO counter (name, value) VALUES ('serial', 0), ('ticket', 10000)",)
NUMBERS_POSTGRESQL = ("CREATE SEQUENCE counter_serial", "CREATE SEQUENCE counter_ticket START WITH 10001")


def up(store: Store) -> None:
    types = TYPES_POSTGRESQL if store.postgres else TYPES_SQLITE
    for statement in TABLES.format_map(types).split(";\n"):
        store.execute(statement)
    for statement in NUMBERS_POSTGRESQL if store.postgres else NUMBERS_SQLITE:
        store.execute(statement)
