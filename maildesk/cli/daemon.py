"""`maildesk run`: the daemon, in the foreground."""

from __future__ import annotations

import click

from maildesk import daemon
from maildesk.cli import desk as opening
from maildesk.cli.failures import exit_of, known


@click.command("run", epilog="Example: maildesk --config /etc/maildesk/maildesk.conf run")
def run_verb() -> int | None:
    """Run the desk until SIGTERM. SIGHUP reads the configuration again."""
    config = opening.configuration()
    try:
        return daemon.run(config)
    except known() as error:  # told in the journal's form: nothing else stands on stderr
        ended = exit_of(error)
        opening.journal(config).fatal(thread="start", error=str(ended))
        return ended.code
