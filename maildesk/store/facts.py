"""What is known of a mail when policy is asked.

`gather` is called by the desk inside a ledger job, and by `explain`. It reads by fixed SQL, a handful of statements
for a plain new mail, draws numbers, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from maildesk.config import Config
from maildesk.policy import behalf, requests, script
from maildesk.policy.consult_answer import settles
from maildesk.policy.entitlement import outside_plan
from maildesk.policy.fields import of_queue
from maildesk.policy.intake import LETTER
from maildesk.policy.recipients import destination
from maildesk.policy.reference import canonical, reference
from maildesk.store import incidents, match, people, tickets
from maildesk.store.busy import with_busy
from maildesk.store.crossed import with_crossed
from maildesk.store.database import Row, Store
from maildesk.store.heard import with_heard
from maildesk.store.inside import with_inside
from maildesk.store.knocking import knocking, taker
from maildesk.store.lately import with_lately
from maildesk.store.match import Question, id_hash
from maildesk.store.neighbours import with_neighbours
from maildesk.store.parting import with_parting
from maildesk.store.recent import NOTICE, answers_to, consults, is_answer, letters_about, recent
from maildesk.store.shown import shown
from maildesk.words import (
    Agent,
    Contact,
    Envelope,
    Facts,
    Incoming,
    Key,
    Nobody,
    Ours,
    Outcome,
    Receipt,
    Recent,
    Status,
    Stranger,
    Ticket,
    Verdict,
    Writer,
)

SAME = "SELECT MIN(id) FROM mail WHERE id_hash = ? AND message_id = ? AND id <> ? AND "
SAME_BYTES = SAME + "sha256 = ?"
SAME_MAIL = SAME + "(sha256 = ? OR twin = ?)"
# Rules that stop a mail for what trace fields and marks say of it, which whoever was sent a copy may write as he likes.
MARKED = "unreadable", "loop", "bounce", "ambiguous-sender", "no-queue", "robot", "spam-header", "failed-verdict"
SAME_HEARD = SAME + f"(sha256 = ? OR (twin = ? AND rule NOT IN {MARKED}))"
NAMED = "SELECT 1 FROM mail WHERE id_hash = ? AND message_id = ? AND id <> ? LIMIT 1"
ANSWER = {Contact: "acknowledgement", Stranger: "redirect", Agent: "confirm"}  # what a writer gets at once
TAPPED = "consult", "appointment"  # letters whose readers are told by a letter what came of their answer
WANTED = "survey", "survey_thanks", "fields_wanted", *TAPPED  # letters whose readers are asked to answer at once
LOOPING = ("acknowledgement", "redirect")  # those that two robots could exchange for ever
RECEIPT = """
    SELECT m.id, m.outcome, m.reason, t.reference FROM mail m LEFT JOIN ticket t ON t.id = m.ticket_id WHERE """


def gather(  # noqa: PLR0913, PLR0917 - all that a mail comes with
    store: Store,
    mail: Incoming,
    envelope: Envelope,
    now: datetime,
    config: Config,
    secrets: Sequence[bytes],
    verdict: Verdict,
    vouched: bool = False,
    mail_id: int = 0,
    judged: bool = False,
) -> Facts:
    """All that policy may know. `mail_id` names a mail that is stored already and handled again."""
    ask = Question(store, mail, envelope, now, config, secrets, people.agents(store, now))
    writer, colleagues = people.who(store, mail.sender, config, now, ask.staff)
    found = match.keys(ask)
    ticket, matched = match.ticket(ask, found)
    same = duplicate(store, mail, mail_id, unmarked=_unmarked(mail, envelope, writer, verdict))
    queue, our_address = destination(mail, envelope, config)
    parked = match.waiting(store, found)
    opens_none = (outside_plan(writer, queue, config) and not vouched) or settles(writer, found, parked, mail)
    known = Facts(
        *(mail, envelope, now, writer),
        queue=queue,
        address=our_address,
        keys=found,
        verdict=verdict if vouched else _once(ask, writer, verdict, mail_id),
        judged=judged,
        duplicate_of=same,
        ticket=ticket,
        matched=matched,
        fresh=_fresh(ask, writer, ticket, vouched) if same is None and not opens_none else "",
        agents=ask.staff,
        colleagues=_with_ticket(ask, colleagues, ticket),
        waiting=parked,
        recent=_recent(ask, writer, found, ticket, queue, colleagues),
        vouched=vouched,
        mail_id=mail_id or store.serial(),
    )
    return _asked(ask, known)


def _asked(ask: Question, facts: Facts) -> Facts:
    """With what a few mails ask for: to be let in, to see something, to have tickets merged."""
    if facts.duplicate_of is not None:
        return facts
    facts = with_busy(ask, with_heard(ask, with_parting(ask, _with_behalf(ask, facts))))
    facts = with_neighbours(ask, with_crossed(ask, facts))
    request, _ = requests.asked(facts.mail)
    facts = with_lately(ask, _with_wanted(ask, _with(facts, shown=shown(ask, facts.writer, request, facts.ticket))))
    facts = _with(
        with_inside(ask, facts),
        recent=_with_answers(ask, facts.recent) if request or _taps(facts.keys) else facts.recent,
        knocking=knocking(ask, facts.writer, facts.keys, facts.waiting, facts.ticket),
        taker=_taker(ask, facts.mail_id) if facts.vouched else None,
        merging=_merging(ask, facts.writer),
    )
    return _with(facts, account=incidents.account(ask.store, facts, ask.config))


def _with(facts: Facts, **found: Any) -> Facts:
    """The same facts with what was found: as a rule nothing, and replace() goes over all fields there are."""
    news = {name: value for name, value in found.items() if value != getattr(facts, name)}
    return replace(facts, **news) if news else facts


def _with_behalf(ask: Question, facts: Facts) -> Facts:
    """With the person in whose name an agent's mail would open a ticket, and its number."""
    person = behalf.person(facts)
    if person is None:
        return facts
    whom, colleagues = people.who(ask.store, person, ask.config, ask.now, ask.staff)
    whose = _organisation(whom)
    lately = recent(ask.store, person.address, ask.config, ask.now, letter=ANSWER[Contact], organisation=whose)
    known = replace(
        facts.recent,
        acknowledgements=lately.acknowledgements,
        pauses=facts.recent.pauses + lately.pauses,
        at_work=lately.at_work,
    )
    facts = replace(facts, behalf=whom, colleagues=colleagues, recent=known)
    if facts.fresh or not behalf.opens(facts, ask.config):
        return facts
    return replace(facts, fresh=reference(ask.config, ask.store.next_number()))


def _with_wanted(ask: Question, facts: Facts) -> Facts:
    """With how often somebody was asked for fields that the ticket still lacks, or that a version fills."""
    ticket = facts.ticket
    if ticket is None or isinstance(facts.writer, Agent) or not of_queue(ticket.queue, ask.config):
        return facts
    return replace(facts, recent=replace(facts.recent, wanted=letters_about(ask.store, ticket.reference, LETTER)))


def _taps(found: Sequence[Key]) -> bool:
    return any(key.letter in TAPPED for key in found)


def _with_answers(ask: Question, known: Recent) -> Recent:
    address = ask.mail.sender.address if ask.mail.sender else ""
    return replace(known, answers=answers_to(ask.store, address, ask.config, ask.now))


def duplicate(store: Store, mail: Incoming, mail_id: int, *, unmarked: bool = False) -> int | None:
    """The id of the first mail with the same bytes, or of the same mail that came another way.

    An `unmarked` mail is none the worse for a copy that was stopped by its marks: a forger may have been first (T83).
    """
    key = (id_hash(mail.message_id, mail.sha256), mail.message_id, mail_id, mail.sha256)
    has_twin = bool(mail.message_id and mail.twin)
    same_mail = SAME_HEARD if unmarked else SAME_MAIL
    row = store.one(same_mail, (*key, mail.twin)) if has_twin else store.one(SAME_BYTES, key)
    return None if row is None or row[0] is None else int(row[0])


def _unmarked(mail: Incoming, envelope: Envelope, writer: Writer, verdict: Verdict) -> bool:
    """Whether somebody who may be heard wrote it, so far as the mail and its way tell."""
    by_a_person = mail.automatic is None and mail.bounce is None and bool(envelope.sender)
    return by_a_person and verdict is not Verdict.FAIL and not (mail.unreadable or isinstance(writer, Nobody | Ours))


def _once(ask: Question, writer: Writer, verdict: Verdict, mail_id: int) -> Verdict:
    """A pass proves an agent's Message-ID once: a replay may change what no signature covers (RFC 6376, 8.6; T19)."""
    ident = ask.mail.message_id
    if not isinstance(writer, Agent) or verdict is not Verdict.PASS or not ident:
        return verdict
    return Verdict.NONE if ask.store.one(NAMED, (id_hash(ident), ident, mail_id)) else verdict


def already(store: Store, source: str) -> Receipt | None:
    """What became of a mail that the far side offers under a name seen before (MAILBOX/UIDVALIDITY/UID)."""
    row = store.one(RECEIPT + "m.source = ? AND m.source <> ''", (source,)) if source else None
    return None if row is None else _receipt(row)


def receipt(store: Store, mail_id: int) -> Receipt:
    """What became of a stored mail; raises LookupError."""
    row = store.one(RECEIPT + "m.id = ?", (mail_id,))
    if row is None:
        raise LookupError(f"there is no mail {mail_id}")
    return _receipt(row)


def _receipt(row: Row) -> Receipt:
    return Receipt(row[0], Outcome(row[1]), row[2], row[3] or "")


def _taker(ask: Question, mail_id: int) -> Contact | None:
    """The contact who took over the held mail that is run again."""
    person = people.who(ask.store, taker(ask, mail_id), ask.config, ask.now, ask.staff)[0]
    return person if isinstance(person, Contact) else None


def _merging(ask: Question, writer: Writer) -> Ticket | None:
    """The ticket that an agent's #merge names."""
    if not isinstance(writer, Agent) or "merge" not in ask.mail.said.lower():
        return None
    named = (line.argument for line in script.read_text(ask.mail.said).lines if line.word == "merge")
    reference = next(named, "").strip("[] ")
    return tickets.survivor(ask.store, canonical(reference), ask.staff, lock=True) if reference else None


def _with_ticket(ask: Question, colleagues: tuple[Contact, ...], ticket: Ticket | None) -> tuple[Contact, ...]:
    """The contacts of the writer's organisation, and those of the ticket's when that is another."""
    if ticket is None or not ticket.organisation:
        return colleagues
    if any(each.organisation.name == ticket.organisation for each in colleagues):
        return colleagues
    return colleagues + people.contacts(ask.store, ticket.organisation, ask.config, ask.now)


def _recent(
    ask: Question,
    writer: Writer,
    found: Sequence[Key],
    ticket: Ticket | None,
    queue: str,
    colleagues: Sequence[Contact],
) -> Recent:
    letter = NOTICE if outside_plan(writer, queue, ask.config) else ANSWER.get(type(writer), "")
    address = ask.mail.sender.address if ask.mail.sender else ""
    if isinstance(writer, Agent):
        address = next(iter(writer.addresses), address)  # where a confirm letter goes
    wanted = any(key.letter in WANTED for key in found) or requests.asked(ask.mail)[0] is not None
    answers = letter in LOOPING and is_answer(ask.mail, found) and not wanted
    others = [key.address for key in found] + ([each.address for each in ticket.people] if ticket else [])
    if isinstance(writer, Stranger) or any(key.letter == "consult" for key in found):  # they will be asked, or told
        others += [each.addresses[0] for each in colleagues]
    opens = ticket is None or ticket.status is Status.CLOSED
    found_lately = recent(
        *(ask.store, address, ask.config, ask.now),
        letter=letter,
        others=others,
        answers=answers,
        organisation=_organisation(writer) if opens else 0,
    )
    if not isinstance(writer, Stranger):
        return found_lately
    about = writer.organisation.name if writer.organisation else ticket.reference if ticket else ""
    return replace(found_lately, consults=consults(ask.store, about, ask.config, ask.now)) if about else found_lately


def _organisation(whom: Writer) -> int:
    """The id of that of somebody whose mail may open a ticket; 0 = none."""
    return whom.organisation.id if isinstance(whom, Contact) else 0


def _fresh(ask: Question, writer: Writer, ticket: Ticket | None, vouched: bool) -> str:
    return reference(ask.config, ask.store.next_number()) if _may_open(ask.mail, writer, ticket, vouched) else ""


def _may_open(mail: Incoming, writer: Writer, ticket: Ticket | None, vouched: bool) -> bool:
    """Whether a ticket may be opened: a number is drawn only then, so that there are few gaps."""
    if mail.unreadable or (ticket is not None and _stands(ticket, writer)):
        return False
    if isinstance(writer, Contact) and requests.bare(mail):
        return False
    return vouched or (isinstance(writer, Contact) and mail.automatic is None and mail.bounce is None)


def _takes_part(writer: Writer, ticket: Ticket) -> bool:
    return isinstance(writer, Stranger) and any(writer.address == each.address for each in ticket.people)


def _stands(ticket: Ticket, writer: Writer) -> bool:
    """Whether a mail of this writer goes to the ticket it names, so far as facts can tell."""
    if isinstance(writer, Agent):
        return True
    if ticket.status is Status.CLOSED:
        return False
    of_same = isinstance(writer, Contact) and ticket.organisation == writer.organisation.name
    return of_same or _takes_part(writer, ticket)
