"""The agents' commands about the way of an engineering case: `#stage` and `#forecast`.

Read by commands. Customers are told at each stage, in its own words; what an agent adds on the line is public. Both
count on closed tickets too, since what is released must be told to whoever asked, and reopen nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.policy import script
from maildesk.policy.audience import organisation_of
from maildesk.policy.commands_sorting import SPAM
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.letter import to_customer
from maildesk.policy.notice import writer_name
from maildesk.policy.script import Line
from maildesk.policy.tickets import Change
from maildesk.policy.when import date_of
from maildesk.words import Address, Agent, Facts, SendLetter, SetForecast, SetStage, Ticket

STAGE, FORECAST = "stage", "forecast"
SENT_ON = ("bug", "feature", "plan", "executed", "released")  # stages of those who build it; the others are support's
FARTHEST = timedelta(days=5 * 366)  # a day beyond is a slip of the keys

# What people write for each, the longest form first where one begins another.
_NAMES = {
    "bug": ("bug report", "bug", "defect", "fehlerbericht", "fehler"),
    "feature": ("feature request", "feature wish", "feature", "funktionswunsch", "wunsch", "funktion"),
    "configuration": (
        *("configuration matter", "configuration", "config", "settings"),
        *("konfigurationsfrage", "konfiguration", "einstellungen", "einstellung"),
    ),
    "plan": ("action plan", "planned", "plan", "ma\u00dfnahmenplan", "massnahmenplan", "geplant"),
    "executed": ("executed", "execution", "tested", "umgesetzt", "ausgef\u00fchrt", "ausgefuehrt", "getestet"),
    "released": (
        *("released", "release", "ver\u00f6ffentlicht", "veroeffentlicht", "freigegeben"),
        *("ausgeliefert", "produktiv"),
    ),
}
_MEANT = {form: name for name, forms in _NAMES.items() for form in forms}
_FORMS = sorted(_MEANT, key=len, reverse=True)
_LINE_WORD = "#stage"
_AFTER = " \t.,;:!-\u2013\u2014"  # between the word and the text


def _stage(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    ticket = facts.ticket
    if ticket is None:
        return Refusal(line.text, "no_ticket")
    stage, text = stage_in(line.argument)
    if not stage:
        first = line.argument.partition(" ")[0].strip(_AFTER).casefold()
        near = get_close_matches(first, _MEANT, n=1)
        return Refusal(line.text, "argument", f"{_LINE_WORD} {_MEANT[near[0]] if near else '|'.join(_NAMES)}")
    quiet = any(each.word == SPAM for each in script.read(facts).lines)

    def does(change: Change) -> Change:
        decided = SetStage(change.ticket.reference, stage, change.by, text)
        if decided in change.decisions or (change.ticket.stage == stage and not text):
            return change
        change = replace(change.also(decided), ticket=replace(change.ticket, stage=stage))
        return change if quiet else change.also(*_told(change.ticket, stage, text, facts))

    return Deed(STAGE, STAGE, stage, does, says="" if quiet or not text else f"{stage}: {text}")


def stage_in(argument: str) -> tuple[str, str]:
    """The stage that an argument begins with, and the text after it; ("", "") for none."""
    for form in _FORMS:
        word, rest = argument[: len(form)], argument[len(form) :]
        if word.casefold() == form.casefold() and not rest[:1].isalnum():
            return _MEANT[form], rest.lstrip(_AFTER).rstrip()
    return "", ""


def sent_on(deed: Deed) -> bool:
    """Whether this hands the case to those who build the product."""
    return deed.word == STAGE and deed.value in SENT_ON


def _told(ticket: Ticket, stage: str, text: str, facts: Facts) -> tuple[SendLetter, ...]:
    """To each person a copy of his own; with an agent's words it comes from him."""
    agent = writer_name(facts)
    forecast = ticket.forecast.isoformat() if ticket.forecast else ""
    return tuple(
        to_customer(
            "stage",
            ticket,
            person,
            facts.colleagues,
            sender_name=agent if text else "",
            shown_to=(ticket.requester,),
            shown_cc=ticket.participants,
            human=bool(text),
            context={"stage": stage, "text": text, "agent": agent, "forecast": forecast},
            copy=number > 0,
        )
        for number, person in enumerate(ticket.people)
    )


def _forecast(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    if facts.ticket is None:
        return Refusal(line.text, "no_ticket")
    today = facts.now.astimezone(ZoneInfo(str(config.desk.time_zone))).date()
    on = date_of(line.argument, today)
    if on is None or on > today + FARTHEST:
        return Refusal(line.text, "argument", f"#forecast {today + timedelta(days=7)}")
    if on < today:
        return Refusal(line.text, "past")
    quiet = any(each.word == SPAM for each in script.read(facts).lines)

    def does(change: Change) -> Change:
        before = change.ticket.forecast
        if before == on:
            return change
        decided = SetForecast(change.ticket.reference, on, change.by)
        change = replace(change.also(decided), ticket=replace(change.ticket, forecast=on))
        return change if quiet else change.also(*_foretold(change.ticket, before, facts))

    return Deed(FORECAST, FORECAST, on.isoformat(), does)


def _foretold(ticket: Ticket, before: date | None, facts: Facts) -> tuple[SendLetter, ...]:
    """To the requester, and to whom his organisation knows as its account manager."""
    on = ticket.forecast
    context = {"on": on.isoformat() if on else "", "previous": before.isoformat() if before else ""}
    people = {each.address: each for each in (ticket.requester, *_manager(ticket, facts))}
    return tuple(
        to_customer("forecast", ticket, person, facts.colleagues, context=context, copy=number > 0)
        for number, person in enumerate(people.values())
    )


def _manager(ticket: Ticket, facts: Facts) -> tuple[Address, ...]:
    """Nobody where the account manager is the agent who says it."""
    organisation = organisation_of(ticket, facts.colleagues)
    address = organisation.account_manager if organisation else ""
    own = facts.writer.addresses if isinstance(facts.writer, Agent) else ()
    if not address or address in own:
        return ()
    name = next((agent.name for agent in facts.agents if address in agent.addresses), "")
    return (Address(address, name),)


COMMANDS_STAGE = {
    STAGE: Command(
        "|".join(_NAMES) + " [TEXT]", "how far an engineering case has come; all who take part are told", False, _stage
    ),
    FORECAST: Command(
        "DATE", "when work is expected to begin; requester and account manager are told", False, _forecast
    ),
}
