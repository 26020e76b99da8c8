"""Our own addresses, and the queue a mail belongs to; references in subjects."""

from __future__ import annotations

import pytest

from maildesk.policy.recipients import destination, detail, ours
from maildesk.policy.reference import about_held, held_id, in_subject, reference
from maildesk.words import Address
from tests.policy.given import CONFIG, SALES, SUPPORT, config, envelope, mail

TECHNICAL = ("technical", SUPPORT)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (SUPPORT, TECHNICAL),
        ("Support@Desk.Example", TECHNICAL),
        ("support+EX-7-abc@desk.example", TECHNICAL),
        ("support+anything at all@desk.example", None),
        ("support+@desk.example", TECHNICAL),
        ("help@desk.example", ("technical", "help@desk.example")),
        (SALES, ("sales", SALES)),
        ("supports@desk.example", None),
        ("support@evil.example", None),
        ("postmaster", ("", "postmaster")),
        ("Postmaster@desk.example", ("", "postmaster@desk.example")),
        ("postmaster@evil.example", None),
        ("", None),
        ("@", None),
    ],
)
def test_an_address_is_ours_with_any_detail(address: str, found: tuple[str, str] | None) -> None:
    assert ours(CONFIG, address) == found


def test_an_own_address_that_holds_a_plus_is_the_longer_match() -> None:
    more = config('[queue.vip]\naddress = "support+vip@desk.example"\n')
    assert ours(more, "support+vip@desk.example") == ("vip", "support+vip@desk.example")
    assert detail(more, "support+vip+x@desk.example") == "x"
    assert ours(more, "support+vi@desk.example") == TECHNICAL


def test_a_mail_to_two_of_us_belongs_to_the_first_in_to_then_cc_then_rcpt_order() -> None:
    sales, support = Address(SALES), Address(SUPPORT)
    both = envelope(recipients=(SUPPORT, SALES))
    assert destination(mail(to=(Address("x@y.example"), sales), cc=(support,)), both, CONFIG) == ("sales", SALES)
    assert destination(mail(to=(), cc=(support, sales)), both, CONFIG) == TECHNICAL
    assert destination(mail(to=()), envelope(recipients=(SALES, SUPPORT)), CONFIG) == ("sales", SALES)


def test_a_mail_that_names_none_of_us_is_the_doors_queues_or_nobodys() -> None:
    hidden = mail(to=(Address("undisclosed@acme.example"),))
    elsewhere = ("x@y.example",)
    assert destination(hidden, envelope(recipients=elsewhere, queue="sales"), CONFIG) == ("sales", SALES)
    assert destination(hidden, envelope(recipients=elsewhere), CONFIG) == ("", "")
    assert destination(hidden, envelope(recipients=elsewhere, queue="gone"), CONFIG) == ("", "")


def test_a_queue_goes_before_the_postmaster_who_goes_before_the_doors_queue() -> None:
    postmaster = Address("postmaster@desk.example")
    assert destination(mail(to=(postmaster, Address(SALES))), envelope(), CONFIG) == ("sales", SALES)
    alone = envelope(recipients=("postmaster",), queue="sales")
    assert destination(mail(to=(postmaster,)), alone, CONFIG) == ("", "postmaster@desk.example")


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Re: [EX-10427] Printer", "EX-10427"),
        ("re: [ex-7]", "EX-7"),
        ("[JIRA-1] [EX-7] both", "EX-7"),
        ("[OLD-5] a former prefix", "OLD-5"),
        ("EX-7 without brackets", ""),
        ("[EX-\uff11\uff12]", ""),
        ("[EX-" + "9" * 40 + "]", ""),
        ("", ""),
    ],
)
def test_a_reference_stands_in_brackets(subject: str, found: str) -> None:
    assert in_subject(subject, CONFIG) == found


def test_references_and_held_mails_are_written_and_read_back() -> None:
    assert in_subject(f"[{reference(CONFIG, 10427)}]", CONFIG) == "EX-10427"
    assert held_id(about_held(12)) == held_id("HELD-12") == 12
    assert held_id("EX-12") is held_id("held-x") is held_id("held-") is None
