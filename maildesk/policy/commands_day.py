"""The agents' commands of a day at work: `#nudge`.

Read by commands. The digest has links for it; it works in a reply to any other letter about a ticket, too.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.policy import script
from maildesk.policy.audience import name_of
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.script import Line
from maildesk.policy.tickets import RESTING, Change
from maildesk.policy.timers import reminder
from maildesk.words import Facts, RecordEvent, Status


def _nudge(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """The customer is asked once more, and has the whole time again; by the agent's own words where he has some."""
    ticket = facts.ticket
    if ticket is None:
        return Refusal(line.text, "no_ticket")
    if ticket.status is Status.CLOSED:
        return Refusal(line.text, "closed")
    silent = not script.read(facts).text

    def does(change: Change) -> Change:
        change = change.also(RecordEvent(ticket.reference, "nudged", change.by))
        rests = change.ticket.status in RESTING
        if change.ticket.status is not Status.SOLVED:
            change = change.set_status(Status.PENDING)
        else:
            change = change.set_reminded()
        # A change of status is told by a letter of its own.
        return change.also(reminder(change.ticket, facts.colleagues, config)) if rests and silent else change

    return Deed("nudge", "nudged", name_of(ticket.requester), does)


COMMANDS_DAY: dict[str, Command] = {
    "nudge": Command("", "the customer is asked once more for a word", False, _nudge),
}
