"""What must hold between sorting rules, the categories and fields of queues, and their words.

A part of the checks in `rules`, which lists them; each yields the problems it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from maildesk.config.options import Config, IntakeField, Rule, Then, When
from maildesk.config.problems import Path, Problem, unknown
from maildesk.config.values import shown

STATUSES = ("new", "open", "pending", "solved", "closed")
_STATUS = "status_"
_GROUP = re.compile(r"\\(\d|g<(\w+)>)")


def sorting_rules(config: Config) -> Iterator[Problem]:
    for number, rule in enumerate(config.rule):
        path: Path = ("rule", number)
        yield from _named(config, path, rule)
        yield from _of_the_queue(config, path, rule.then)
        yield from _groups(path, rule)


def _named(config: Config, path: Path, rule: Rule) -> Iterator[Problem]:
    when, then = rule.when, rule.then
    if not then.model_fields_set:
        yield Problem(
            (*path, "then"), "this rule does nothing", "write what follows: queue, category, severity, level or field"
        )
    if when.plan and when.plan not in config.plan:
        yield unknown((*path, "when", "plan"), "plan", when.plan, list(config.plan))
    if then.queue and then.queue not in config.queue:
        yield unknown((*path, "then", "queue"), "queue", then.queue, list(config.queue))
    categories = sorted({category for queue in config.queue.values() for category in queue.categories})
    for side, category in (("when", when.category), ("then", then.category)):
        if category and category not in categories:
            yield unknown((*path, side, "category"), "category", category, categories)
    fields = sorted({field for queue in config.queue.values() for field in queue.field})
    for field in then.field:
        if field not in fields:
            yield unknown((*path, "then", "field", field), "field", field, fields)


def _of_the_queue(config: Config, path: Path, then: Then) -> Iterator[Problem]:
    """A rule that names the queue sets what that queue has; what no queue has is told of already."""
    queue = config.queue.get(then.queue)
    others = [each for each in config.queue.values() if each is not queue]
    if queue is None:
        return
    if then.category not in ("", *queue.categories) and any(then.category in each.categories for each in others):
        what = f"queue {then.queue} has no category {shown(then.category)}"
        known = f"its categories are: {', '.join(queue.categories)}" if queue.categories else "give it categories"
        yield Problem((*path, "then", "category"), what, known)
    for field in then.field:
        if field not in queue.field and any(field in each.field for each in others):
            what = f"queue {then.queue} has no field {shown(field)}"
            known = (
                f"its fields are: {', '.join(queue.field)}"
                if queue.field
                else f"write [queue.{then.queue}.field.{field}]"
            )
            yield Problem((*path, "then", "field", field), what, known)


def _groups(path: Path, rule: Rule) -> Iterator[Problem]:
    """The groups that count are those of the first expression that has some, as policy/sorting takes them."""
    pattern = next((each for each in _expressions(rule.when) if re.compile(each).groups), "")
    known = re.compile(pattern)
    for field, words in rule.then.field.items():
        for hit in _GROUP.finditer(words):
            name = hit[2] or hit[1]
            if int(name) > known.groups if name.isdecimal() else name not in known.groupindex:
                where = f"{shown(pattern)} has no group {name}" if pattern else "no expression of this rule has groups"
                remedy = "put what is to be taken in parentheses: '(\\d+)'"
                yield Problem((*path, "then", "field", field), where, remedy)


def _expressions(when: When) -> tuple[str, ...]:
    return when.subject, when.body, when.from_, *when.header.values()


def intake_fields(config: Config) -> Iterator[Problem]:
    for name, queue in config.queue.items():
        titles: dict[str, str] = {}
        for field, options in queue.field.items():
            path: Path = ("queue", name, "field", field)
            title = " ".join((options.title or field).split()).casefold()
            if title in titles:
                what = f"field {titles[title]} has this title already"
                yield Problem((*path, "title"), what, "give each field a title of its own")
            elif ":" in title or "：" in title:
                yield Problem((*path, "title"), "customers write a colon behind it", "leave the colon out")
            titles.setdefault(title, field)
            yield from _values(path, options)


def _values(path: Path, field: IntakeField) -> Iterator[Problem]:
    """What a field offers, it takes."""
    for number, choice in enumerate(field.choices):
        if not choice.strip():
            yield Problem((*path, "choices", number), "this is empty", "leave it out, or write the value")
        elif field.pattern and not re.fullmatch(field.pattern, choice):
            what = f"{shown(choice)} does not match {shown(field.pattern)}"
            yield Problem((*path, "choices", number), what, "leave out the pattern: choices say enough")
    if field.choices and field.example and field.example not in field.choices:
        yield Problem((*path, "example"), f"{shown(field.example)} is none of the choices", "leave it out")
    elif field.pattern and field.example and not re.fullmatch(field.pattern, field.example):
        what = f"{shown(field.example)} does not match {shown(field.pattern)}"
        yield Problem((*path, "example"), what, "write one that does; the pattern is to match the whole value")


def words_for_statuses(config: Config) -> Iterator[Problem]:
    known = [_STATUS + each for each in STATUSES]
    tables = [(("queue", name), queue.text) for name, queue in config.queue.items()]
    for path, text in (*tables, *((("plan", name), plan.text) for name, plan in config.plan.items())):
        for key in text:
            if key.startswith(_STATUS) and key not in known:
                yield unknown((*path, "text", key), "word for a status", key, known)


SORTING_CHECKS: tuple[Callable[[Config], Iterator[Problem]], ...] = (
    sorting_rules,
    intake_fields,
    words_for_statuses,
)
