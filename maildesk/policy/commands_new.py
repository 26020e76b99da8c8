"""The agents' command that begins a matter in a contact's name: `#new ADDRESS`.

Read by commands once behalf has found the contact and given his ticket a reference; in any other mail it is refused.
"""

from __future__ import annotations

import re

from maildesk.config import Config
from maildesk.mime.address import normal
from maildesk.policy import script
from maildesk.policy.audience import name_of
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.script import Line
from maildesk.words import Agent, Facts

NEW = "new"
_LINK = re.compile(r"<mailto:[^>]*>", re.IGNORECASE)  # what a mail client makes of an address
_NAMED = re.compile(r"(?:[^<>@]{0,200}<)?([^\s<>,;@]{1,64}@[^\s<>,;@]{1,255})>?")


def address_in(argument: str) -> str:
    """The one address of an argument; "" when there is none, or something besides it."""
    found = _NAMED.fullmatch(_LINK.sub(" ", argument).strip(" \t,;"))
    return normal(found[1]) if found else ""


def _new(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    ticket, agent = facts.ticket, facts.writer
    if ticket is None or not isinstance(agent, Agent):
        return Refusal(line.text, "no_ticket")
    if not facts.fresh or ticket.reference != facts.fresh:
        return Refusal(line.text, "about_ticket")
    first = next((each.text for each in script.read(facts).lines if each.word == NEW), line.text)
    if line.text != first:
        return Refusal(line.text, "argument")
    whose = f"{name_of(ticket.requester)} <{ticket.requester.address}>"
    passes_on = facts.mail.forwarded is not None
    return Deed(NEW, "opened", whose, lambda change: change if passes_on else change.set_owner(agent))


COMMANDS_NEW = {
    NEW: Command(
        "ADDRESS", "in a new mail to the queue: a ticket in that contact's name, your text answers", False, _new
    ),
}
