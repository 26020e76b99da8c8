"""`maildesk deliver` and `maildesk explain`: one mail from stdin, taken or only looked at.

deliver is a pipe transport: it ends in 0 once the mail is committed, and in 75 for everything else (`main` sees to
that). explain goes the same way and leaves nothing behind.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.exits import OK, WRONG, Exit
from maildesk.cli.rehearsal import look
from maildesk.config import Config
from maildesk.doors.mailbox_envelope import envelope_of
from maildesk.mime.address import normal
from maildesk.store.apply_tell import tell
from maildesk.words import Agent, Contact, Envelope, Facts, Nobody, Ours, Ruling, Stranger, Writer

F = TypeVar("F", bound=Callable[..., object])


def envelope_options(command: F) -> F:
    command = click.option("--from", "sender", metavar="ADDRESS", help="The envelope sender; <> for none.")(command)
    return click.option("--to", "recipients", metavar="ADDRESS", multiple=True, help="The envelope recipient.")(command)


@click.command("deliver", epilog="Example: maildesk deliver --to support@example.com --from carol@acme.example < MAIL")
@envelope_options
def deliver_verb(recipients: tuple[str, ...], sender: str | None) -> int:
    """Hand the mail on stdin to the desk.

    Exits 0 when it is kept, whatever its outcome, and 75 otherwise. Without --from and --to the Return-Path and
    Delivered-To fields of the mail are read.
    """
    with opening.desk() as desk:
        raw = from_stdin(desk.settings.config)
        desk.receive(raw, envelope(raw, "deliver", desk.settings.config, recipients, sender)).result()
    return OK


@click.command("explain", epilog="Example: maildesk explain < mail.eml")
@envelope_options
@click.option("--json", "as_json", is_flag=True, help="As one object.")
def explain_verb(recipients: tuple[str, ...], sender: str | None, as_json: bool) -> None:
    """Tell what the desk would do with the mail on stdin, rule by rule. Nothing is written or sent."""
    with look() as desk:
        raw = from_stdin(desk.settings.config)
        facts, ruling = desk.explain(raw, envelope(raw, "deliver", desk.settings.config, recipients, sender))
    if as_json:
        show.print_json(_object(facts, ruling))
    else:
        _print(facts, ruling)


def from_stdin(config: Config) -> bytes:
    most = config.limits.message_size
    raw = sys.stdin.buffer.read(most + 1)
    if not raw:
        raise Exit(WRONG, "maildesk: there is no mail on stdin; append: < mail.eml")
    if len(raw) > most:
        raise Exit(WRONG, f"maildesk: the mail is larger than [limits] message_size ({most} octets)")
    return raw


def envelope(
    raw: bytes, door: str, config: Config, recipients: Sequence[str] = (), sender: str | None = None
) -> Envelope:
    """What is known of a mail besides its bytes; what is not said is read from its own fields."""
    found = envelope_of(raw, door=door, received=opening.clock(), queue=config.default_queue, source="")
    found = replace(found, verdicts=False)
    if recipients:
        found = replace(found, recipients=tuple(_address(each) for each in recipients))
    if sender is not None:
        found = replace(found, sender="" if sender in ("", "<>") else _address(sender))
    return found


def _address(written: str) -> str:
    """postmaster needs no domain (RFC 5321, 4.5.1)."""
    bare = written.strip().removeprefix("<").removesuffix(">")
    found = bare.lower() if bare.lower() == "postmaster" else normal(bare)
    if not found:
        raise click.BadParameter(f"{written!r} is no mail address; write it as carol@acme.example")
    return found


def _object(facts: Facts, ruling: Ruling) -> dict[str, object]:
    return {
        "outcome": ruling.outcome.value,
        "reason": ruling.reason,
        "rules": list(ruling.rules),
        "ticket": ruling.ticket or None,
        "queue": facts.queue,
        "writer": _writer(facts.writer),
        "verdict": facts.verdict.value,
        "checked": facts.checked,
        "matched": facts.matched or None,
        "seals": [seal.told for seal in facts.mail.seals],
        "decisions": [tell(each) for each in ruling.decisions],
    }


def _print(facts: Facts, ruling: Ruling) -> None:
    told = _object(facts, ruling)
    show.fields(
        (key, told[key]) for key in ("writer", "queue", "verdict", "checked", "ticket", "matched", "seals") if told[key]
    )
    show.say("\nrules asked until one decided:")
    for rule in ruling.rules:
        show.say(f"  {rule}")
    show.say(f"\noutcome {ruling.outcome.value}: {ruling.reason}")
    for each in ruling.decisions:
        show.say(f"  would {show.minutes(tell(each))}")


def _writer(writer: Writer) -> str:
    match writer:
        case Agent(name=name):
            return f"agent {name}"
        case Contact(name=name, organisation=organisation):
            return f"contact {name} of {organisation.name}"
        case Stranger(address=address, organisation=organisation):
            return f"stranger {address}" + (f", {organisation.name} by domain" if organisation else "")
        case Ours(address=address):
            return f"our own address {address}"
        case Nobody():
            return "nobody: no sender, or more than one"
