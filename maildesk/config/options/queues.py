"""The options of queues: their addresses and fields, the sorting rules, planned events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from maildesk.config.kinds import (
    Count,
    Flag,
    MailAddress,
    Moment,
    Name,
    Options,
    Pattern,
    SeverityNumber,
    Text,
    Texts,
    needed,
    option,
)


class IntakeField(Options):
    title: Text = option("", "What customers read and write before the colon.", example="Product")
    required: Flag = option(False, "Whether it is asked for when the first mail does not tell.")
    choices: Texts = option([], "The values it may have; empty: any.")
    pattern: Pattern = option("", "A regular expression that is to match the whole value.")
    example: Text = option("", "A value as customers are to write it.")
    supported: Texts = option([], "The versions that are supported, newest first.")


class Queue(Options):
    title: Text = option("", "Its name in letters; unwritten: made from its short name.", example="Technical Support")
    address: MailAddress = needed("The address customers write to.", "support@example.com")
    aliases: tuple[MailAddress, ...] = option([], "Its other addresses.")
    default: Flag = option(False, "Takes mail that names no queue.")
    subaddress: Flag = option(True, "Reply-To is support+EX-10427-TOKEN@example.com; false: headers and subject alone.")
    categories: Texts = option([], "The categories of its tickets.")
    calendar: Text = option("", "Its business hours; empty: around the clock.")
    text: dict[Text, Text] = option({}, "Words for templates: scope, docs, forum, emergency, status_pending ...")
    survey: Literal["marks", "yesno"] = option("marks", "How the survey asks: marks from 1 to 5, or yes and no.")
    field: dict[Name, IntakeField] = option({}, "What is asked of a new request.")


class When(Options):
    subject: Pattern = option("", "A regular expression for the subject.", example="(?i)outage")
    body: Pattern = option("", "A regular expression for the text.")
    from_: Pattern = option("", "A regular expression for the sender's address.", alias="from")
    header: dict[Text, Pattern] = option({}, "Regular expressions for header fields, by their names.")
    category: Text = option("", "The category the ticket has so far.")
    plan: Text = option("", "The plan of the writer's organisation.")


class Then(Options):
    queue: Text = option("", "The queue to move to.")
    category: Text = option("", "The category to set.")
    severity: SeverityNumber | None = option(None, "The severity to set.", example=1)
    level: Count | None = option(None, "The level of agents to ask.", example=2)
    field: dict[Name, Text] = option({}, "Fields to fill; \\1 is the first group of the expression that matched.")


class Rule(Options):
    when: When = option({}, "What the mail must be like; all of it.")
    then: Then = Field(description="What follows.", examples=[{"severity": 1}])


class Maintenance(Options):
    from_: Moment = needed("When it begins.", datetime(2026, 12, 24, 18, tzinfo=UTC), alias="from")
    until: Moment = needed("When it ends.", datetime(2026, 12, 24, 22, tzinfo=UTC))
    text: Text = option("", "What an outage mail within it is answered.")
