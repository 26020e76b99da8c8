"""`maildesk run`: the daemon, in the foreground."""

from __future__ import annotations

import click

from maildesk import daemon
from maildesk.cli import desk as opening


@click.command("run", epilog="Example: maildesk --config /etc/maildesk/maildesk.conf run")
def run_verb() -> int | None:
    """Run the desk until SIGTERM. SIGHUP reads the configuration again."""
    return daemon.run(opening.configuration())
