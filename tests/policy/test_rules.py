"""Which rule decides which mail: one row a rule, then the letters and effects of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maildesk.policy.rules import RULES
from maildesk.words import (
    Address,
    Appointment,
    Automatic,
    Bounce,
    CalendarAnswer,
    Facts,
    Forwarded,
    Hold,
    Incoming,
    Knocking,
    Newcomer,
    Nobody,
    Ours,
    Outcome,
    Recent,
    Ruling,
    SpendKeys,
    Verdict,
    Waiting,
)
from tests.policy.given import (
    ACME,
    CAROL,
    DAVE,
    NEWCOMER,
    NOW,
    OLGA,
    SAM,
    STRANGER,
    closed,
    config,
    effects,
    envelope,
    from_agent,
    from_customer,
    key,
    letters,
    mail,
    ruled,
    sent,
    ticket,
)

Row = tuple[str, Callable[[], Ruling], str, Outcome, str]

MANY_HOPS = (("received", "by here"),) * 50
CONFIRM = key(letter="confirm", about="held-12")
WAITING = Waiting(12, "unproved", None, None)


def passed_on(**fields: Any) -> Incoming:
    given = {
        "sender": Address("carol@acme.example"),
        "subject": "Printer",
        "text": "It is on fire.",
        "above": "see below",
    }
    return mail("alice@desk.example", text="see below", forwarded=Forwarded(**{**given, **fields}))


def yes(text: str = "yes", **fields: object) -> Facts:
    answer = {"keys": (CONFIRM,), "waiting": WAITING, "ticket": None, **fields}
    return replace(from_agent(text), **answer)


def marked(header: str, value: str) -> Facts:
    return from_customer(mail=mail(headers=((header, value),)))


NED = Newcomer(Address("ned@elsewhere.example"), NOW - timedelta(hours=2))
ASKED = ticket(newcomers=(NED,))
ASKING = key("carol@acme.example", "consult", sent=NOW - timedelta(hours=2))

SPAM = config('[gate]\nspam_header = "X-Spam-Flag: YES"\nblocked = ["acme.example"]\n')
CONSULT = key("carol@acme.example", "consult", "held-12")
DOOR = Waiting(12, "awaiting consent", Address("nick@acme.example"), None)
NICK = Knocking(Address("nick@acme.example"), ACME, (CAROL, DAVE), (12,), asked=True)
NARROW = config().plan["standard"].model_copy(update={"queues": ("technical",)})
ONE_QUEUE = config().model_copy(update={"plan": {"standard": NARROW}})
HOLDS = config('[gate]\nstrangers = "hold"\n')
REFUSES = config('[gate]\nstrangers = "refuse"\n')

SLOT = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1)
MEETING = Appointment("uid@desk.example", *SLOT, "alice@desk.example")
MEETS = ticket(appointment=MEETING)
OFFERED = ticket(appointment=replace(MEETING, state="offered", offered=(SLOT,), asked=NOW))
COMES = CalendarAnswer("uid@desk.example", "accepted", 0)
OFFER = key("carol@acme.example", "appointment")

ROWS: tuple[Row, ...] = (
    (
        "a calendar that accepts, with the marks of a robot",
        lambda: ruled(from_customer(mail=mail(calendar=COMES, automatic=Automatic.BULK), ticket=MEETS)),
        "calendar-answer",
        Outcome.REQUEST,
        "appointment accepted",
    ),
    (
        "the same to another invitation",
        lambda: ruled(
            from_customer(mail=mail(calendar=replace(COMES, uid="x"), automatic=Automatic.BULK), ticket=MEETS)
        ),
        "robot",
        Outcome.ROBOT,
        "automatic",
    ),
    (
        "a calendar whose writer is forged",
        lambda: ruled(from_customer(mail=mail(calendar=COMES), ticket=MEETS, verdict=Verdict.FAIL)),
        "failed-verdict",
        Outcome.HELD,
        "unproved",
    ),
    (
        "a free time that is chosen",
        lambda: ruled(from_customer(mail=mail(reply_text="1"), ticket=OFFERED, keys=(OFFER,))),
        "appointment-choice",
        Outcome.REQUEST,
        "an appointment is chosen",
    ),
    (
        "the same without the key of the offer",
        lambda: ruled(from_customer(mail=mail(reply_text="1"), ticket=OFFERED)),
        "conversation",
        Outcome.MESSAGE,
        "",
    ),
    ("a second copy", lambda: ruled(from_customer(duplicate_of=5)), "duplicate", Outcome.DUPLICATE, "duplicate of 5"),
    (
        "a mail nobody can read",
        lambda: ruled(from_customer(mail=mail(unreadable="too many parts"))),
        "unreadable",
        Outcome.HELD,
        "unreadable: too many parts",
    ),
    ("a mail with 50 hops", lambda: ruled(from_customer(mail=mail(trace=MANY_HOPS))), "loop", Outcome.HELD, "loop"),
    (
        "a mail with 50 hops at the door",
        lambda: ruled(from_customer(mail=mail(trace=MANY_HOPS), envelope=envelope(refusable=True))),
        "loop",
        Outcome.REFUSED,
        "loop",
    ),
    (
        "a bounce with a key of ours",
        lambda: ruled(
            from_customer(Nobody(), mail=mail("", bounce=Bounce(kind="permanent", status="5.1.1")), keys=(key(),))
        ),
        "bounce",
        Outcome.BOUNCE,
        "permanent failure 5.1.1 of a letter to alice@desk.example",
    ),
    (
        "a bounce without a key",
        lambda: ruled(from_customer(STRANGER, mail=mail(bounce=Bounce(kind="permanent")))),
        "robot",
        Outcome.ROBOT,
        "automatic",
    ),
    (
        "two senders",
        lambda: ruled(from_customer(Nobody(), mail=mail(""))),
        "ambiguous-sender",
        Outcome.HELD,
        "ambiguous",
    ),
    ("ourselves", lambda: ruled(from_customer(Ours("support@desk.example"))), "own-address", Outcome.ROBOT, "own"),
    ("no queue", lambda: ruled(from_customer(queue="", address="")), "no-queue", Outcome.REFUSED, "no queue"),
    (
        "an out-of-office",
        lambda: ruled(from_customer(mail=mail(automatic=Automatic.REPLY))),
        "robot",
        Outcome.ROBOT,
        "automatic: reply",
    ),
    (
        "a null return path",
        lambda: ruled(from_customer(envelope=envelope(sender=""))),
        "robot",
        Outcome.ROBOT,
        "null return path",
    ),
    ("a blocked sender", lambda: ruled(from_customer(), SPAM), "blocked", Outcome.HELD, "spam"),
    (
        "our spam filter's mark",
        lambda: ruled(
            replace(
                marked("x-spam-flag", "Yes, score=9"),
                mail=mail("olga@other.example", headers=(("x-spam-flag", "Yes, score=9"),)),
            ),
            SPAM,
        ),
        "spam-header",
        Outcome.HELD,
        "spam",
    ),
    (
        "a failing verdict",
        lambda: ruled(from_customer(verdict=Verdict.FAIL)),
        "failed-verdict",
        Outcome.HELD,
        "unproved",
    ),
    (
        "a failing verdict over a key",
        lambda: ruled(from_agent("hello", verdict=Verdict.FAIL)),
        "failed-verdict",
        Outcome.HELD,
        "unproved",
    ),
    ("an agent's yes", lambda: ruled(yes()), "consent", Outcome.CONSENT, "held-12 is released"),
    ("an agent's no", lambda: ruled(yes("No, never")), "consent", Outcome.CONSENT, "held-12 is dropped"),
    ("an agent's yes too late", lambda: ruled(yes(waiting=None)), "consent", Outcome.CONSENT, "does not wait"),
    ("an agent's perhaps", lambda: ruled(yes("perhaps")), "consent", Outcome.HELD, "neither"),
    (
        "a mail to postmaster",
        lambda: ruled(from_customer(STRANGER, queue="", address="postmaster@desk.example")),
        "postmaster",
        Outcome.HELD,
        "for the postmaster",
    ),
    ("an agent without proof", lambda: ruled(from_agent("hello", keys=())), "unproved-agent", Outcome.HELD, "unproved"),
    (
        "an agent with a spent key",
        lambda: ruled(from_agent("hello", keys=(key(spent=True),))),
        "unproved-agent",
        Outcome.HELD,
        "unproved",
    ),
    (
        "an agent with another agent's key",
        lambda: ruled(from_agent("hello", keys=(key("bob@desk.example"),))),
        "unproved-agent",
        Outcome.HELD,
        "unproved",
    ),
    (
        "a forward of an agent",
        lambda: ruled(from_agent("see below", ticket=None, fresh="EX-8", behalf=CAROL, mail=passed_on())),
        "agent-forward",
        Outcome.TICKET,
        "forwarded, written by carol@acme.example",
    ),
    (
        "a forward of an agent, written by nobody",
        lambda: ruled(from_agent("see below", ticket=None, mail=passed_on(sender=None, why="no head"))),
        "agent-forward",
        Outcome.HELD,
        "forward: no writer",
    ),
    (
        "a matter that an agent begins",
        lambda: ruled(from_agent("#new carol@acme.example\nHello", ticket=None, fresh="EX-8", behalf=CAROL)),
        "agent-new",
        Outcome.TICKET,
        "begun by an agent, for carol@acme.example",
    ),
    (
        "a matter that an agent begins for nobody we know",
        lambda: ruled(from_agent("#new who@nowhere.example\nHello", ticket=None, behalf=STRANGER)),
        "agent-new",
        Outcome.COMMAND,
        "not understood: no_contact",
    ),
    (
        "a new mail of an agent",
        lambda: ruled(from_agent("hi", ticket=None)),
        "agent-without-ticket",
        Outcome.HELD,
        "no ticket",
    ),
    (
        "a new mail of an agent with a command",
        lambda: ruled(from_agent("#take", ticket=None)),
        "agent-without-ticket",
        Outcome.COMMAND,
        "no ticket",
    ),
    ("an agent's answer", lambda: ruled(from_agent("Try again.")), "agent", Outcome.MESSAGE, "an agent's answer"),
    (
        "an agent's answer to a note",
        lambda: ruled(from_agent("I agree.", keys=(key(note=True),))),
        "agent",
        Outcome.NOTE,
        "a note",
    ),
    ("an agent's note", lambda: ruled(from_agent("#note\nhm")), "agent", Outcome.NOTE, "a note"),
    ("an agent's commands", lambda: ruled(from_agent("#take")), "agent", Outcome.COMMAND, "commands"),
    (
        "an agent of another queue",
        lambda: ruled(from_agent("hi", SAM)),
        "agent-of-another-queue",
        Outcome.HELD,
        "another queue",
    ),
    (
        "the requester's word about a newcomer",
        lambda: ruled(from_customer(ticket=ASKED, keys=(ASKING,), mail=mail(text="allow"))),
        "newcomers-answer",
        Outcome.CONSENT,
        "allow: ned@elsewhere.example",
    ),
    (
        "a stranger who answers what stands in a ticket",
        lambda: ruled(from_customer(STRANGER, ticket=ticket(), matched="message-id")),
        "newcomer",
        Outcome.HELD,
        "awaiting consent: EX-7",
    ),
    ("a contact", lambda: ruled(from_customer()), "new-ticket", Outcome.TICKET, "a new request"),
    (
        "a contact of another organisation with a reference",
        lambda: ruled(from_customer(OLGA, ticket=ticket())),
        "new-ticket",
        Outcome.TICKET,
        "a new request",
    ),
    ("a participant", lambda: ruled(from_customer(ticket=ticket())), "conversation", Outcome.MESSAGE, "participant"),
    (
        "a colleague",
        lambda: ruled(from_customer(DAVE, ticket=ticket())),
        "conversation",
        Outcome.MESSAGE,
        "participant",
    ),
    ("a mail for a closed ticket", lambda: ruled(from_customer(ticket=closed())), "new-ticket", Outcome.TICKET, "new"),
    (
        "a contact's word about a stranger",
        lambda: ruled(from_customer(keys=(CONSULT,), waiting=DOOR, knocking=(NICK,), mail=mail(text="allow"))),
        "consult-answer",
        Outcome.CONSENT,
        "allow: held-12 of nick@acme.example",
    ),
    (
        "an agent's word about a stranger",
        lambda: ruled(from_agent("#contact allow nick@acme.example", ticket=None, knocking=(NICK,))),
        "agent-at-the-door",
        Outcome.COMMAND,
        "commands",
    ),
    (
        "a contact beyond his plan",
        lambda: ruled(from_customer(queue="sales"), ONE_QUEUE),
        "not-in-the-plan",
        Outcome.HELD,
        "not in the plan: sales",
    ),
    (
        "a stranger of an organisation",
        lambda: ruled(from_customer(NEWCOMER)),
        "stranger-of-an-organisation",
        Outcome.HELD,
        "awaiting consent",
    ),
    ("a stranger", lambda: ruled(from_customer(STRANGER)), "stranger", Outcome.REFUSED, "stranger"),
    ("a stranger where they wait", lambda: ruled(from_customer(STRANGER), HOLDS), "stranger", Outcome.HELD, "stranger"),
    (
        "a stranger at the door",
        lambda: ruled(from_customer(STRANGER, envelope=envelope(refusable=True)), REFUSES),
        "stranger",
        Outcome.REFUSED,
        "stranger",
    ),
    (
        "a contact who asks how things stand",
        lambda: ruled(from_customer(mail=mail(text="status"))),
        "request",
        Outcome.REQUEST,
        "asks for status",
    ),
    (
        "a stranger an operator vouched for",
        lambda: ruled(from_customer(STRANGER, vouched=True)),
        "new-ticket",
        Outcome.TICKET,
        "new",
    ),
)


@pytest.mark.parametrize(
    ("ruling", "rule", "outcome", "reason"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_first_rule_that_answers_decides(
    ruling: Callable[[], Ruling], rule: str, outcome: Outcome, reason: str
) -> None:
    found = ruling()
    assert (found.rules[-1], found.outcome) == (rule, outcome)
    assert reason in found.reason


def test_every_rule_has_a_name_of_its_own_and_nearly_all_have_a_row() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    shown = {row[2] for row in ROWS} | {"survey", "thanks", "says-solved", "not-admitted", "long-closed", "no-rule"}
    assert set(names) == shown


def test_rules_that_hit_without_deciding_are_remembered() -> None:
    assert ruled(from_customer(OLGA, ticket=ticket())).rules == ("not-admitted", "new-ticket")
    assert ruled(from_customer(ticket=closed())).rules == ("long-closed", "new-ticket")


@pytest.mark.parametrize(
    "facts",
    [
        from_customer(duplicate_of=5),
        from_customer(Nobody(), mail=mail("")),
        from_customer(Ours("support@desk.example")),
        from_customer(mail=mail(automatic=Automatic.LIST), ticket=ticket()),
        from_customer(mail=mail(bounce=Bounce(kind="permanent"))),
        from_customer(verdict=Verdict.FAIL),
        from_customer(envelope=envelope(sender="")),
        from_customer(STRANGER, envelope=envelope(quiet=True)),
        from_customer(envelope=envelope(quiet=True)),
    ],
)
def test_nobody_is_answered_where_an_answer_would_do_harm(facts: Facts) -> None:
    assert sent(ruled(facts)) == []


def test_a_stranger_of_an_organisation_is_told_the_names_of_its_contacts_and_waits() -> None:
    ruling = ruled(from_customer(NEWCOMER))
    assert effects(ruling, Hold) == [Hold("awaiting consent", NOW + timedelta(days=30))]
    assert sent(ruling)[0] == ("redirect", "nick@acme.example")
    context = letters(ruling)[0].context
    assert (context["contacts"], context["organisation"]) == (["Carol Jones", "Dave Smith"], "Acme")


def test_no_names_are_given_where_the_gate_does_not_name_contacts() -> None:
    ruling = ruled(from_customer(NEWCOMER), config("[gate]\nname_contacts = false\n"))
    assert letters(ruling)[0].context["contacts"] == []


def test_people_of_an_inactive_organisation_are_sent_to_the_account_manager_who_is_told() -> None:
    ended = replace(NEWCOMER, organisation=replace(NEWCOMER.organisation, live=False))
    ruling = ruled(from_customer(ended))
    assert sent(ruling) == [("redirect", "nick@acme.example"), ("alarm", "amy@desk.example")]
    context = letters(ruling)[0].context
    assert (context["variant"], context["manager"], context["contacts"]) == ("ended", "amy@desk.example", [])


def test_a_notice_to_a_stranger_quotes_nothing_and_names_nobody() -> None:
    letter = letters(ruled(from_customer(STRANGER)))[0]
    assert (letter.name, letter.subject, letter.about) == ("redirect", "", "")
    assert not [value for value in letter.context.values() if value]
    assert letter.to.name == ""


def test_an_agent_without_proof_is_asked_at_his_address_in_the_directory() -> None:
    spoofed = from_agent("#closed", keys=(), mail=mail("alice@home.example", text="#closed", subject="Re: [EX-7]"))
    ruling = ruled(spoofed)
    assert effects(ruling, Hold) == [Hold("unproved", NOW + timedelta(days=2))]
    (letter,) = letters(ruling)
    assert (letter.name, letter.to.address, letter.about) == ("confirm", "alice@desk.example", "held-99")
    assert letter.audience == "agent"


@pytest.mark.parametrize(
    "proof", [{"verdict": Verdict.PASS}, {"vouched": True}, {"keys": (key("alice@home.example"),)}]
)
def test_an_agent_is_proved_by_a_pass_by_his_own_yes_or_by_a_key_of_his(proof: dict[str, object]) -> None:
    assert ruled(from_agent("hello", **{"keys": (), **proof})).outcome is Outcome.MESSAGE


def test_an_agent_whose_name_is_misused_is_not_flooded_with_questions() -> None:
    ruling = ruled(from_agent("#closed", keys=(), recent=Recent(questions=5)))
    assert (ruling.outcome, sent(ruling)) == (Outcome.HELD, [])
    assert "confirm suppressed: acks_per_contact" in ruling.reason


def test_a_key_in_a_mail_that_an_outsider_reads_still_proves_and_is_spent() -> None:
    facts = from_agent("hello")
    shown = replace(facts, mail=replace(facts.mail, cc=(*mail().to, mail(DAVE.addresses[0]).sender)))
    ruling = ruled(shown)
    assert ruling.outcome is Outcome.MESSAGE
    assert effects(ruling, SpendKeys) == [SpendKeys((41,))]
    assert effects(ruled(facts), SpendKeys) == []


def test_an_agents_key_that_a_customer_sends_is_spent() -> None:
    ruling = ruled(from_customer(ticket=ticket(), keys=(key(),)))
    assert effects(ruling, SpendKeys) == [SpendKeys((41,))]


def test_a_reference_alone_never_admits() -> None:
    ruling = ruled(from_customer(STRANGER, ticket=ticket(), matched="reference"))
    assert ruling.ticket == ""
    assert sent(ruling) == [("redirect", "who@nowhere.example")]


def test_a_robot_of_a_participant_is_filed_with_its_ticket_and_changes_nothing() -> None:
    ruling = ruled(from_customer(ticket=closed(), mail=mail(automatic=Automatic.REPLY)))
    assert ruling.ticket == "EX-7"
    assert [type(each).__name__ for each in ruling.decisions] == ["AddMessage"]


def test_an_agents_robot_stays_inside() -> None:
    ruling = ruled(from_agent("I am on holiday", mail=mail("alice@desk.example", automatic=Automatic.REPLY)))
    assert ruling.outcome is Outcome.ROBOT
    assert [each.visibility.value for each in ruling.decisions] == ["note"]


def test_the_refusals_at_the_door_are_those_of_the_contract() -> None:
    at_door = envelope(refusable=True)
    assert ruled(from_customer(STRANGER, envelope=at_door), REFUSES).refusal.startswith("550 5.7.1 ")
    assert ruled(from_customer(mail=mail(trace=MANY_HOPS), envelope=at_door)).refusal.startswith("554 5.4.6 ")
    assert ruled(from_customer(queue="", address="", envelope=at_door)).refusal.startswith("550 5.1.1 ")
    assert sent(ruled(from_customer(STRANGER), REFUSES)) == [("redirect", "who@nowhere.example")]
