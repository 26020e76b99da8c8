"""Header fields, against the standard library's parser and against RFC 5322, 2047 and 2231 by measure."""

import email
import email.policy
import re
from email.header import decode_header, make_header

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from maildesk.mime.write_headers import clean_id, disposition, file_name, identifiers, mailboxes, tidy, unstructured
from maildesk.words import Address

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


def read(field: str) -> email.message.EmailMessage:
    return email.message_from_bytes(field.encode("ascii") + b"\r\n", policy=email.policy.default)


def people_in(field: str) -> list[tuple[str, str]]:
    """Not the newer parser: Python 3.11's puts a blank between two encoded words of a name."""
    unfolded = field.partition(":")[2].replace("\r\n", "")
    pairs = email.utils.getaddresses([unfolded])
    return [(address, str(make_header(decode_header(name)))) for name, address in pairs]


def lines_of(field: str) -> list[str]:
    assert field.endswith("\r\n")
    assert not re.search(r"[^\r]\n|\r[^\n]|\0", field)
    lines = field.removesuffix("\r\n").split("\r\n")
    assert all(line.startswith(" ") for line in lines[1:])
    assert all(line.strip() for line in lines)
    return lines


@given(ANY_TEXT)
@example("[EX-10427] Drucker brennt, bitte schnell löschen, sonst geht die Post nicht mehr hinaus")
@example("=?utf-8?q?already?= encoded")
@example("a" * 200)
@example("x\r\nBcc: evil@example.org")
def test_a_subject_reads_back_as_it_was_written_and_is_folded(subject: str) -> None:
    field = unstructured("Subject", subject)
    assert max(map(len, lines_of(field))) <= 78
    assert str(read(field)["subject"] or "") == tidy(subject)


@given(ANY_TEXT)
@example('Alice "the boss" Agent, (Technical Support)')
@example("evil@example.org>\0")
@example("=?utf-8?q?a=40corp.example=3E?=")
def test_a_display_name_reads_back_and_never_changes_the_address(name: str) -> None:
    field = mailboxes("From", [Address("support@example.com", name)])
    assert max(map(len, lines_of(field))) <= 78
    assert people_in(field) == [("support@example.com", tidy(name))]
    (address,) = read(field)["from"].addresses
    assert address.addr_spec == "support@example.com"


@given(st.lists(st.tuples(st.sampled_from(["a@b.example", "carol+x@acme.example", '"a b"@c.example']), ANY_TEXT)))
def test_a_list_of_people_reads_back(people: list[tuple[str, str]]) -> None:
    field = mailboxes("To", [Address(address, name) for address, name in people])
    assert max(map(len, lines_of(field))) <= 78
    if people:
        assert people_in(field) == [(address, tidy(name)) for address, name in people]
    assert [address.addr_spec for address in read(field)["to"].addresses] == [address for address, _ in people]


@pytest.mark.parametrize(
    "address",
    ["a@b\r\nBcc: c@d", "jörg@example.com", "a b@c", "a@b>, <c@d", "a", "", "a@b c", "a@" + "b" * 400, "a\0@b"],
)
def test_an_address_no_header_can_hold_is_left_out(address: str) -> None:
    assert mailboxes("To", [Address(address, "x"), Address("a@b.example")]) == "To: a@b.example\r\n"
    assert mailboxes("To", [Address(address)]) == "To: undisclosed-recipients:;\r\n"


def test_references_stand_one_a_line_and_are_never_encoded() -> None:
    long = "a" * 200 + "@mail.example"
    field = identifiers("References", ["one@x.example", long, "two@x.example"])
    assert field == f"References: <one@x.example>\r\n <{long}>\r\n <two@x.example>\r\n"


@pytest.mark.parametrize("ident", ["a@b>\r\nBcc: x@y", "a b@c", "nothing", "<a@b>", "ü@b", "a" * 500 + "@b", ""])
def test_an_unclean_message_id_is_not_quoted_back(ident: str) -> None:
    assert not clean_id(ident)
    assert identifiers("In-Reply-To", [ident]) == ""


@given(ANY_TEXT)
@example("Rechnung März 2026.pdf")
@example("über" * 40 + ".tar.gz")
@example("../../etc/passwd")
@example('a";\r\nContent-Type: text/html\r\n\r\n<script>.html')
@example("100%'quoted'.txt")
def test_a_file_name_reads_back_and_is_no_path(name: str) -> None:
    assume(not (file_name(name).startswith("<") and file_name(name).endswith(">")))  # email takes these for quotes
    field = disposition(name)
    assert max(map(len, lines_of(field))) <= 78
    part = read(field)
    assert len(part.keys()) == 1
    assert part.get_filename() == file_name(name)
    assert not set("/\\:\r\n\0") & set(file_name(name))


def test_a_foreign_file_name_has_both_forms() -> None:
    field = disposition("Prüfung.pdf")
    assert 'filename="Pr_fung.pdf"' in field
    assert "filename*=utf-8''Pr%C3%BCfung.pdf" in field


def test_a_long_file_name_keeps_its_ending() -> None:
    assert file_name("x" * 400 + ".pdf").endswith("x.pdf")
    assert len(file_name("x" * 400 + ".pdf")) == 150
