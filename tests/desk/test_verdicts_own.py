"""Our own look at signatures, hosts and demands (`[gate] verify_dkim`), over a table in place of the DNS."""

from __future__ import annotations

from dataclasses import replace

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk import signatures
from maildesk.desk.examine import examine
from maildesk.desk.lookup import MOST, Lookups, Unanswered
from maildesk.desk.proof import Checked, Question
from tests.builders import mail
from tests.desk.zone import ALL, PUBLIC, Zone, rsa, signed, signed_oddly

ACME = "acme.example"
FAR = "198.51.100.7"
ASKED = Question(ACME, f"carol@{ACME}", FAR, ("to",))
BEHIND = replace(ASKED, peer="")  # one of our own mail servers brought it


def checked(content: bytes, zone: Zone, question: Question = ASKED) -> Checked:
    return examine(content, question, Lookups(zone.find, 5))


def zone(demands: str = "v=DMARC1; p=reject") -> Zone:
    found = Zone().key(ACME).text(ACME, "v=spf1 ip4:198.51.100.7 -all")
    return found.demands(ACME, demands) if demands else found


# signatures


def test_a_signature_of_the_writers_domain_proves() -> None:
    found = checked(signed(mail(), ACME), zone())
    assert (found.dmarc, found.proves) == ("pass", True)
    assert found.told == (
        "dkim=pass header.d=acme.example header.s=s; spf=pass smtp.mailfrom=acme.example;"
        " dmarc=pass header.from=acme.example"
    )


def test_it_proves_too_where_the_domain_demands_nothing() -> None:
    found = checked(signed(mail(), ACME), zone(""))
    assert (found.dmarc, found.proves) == ("none", True)


def test_where_nothing_is_demanded_a_parent_may_sign_and_a_child_may_not() -> None:
    below = replace(ASKED, writer=f"mail.{ACME}")
    assert checked(signed(mail(f"c@mail.{ACME}"), ACME), zone(""), below).proves
    assert not checked(signed(mail(), f"mail.{ACME}"), zone("").key(f"mail.{ACME}")).proves


def test_a_sibling_may_sign_unless_the_domain_is_strict() -> None:
    content = signed(mail(f"c@a.{ACME}"), f"b.{ACME}")
    asked = replace(BEHIND, writer=f"a.{ACME}")
    assert checked(content, zone().key(f"b.{ACME}"), asked).dmarc == "pass"
    strict = zone("v=DMARC1; p=none; adkim=s").key(f"b.{ACME}")
    assert (checked(content, strict, asked).dmarc, checked(content, strict, asked).proves) == ("", False)


def test_a_sibling_proves_nobody_and_a_child_does() -> None:
    """Under a seller's name with a record of the common kind, whoever buys a name is a sibling."""
    asked = replace(BEHIND, writer=f"a.{ACME}")
    assert not checked(signed(mail(f"c@a.{ACME}"), f"b.{ACME}"), zone().key(f"b.{ACME}"), asked).proves
    assert checked(signed(mail(), f"b.{ACME}"), zone().key(f"b.{ACME}")).proves


def test_below_a_public_suffix_each_name_is_an_organisation() -> None:
    records = Zone().key("b.city.example").demands("city.example", "v=DMARC1; p=reject; psd=y")
    found = checked(
        signed(mail("c@a.city.example"), "b.city.example"), records, replace(BEHIND, writer="a.city.example")
    )
    assert (found.dmarc, found.proves) == ("", False)


def test_a_top_level_domain_speaks_for_nobody() -> None:
    records = zone("").key("example").demands("example")
    assert not checked(signed(mail(), "example"), records).proves


@pytest.mark.parametrize("missing", [b"to", b"subject", b"date", b"message-id"])
def test_a_signature_over_less_is_no_proof(missing: bytes) -> None:
    found = checked(signed(mail(), ACME, [name for name in ALL if name != missing]), zone())
    assert (found.dmarc, found.proves) == ("pass", False)


def test_a_signature_over_a_part_of_the_body_is_no_proof() -> None:
    content = signed(mail(), ACME, length=True) + b"#solved\r\n"
    found = checked(content, zone())
    assert (found.dmarc, found.proves) == ("pass", False)


@pytest.mark.parametrize("tag", [b"D", b"d ", b"d\f", b"xd"])
def test_a_domain_under_a_tag_of_nearly_that_name_is_not_the_signers(tag: bytes) -> None:
    """The key that is asked for is the other domain's: whoever owns that one could sign in any name."""
    content = signed_oddly(mail(), "evil.example", more=[(tag, ACME.encode())])
    found = checked(content, zone().key("evil.example"))
    assert (found.proves, found.told.split("; ")[0]) == (False, "dkim=none")


def test_a_signature_that_leaves_out_from_is_none() -> None:
    content = signed_oddly(mail(), ACME, fields=[name for name in ALL if name != b"from"])
    found = checked(content, zone(), replace(ASKED, sender="x@elsewhere.example"))
    assert (found.dmarc, found.proves) == ("fail", False)
    assert "dkim=permerror" in found.told


def test_what_is_told_of_a_selector_is_short() -> None:
    content = signed_oddly(mail(), ACME, more=[(b"z", b"x")]).replace(b"s=s;", b"s=" + b"s" * 5000 + b";", 1)
    assert len(checked(content, zone()).told) < 300


def test_a_changed_body_fails() -> None:
    found = checked(signed(mail(), ACME).replace(b"page 3", b"page 4"), zone(), replace(ASKED, peer="192.0.2.1"))
    assert (found.dmarc, found.proves) == ("fail", False)
    assert "dkim=fail" in found.told


def test_all_signatures_are_tried_the_writers_own_first() -> None:
    others = b"".join(
        b"DKIM-Signature: v=1; a=rsa-sha256; d=x%d.acme.example; s=s; h=from; bh=YQ==; b=YQ==\r\n" % at
        for at in range(30)
    )
    bad = signed(mail(subject="Another"), ACME).partition(b"From:")[0]
    found = checked(others + bad + signed(mail(), ACME), zone())
    assert found.proves
    assert found.told.count("dkim=") == signatures.MOST


def test_signatures_of_others_are_not_asked_for() -> None:
    records = zone()
    found = checked(signed(signed(mail(), ACME), "lists.example"), records)
    assert found.proves
    assert not [name for name in records.asked if "lists.example" in name]


# keys


@pytest.mark.parametrize(("bits", "proves"), [(2048, True), (1024, True), (768, False)])
def test_keys_below_1024_bits_prove_nothing(bits: int, proves: bool) -> None:
    private, record = rsa(bits)
    content = mail()
    heads = dkim.sign(content, b"s", ACME.encode(), private, include_headers=list(ALL))
    assert checked(heads + content, zone().key(ACME, record)).proves is proves


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        ("v=DKIM1; k=ed25519; p=", "fail"),  # revoked
        (f"v=DKIM1; k=ed25519; t=y; p={PUBLIC}", "policy"),
        (f"v=DKIM1; k=ed25519; n={'x' * 2000}; p={PUBLIC}", "policy"),
        ("v=DKIM1; k=ed25519; p=####", "fail"),
        ("v=spf1 -all", "fail"),
    ],
)
def test_an_odd_key_proves_nothing(record: str, outcome: str) -> None:
    found = checked(signed(mail(), ACME), zone().key(ACME, record))
    assert not found.proves
    assert f"dkim={outcome}" in found.told


def test_sha1_signs_nothing() -> None:
    private, record = rsa(1024)
    content = mail()
    heads = dkim.sign(content, b"s", ACME.encode(), private, include_headers=list(ALL), signature_algorithm=b"rsa-sha1")
    found = checked(heads + content, zone().key(ACME, record))
    assert not found.proves
    assert "dkim=policy" in found.told


# replay


def test_a_mail_that_was_written_to_others_proves_nothing_here() -> None:
    """T19: an agent's private mail, sent on by its reader to his keyed address."""
    assert not checked(signed(mail(to="bob@acme.example"), ACME), zone(), replace(ASKED, ours=())).proves


def test_an_address_of_ours_counts_only_in_a_field_that_is_signed() -> None:
    fields = [name for name in ALL if name != b"cc"]
    content = signed(mail(to="bob@acme.example", cc="support@example.com"), ACME, fields)
    assert not checked(content, zone(), replace(ASKED, ours=("cc",))).proves
    whole = signed(mail(to="bob@acme.example", cc="support@example.com"), ACME)
    assert checked(whole, zone(), replace(ASKED, ours=("cc",))).proves


def test_an_old_mail_proves_nothing() -> None:
    assert not checked(signed(mail(), ACME), zone(), replace(ASKED, timely=False)).proves


# hosts and demands


def test_a_host_that_may_send_proves_nobody_and_fails_nobody() -> None:
    found = checked(mail(), zone())
    assert (found.dmarc, found.proves) == ("pass", False)


def test_no_signature_and_a_host_that_may_not_is_a_failure() -> None:
    found = checked(mail(), zone(), replace(ASKED, peer="192.0.2.1"))
    assert (found.dmarc, found.proves) == ("fail", False)


def test_a_host_that_may_send_for_another_domain_helps_nobody() -> None:
    records = zone().text("evil.example", "v=spf1 +all")
    assert checked(mail(), records, replace(ASKED, sender="x@evil.example")).dmarc == "fail"


@pytest.mark.parametrize(("asked"), [BEHIND, replace(ASKED, sender="")])
def test_where_the_host_is_not_known_no_mail_fails(asked: Question) -> None:
    assert checked(mail(), zone(), asked).dmarc == ""


def test_a_demand_of_the_organisation_holds_below_it() -> None:
    below = replace(ASKED, writer=f"mail.{ACME}", sender="", peer="")
    assert checked(mail(f"c@mail.{ACME}"), zone(), below).dmarc == ""
    assert checked(mail(f"c@mail.{ACME}"), zone(""), below).dmarc == "none"


@pytest.mark.parametrize(
    "records", [("v=DMARC1; p=reject", "v=DMARC1; p=none"), ("v=DMARC2; p=reject",), ("v=DMARC1",)]
)
def test_several_demands_or_broken_ones_are_none(records: tuple[str, ...]) -> None:
    assert checked(mail(), zone("").text(f"_dmarc.{ACME}", *records)).dmarc == "none"


def test_hosts_are_found_by_names_too() -> None:
    records = (
        zone().text(ACME, "v=spf1 include:spf.example mx -all").text("spf.example", "v=spf1 a:mail.acme.example ?all")
    )
    records.records["mail.acme.example", "A"] = ["192.0.2.1"]
    records.records[ACME, "MX"] = [(10, "mx.acme.example")]
    records.records["mx.acme.example", "A"] = [FAR]
    found = checked(mail(), records)
    assert "spf=pass" in found.told


def test_a_chain_without_end_is_cut() -> None:
    records = zone().text(ACME, f"v=spf1 include:{ACME} -all")
    found = checked(mail(), records)
    assert "spf=permerror" in found.told
    assert found.dmarc == "fail"


# faults of the DNS


@pytest.mark.parametrize("fault", ["s._domainkey.acme.example", "_dmarc.acme.example", "*"])
def test_a_dns_that_does_not_answer_is_neither_proof_nor_failure(fault: str) -> None:
    records = zone()
    records.faults.add(fault)
    found = checked(signed(mail(), ACME), records, replace(ASKED, peer="192.0.2.1"))
    assert found.dmarc in ("", "temperror")
    assert not found.proves


def test_a_host_that_cannot_be_asked_about_fails_nobody() -> None:
    records = zone()
    records.faults.add(ACME)
    assert checked(mail(), records).dmarc == ""


def test_each_question_is_asked_once_and_not_after_the_deadline() -> None:
    moments = iter(range(100))
    records = zone()
    lookups = Lookups(records.find, 3, clock=lambda: next(moments))
    assert lookups.texts(ACME) == lookups.texts(ACME.upper() + ".")
    assert records.asked == [ACME]
    lookups.texts("second.example")
    with pytest.raises(Unanswered):
        lookups.texts("third.example")
    assert records.asked == [ACME, "second.example"]


def test_one_mail_may_ask_so_many_questions_and_no_more() -> None:
    records = Zone()
    lookups = Lookups(records.find, 5)
    for number in range(MOST):
        lookups.texts(f"x{number}.example")
    with pytest.raises(Unanswered):
        lookups.texts("one.more.example")


# seals


def test_who_sealed_a_mail_is_told_and_not_believed() -> None:
    private, record = rsa(1024)
    content = b"Authentication-Results: lists.example; dkim=pass header.d=acme.example; dmarc=pass\r\n" + mail()
    seal = dkim.arc_sign(content, b"s", b"lists.example", private, b"lists.example", include_headers=[b"from"])
    sealed = b"".join(seal) + content
    records = zone().key("lists.example", record)
    found = checked(sealed, records, replace(ASKED, peer="192.0.2.1"))
    assert found.told.endswith("arc=pass (sealed by lists.example)")
    assert (found.dmarc, found.proves) == ("fail", False)
    changed = checked(sealed.replace(b"page 3", b"page 4"), records)
    assert changed.told.endswith("arc=fail (sealed by lists.example)")
    records.faults.add("s._domainkey.lists.example")
    assert "arc=temperror" in checked(sealed, records).told


# hostile


@pytest.mark.parametrize("blanks", [b" " * 2_000_000 + b"x", (b"\t" * 5000 + b"x\r\n") * 50])
def test_a_mail_whose_blanks_would_cost_hours_is_neither_proved_nor_failed(blanks: bytes) -> None:
    content = signed(mail(), ACME, canonicalize=(b"relaxed", b"relaxed")) + blanks
    found = checked(content, zone(), replace(ASKED, peer="192.0.2.1"))
    assert (found.dmarc, found.proves) == ("", False)


@pytest.mark.parametrize("field", [b"b=YQ==" + b" " * 10_000 + b"!", b"b=" + b"\r\n " * 20_000 + b"!"])
def test_a_signature_of_many_blanks_is_passed_over(field: bytes) -> None:
    head = b"DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s=s; h=from:to; bh=YQ==; "
    assert checked(head + field + b"\r\n" + signed(mail(), ACME), zone()).proves


@given(st.binary(max_size=300), st.sampled_from(["DKIM-Signature", "ARC-Seal", "ARC-Message-Signature", "From"]))
def test_no_field_makes_a_proof_or_an_error(value: bytes, name: str) -> None:
    content = name.encode() + b": " + value.replace(b"\n\n", b"") + b"\r\n" + mail()
    assert not checked(content, zone("")).proves


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_record_makes_a_proof_or_an_error(policy: str, host: str) -> None:
    records = zone("").demands(ACME, policy).text(ACME, f"v=spf1 {host}").key(ACME, host)
    assert not checked(signed(mail(), ACME), records).proves
