"""Limits that keep automatic mail small: what is not sent at all, and what waits for an operator.

`weigh` goes over every letter that policy decided on, after the rules and after the timers. An agent's words are never
touched (RFC 3834, 2; RFC 5230, 4.6; promises P16 to P20), letters to agents only where time writes them in masses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from maildesk.config import Config
from maildesk.policy.appointments import REFUSALS
from maildesk.policy.consult import most
from maildesk.policy.letter import AGENT, CUSTOMER, alarm
from maildesk.policy.recipients import ours
from maildesk.words import Decision, Letter, Recent, SendLetter
from maildesk.words.frozen import frozen

CALLS = ("page", "pages")  # of paging, which counts them itself
BRAKE, PAUSED = "automatic_mail", "paused"
UNASKED = (
    "acknowledgement",
    "fields_wanted",
    "redirect",
    "answer",
    "survey_thanks",
)  # answers at once to whoever wrote
ANSWERS = ("answer", "closed")  # to what somebody asked for by mail
# Local parts that machines write as (RFC 2142; RFC 5230, 4.6; RFC 3834, 2), their separators taken out of "no-reply".
_SYSTEM = re.compile(
    r"mailer-?daemon|daemon|postmaster|root|nobody|www-data|listserv|majordomo|owner-.*|.*-(?:request|owner|bounces?)"
    r"|(?:.*[-._+])?(?:no|do[-._]?not|dont)[-._]?reply(?:[-._+].*)?|bounces?(?:[-._+=].*)?",
    re.IGNORECASE,
)
A_READER = 10  # this part of automatic_mail is the most that time writes to one agent: nobody reads hundreds an hour
MOST_ALARMS = 5  # of one kind an hour: more of what outsiders can cause would bury the operators


@frozen
class Traffic:
    """What bears on an automatic letter."""

    recent: Recent
    writer: str = ""  # of the mail in hand; "" = time's doing
    answerable: bool = True  # False: a robot's mail, or one with the null return path
    serves: bool = False  # the writer is an agent
    doubted: bool = False  # our own mail servers judged the writer and did not vouch for him
    timed: bool = False  # time writes these letters, to agents, too


@frozen
class Limit:
    name: str
    reached: Callable[[Letter, Traffic, Config], bool]


def weigh(
    decisions: Iterable[Decision], traffic: Traffic, config: Config
) -> tuple[tuple[Decision, ...], tuple[str, ...]]:
    """The decisions with each letter sent, held or left out; and what was done to letters, in words."""
    kept: list[Decision] = []
    said: list[str] = []
    sent = traffic.recent.automatic
    reminders = dict(traffic.recent.reminders)
    for decision in decisions:
        if not isinstance(decision, SendLetter):
            kept.append(decision)
            continue
        if _drowned(decision.letter, traffic):
            said.append(f"{decision.letter.name} suppressed: {MOST_ALARMS} of its kind within the hour")
            continue
        if not automatic(decision.letter):
            kept.append(_reminded(decision, reminders, config) if traffic.timed else decision)
            continue
        letter, what = _weighed(decision.letter, traffic, config, sent)
        kept += [SendLetter(letter)] if letter else []
        said += [what] if what else []
        sent += not what
    return (*kept, *_told(kept, traffic, config)), tuple(said)


def automatic(letter: Letter) -> bool:
    """A letter that no human wrote, to somebody who is no agent."""
    return letter.audience == CUSTOMER and not letter.human


def most_reminders(config: Config) -> int:
    """To one agent, in the span of [limits] automatic_mail."""
    return -(-config.limits.automatic_mail.count // A_READER)


def _reminded(decision: SendLetter, sent: dict[str, int], config: Config) -> SendLetter:
    """A letter of time to an agent, held where he has had too many of them."""
    letter = decision.letter
    if letter.audience != AGENT or letter.human:
        return decision
    had = sent.get(letter.to.address, 0)
    if had >= most_reminders(config):
        return SendLetter(replace(letter, held=BRAKE))
    sent[letter.to.address] = had + 1
    return decision


def _weighed(letter: Letter, traffic: Traffic, config: Config, sent: int) -> tuple[Letter | None, str]:
    """The letter as it goes or waits, or None; and what was done to it, if anything was."""
    if limit := next((limit.name for limit in NEVER if limit.reached(letter, traffic, config)), ""):
        return None, f"{letter.name} suppressed: {limit}"
    held = PAUSED if _paused(letter, traffic) else BRAKE if sent >= config.limits.automatic_mail.count else ""
    return (replace(letter, held=held), f"{letter.name} held: {held}") if held else (letter, "")


def _drowned(letter: Letter, traffic: Traffic) -> bool:
    """An alarm of a kind that the operators have heard often enough; the mail it tells of is listed all the same.

    Never a call: those beyond the first few are gathered (paging).
    """
    if letter.name != "alarm":
        return False
    what = str(letter.context.get("what", ""))
    return what not in CALLS and traffic.recent.alarms.get(what, 0) >= MOST_ALARMS


def _told(kept: Iterable[Decision], traffic: Traffic, config: Config) -> tuple[Decision, ...]:
    """One alarm when the brake begins to hold."""
    braked = any(isinstance(each, SendLetter) and each.letter.held == BRAKE for each in kept)
    if not braked or traffic.recent.alarmed:
        return ()
    rate = config.limits.automatic_mail
    span = "a day" if rate.span >= timedelta(days=1) else "an hour"
    text = (
        f"more automatic letters are due than {rate.count} in {span}, or than {most_reminders(config)} reminders to "
        "one agent: further ones wait in the outbox for `outbox retry`"
    )
    return (alarm(config, "brake", text),)


def _paused(letter: Letter, traffic: Traffic) -> bool:
    address = letter.to.address
    return address in traffic.recent.pauses or (traffic.recent.paused and address == traffic.writer)


def _robot(letter: Letter, traffic: Traffic, _config: Config) -> bool:
    return not traffic.answerable and letter.to.address == traffic.writer


def _own(letter: Letter, _traffic: Traffic, config: Config) -> bool:
    return ours(config, letter.to.address) is not None


def _system(letter: Letter, _traffic: Traffic, _config: Config) -> bool:
    return _SYSTEM.fullmatch(letter.to.address.rpartition("@")[0]) is not None


def _loop(letter: Letter, traffic: Traffic, _config: Config) -> bool:
    """P19: what a robot provoked is never wanted later, while letters to an address that bounced may be."""
    bounced = letter.to.address in traffic.recent.pauses
    return letter.name in UNASKED and _paused(letter, traffic) and not bounced


def _acks(letter: Letter, traffic: Traffic, config: Config) -> bool:
    most = config.limits.acks_per_contact.count
    if letter.name in ("acknowledgement", "fields_wanted"):
        return traffic.recent.acknowledgements >= most
    if letter.name == "escalated" and traffic.writer and not traffic.serves:  # it goes to others, too
        return max(traffic.recent.answers, traffic.recent.acknowledgements) >= most
    asked = letter.name in ANSWERS or letter.context.get("kind") in REFUSALS
    answers = asked and letter.to.address == traffic.writer
    return answers and traffic.recent.answers >= most


def _notices(letter: Letter, traffic: Traffic, _config: Config) -> bool:
    return letter.name == "redirect" and traffic.recent.notices > 0


def _domain(letter: Letter, traffic: Traffic, config: Config) -> bool:
    return letter.name == "redirect" and traffic.recent.domain_notices >= config.limits.notices_per_domain.count


def _consults(letter: Letter, traffic: Traffic, config: Config) -> bool:
    return letter.name == "consult" and traffic.recent.consults >= most(config, doubted=traffic.doubted)


def _asked_often(letter: Letter, traffic: Traffic, config: Config) -> bool:
    """A forger of a customer opens one ticket after the other: what these ask him stops with their acknowledgements."""
    return letter.name == "consult" and traffic.recent.acknowledgements >= config.limits.acks_per_contact.count


def _doubted(letter: Letter, traffic: Traffic, _config: Config) -> bool:
    """P17: a notice to whom nobody vouches for would reach whomever a forger names."""
    return letter.name == "redirect" and traffic.doubted


NEVER: tuple[Limit, ...] = (
    Limit("automatic mail", _robot),
    Limit("own address", _own),
    Limit("system address", _system),
    Limit(PAUSED, _loop),
    Limit("acks_per_contact", _acks),
    Limit("unproved", _doubted),
    Limit("notice_every", _notices),
    Limit("notices_per_domain", _domain),
    Limit("notices_per_domain", _consults),
    Limit("acks_per_contact", _asked_often),
)
