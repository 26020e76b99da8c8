"""The normal form of an address: one table, and what no text may break."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mime.address import domain, normal

FORMS = {
    "plain": ("carol@acme.example", "carol@acme.example"),
    "ascii case is folded": ("Carol.Jones@ACME.Example", "carol.jones@acme.example"),
    "plus details count": ("carol+a@acme.example", "carol+a@acme.example"),
    "surrounding spaces": ("  carol@acme.example\t", "carol@acme.example"),
    "apostrophe": ("o'neil@acme.example", "o'neil@acme.example"),
    "single label": ("root@localhost", "root@localhost"),
    "u-label becomes a-label": ("carol@bücher.example", "carol@xn--bcher-kva.example"),
    "u-label in capitals": ("carol@BÜCHER.example", "carol@xn--bcher-kva.example"),
    "a-label stays": ("carol@xn--bcher-kva.example", "carol@xn--bcher-kva.example"),
    "cyrillic look-alike is another domain": ("carol@аcme.example", "carol@xn--cme-5cd.example"),
    "needless quotes": ('"carol"@acme.example', "carol@acme.example"),
    "quoted space": ('"Carol Jones"@acme.example', '"carol jones"@acme.example'),
    "dotless i is not i": ("mıke@acme.example", "mıke@acme.example"),
    "kelvin sign is not k": ("mi\u212ae@acme.example", "mi\u212ae@acme.example"),
    "empty": ("", ""),
    "no at": ("carol", ""),
    "no local part": ("@acme.example", ""),
    "no domain": ("carol@", ""),
    "two addresses": ("a@acme.example, b@acme.example", ""),
    "angle brackets": ("<carol@acme.example>", ""),
    "comment": ("carol(x)@acme.example", ""),
    "encoded word": ("=?utf-8?q?a=40acme.example=3E?=evil@x.example", ""),
    "quoted at": ('"a@acme.example"@evil.example', ""),
    "quoted pair": ('"a\\"b"@acme.example', ""),
    "two ats": ("a@acme.example@evil.example", ""),
    "source route": ("@hop.example:carol@acme.example", ""),
    "line feed": ("carol@acme.example\nBcc: x@y.example", ""),
    "trailing line feed": ("carol@acme.example\n", ""),
    "nul": ("carol\0@acme.example", ""),
    "lone surrogate": ("car\udce4l@acme.example", ""),
    "right-to-left override": ("car\u202el@acme.example", ""),
    "leading dot": (".carol@acme.example", ""),
    "double dot": ("carol..j@acme.example", ""),
    "empty label": ("carol@acme..example", ""),
    "trailing dot": ("carol@acme.example.", ""),
    "hyphen at an edge": ("carol@-acme.example", ""),
    "full-width domain": ("carol@\uff41cme.example", ""),
    "sharp s would become another domain": ("carol@straße.example", ""),
    "ideographic full stop": ("carol@acme\u3002example", ""),
    "address literal": ("carol@[192.0.2.1]", ""),
    "too long": ("a" * 250 + "@acme.example", ""),
}


@pytest.mark.parametrize(("text", "wanted"), FORMS.values(), ids=FORMS.keys())
def test_an_address_has_one_normal_form(text: str, wanted: str) -> None:
    assert normal(text) == wanted


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_the_form_is_stable(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert once == "" or (once.count("@") == 1 and once.isprintable())


@given(st.from_regex(r"[A-Za-z0-9.]{1,20}@[a-zA-Z0-9äöüßK.\-]{1,20}", fullmatch=True))
def test_near_addresses_are_stable_too(text: str) -> None:
    once = normal(text)
    assert normal(once) == once


@pytest.mark.parametrize(("address", "wanted"), [("a@b.example", "b.example"), ("", ""), ("nobody", "")])
def test_the_domain_is_what_stands_right_of_the_at(address: str, wanted: str) -> None:
    assert domain(address) == wanted
