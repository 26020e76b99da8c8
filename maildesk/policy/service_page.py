"""The support policy of the whole desk, as the configuration has it: queues, severities, plans, closing.

Called by letters/pages. Data alone; the sentences are in the templates of the page.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from maildesk.config import Config, Plan
from maildesk.policy.hours import places
from maildesk.policy.service import hours_of, length, never_closes, target
from maildesk.policy.targets import FIRST, NEXT, UPDATE, agreed
from maildesk.words import Severity


def policy(config: Config, at: datetime) -> dict[str, Any]:
    closing, survey = config.closing, config.survey
    plans = sorted(config.plan.items(), key=lambda each: each[1].rank)
    return {
        "desk": config.desk.name,
        "prefix": config.desk.prefix,
        "queues": [_queue(config, name, at) for name in config.queue],
        "severities": [int(severity) for severity in Severity],
        "plans": [_plan(config, plan, at) for _, plan in plans],
        "solved_after": length(closing.solved_after),
        "pending_after": length(closing.pending_after),
        "remind_before": length(closing.remind_before),
        "reopen_for": length(closing.reopen_for),
        "survey_after": length(survey.send_after),
    }


def _queue(config: Config, name: str, at: datetime) -> dict[str, Any]:
    queue = config.queue[name]
    return {
        "title": queue.title,
        "addresses": [queue.address, *queue.aliases],
        "categories": list(queue.categories),
        "places": _hours(config, queue.calendar, at),
        "words": dict(queue.text),
    }


def _plan(config: Config, plan: Plan, at: datetime) -> dict[str, Any]:
    return {
        "title": plan.title,
        "channels": list(plan.channels),
        "contacts": plan.contacts,
        "incidents": plan.incidents,
        "rollover": plan.rollover,
        "queues": [config.queue[name].title for name in plan.queues],
        "places": _hours(config, plan.calendar, at),
        "calendar": bool(plan.calendar),  # of its own; else the queue's hours count
        "always": never_closes(config, plan),
        "targets": _targets(config, plan),
        "elsewhere": [(config.queue[queue].title, _targets(config, plan, queue)) for queue in plan.queue],
        "escalate": sorted(plan.escalate),
        "survey": plan.survey,
        "words": dict(plan.text),
    }


def _targets(config: Config, plan: Plan, queue: str = "") -> list[dict[str, Any]]:
    """By severity; of one queue, or as everywhere."""
    return [_target(config, plan, int(severity), queue) for severity in Severity]


def _target(config: Config, plan: Plan, severity: int, queue: str) -> dict[str, Any]:
    """None: not agreed."""
    words = {"first": FIRST, "next": NEXT, "news": UPDATE}
    spans = {word: agreed(plan, queue)[name].get(severity) for word, name in words.items()}
    found = {word: target(config, plan, severity, span, queue) for word, span in spans.items()}
    return {"severity": severity, "always": severity in plan.around_the_clock, "any": any(found.values()), **found}


def _hours(config: Config, calendar: str, at: datetime) -> list[dict[str, Any]]:
    return [hours_of(where, at) for where in places(config, calendar)]
