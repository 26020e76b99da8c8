"""`maildesk policy`: what customers may rely on, as the configuration has it."""

from __future__ import annotations

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.exits import WRONG, Exit, tell
from maildesk.cli.show import clean
from maildesk.letters.pages import page_languages, policy_page
from maildesk.letters.where import wanted


@click.command("policy", epilog="Example: maildesk policy --format html --language de > policy.html")
@click.option("--format", "form", type=click.Choice(["text", "html"]), default="text", help="How it is written [text].")
@click.option("--language", metavar="L", default="", help="Its language [the desk's].")
def policy_verb(form: str, language: str) -> None:
    """The support policy: hours, severities, plans and their targets, how tickets end. HTML is one file."""
    config = opening.configuration()
    there = page_languages(config)
    if language and not set(there) & {language, wanted(language)[0].partition("-")[0]}:
        raise Exit(WRONG, f"maildesk: the policy is not there in {language}; it is in: {', '.join(there)}")
    page = policy_page(config, language, opening.clock(), _alarm)
    if form == "html":
        show.out(page.html)
    else:
        show.say(f"{page.subject}\n{'=' * len(page.subject)}\n\n{page.text}".rstrip("\n"))


def _alarm(fault: str) -> None:
    tell(f"maildesk: {clean(fault)}; the shipped page is used instead")
