"""What a proved agent's mail does to a ticket: an answer, a note, commands, or several of these.

Called by the rules. When a line is not understood, what only sorts is done and all that a customer would see
waits: its text goes back in the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from maildesk.config import Config
from maildesk.policy import incidents, reply, script
from maildesk.policy.audience import of_queue
from maildesk.policy.audience import told as readers_of
from maildesk.policy.commands import COMMANDS, understand
from maildesk.policy.commands_hours import CHARGE, kept
from maildesk.policy.commands_sorting import SPAM
from maildesk.policy.commands_stage import sent_on
from maildesk.policy.deeds import CROSSED, Deed, Refusal
from maildesk.policy.gate import answers_a_note
from maildesk.policy.held import hold
from maildesk.policy.incidents_told import low_balance
from maildesk.policy.left_over import back, files
from maildesk.policy.notice import agent_update, handed_over
from maildesk.policy.receipt import receipt
from maildesk.policy.survey import settled
from maildesk.policy.tickets import Change
from maildesk.policy.timers import ahead, scheduled
from maildesk.words import Agent, Decision, Facts, FileAs, Outcome, Ruling, SendLetter, Status, Ticket, Visibility
from maildesk.words.frozen import frozen

LAST = (SPAM, "merge")  # nothing changes a ticket that is gone
ORDER = ("solution", "question", "escalation")  # where a first answer brings several, the first of these
KEPT = Deed("note", "note", "", lambda change: change)  # told, since its writer did not say so
KINDS = {"solved": "solution", "closed": "solution", "pending": "question", "escalate": "escalation"}


@frozen
class Intent:
    """What an agent's mail asks for, every line of it read."""

    deeds: tuple[Deed, ...]
    refusals: tuple[Refusal, ...]
    text: str
    note: bool
    words: bool  # a text or a file: something to send or to keep
    says: str = ""  # public words that commands have sent already
    front: str = ""  # words that commands put in front of the text
    past: bool = False  # the requester has the text already

    @property
    def commanding(self) -> bool:
        return bool(self.deeds or self.refusals)

    @property
    def spam(self) -> bool:
        """Then nobody is told anything: its text is a note."""
        return self.does(SPAM)

    @property
    def outcome(self) -> Outcome:
        spoken = self.words or self.says
        if (self.refusals and not (self.past and self.words)) or (self.commanding and not spoken):
            return Outcome.COMMAND
        return Outcome.NOTE if self.note or not spoken else Outcome.MESSAGE

    @property
    def public(self) -> str:
        """All that customers read of it."""
        return _joined(self.says, self.answer)

    @property
    def answer(self) -> str:
        """What goes to them as the reply."""
        return _joined(self.front, self.text)

    def does(self, word: str) -> bool:
        return any(deed.word == word for deed in self.deeds)


def intent(facts: Facts, config: Config) -> Intent:
    said = script.read(facts)
    understood = [understand(line, facts, config) for line in said.lines]
    refusals = tuple(each for each in understood if isinstance(each, Refusal))
    deeds = tuple(each for each in understood if isinstance(each, Deed))
    beside_note = [kept(line.argument) for line in said.lines if line.word == "note"]
    passed_on = facts.mail.forwarded is not None  # what somebody wrote to an agent is his to show, or not
    text = "\n".join(part for part in (*beside_note, said.text, _left_out(facts, said.text)) if part)
    brought = files(facts)
    past = reply.past_the_desk(facts)
    spam = not refusals and any(deed.word == SPAM for deed in deeds)
    aside = reply.aside(facts, config)
    note = bool(beside_note) or passed_on or spam or aside or (answers_a_note(facts) and not past)
    speaks = bool(text or brought) or any(deed.says or deed.puts for deed in deeds)
    if facts.crossed and speaks and not (note or past):
        refusals = (*refusals, Refusal("", CROSSED))
    usable = tuple(deed for deed in deeds if COMMANDS[deed.word].sorts or not refusals)
    usable = tuple(sorted(usable, key=lambda deed: deed.word in LAST))
    usable += (KEPT,) * (aside and not (beside_note or passed_on) and bool(text or brought))
    says, front = (_joined(*(getattr(deed, each) for deed in usable)) for each in ("says", "puts"))
    return Intent(usable, refusals, text, note, bool(text or brought or front), says, front, past)


def _joined(*parts: str) -> str:
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def conversation(facts: Facts, config: Config) -> Ruling | None:
    """A mail of an agent about a ticket that he may command."""
    ticket, writer = facts.ticket, facts.writer
    if ticket is None or not isinstance(writer, Agent):
        return None
    meant = intent(facts, config)
    change = _changed(ticket, writer, meant, facts, config)
    letters = (
        *_handed_over(ticket, change, meant, facts, config),
        *_letters(ticket, change.ticket, meant, facts, config),
    )
    went, times = (*change.decisions, *letters), ahead(change.ticket, config)
    returned = back(facts, config) if meant.refusals and meant.outcome is Outcome.COMMAND else None
    told = receipt(facts, meant.deeds, meant.refusals, change.ticket, _waiting(meant), went, times, returned)
    low = low_balance(ticket, facts, change.decisions, config)
    done = scheduled(change, config).also(*letters, *low, *(told,) * meant.commanding)
    return Ruling(meant.outcome, _reason(meant), (), done.decisions, ticket.reference)


def no_ticket(facts: Facts, config: Config) -> Ruling:
    """A new mail of an agent opens nothing for a customer; what he asks is answered."""
    deeds, refusals = _alone("no_ticket", facts, config)
    text, returned, went = script.read(facts).text, back(facts, config), _decided(deeds)
    if deeds or refusals:
        reason = "no ticket" if refusals else "commands of an agent"
        told = receipt(facts, deeds, refusals, None, text, went, returned=returned)
        return Ruling(Outcome.COMMAND, reason, (), (*went, told))
    told = receipt(facts, (), (Refusal("", "no_ticket"),), None, text, returned=returned)
    return hold(facts, config, "no ticket", told)


def other_queue(facts: Facts, config: Config) -> Ruling:
    """An agent commands the tickets of his own queues alone."""
    deeds, refusals = _alone("not_allowed", facts, config)
    if deeds and not refusals and not script.read(facts).text:
        decisions = (*_decided(deeds), receipt(facts, deeds, (), None, ""))
        return Ruling(Outcome.COMMAND, "commands of an agent", (), decisions)
    refusals = refusals or (Refusal("", "not_allowed"),)
    return hold(
        facts,
        config,
        "agent of another queue",
        receipt(facts, deeds, refusals, facts.ticket, facts.mail.reply_text, returned=back(facts, config)),
    )


def _decided(deeds: Iterable[Deed]) -> tuple[Decision, ...]:
    return tuple(each for deed in deeds for each in deed.decides)


def _alone(why: str, facts: Facts, config: Config) -> tuple[tuple[Deed, ...], tuple[Refusal, ...]]:
    """What of a mail's commands can be done without a ticket of his; the others are refused."""
    read: list[Deed | Refusal] = []
    for line in script.read(facts).lines:
        command = COMMANDS.get(line.word)
        known = command is not None and not command.alone
        read.append(Refusal(line.text, why) if known else understand(line, facts, config))
    deeds = tuple(each for each in read if isinstance(each, Deed))
    return deeds, tuple(each for each in read if isinstance(each, Refusal))


def _changed(ticket: Ticket, writer: Agent, meant: Intent, facts: Facts, config: Config) -> Change:
    change = Change(ticket, max(facts.now, ticket.latest), writer.addresses[0] if writer.addresses else "")
    if meant.outcome in (Outcome.MESSAGE, Outcome.NOTE):
        public = meant.outcome is Outcome.MESSAGE
        change = change.add_message(Visibility.PUBLIC if public else Visibility.NOTE)
        if public and meant.public != meant.text:
            change = change.also(FileAs(meant.public, facts.mail.attachments))
    change = reduce(lambda so_far, deed: deed.does(so_far), meant.deeds, change)
    if meant.outcome is Outcome.MESSAGE or meant.says:
        first = change.ticket.first_answered is None
        change = _answered(change, writer, meant)
        change = incidents.first_answer(change, facts) if first and not meant.does(CHARGE) else change
    over = change.ticket.status is not ticket.status and not meant.spam
    return settled(change, facts.colleagues, config) if over else change


def _answered(change: Change, writer: Agent, meant: Intent) -> Change:
    """What a public answer does by itself."""
    if change.ticket.status is Status.NEW:
        change = change.set_status(Status.OPEN)
    if change.ticket.owner is None and not meant.does("release"):
        change = change.set_owner(writer)
    if change.ticket.first_answered is None:
        change = change.set_answered(_kind(meant))
    return change.spoken()


def _kind(meant: Intent) -> str:
    """What a first answer brings: by its own commands, since a status may be older than it."""
    brought = [KINDS[deed.word] for deed in meant.deeds if deed.word in KINDS]
    brought += ["escalation" for deed in meant.deeds if sent_on(deed)]
    return min(brought, key=ORDER.index, default="answer")


def _letters(before: Ticket, after: Ticket, meant: Intent, facts: Facts, config: Config) -> tuple[Decision, ...]:
    """To the customers what they shall see, to the owner what somebody else did."""
    states = reply.status(before, after, facts, config) if _without_words(before, after, meant) else ()
    if meant.outcome is Outcome.MESSAGE:
        customers = reply.words(after, meant.answer, facts, config) if meant.words else states
        return (*customers, *_owner_hears("answer", after, meant, facts, config))
    if meant.outcome is not Outcome.NOTE:
        return states
    new_hands = agent_update("note", after, facts, config, meant.text) if _moved(before, after) else ()
    return (*states, *(new_hands or _owner_hears("note", after, meant, facts, config)))


def _without_words(before: Ticket, after: Ticket, meant: Intent) -> bool:
    """Whether customers hear of the status alone: a new ticket is not told to be open by words they have read."""
    begun = meant.says and (before.status, after.status) == (Status.NEW, Status.OPEN)
    return before.status is not after.status and not meant.spam and not begun


def _handed_over(before: Ticket, change: Change, meant: Intent, facts: Facts, config: Config) -> tuple[Decision, ...]:
    """To those whose ticket it is now, when that is another queue or level, and to whom it was given."""
    after = change.ticket
    group = of_queue(facts.agents, after.queue, after.level) if _moved(before, after) else None
    given = readers_of(after, facts.agents) if _given(before, after, meant, facts) else ()
    if group is None and not given:
        return ()
    informed = [each.letter.to.address for each in change.decisions if isinstance(each, SendLetter)]
    return handed_over(after, facts, config, dict.fromkeys((*(group or ()), *given)), informed)


def _given(before: Ticket, after: Ticket, meant: Intent, facts: Facts) -> bool:
    """Whether another agent owns it now, who hears of it by no words of this mail."""
    by_words = meant.outcome in {Outcome.MESSAGE, Outcome.NOTE}
    another = after.owner not in {None, before.owner, facts.writer}
    return another and not by_words and after.status is not Status.CLOSED


def _moved(before: Ticket, after: Ticket) -> bool:
    return (before.queue, before.level) != (after.queue, after.level) and after.status is not Status.CLOSED


def _owner_hears(what: str, ticket: Ticket, meant: Intent, facts: Facts, config: Config) -> tuple[Decision, ...]:
    if ticket.owner is None:
        return ()
    return agent_update(what, ticket, facts, config, meant.public)


def _left_out(facts: Facts, text: str) -> str:
    """The words that a mail passes on, where they are not among the agent's."""
    words = facts.mail.forwarded.text if facts.mail.forwarded else ""
    return "" if words in text else words


def _waiting(meant: Intent) -> str:
    return meant.text if meant.refusals and meant.outcome is Outcome.COMMAND else ""


def _reason(meant: Intent) -> str:
    if any(each.why == CROSSED for each in meant.refusals):
        return "another agent has answered meanwhile"
    if meant.refusals:
        return f"not understood: {meant.refusals[0].why}"
    if meant.outcome is Outcome.NOTE:
        return "a note of an agent" if meant.words else "no new words: nothing is sent"
    return "an agent's answer" if meant.outcome is Outcome.MESSAGE else "commands of an agent"
