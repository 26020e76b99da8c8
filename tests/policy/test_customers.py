"""What a customer's mail does: tickets, answers, participants, thanks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from maildesk.policy.thanks import thanks_alone
from maildesk.words import (
    AddMessage,
    AddParticipants,
    Address,
    LinkTickets,
    OpenTicket,
    Organisation,
    Outcome,
    Schedule,
    SetOwner,
    SetStatus,
    Severity,
    Status,
    Stranger,
    Ticket,
    Verdict,
    Visibility,
)
from tests.policy.given import (
    ACME,
    ALICE,
    CAROL,
    CONFIG,
    DAVE,
    LENA,
    MARY,
    NOW,
    SAM,
    SUPPORT,
    closed,
    config,
    effects,
    from_customer,
    key,
    letters,
    mail,
    ruled,
    sent,
    ticket,
)


def opened(ruling: object) -> Ticket:
    (decision,) = effects(ruling, OpenTicket)
    return decision.ticket


def test_a_first_mail_opens_a_ticket_is_acknowledged_and_shown_to_the_queues_agents() -> None:
    ruling = ruled(from_customer())
    assert sent(ruling) == [
        ("acknowledgement", "carol@acme.example"),
        ("agent_ticket", "alice@desk.example"),
        ("agent_ticket", "bob@desk.example"),
    ]
    assert opened(ruling) == Ticket(
        "EX-8", "technical", SUPPORT, "Printer", Address("carol@acme.example", "Carol Jones"), NOW,
        status_since=NOW, organisation="Acme", plan="standard",
    )  # fmt: skip
    assert effects(ruling, AddMessage) == [AddMessage("EX-8", Visibility.PUBLIC, "carol@acme.example")]
    assert effects(ruling, Schedule) == [Schedule("EX-8", None)]
    assert ruling.ticket == "EX-8"


def test_the_acknowledgement_speaks_the_readers_language_and_answers_the_mail() -> None:
    letter = letters(ruled(from_customer()))[0]
    assert (letter.language, letter.in_reply_to, letter.sender) == ("de", "m1@acme.example", SUPPORT)
    service = letter.context["service"]
    plain = {"unsupported": [], "balance": None, "answer_by": None, "planned": None}
    assert letter.context == {"severity": 3, "text": "", "service": service, **plain}
    assert (service["plan"], service["channels"], service["open"]) == ("Standard", ["email"], True)
    assert letter.plan == "standard"


def test_the_acknowledgement_repeats_the_words_of_a_writer_whom_our_servers_vouch_for() -> None:
    letter = letters(ruled(from_customer(verdict=Verdict.PASS)))[0]
    assert letter.context["text"] == "The printer is on fire."


def test_an_agent_ticket_names_requester_plan_and_who_gets_a_plain_reply() -> None:
    context = letters(ruled(from_customer()), "agent_ticket")[0].context
    assert (context["requester"], context["organisation"], context["plan"]) == ("Carol Jones", "Acme", "Standard")
    assert context["goes_to"] == ["Carol Jones"]


def test_nobody_present_means_the_whole_queue_then_the_managers_then_the_operators() -> None:
    away = tuple(replace(agent, present=False) for agent in (ALICE, LENA))
    assert sent(ruled(from_customer(agents=away)))[1:] == [
        ("agent_ticket", "alice@desk.example"),
        ("agent_ticket", "lena@desk.example"),
    ]
    assert sent(ruled(from_customer(agents=(SAM, MARY))))[1:] == [("agent_ticket", "mary@desk.example")]
    assert sent(ruled(from_customer(agents=(SAM,))))[1:] == [("alarm", "ops@desk.example")]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Severity: high\n\nHelp", 2),
        ("Help\nPriority: URGENT", 1),
        ("  severity : 4", 4),
        ("Help me, severity: none", 3),
        ("\n" * 3 + "Priority: low", 4),
        ("line\n" * 12 + "Severity: 1", 3),
        ("Severity: whatever\nPriority: 2", 2),
        ("Dringlichkeit: kritisch", 1),
        ("Priorität: niedrig\n\nEs eilt nicht.", 4),
    ],
)
def test_severity_and_priority_among_the_first_lines_set_the_severity(text: str, severity: int) -> None:
    assert opened(ruled(from_customer(mail=mail(text=text)))).severity is Severity(severity)


RULES = """
[[rule]]
when = { subject = "(?i)invoice" }
then = { queue = "sales", category = "money" }
[[rule]]
when = { body = "down", plan = "standard" }
then = { severity = 1, level = 2 }
[[rule]]
when = { header = { "X-Product" = "^Pro" }, from = "@acme" }
then = { category = "pro" }
"""


@pytest.mark.parametrize(
    ("given", "queue", "category", "severity", "level"),
    [
        (mail(subject="Your INVOICE, site is down"), "sales", "money", 1, 1),
        (mail(text="site is down"), "technical", "", 1, 2),
        (mail(text="Priority: low\nsite is down"), "technical", "", 4, 2),
        (mail(headers=(("x-product", "Pro 7"),)), "technical", "pro", 3, 1),
        (mail(headers=(("x-product", "Lite"),)), "technical", "", 3, 1),
    ],
)
def test_the_first_rule_that_fits_sorts_the_ticket(
    given: object, queue: str, category: str, severity: int, level: int
) -> None:
    found = opened(ruled(from_customer(mail=given), config(RULES)))
    assert (found.queue, found.category, int(found.severity), found.level) == (queue, category, severity, level)
    assert found.address == SUPPORT


def test_a_rules_level_decides_whom_the_ticket_is_shown_to() -> None:
    rules = config('[[rule]]\nwhen = { body = "fire" }\nthen = { level = 2 }\n')
    assert sent(ruled(from_customer(), rules))[1:] == [("agent_ticket", "lena@desk.example")]


def test_a_participants_mail_goes_to_the_owner_and_leaves_an_open_ticket_as_it_is() -> None:
    ruling = ruled(from_customer(ticket=ticket(status=Status.OPEN, owner=ALICE)))
    assert sent(ruling) == [("agent_update", "alice@desk.example")]
    assert (letters(ruling)[0].context["what"], letters(ruling)[0].context["writer"]) == ("message", "Carol Jones")
    assert effects(ruling, SetStatus) == []


def test_without_an_owner_the_queues_agents_hear_of_it() -> None:
    assert sent(ruled(from_customer(ticket=ticket()))) == [
        ("agent_update", "alice@desk.example"),
        ("agent_update", "bob@desk.example"),
    ]


@pytest.mark.parametrize("status", [Status.SOLVED, Status.PENDING])
def test_an_answer_before_it_closes_reopens_and_returns_to_the_original_agent(status: Status) -> None:
    ruling = ruled(from_customer(ticket=ticket(status=status, owner=ALICE)))
    assert effects(ruling, SetStatus) == [SetStatus("EX-7", Status.OPEN, "carol@acme.example")]
    assert effects(ruling, SetOwner) == []
    assert sent(ruling) == [("agent_update", "alice@desk.example")]
    assert letters(ruling)[0].context["what"] == "reopened"
    assert effects(ruling, Schedule) == [Schedule("EX-7", None)]


def test_a_mail_for_a_ticket_closed_too_long_ago_opens_another_linked_to_it() -> None:
    ruling = ruled(from_customer(ticket=closed()))
    assert effects(ruling, LinkTickets) == [LinkTickets("EX-8", "EX-7")]
    assert ruling.outcome is Outcome.TICKET


def test_within_reopen_for_a_closed_ticket_opens_again() -> None:
    lenient = config('[closing]\nreopen_for = "7d"\n')
    ruling = ruled(from_customer(ticket=closed(timedelta(days=6))), lenient)
    assert effects(ruling, SetStatus)[0].status is Status.OPEN
    assert ruled(from_customer(ticket=closed(timedelta(days=7))), lenient).outcome is Outcome.TICKET


def test_a_ticket_of_another_organisation_is_neither_continued_nor_linked() -> None:
    ruling = ruled(
        from_customer(DAVE, ticket=replace(closed(), organisation="Other", requester=Address("x@other.example")))
    )
    assert ruling.outcome is Outcome.TICKET
    assert effects(ruling, LinkTickets) == []


def test_a_colleague_who_writes_becomes_a_participant() -> None:
    ruling = ruled(from_customer(DAVE, ticket=ticket()))
    assert effects(ruling, AddParticipants) == [
        AddParticipants("EX-7", (Address("dave@acme.example", "Dave Smith"),), "dave@acme.example")
    ]


def test_of_to_and_cc_only_the_organisations_own_people_join() -> None:
    named = (
        "dave@acme.example",
        "new@acme.example",
        "spy@evil.example",
        "alice@desk.example",
        SUPPORT,
        "sales@desk.example",
    )
    written = mail(cc=tuple(Address(each) for each in named))
    ruling = ruled(from_customer(mail=written, ticket=ticket()))
    (joined,) = effects(ruling, AddParticipants)
    assert [each.address for each in joined.people] == ["dave@acme.example", "new@acme.example"]
    assert joined.people[0].name == "Dave Smith"


def test_never_copy_keeps_domains_and_addresses_out() -> None:
    written = mail(cc=(Address("dave@acme.example"), Address("list@acme.example")))
    strict = config('[gate]\nnever_copy = ["list@acme.example"]\n')
    (joined,) = effects(ruled(from_customer(mail=written), strict), AddParticipants)
    assert [each.address for each in joined.people] == ["dave@acme.example"]
    none = config('[gate]\nnever_copy = ["acme.example"]\n')
    assert effects(ruled(from_customer(mail=written), none), AddParticipants) == []


def test_a_participant_who_is_no_contact_goes_on_and_opens_nothing_new() -> None:
    guest = Stranger("guest@acme.example", "Guest", ACME)
    known = ticket(participants=(Address("guest@acme.example"),))
    assert ruled(from_customer(guest, ticket=known)).outcome is Outcome.MESSAGE
    over = replace(closed(), participants=known.participants)
    assert ruled(from_customer(guest, ticket=over)).outcome is Outcome.HELD


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
def test_thanks_alone_are_filed_and_reopen_nothing(status: Status) -> None:
    over = ticket(status=status, owner=ALICE, closed=NOW)
    ruling = ruled(from_customer(ticket=over, mail=mail(text="Thank you very much!\n\nBest regards\nCarol")))
    assert (ruling.outcome, ruling.rules[-1], ruling.ticket) == (Outcome.MESSAGE, "thanks", "EX-7")
    assert effects(ruling, SetStatus) == []


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Thanks!", True),
        ("Hi Alice,\n\nthank you, that worked.\n\nKind regards,\nCarol Jones", True),
        ("Vielen Dank!\n\nViele Grüße\nCarol", True),
        ("Danke, es geht wieder.", True),
        ("Perfect. Thanks a lot\nCarol", True),
        ("Thanks, but it still fails.", False),
        ("Thanks. One more question: how do I print?", False),
        ("ok", False),
        ("It works now", False),
        ("", False),
        ("Thanks\n\nBest regards\nCarol\nPlease call me\nAbout another matter", False),
        ("thank you " * 100, False),
    ],
)
def test_thanks_are_known_by_whole_phrases(text: str, alone: bool) -> None:
    assert thanks_alone(text) is alone


def test_solved_as_the_answer_to_the_reminder_leaves_nothing_to_do() -> None:
    reminder = (key("carol@acme.example", "closing_soon"),)
    resting = ticket(status=Status.PENDING, owner=ALICE)
    ruling = ruled(from_customer(ticket=resting, keys=reminder, mail=mail(text="Solved.")))
    assert effects(ruling, SetStatus) == [SetStatus("EX-7", Status.SOLVED, "carol@acme.example")]
    other = ruled(from_customer(ticket=resting, keys=reminder, mail=mail(text="keep open")))
    assert effects(other, SetStatus)[0].status is Status.OPEN


def test_a_contact_whose_ticket_has_no_number_to_get_is_held_rather_than_lost() -> None:
    assert ruled(from_customer(fresh="")).outcome is Outcome.HELD


def test_an_organisation_without_contacts_in_hand_lets_nobody_join_by_domain() -> None:
    bare = replace(CAROL, organisation=Organisation(1, "Acme"))
    written = mail(cc=(Address("new@acme.example"),))
    ruling = ruled(from_customer(bare, colleagues=(bare,), mail=written), CONFIG)
    assert effects(ruling, AddParticipants) == []
