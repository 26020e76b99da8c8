"""The agents' commands for hours and incidents: `#time`, `#charge`, `#credit`, and the calls that `#note` keeps.

Read by commands; agents asks `kept` for what of a `#note` line is text. What a ticket costs, policy/incidents says.
"""

from __future__ import annotations

import re

from maildesk.config import Config
from maildesk.policy import incidents, script
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.gate import answers_a_note
from maildesk.policy.reply import aside
from maildesk.policy.script import Line
from maildesk.policy.tickets import Change
from maildesk.policy.when import minutes_of
from maildesk.words import Facts, RecordEvent
from maildesk.words.frozen import frozen

CHARGE = "charge"
MOST = 100  # incidents of one line: a slip of the finger costs no more
LONGEST = 100 * 60  # minutes of one line
LONGEST_REASON = 500
MOST_WORDS = 4  # of a length of time: "1 h 30 min"
CHANNELS = {
    "phone": "phone",
    "telefon": "phone",
    "chat": "chat",
    "screenshare": "screenshare",
    "bildschirm": "screenshare",
}
INSIDE = ("note", "spam")  # beside these the text is no answer
SPEAKING = ("answer", "stage")  # these bring words of their own
MINUS = ("-", "\u2212", "\u2013")
_AMOUNT = re.compile(r"([0-9]{1,3})(?: +incidents?)?", re.IGNORECASE)
_CREDIT = re.compile(r"([0-9]{1,3})(?:[ \t:,-]+(.*))?", re.DOTALL)


@frozen
class Talk:
    """A conversation that was no mail, as a `#note` keeps it."""

    channel: str  # phone | chat | screenshare
    minutes: int  # 0 = not said
    text: str


def talk(argument: str) -> Talk | None:
    """None where it is words alone: a note may begin with "phone". A channel is followed by a length, or by nothing."""
    first, _, rest = argument.partition(" ")
    channel = CHANNELS.get(first.casefold().rstrip(":,."))
    words = rest.split()
    if channel is None:
        return None
    if not words:
        return Talk(channel, 0, "")
    for count in range(min(MOST_WORDS, len(words)) if words[0][0].isdigit() else 0, 0, -1):
        minutes = minutes_of(" ".join(words[:count]).rstrip(":,;"))
        if minutes and minutes <= LONGEST:
            return Talk(channel, minutes, "".join(rest.split(None, count)[count:]))
    return None


def kept(argument: str) -> str:
    """What of a `#note` line is the note's text."""
    talked = talk(argument)
    return talked.text if talked else argument


def length(minutes: int) -> str:
    """As people of any language read it; "" of nothing."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


def noted(line: Line, _facts: Facts, _config: Config) -> Deed:
    talked = talk(line.argument)
    if talked is None:
        return Deed("note", "note", "", lambda change: change)
    channel, minutes = talked.channel, talked.minutes
    return Deed("note", channel, length(minutes), lambda change: change.add_work(minutes, channel))


def _time(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    """With a minus it takes back what was logged by mistake, and no more than that."""
    if facts.ticket is None:
        return Refusal(line.text, "no_ticket")
    back = line.argument.startswith(MINUS)
    minutes = minutes_of(line.argument[1:] if back else line.argument)
    if minutes is None or minutes > (facts.ticket.minutes if back else LONGEST):
        return Refusal(line.text, "argument", "#time 1h30m")

    def does(change: Change) -> Change:
        return change.add_work(max(-minutes, -change.ticket.minutes) if back else minutes, "")

    return Deed("time", "time", f"{MINUS[1] if back else ''}{length(minutes)}", does)


def _charge(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """Beside the first answer it stands for what that costs; by itself it costs so much more."""
    if refusal := _uncharged(line, facts):
        return refusal
    if sum(each.word == CHARGE for each in script.read(facts).lines) > 1:
        return Refusal(line.text, "twice")
    found = _AMOUNT.fullmatch(line.argument)
    amount = int(found[1]) if found else MOST + 1
    if amount > MOST:
        return Refusal(line.text, "argument", f"#charge 0-{MOST}")
    if not amount and not _first_answer(facts, config):
        return Refusal(line.text, "nothing_waived", "#credit 1 REASON")

    def does(change: Change) -> Change:
        waived = RecordEvent(change.ticket.reference, "charged", change.by, "0")
        return incidents.spend(change, amount, "charge", facts) if amount else change.also(waived)

    return Deed(CHARGE, "charged", str(amount), does)


def _credit(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    if refusal := _uncharged(line, facts):
        return refusal
    found = _CREDIT.fullmatch(line.argument)
    amount = int(found[1]) if found else 0
    if found is None or not 0 < amount <= MOST:
        return Refusal(line.text, "argument", f"#credit 1-{MOST} REASON")
    reason = " ".join((found[2] or "").split())[:LONGEST_REASON]
    if not reason:
        return Refusal(line.text, "no_reason", f"#credit {amount} REASON")
    return Deed(
        "credit",
        "credited",
        f"{amount}, {reason}",
        lambda change: incidents.spend(change, -amount, "credit", facts, reason),
    )


def _uncharged(line: Line, facts: Facts) -> Refusal | None:
    if facts.ticket is None:
        return Refusal(line.text, "no_ticket")
    if facts.account is None:
        return Refusal(line.text, "uncharged" if facts.ticket.organisation else "no_organisation")
    return None


def _first_answer(facts: Facts, config: Config) -> bool:
    """Whether the mail in hand is the answer that would be charged by itself."""
    said = script.read(facts)
    commands = {line.word for line in said.lines}
    inside = answers_a_note(facts) or facts.mail.forwarded is not None or not commands.isdisjoint(INSIDE)
    inside = inside or aside(facts, config)
    words = bool(said.text or facts.mail.attachments) or not commands.isdisjoint(SPEAKING)
    open_yet = facts.ticket is not None and facts.ticket.first_answered is None
    charged = facts.account is None or facts.account.answered
    return open_yet and not charged and not inside and words


COMMANDS_HOURS = {
    "time": Command("1h30m", "time worked on the ticket", False, _time),
    CHARGE: Command(
        "N", "beside the first answer: what it costs (0: nothing); alone: so many incidents more", False, _charge
    ),
    "credit": Command("N REASON", "gives incidents back", False, _credit),
}
