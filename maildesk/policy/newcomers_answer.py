"""The requester's word about newcomers: his answer to a `consult` letter that asked him about people from outside.

Called by the rules. Only the one who was asked may answer, by the key of that letter; a mail of his that holds none of
the words is an ordinary mail of the conversation, and the question stays open.
"""

from __future__ import annotations

import re

from maildesk.config import Config
from maildesk.mime.address import linkless, normal
from maildesk.mime.keyless import keyless
from maildesk.policy import answers
from maildesk.policy.consent_words import ACTS
from maildesk.policy.gate import addresses_of
from maildesk.policy.newcomers import keep_out, let_in
from maildesk.policy.notice import agent_update
from maildesk.policy.reference import is_held
from maildesk.policy.script import bare_subject
from maildesk.policy.tickets import Change
from maildesk.words import Facts, Key, Newcomer, Outcome, Ruling, Ticket, Visibility
from maildesk.words.frozen import frozen

WORDS = {word: act for word, act in ACTS.items() if act in ("allow", "refuse")}
_FIRST = re.compile(rf"\s*({'|'.join(WORDS)})\b[ \t:]*([^\n]*)\n?(.*)", re.IGNORECASE | re.DOTALL)
EDGES = " \t\r<>(),;:.!\u00a0\u200b"
# It begins where a word does, so that a line without end is gone over once.
_ADDRESS = re.compile(r"(?<![^\s<>(),;:\"])[^\s<>(),;:\"@]++@[^\s<>(),;:\"]+")


@frozen
class Word:
    act: str  # allow | refuse
    named: tuple[str, ...]  # the addresses it is about; () = all that the letter asked about
    text: str  # what stands below


def word(facts: Facts) -> Word | None:
    """What the requester says in answer to the question whether newcomers may join; None when he says nothing of it."""
    if asking(facts) is None:
        return None
    return _read(facts.mail.reply_text) or _read(keyless(bare_subject(facts.mail.subject)))


def asking(facts: Facts) -> Key | None:
    """The question to this very writer, the requester, that his mail answers."""
    ticket, mine = facts.ticket, addresses_of(facts)
    if ticket is None or ticket.requester.address not in mine:
        return None
    asked = (key for key in facts.keys[:1] if key.letter == "consult" and key.address in mine)
    return next((key for key in asked if key.about == ticket.reference or _merged_into(key, facts)), None)


def settled(facts: Facts, config: Config) -> Ruling | None:
    """They are let in or kept out, and he who said so is told what came of it."""
    said, key, ticket, sender = word(facts), asking(facts), facts.ticket, facts.mail.sender
    if said is None or key is None or ticket is None or sender is None:
        return None
    change = Change(ticket, max(facts.now, ticket.latest), sender.address)
    meant = _meant(said, key, ticket)
    waiting = tuple(each.person.address for each in meant if each.waits)
    kind, told = "decided", dict[str, object]()
    if not meant:
        reason, kind, told = "not understood", "not_understood", {"words": _words(ticket)}
    elif not waiting:
        reason, told = "that was decided already", {"person": _listed(meant), "said": meant[0].answer}
    else:
        reason, told = f"{said.act}: {', '.join(waiting)}", {"person": ", ".join(waiting), "said": said.act}
        change = (let_in if said.act == "allow" else keep_out)(change, waiting, facts)
    change = change.also(answers.about(change.ticket, kind, facts, **told))
    if said.text:
        change = change.add_message(Visibility.PUBLIC)
        change = change.also(*agent_update("message", change.ticket, facts, config, said.text))
    return Ruling(Outcome.CONSENT, reason, (), change.decisions, ticket.reference)


def _merged_into(key: Key, facts: Facts) -> bool:
    """Whether the first key, of a ticket that went into another, is what has led to this one."""
    return not is_held(key.about) and facts.matched.startswith("keyed")


def _read(text: str) -> Word | None:
    found = _FIRST.fullmatch(text)
    if found is None:
        return None
    named, left = _addresses(found[2])
    if left:
        return None  # "Allow me to ask" is an ordinary sentence
    below, _, rest = found[3].partition("\n")
    next_line, left = _addresses(below)
    if not named and next_line and not left:
        return Word(WORDS[found[1].casefold()], next_line, rest.strip())
    return Word(WORDS[found[1].casefold()], named, found[3].strip())


def _addresses(text: str) -> tuple[tuple[str, ...], str]:
    """Those that a line holds, and what else it holds."""
    text = linkless(text)
    named = tuple(normal(each) for each in _ADDRESS.findall(text))
    left = _ADDRESS.sub(" ", text) if all(named) else text  # of one that is none nobody knows whom it means
    return named if all(named) else (), left.strip(EDGES)


def _meant(said: Word, key: Key, ticket: Ticket) -> tuple[Newcomer, ...]:
    """Whom the answer is about: those it names, or those whom the letter that it answers asked about."""
    if said.named:
        found = tuple(each for each in ticket.newcomers if each.person.address in said.named)
        return found if len(found) == len(set(said.named)) else ()
    asked = [each.asked for each in ticket.newcomers if key.sent is not None and each.asked <= key.sent]
    return tuple(each for each in ticket.newcomers if asked and each.asked == max(asked))


def _words(ticket: Ticket) -> list[str]:
    waiting = [each.person.address for each in ticket.newcomers if each.waits]
    return [f"{act} {address}" for address in waiting for act in ("allow", "refuse")]


def _listed(people: tuple[Newcomer, ...]) -> str:
    return ", ".join(each.person.address for each in people)
