"""The options of the desk as a whole: itself, its store, its limits, what it keeps and tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationInfo, field_validator

from maildesk.config import places
from maildesk.config.kinds import (
    Domain,
    FilePath,
    FilePathOrNone,
    Flag,
    HostAndPort,
    Keeping,
    Language,
    MailAddress,
    Options,
    Prefix,
    RateOf,
    Size,
    StoreUrl,
    Text,
    WeekTime,
    Zone,
    needed,
    option,
)


class Desk(Options):
    name: Text = option("Support", "The name of the desk, as letters give it.", example="Example Support")
    domain: Domain = needed("The right side of the desk's Message-IDs.", "example.com")
    state_dir: FilePath = option("/var/lib/maildesk", "The folder of database, key and lock.")
    prefix: Prefix = option("EX", "What ticket references begin with: EX-10427.")
    language: Language = option("en", "The language of letters to people whose own is not known.")
    time_zone: Zone = option("UTC", "The time zone of letters to people whose own is not known.")
    templates: FilePathOrNone = option("", "A folder of templates that replace the shipped ones.")
    key_file: FilePath = option("", "The key that signs addresses; empty: the file key in state_dir, made at need.")
    old_key_files: tuple[FilePath, ...] = option([], "Former keys, which still verify.")
    postmaster: MailAddress = needed("Who gets alarms, and mail to postmaster.", "ops@example.com")

    @field_validator("key_file", mode="wrap")
    @classmethod
    def _beside_the_database(cls, value: Any, handler: Any, info: ValidationInfo) -> Path:
        state_dir: Path = info.data.get("state_dir", places.folder_of(info))
        return state_dir / "key" if value == "" else handler(value)


class Store(Options):
    url: StoreUrl = option(
        "sqlite:///maildesk.db", "The database: a file in state_dir, or postgresql://user@host/name."
    )


class Crypto(Options):
    gnupg_home: FilePathOrNone = option("", "The GnuPG folder for encrypted mail.")
    smime_dir: FilePathOrNone = option("", "The folder of S/MIME certificates.")


class Limits(Options):
    message_size: Size = option("25MB", "The largest mail that is taken, in raw octets.")
    acks_per_contact: RateOf = option("5/h", "How many acknowledgements one contact gets.")
    automatic_mail: RateOf = option("600/h", "How many automatic letters leave before they wait for an operator.")
    notices_per_domain: RateOf = option("20/d", "How many notices to strangers go to one domain.")
    letter_size: Size = option("20MB", "The largest letter that is sent, attachments included.")


class Retention(Options):
    held: Keeping = option("30d", "How long held mail waits; empty: for ever.")
    raw: Keeping = option("", "How long the raw bytes of mail are kept; empty: for ever.")
    tickets: Keeping = option("", "How long closed tickets are kept; empty: for ever.")


class Report(Options):
    to: tuple[MailAddress, ...] = option([], "Who gets the weekly report by mail.")
    at: WeekTime = option("mon 08:00", "When it goes, in the desk's time zone.")


class Metrics(Options):
    listen: HostAndPort = option("", "HOST:PORT of the Prometheus page; empty: none.")


class Logging(Options):
    level: Literal["debug", "info", "warning", "error"] = option("info", "The least level that is logged.")
    format: Literal["text", "json"] = option("text", "How a line of the journal looks: text or json.")


class Digest(Options):
    on: Flag = option(True, "A morning letter to each agent with a calendar.")


class Handover(Options):
    on: Flag = option(False, "A letter to the next team when a calendar closes.")
