"""The options of the service: calendars, plans, closing, survey, escalation, and the gate."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from maildesk.config import values
from maildesk.config.kinds import (
    AddressOrDomain,
    Count,
    Day,
    DomainOrNone,
    Duration,
    Flag,
    HeaderLine,
    Hours,
    MailAddress,
    Name,
    OpenDay,
    Options,
    SeverityKey,
    SeverityNumber,
    SomeDuration,
    SpanOf,
    Text,
    Texts,
    Whole,
    Zone,
    option,
)

Targets = dict[SeverityKey, SpanOf]
Channel = Literal["email", "portal", "chat", "phone"]
TARGETS_EXAMPLE = {1: "2bh", 2: "4bh", 3: "1bd", 4: "2bd"}
UPDATES_EXAMPLE = {1: "4bh", 2: "1bd", 3: "1bd", 4: "5bd"}


def engineering_start(value: object) -> values.Span | str:
    """The following week, or a stretch of time."""
    if value == "next-week":
        return "next-week"
    try:
        return values.span(value)
    except values.Wrong as wrong:
        raise values.Wrong(wrong.what, 'write "next-week", or a duration such as "2bd"') from None


class Calendar(Options):
    time_zone: Zone = option("UTC", "The zone of its hours; unwritten: the desk's.", example="America/Los_Angeles")
    hours: Hours = option(
        {}, "Its hours on each day of the week.", example={"mon-fri": "06:00-17:00", "sat-sun": "09:00-17:00"}
    )
    holidays: Text = option(
        "",
        'A country or region whose public holidays are closed; kinds besides these after it: "DE-BY catholic".',
        example="US-CA",
    )
    closed: tuple[Day, ...] = option([], "Single days without hours.")
    open: tuple[OpenDay, ...] = option([], "Single days with hours of their own.", example=["2026-12-24 10:00-14:00"])
    of: Texts = option([], "In place of hours: open when any of these calendars is.", example=["us"])


class Promises(Options):
    """What a plan promises in one queue; what is not written there is promised as everywhere."""

    first_response: Targets = option({}, "Time to the first answer in this queue.", example=TARGETS_EXAMPLE)
    next_response: Targets = option({}, "Time to every further answer in it.", example=TARGETS_EXAMPLE)
    update_every: Targets = option({}, "How often an open ticket of it is updated.", example=UPDATES_EXAMPLE)


class Plan(Options):
    title: Text = option("", "Its name in letters; unwritten: made from its short name.", example="Standard")
    contacts: Whole = option(2, "How many contacts an organisation may have.")
    queues: Texts = option([], "The queues its contacts may write to; unwritten: all.", example=["technical"])
    calendar: Text = option("", "Its business hours; empty: the queue's.", example="us")
    survey: Flag = option(True, "Whether a survey follows a closed ticket.")
    rank: Count = option(1, "Who is served first among equals: 1 is.")
    channels: tuple[Channel, ...] = option(
        ["email"], "The ways to reach you, named in letters: email, portal, chat, phone."
    )
    first_response: Targets = option({}, "Time to the first answer, by severity.", example=TARGETS_EXAMPLE)
    next_response: Targets = option({}, "Time to every further answer, by severity.", example=TARGETS_EXAMPLE)
    update_every: Targets = option({}, "How often an open ticket is updated, by severity.", example=UPDATES_EXAMPLE)
    around_the_clock: tuple[SeverityNumber, ...] = option([], "Severities whose clocks ignore the calendar.")
    escalate: tuple[SeverityNumber, ...] = option([], "Severities that escalate by themselves when new.")
    incidents: Whole = option(0, "Incidents bought a year; 0: nothing is charged.")
    rollover: Whole = option(0, "How many unused incidents move to the next year.")
    text: dict[Text, Text] = option({}, "Words for templates, as a queue has; the plan's go before the queue's.")
    queue: dict[Name, Promises] = option({}, "What it promises in one of its queues.")


class Closing(Options):
    solved_after: Duration = option("2d", "How long a solved ticket waits before it closes.")
    pending_after: Duration = option("7d", "How long a pending ticket waits before it closes.")
    remind_before: Duration = option("1d", "How long before that the customer is reminded; 0s: not.")
    reopen_for: Duration = option("0d", "How long after closing a reply still reopens the ticket.")


class Survey(Options):
    send_after: Duration = option("0s", "How long after closing the survey goes.")
    at_most_every: Duration = option("30d", "How often one person is asked.")
    valid_for: SomeDuration = option("30d", "How long an answer counts.")
    reasons: Texts = option([], "Reasons offered for a low mark.")


class Gate(Options):
    strangers: Literal["redirect", "refuse", "hold"] = option(
        "redirect", "What becomes of strangers: redirect (a letter tells whom to ask), refuse (550), or hold."
    )
    notice_every: SomeDuration = option("7d", "How often one stranger is told.")
    name_contacts: Flag = option(True, "Tell a stranger of a known organisation the names of its contacts.")
    authserv_ids: Texts = option([], "The names under which your mail servers write Authentication-Results.")
    boundary: DomainOrNone = option("", "The host that writes them, as its Received field says; empty: the same name.")
    verdicts: Literal["above", "below"] = option(
        "above", "Where they stand: above that host's Received, or also below."
    )
    verify_dkim: Flag = option(False, "Check DKIM, SPF and DMARC here, too; needs the packages of the extra auth.")
    never_copy: tuple[AddressOrDomain, ...] = option([], "Addresses and domains that never get copies.")
    blocked: tuple[AddressOrDomain, ...] = option([], "Addresses and domains whose mail is refused.")
    spam_header: HeaderLine = option(
        "", "The header field of your spam filter: mail that has it is held.", example="X-Spam-Flag: YES"
    )


class Escalation(Options):
    warn_at: Annotated[float, Field(ge=0, le=1)] = option(
        0.75, "Which part of a target has passed when agents are warned."
    )
    triage: SpanOf = option("1bd", "How long an escalated ticket is looked into.")
    engineering: Annotated[values.Span | str, PlainValidator(engineering_start)] = option(
        "next-week", "When it then goes to engineering: next-week, or after a duration."
    )
    page: tuple[MailAddress, ...] = option([], "Who is told of severity 1 at once, at any hour.")
