"""The verbs: which there are, what each does in a sentence, and how one is run.

Called by `main` alone. A verb's module is imported when the verb is used; every error that a verb may end in gets
its exit code here, and no traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

import click

from maildesk import __version__
from maildesk.cli import exits
from maildesk.cli.exits import Exit, tell
from maildesk.cli.failures import exit_of, ours, wrong_usage
from maildesk.cli.show import clean

# verb: (module, what it does)
VERBS = {
    "init": ("setup", "Write a commented configuration and an empty directory."),
    "check": ("checking", "Look over configuration, templates and store."),
    "run": ("daemon", "Run the desk, in the foreground."),
    "demo": ("play", "See the whole job on this machine, without any set-up."),
    "deliver": ("delivery", "Hand one mail to the desk."),
    "import": ("imports", "Take over mail from mbox files, Maildirs and .eml files."),
    "inspect": ("inspection", "Show what is read from a mail."),
    "explain": ("delivery", "Tell what the desk would do with a mail, writing nothing."),
    "why": ("ledger", "Tell what the desk did with a mail."),
    "ticket": ("tickets", "List and show tickets."),
    "message": ("ledger", "Print the raw bytes of a mail as received."),
    "ledger": ("ledger", "List every accepted mail with its outcome."),
    "outbox": ("outbox", "List letters that wait or failed; try or drop them."),
    "held": ("held", "List parked mail; release or drop it."),
    "directory": ("directory", "Apply and export organisations, contacts and agents."),
    "contact": ("contacts", "List contacts; add, remove or swap one, within the allotment."),
    "organisation": ("organisations", "List and show organisations."),
    "agent": ("staff", "List agents; add or remove one."),
    "person": ("persons", "Export all that is kept of one person, or erase it."),
    "due": ("due", "Tell what time will do next, or do it."),
    "report": ("reports", "Tell the figures of a span of time, with charts."),
    "policy": ("policies", "Write the support policy, as configured, as text or HTML."),
    "template": ("templates", "List, show and preview the letters."),
    "status": ("status", "Tell the state of the desk."),
    "health": ("status", "One line a problem; exits 0, 1 (warning) or 2 (failing)."),
    "upgrade": ("setup", "Bring the store's schema up to date."),
}


def load(verb: str) -> ModuleType:
    """The module of a verb. What is imported stays, and is not looked through for garbage: a fifth of a start."""
    name = f"maildesk.cli.{VERBS[verb][0]}"
    if name not in sys.modules:
        gc.disable()
        try:
            import_module(name)
            gc.freeze()
        finally:
            gc.enable()
    return sys.modules[name]


class Verbs(click.Group):
    """The group of all verbs, each imported at its use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(load(cmd_name), f"{cmd_name}_verb")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=VERBS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Verbs"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in VERBS.items()])


@click.command(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="VERB ...",
)
@click.option("--config", "config_file", metavar="FILE", help="The configuration [./maildesk.conf, /etc/maildesk/...].")
@click.version_option(__version__, prog_name="maildesk")
@click.pass_context
def maildesk(context: click.Context, config_file: str | None) -> None:
    """A help desk that lives in the mailbox.

    Begin with `maildesk demo`, or `maildesk init DIR`. `maildesk VERB --help` has examples.

    Exit codes: 0 done, 1 found wrong or refused, 2 usage, 69 relay or server out of reach, 74 storage, 75 try again
    later, 77 permission, 78 configuration.
    """
    context.obj = config_file


def run(words: Sequence[str]) -> int:
    """One verb, to its exit code."""
    try:
        code = maildesk.main(list(words), prog_name="maildesk", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return exits.USAGE
    except click.ClickException as error:
        tell(clean(wrong_usage(error)))
        return exits.USAGE
    except click.exceptions.Abort:
        tell("maildesk: stopped")
        return exits.WRONG
    except BrokenPipeError:
        return _quiet()
    except exits_with_a_sentence() as error:
        ended = exit_of(error)
        if str(ended):
            tell(clean(ours(str(ended))))
        return ended.code
    return code if isinstance(code, int) else exits.OK


def exits_with_a_sentence() -> tuple[type[BaseException], ...]:
    from maildesk.cli.failures import known  # noqa: PLC0415

    return (Exit, *known())


def _quiet() -> int:
    """Whoever read our output has gone: say nothing more, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return exits.OK
