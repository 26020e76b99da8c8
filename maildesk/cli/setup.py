"""`maildesk init` and `maildesk upgrade`: before the first run, and after a new version."""

from __future__ import annotations

from pathlib import Path

import click

from maildesk.cli import show
from maildesk.cli.exits import WRONG, Exit

CONFIGURATION = """\
# The configuration of maildesk. Change the five values marked with (1) to (5); all others have good defaults and
# stand with one sentence each in maildesk.conf.example. `maildesk check` looks the file over.

[desk]
name = "Example Support"              # (1) how letters call you
domain = "example.com"                # (2) your domain, the right side of Message-IDs
postmaster = "ops@example.com"        # (3) who is told when something needs a human; no address of a queue
state_dir = "state"                   # database and key, beside this file

[queue.support]
title = "Support"
address = "support@example.com"       # (4) the address customers write to
default = true

[relay]
host = "127.0.0.1"                    # (5) the mail server that takes the letters
port = 25
tls = "none"                          # starttls or implicit when it is another machine

# Mail comes in by LMTP from a mail server on this machine, or by SMTP ...
[listen.mta]
protocol = "lmtp"
address = "127.0.0.1:8024"

# ... or from a mailbox. The password stands in a file beside this one, mode 0600.
# [mailbox.support]
# host = "imap.example.com"
# user = "support@example.com"
# password_file = "imap-password"

# What is agreed with the organisations that directory.toml names.
[plan.standard]
title = "Standard"
contacts = 5
"""
DIRECTORY = """\
# Whom the desk knows. Take the "# " away, write your own people, then run: maildesk directory apply directory.toml

# [[organisation]]
# name = "Acme"
# domains = ["acme.example"]
# plan = "standard"
# [[organisation.contact]]
# name = "Carol Jones"
# addresses = ["carol@acme.example"]

# [[agent]]
# name = "Alice Agent"
# addresses = ["alice@example.com"]
# queues = ["support"]
"""


@click.command("init", epilog="Example: maildesk init /etc/maildesk")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
def init_verb(folder: Path) -> None:
    """Write maildesk.conf and an empty directory.toml into DIR, or here; nothing is ever overwritten."""
    files = {folder / "maildesk.conf": CONFIGURATION, folder / "directory.toml": DIRECTORY}
    for file in files:
        if file.exists() or file.is_symlink():
            raise Exit(WRONG, f"maildesk: {file} is there already; name another folder, or move it away")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            with file.open("x", encoding="utf-8") as stream:
                stream.write(text)
            show.say(f"wrote {file}")
    except FileExistsError:
        raise Exit(WRONG, f"maildesk: {folder} is no folder, or is being set up by somebody else") from None
    conf = folder / "maildesk.conf"
    show.say(f"Next: change the five marked values in {conf}, then run: maildesk --config {conf} check")


@click.command("upgrade", epilog="Example: systemctl stop maildesk; maildesk upgrade; systemctl start maildesk")
def upgrade_verb() -> None:
    """Run the schema's pending migrations. Make a copy of the store first."""
    from maildesk.cli import desk as opening  # noqa: PLC0415 - init needs nothing of it
    from maildesk.store import schema  # noqa: PLC0415
    from maildesk.store.database import Store  # noqa: PLC0415

    config = opening.configuration()
    store = Store.open(config.store.url, config.desk.state_dir)
    try:
        if schema.is_empty(store):
            show.say("the store is empty; it is filled at its first use")
            return
        done = schema.upgrade(store)
    finally:
        store.close()
    for name in done:
        show.say(f"applied {name}")
    if not done:
        show.say("nothing is pending")
