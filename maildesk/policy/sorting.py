"""Sorting a new ticket: what the customer says of its category and severity, and the [[rule]] tables.

Called by customers before a ticket is opened. The first rule that fits is taken, and sets only what the queue knows;
the customer's own severity stands above a rule's. Where neither says how grave it is, its words do (guessing).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from maildesk.config import Config, Rule, When
from maildesk.policy.fields import accepted, of_queue
from maildesk.policy.guessing import guess
from maildesk.policy.letter import plan_of
from maildesk.policy.severities import first_lines, named_in
from maildesk.words import Contact, Facts, Severity, Ticket

SEARCHED = 64 * 1024  # characters of a text that a rule looks through
_CATEGORY = re.compile(r"[ \t]*(?:category|kategorie)[ \t]*:[ \t]*(\S.*)", re.IGNORECASE)
_GROUP = re.compile(r"\\(\d|g<(\w+)>)")


class Sorted(NamedTuple):
    """A new ticket where it belongs."""

    ticket: Ticket
    fields: Mapping[str, str]  # that a rule fills
    told: str  # which rule that was and what it set, for the reason of the mail
    graded: bool = False  # the rule says how grave it is


def sorted_ticket(ticket: Ticket, facts: Facts, config: Config) -> Sorted:
    """The ticket as its own first lines and the first rule that fits have it."""
    text = facts.mail.reply_text or facts.mail.text
    category = _category(text, ticket.queue, config)
    ticket = replace(ticket, category=category) if category != ticket.category else ticket
    sorting = _by_rules(ticket, facts, config)
    severity, said = named_in(text), ", severity {} as the mail says" if sorting.told else ""
    if severity is None and not sorting.graded and (guessed := guess(facts.mail.subject, text)):
        severity, said = guessed.severity, ", severity {} by its words"
    if severity in (None, sorting.ticket.severity):
        return sorting
    told = sorting.told + said.format(int(severity))
    return sorting._replace(ticket=replace(sorting.ticket, severity=severity), told=told)


def fits(when: When, ticket: Ticket, facts: Facts) -> bool:
    """Whether all that a rule asks for is there; a rule that asks for nothing fits every mail."""
    if when.category not in ("", ticket.category):
        return False
    if when.plan and when.plan != _plan(ticket, facts):
        return False
    return all(_found(pattern, texts) is not None for pattern, texts in _asked(when, facts))


def _by_rules(ticket: Ticket, facts: Facts, config: Config) -> Sorted:
    fitting = (number for number, rule in enumerate(config.rule) if fits(rule.when, ticket, facts))
    number = next(fitting, None)
    if number is None:
        return Sorted(ticket, {}, "")
    rule = config.rule[number]
    after = _by_rule(ticket, rule, config)
    told = ", ".join(_told(ticket, after)) or "nothing to set"
    said = f", sorted by rule {number + 1} ({told})"
    return Sorted(after, _fields(after, rule, facts, config), said, graded=bool(rule.then.severity))


def _by_rule(ticket: Ticket, rule: Rule, config: Config) -> Ticket:
    """A category that its queue does not have is none, as where an agent moves it."""
    then = rule.then
    queue = then.queue if then.queue in config.queue else ticket.queue
    known = config.queue[queue].categories if queue in config.queue else ()
    category = next((each for each in (then.category, ticket.category) if each in known), "")
    return replace(
        ticket,
        queue=queue,
        category=category,
        severity=Severity(then.severity) if then.severity else ticket.severity,
        level=then.level or ticket.level,
    )


def _told(before: Ticket, after: Ticket) -> Iterator[str]:
    """What a rule has changed but for fields, which have decisions of their own."""
    if after.queue != before.queue:
        yield f"queue {after.queue}"
    if after.category != before.category:
        yield f"category {after.category}" if after.category else "no category"
    if after.severity != before.severity:
        yield f"severity {int(after.severity)}"
    if after.level != before.level:
        yield f"level {after.level}"


def _fields(ticket: Ticket, rule: Rule, facts: Facts, config: Config) -> dict[str, str]:
    """What it fills: its words, with what the groups of the first expression that has some have caught."""
    known = of_queue(ticket.queue, config)
    caught = next((hit for hit in _caught(rule.when, facts) if hit.re.groups), None)
    given = ((name, _filled(words, caught)) for name, words in rule.then.field.items() if name in known)
    return {name: value for name, words in given if (value := accepted(words, known[name]))}


def _filled(words: str, caught: re.Match[str] | None) -> str:
    """A group that has caught nothing, or that there is none of, is empty."""

    def group(hit: re.Match[str]) -> str:
        wanted = hit[2] or hit[1]
        index = int(wanted) if wanted.isdecimal() else wanted
        try:
            return (caught[index] or "") if caught else ""
        except IndexError:
            return ""

    return _GROUP.sub(group, words)


def _caught(when: When, facts: Facts) -> Iterator[re.Match[str]]:
    hits = (_found(pattern, texts) for pattern, texts in _asked(when, facts))
    return (hit for hit in hits if hit is not None)


def _asked(when: When, facts: Facts) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each expression with the texts that it is for, in the order in which groups count."""
    patterns = (
        (when.subject, (facts.mail.subject,)),
        (when.body, (facts.mail.text[:SEARCHED],)),
        (when.from_, (facts.mail.sender.address if facts.mail.sender else "",)),
        *((pattern, _header(facts, name)) for name, pattern in when.header.items()),
    )
    return (each for each in patterns if each[0])


def _found(pattern: str, texts: tuple[str, ...]) -> re.Match[str] | None:
    return next((hit for text in texts if (hit := re.search(pattern, text))), None)


def _header(facts: Facts, name: str) -> tuple[str, ...]:
    return tuple(value for field, value in facts.mail.headers if field.lower() == name.lower())


def _plan(ticket: Ticket, facts: Facts) -> str:
    """Of the organisation that the ticket is for: its writer's, or that of who took it over."""
    writer = facts.writer
    return writer.organisation.plan if isinstance(writer, Contact) else plan_of(ticket, facts.colleagues)


def _category(text: str, queue: str, config: Config) -> str:
    """One of the queue's, as `Category: WORDS` among the first lines says; "" = it says none of them."""
    known = config.queue[queue].categories if queue in config.queue else ()
    hits = (_CATEGORY.match(line) for line in first_lines(text)) if known else iter(())
    named = [" ".join(hit[1].split()).casefold() for hit in hits if hit]
    return next((each for each in known if each.casefold() in named), "")
