"""A person is erased: the texts and files of his tickets go, his name and addresses everywhere; the figures stay.

Called by `maildesk person erase`, inside its transaction; store/person_scrub then sees to what the database keeps of
deleted rows. Rows stay where they count (tickets, mails, sent letters, marks, events): what they say is taken out.
Whatever waits to be sent and says something of his is dropped, and told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.store import person_letters as letters
from maildesk.store.database import Store
from maildesk.store.moments import micros
from maildesk.store.person import Person, among, change
from maildesk.store.person_fields import forget_values
from maildesk.store.person_letters import Dropped
from maildesk.store.person_mask import Masks, mask_raw, sweep
from maildesk.store.person_quotes import own_lines, repeats, unquoted
from maildesk.store.person_scrub import want_scrub
from maildesk.store.person_work import forget_reasons
from maildesk.store.recent import tallies_of
from maildesk.store.text import as_json

GONE = "(erased)"
REFERENCE = re.compile(r"\b[a-z0-9]+-[0-9]+\b")
FOR_EVER = micros(datetime(9999, 1, 1, tzinfo=UTC))
TELLING = (  # of an event's details: figures and people
    *("from", "to", "kind", "mark", "other", "into", "address"),
    *("minutes", "starts", "ends", "field"),
)

TICKETS = "SELECT id, reference FROM ticket WHERE requester IN {} ORDER BY number"
MAILS = "SELECT id FROM mail WHERE sender IN {0} UNION SELECT id FROM mail WHERE mail_from IN {0}"
THEIR_MAILS = "SELECT id FROM mail WHERE ticket_id IN {}"
RETURNED = """
    SELECT id, text, recipients, addressed, decisions FROM mail
    WHERE outcome IN ('bounce', 'robot', 'consent') AND ({})"""
SEEN_IN = """
    SELECT ticket_id FROM mail WHERE ticket_id IS NOT NULL AND sender IN {0}
    UNION SELECT ticket_id FROM participant WHERE address IN {0}
    UNION SELECT ticket_id FROM newcomer WHERE address IN {0}"""
BEGUN = """
    SELECT t.id, t.reference FROM ticket t JOIN mail m ON m.ticket_id = t.id
    WHERE m.outcome = 'ticket' AND m.id IN {}"""
FORWARDED = """
    SELECT m.id FROM mail m JOIN event e ON e.ticket_id = m.ticket_id AND e.event = 'forwarded'
    WHERE m.outcome = 'ticket' AND m.ticket_id IN {}"""
SAID_YES = "SELECT id FROM mail WHERE outcome = 'consent' AND decisions LIKE ?"
AFTER = (
    "SELECT ticket_id FROM link WHERE other IN {}",
    "SELECT o.id FROM ticket t JOIN ticket o ON o.reference = t.merged WHERE t.reference IN {}",
)
WORDS = "SELECT id, reply_text, text FROM mail WHERE id IN {}"
THREAD = "SELECT id, text FROM mail WHERE ticket_id = ?"
SUBJECTS = "SELECT subject FROM ticket WHERE id IN {}"
OUTSIDE = "SELECT id, text, subject, recipients FROM mail WHERE ticket_id IS NULL"
COPIES = """
    SELECT d.id FROM mail m JOIN mail d ON d.id_hash = m.id_hash AND d.outcome = 'duplicate' WHERE m.id IN {}"""
SAME_FILE = """
    SELECT DISTINCT a.mail_id FROM attachment a JOIN attachment his ON his.sha256 = a.sha256
    JOIN mail m ON m.id = a.mail_id JOIN mail n ON n.id = his.mail_id AND n.ticket_id = m.ticket_id
    WHERE NOT his.inline AND NOT a.inline AND m.received >= n.received AND his.mail_id IN {}"""

# A mail of his that comes again is a new one: without its Message-ID it could not be told from the first.
HIS_MAIL = """
    UPDATE mail SET id_hash = -id, twin = '',
        sender = ?, sender_name = ?, mail_from = ?, recipients = '[]', peer = '', message_id = '',
        addressed = '{{"to": [], "cc": []}}', decisions = '[]', history = '[]' WHERE id IN {}"""
MAIL = "UPDATE mail SET subject = ?, text = ?, reply_text = '', problems = '[]' WHERE id IN {}"
TICKET = "UPDATE ticket SET subject = ?, language = '', fields = '{{}}' WHERE id IN {}"
REQUESTER = "UPDATE ticket SET requester = ?, requester_name = ?, survey_due = NULL WHERE id IN {}"
SURVEY = "UPDATE survey SET address = ?, comment = '' WHERE address IN {}"
# Not of a promise that was missed, which names no more than that.
EVENTS = "SELECT id, detail FROM event WHERE event <> 'missed' AND ticket_id IN {}"
HIS_EVENTS = "SELECT id, detail FROM event WHERE event <> 'missed' AND by IN {}"
PAUSE = """
    INSERT INTO pause (address, until, why) VALUES (?, ?, 'erased') ON CONFLICT (address) DO NOTHING"""
LEAVES = (
    "DELETE FROM participant WHERE address IN {}",
    "DELETE FROM newcomer WHERE address IN {}",
    "DELETE FROM pause WHERE address IN {}",
    "DELETE FROM contact WHERE id IN (SELECT contact_id FROM person_address WHERE address IN {})",
    "UPDATE organisation SET account_manager = '' WHERE account_manager IN {}",
)


class Erased(NamedTuple):
    """What was taken, in numbers; `dropped` are letters that had not left."""

    instead: str
    tickets: tuple[str, ...]
    mails: int
    letters: int
    dropped: tuple[Dropped, ...]


def erase(store: Store, person: Person, config: Config) -> Erased:
    instead = f"erased-{store.serial()}"
    masks = Masks(store, person, config, instead)
    tickets: dict[int, str] = dict(among(store, TICKETS, person.addresses))
    his = {ident for (ident,) in _twice(store, MAILS, person.addresses)}
    matters = tickets | dict(among(store, BEGUN, his))
    elsewhere = _elsewhere(store, person, matters)
    passed_on = {ident for (ident,) in among(store, FORWARDED, tickets)}  # an agent sent them, with his words
    own = his | passed_on
    said = (text if ident in passed_on else reply or unquoted(text) for ident, reply, text in among(store, WORDS, own))
    lines = own_lines(said)
    mails = his | {ident for (ident,) in among(store, THEIR_MAILS, matters)}
    mails |= _answers(store, elsewhere, lines) | _returned(store, masks) | _said_yes(store, passed_on)
    mails |= {ident for (ident,) in among(store, SAME_FILE, own)} | _outside(store, matters, lines)
    mails |= {ident for (ident,) in among(store, COPIES, mails)}
    told = letters.erase(store, person, masks, letters.Scope(matters, own, elsewhere, lines))
    forget_values(store, person, elsewhere, mails)
    _mails(store, his, mails, instead)
    _tickets(store, person, matters, instead)
    forget_reasons(store, person, matters.values())
    _leaves(store, person)
    change(store, TICKET, matters, GONE)
    change(store, REQUESTER, tickets, instead, instead)
    named = set(sweep(store, masks)) | _in_threads(store, elsewhere)
    mask_raw(store, masks, sorted(named - mails))
    want_scrub(store)
    return Erased(instead, tuple(tickets.values()), len(mails), told.taken, told.dropped)


def _elsewhere(store: Store, person: Person, matters: dict[int, str]) -> set[int]:
    """Tickets of others where he took part, or where one of his goes on."""
    found = {ident for (ident,) in _twice(store, SEEN_IN, person.addresses)}
    found |= {ident for sql in AFTER for (ident,) in among(store, sql, matters.values())}
    return found - set(matters)


def _answers(store: Store, tickets: Iterable[int], lines: frozenset[str]) -> set[int]:
    """Mails of others, in tickets of others, that quote him."""
    rows = (row for ticket in tickets if lines for row in store.all(THREAD, (ticket,)))
    return {ident for ident, text in rows if repeats(text, lines)}


def _outside(store: Store, tickets: dict[int, str], lines: frozenset[str]) -> set[int]:
    """Mails of others in no ticket, held or refused, that name a ticket of his and repeat its subject or his words.

    Neither is enough: whoever guesses a reference, or has the same trouble, would else lose a mail that waits.
    """
    subjects = own_lines(keyless(subject) for (subject,) in among(store, SUBJECTS, tickets))
    known = {reference.lower() for reference in tickets.values()}
    return {
        ident
        for ident, text, subject, recipients in (store.all(OUTSIDE) if known else [])
        if not known.isdisjoint(REFERENCE.findall(f"{subject} {recipients} {text}".lower()))
        and (repeats(text, lines) or repeats(subject, subjects))
    }


def _returned(store: Store, masks: Masks) -> set[int]:
    """Letters to him that came back, what answered them by itself, and decisions about him: they repeat them whole."""
    condition, values = masks.likes(("text", "recipients", "addressed", "decisions"))
    rows = store.all(RETURNED.format(condition), values)
    return {ident for ident, *texts in rows if any(map(masks.names, texts))}


def _said_yes(store: Store, passed_on: Iterable[int]) -> set[int]:
    """What agents wrote when they were asked whether such a mail was theirs: it repeats its subject."""
    patterns = (f"%handle held mail {ident} now%" for ident in passed_on)
    return {ident for each in patterns for (ident,) in store.all(SAID_YES, (each,))}


def _in_threads(store: Store, tickets: Iterable[int]) -> set[int]:
    return {ident for (ident,) in among(store, THEIR_MAILS, tickets)}


def _mails(store: Store, his: Iterable[int], mails: Iterable[int], instead: str) -> None:
    change(store, "DELETE FROM chunk WHERE mail_id IN {}", mails)
    change(store, "DELETE FROM attachment WHERE mail_id IN {}", mails)
    change(store, MAIL, mails, GONE, GONE)
    change(store, HIS_MAIL, his, instead, instead, instead)
    change(store, "DELETE FROM held WHERE mail_id IN {}", mails)


def _tickets(store: Store, person: Person, tickets: Iterable[int], instead: str) -> None:
    events = [*among(store, EVENTS, tickets), *among(store, HIS_EVENTS, person.addresses)]
    for ident, detail in events:
        kept = {key: value for key, value in json.loads(detail).items() if key in TELLING}
        store.execute("UPDATE event SET detail = ? WHERE id = ?", (as_json(kept), ident))
    change(store, "UPDATE survey SET comment = '' WHERE ticket_id IN {}", tickets)
    change(store, SURVEY, person.addresses, instead)
    store.execute(PAUSE, (instead, FOR_EVER))


def _leaves(store: Store, person: Person) -> None:
    for sql in LEAVES:
        change(store, sql, person.addresses)
    change(store, "DELETE FROM tally WHERE name IN {}", [*tallies_of(person.addresses)])


def _twice(store: Store, sql: str, addresses: tuple[str, ...]) -> list[Any]:
    """A person has few addresses: one statement takes them more than once."""
    times = sql.count("{0}")
    return store.all(sql.format(f"({', '.join('?' * len(addresses))})"), addresses * times)
