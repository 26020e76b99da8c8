"""The agent's word for his own mail: a mail without proof is held, he is asked, and his answer runs or drops it.

Called by the rules. The question goes to the agent's address in the directory, never to where the mail came from.
"""

from __future__ import annotations

import re
from datetime import timedelta

from maildesk.config import Config
from maildesk.policy.gate import own_keys
from maildesk.policy.held import hold
from maildesk.policy.letter import AGENT, aside, directory_address
from maildesk.policy.reference import about_held, held_id
from maildesk.words import Agent, Decision, DropHeld, Facts, Key, Outcome, ReleaseHeld, Ruling

PATIENCE = timedelta(days=2)
WORDS = {"yes": True, "ja": True, "no": False, "nein": False}
_WORD = re.compile(r"\s*(\w+)")


def asked(facts: Facts) -> Key | None:
    """The confirm letter to this very agent that his mail answers."""
    keys = (key for key in own_keys(facts) if not key.spent)
    return next((key for key in keys if key.letter == "confirm" and held_id(key.about) is not None), None)


def answer(facts: Facts, config: Config) -> Ruling | None:
    """`yes` runs the held mail, `no` drops it."""
    key = asked(facts)
    if key is None:
        return None
    agreed = _agreed(facts)
    if agreed is None:
        return hold(facts, config, f"neither yes nor no to {key.about}")
    return Ruling(Outcome.CONSENT, *_follows(facts, key, agreed))


def ask(facts: Facts, config: Config) -> Ruling:
    """Hold an agent's mail that nothing proves, and ask him."""
    agent, until = facts.writer, facts.now + PATIENCE
    if not isinstance(agent, Agent):
        return hold(facts, config, "unproved")
    if facts.recent.questions >= config.limits.acks_per_contact.count:
        return hold(facts, config, "unproved; confirm suppressed: acks_per_contact")
    mail = facts.mail
    context = {
        "sender": mail.sender.address if mail.sender else "",
        "subject": mail.subject,
        "received": facts.envelope.received,
        "until": until,
    }
    question = aside(
        "confirm",
        directory_address(agent),
        AGENT,
        mail,
        queue=facts.queue,
        calendar=agent.calendar,
        about=about_held(facts.mail_id),
        subject=mail.subject,
        context=context,
    )
    return hold(facts, config, "unproved", question, until=until)


def _agreed(facts: Facts) -> bool | None:
    word = _WORD.match(facts.mail.reply_text)
    return WORDS.get(word[1].lower()) if word else None


def _follows(facts: Facts, key: Key, agreed: bool) -> tuple[str, tuple[str, ...], tuple[Decision, ...]]:
    waiting = facts.waiting
    if waiting is None or waiting.state != "waiting" or waiting.id != held_id(key.about):
        return f"{key.about} does not wait any more", (), ()
    if agreed:
        return f"{key.about} is released", (), (ReleaseHeld(waiting.id),)
    return f"{key.about} is dropped", (), (DropHeld(waiting.id, "the agent said no"),)
