"""`decide` is total: whatever the facts, there is one ruling, and what it promises of every ruling holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from maildesk.config import Config
from maildesk.letters.table import LETTERS
from maildesk.policy.decide import decide
from maildesk.policy.timers import due, elapse
from maildesk.words import (
    AddMessage,
    Address,
    Attachment,
    Automatic,
    Bounce,
    Facts,
    Hold,
    Nobody,
    OpenTicket,
    Ours,
    Outcome,
    Recent,
    Said,
    Severity,
    Shown,
    Status,
    Survey,
    Ticket,
    Verdict,
    Waiting,
)
from tests.policy.given import (
    ALICE,
    BOB,
    CAROL,
    CONFIG,
    DAVE,
    MARY,
    NEWCOMER,
    NOW,
    OLGA,
    SAM,
    STAFF,
    STRANGER,
    SUPPORT,
    config,
    effects,
    elapsed,
    envelope,
    from_customer,
    key,
    letters,
    mail,
    ticket,
)

WRITERS = (ALICE, BOB, SAM, MARY, CAROL, DAVE, OLGA, NEWCOMER, STRANGER, Ours(SUPPORT), Nobody())
CONFIGS = (
    CONFIG,
    config('[gate]\nstrangers = "refuse"\nblocked = ["other.example"]\n'),
    config('[gate]\nstrangers = "hold"\n[retention]\nheld = ""\n[closing]\nreopen_for = "3d"\n'),
    config(
        '[queue.technical.field.version]\nrequired = true\nsupported = ["8"]\n[queue.technical.field.os]\n'
        "[[rule]]\nwhen = { body = 'on (\\w+)' }\nthen = { level = 2, field = { os = '\\1' } }\n"
    ),
)
TEXTS = (
    "",
    "5",
    "yes",
    "no",
    "solved",
    "Thanks!",
    "Hello",
    "#note\nx",
    "#solved",
    "#nonsense\nx",
    "#assign bob\n#take\nx",
    "status",
    "status EX-7\nIt still fails.",
    "copy EX-7",
    "escalate EX-7 it is urgent",
    "solved\nIt was the cable.",
    "close EX-7",
    "stop copies",
    "Version: 7\nOs: Debian",
    "> Version: 8",
    "It fails on Debian.",
    "#field version 8\n#field os\n#field vresion 9\nx",
)
addresses = st.sampled_from(
    [SUPPORT, "carol@acme.example", "alice@desk.example", "x@evil.example", "", "noreply@a.example"]
)
moments = st.integers(-40, 40).map(lambda days: NOW + timedelta(days=days))
texts = st.sampled_from(TEXTS) | st.text(max_size=60)

keys = st.builds(
    key,
    addresses,
    st.sampled_from(["reply", "survey", "confirm", "closing_soon", "fields_wanted", ""]),
    st.sampled_from(["EX-7", "held-12", "held-x"]),
    note=st.booleans(),
    spent=st.booleans(),
)
surveys = st.none() | st.builds(Survey, moments, moments)
tickets = st.builds(
    ticket,
    status=st.sampled_from(Status),
    status_since=st.none() | moments,
    closed=st.none() | moments,
    reminded=st.none() | moments,
    survey_due=st.none() | moments,
    survey=surveys,
    owner=st.sampled_from([None, *STAFF]),
    queue=st.sampled_from(["technical", "sales", "gone"]),
    organisation=st.sampled_from(["", "Acme", "Other"]),
    participants=st.lists(st.builds(Address, addresses), max_size=2).map(tuple),
    severity=st.sampled_from(Severity),
    fields=st.sampled_from([(), (("version", "7"),), (("gone", "x"), ("os", "Debian"))]),
)
mails = st.builds(
    mail,
    addresses,
    text=texts,
    subject=texts | st.just("Re: [EX-7] Printer"),
    cc=st.lists(st.builds(Address, addresses), max_size=2).map(tuple),
    in_reply_to=st.sampled_from(["", "x@y.example"]),
    automatic=st.none() | st.sampled_from(Automatic),
    bounce=st.none() | st.builds(Bounce, kind=st.sampled_from(["permanent", "temporary", "none"])),
    unreadable=st.sampled_from(["", "", "", "too deep"]),
    attachments=st.sampled_from([(), (Attachment("a", "text/plain", 3),)]),
)
shown = st.builds(
    Shown,
    ticket=st.none() | tickets,
    thread=st.sampled_from([(), (Said(NOW, "", "The printer is on fire.", ("log.txt",)),)]),
    more=st.integers(0, 3),
    takes_part=st.booleans(),
    history=st.sampled_from([(), ((NOW, "opened"),)]),
    escalated=st.none() | moments,
)
facts_of_any_mail = st.builds(
    from_customer,
    st.sampled_from(WRITERS),
    mail=mails,
    envelope=st.builds(
        envelope,
        door=st.sampled_from(["smtp:in", "lmtp:in", "imap:box", "deliver", "import"]),
        sender=addresses,
        refusable=st.booleans(),
        quiet=st.booleans(),
    ),
    queue=st.sampled_from(["technical", "sales", ""]),
    address=st.sampled_from([SUPPORT, "", "postmaster"]),
    keys=st.lists(keys, max_size=2).map(tuple),
    verdict=st.sampled_from(Verdict),
    duplicate_of=st.sampled_from([None, None, None, 3]),
    ticket=st.none() | tickets,
    fresh=st.sampled_from(["EX-8", ""]),
    agents=st.sampled_from([(), STAFF]),
    colleagues=st.sampled_from([(), (CAROL, DAVE), (OLGA,)]),
    waiting=st.sampled_from([None, Waiting(12, "unproved", None, None)]),
    recent=st.builds(
        Recent, automatic=st.integers(0, 700), paused=st.booleans(), notices=st.integers(0, 1), wanted=st.integers(0, 2)
    ),
    vouched=st.booleans(),
    shown=shown,
)
configs = st.sampled_from(CONFIGS)


@given(facts_of_any_mail, configs)
def test_every_mail_gets_one_ruling_that_says_why(facts: Facts, with_config: Config) -> None:
    ruling = decide(facts, with_config)
    assert ruling.outcome in Outcome
    assert ruling.reason
    assert ruling.rules
    assert ruling == decide(facts, with_config)
    assert (ruling.outcome is Outcome.HELD) == bool(effects(ruling, Hold))
    assert (ruling.outcome is Outcome.TICKET) == bool(effects(ruling, OpenTicket))
    assert not ruling.refusal or (facts.envelope.refusable and ruling.outcome is Outcome.REFUSED)


@given(facts_of_any_mail, configs)
def test_what_outsiders_write_never_reaches_a_ticket(facts: Facts, with_config: Config) -> None:
    ruling = decide(facts, with_config)
    address = facts.mail.sender.address if facts.mail.sender else ""
    known = facts.ticket is not None and address in {person.address for person in facts.ticket.people}
    if (
        facts.writer in (STRANGER, NEWCOMER, OLGA)
        and not known
        and facts.ticket
        and facts.ticket.organisation != "Other"
    ):
        added = [each.reference for each in effects(ruling, AddMessage)]
        assert "EX-7" not in added


@given(facts_of_any_mail, configs)
def test_without_proof_no_word_of_an_agent_reaches_a_customer(facts: Facts, with_config: Config) -> None:
    unproved = replace(facts, keys=(), vouched=False, verdict=Verdict.NONE)
    if facts.writer in STAFF:
        ruling = decide(unproved, with_config)
        assert [letter for letter in letters(ruling) if letter.audience == "customer"] == []


@given(facts_of_any_mail, configs)
def test_robots_and_our_own_addresses_get_no_automatic_letter(facts: Facts, with_config: Config) -> None:
    ruling = decide(facts, with_config)
    writer = facts.mail.sender.address if facts.mail.sender else ""
    readers = [letter.to.address for letter in letters(ruling) if letter.audience == "customer" and not letter.human]
    assert SUPPORT not in readers
    assert "noreply@a.example" not in readers
    assert writer not in readers or facts.mail.automatic is None
    assert not facts.envelope.quiet or letters(ruling) == []


@given(facts_of_any_mail, configs)
def test_every_letter_brings_what_its_template_is_handed(facts: Facts, with_config: Config) -> None:
    for letter in letters(decide(facts, with_config)):
        kind = LETTERS[letter.name]
        assert (letter.audience, set(letter.context)) == (kind.audience, set(kind.fields))


@given(tickets, moments, configs)
def test_time_has_something_to_do_when_it_says_so_and_comes_to_an_end(
    start: Ticket, now: object, with_config: Config
) -> None:
    ready = [at for at, _ in due(start, with_config) if at <= now]  # type: ignore[operator]
    for letter in letters(elapse(elapsed(start, now), with_config)):  # type: ignore[arg-type]
        assert set(letter.context) == set(LETTERS[letter.name].fields)
    assert bool(elapse(elapsed(start, now), with_config)) == bool(ready)  # type: ignore[arg-type]
