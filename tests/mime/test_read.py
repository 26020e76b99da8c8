"""What is read from a mail: people, ids, texts, files; and that no octets break it."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.mime.read import read
from maildesk.mime.walk import decode_octets
from maildesk.words import Address, Incoming

HEAD = ("From: Carol Jones <carol@acme.example>", "To: support@desk.example", "Subject: Export", "MIME-Version: 1.0")


def mail(*fields: str, body: str = "text", head: tuple[str, ...] = HEAD) -> bytes:
    return ("\r\n".join([*head, *fields, "", body.replace("\n", "\r\n")]) + "\r\n").encode("utf-8", "surrogateescape")


def sent_by(field: str) -> Incoming:
    return read(mail(field, head=("To: support@desk.example",)))


SENDERS = {
    "a name and an address": ("From: Carol Jones <carol@acme.example>", Address("carol@acme.example", "Carol Jones")),
    "an address": ("From: carol@acme.example", Address("carol@acme.example")),
    "capitals": ("From: Carol@ACME.example", Address("carol@acme.example")),
    "a quoted name": ('From: "Jones, Carol" <carol@acme.example>', Address("carol@acme.example", "Jones, Carol")),
    "an encoded name": ("From: =?utf-8?q?C=C3=A4rol?= <carol@acme.example>", Address("carol@acme.example", "Cärol")),
    "an encoded name with a comma": (
        "From: =?utf-8?q?Jones=2C_Carol?= <carol@acme.example>",
        Address("carol@acme.example", "Jones, Carol"),
    ),
    "a name in a comment": ("From: carol@acme.example (Carol Jones)", Address("carol@acme.example", "Carol Jones")),
    "a name that looks like an address": (
        "From: carol@acme.example <dave@evil.example>",
        Address("dave@evil.example", "carol@acme.example"),
    ),
    "a name in plain octets": ("From: Cärol <carol@acme.example>", Address("carol@acme.example", "Cärol")),
    "a folded field": ("From: Carol\r\n Jones <carol@acme.example>", Address("carol@acme.example", "Carol Jones")),
}


@pytest.mark.parametrize(("field", "wanted"), SENDERS.values(), ids=SENDERS.keys())
def test_the_writer_is_the_one_mailbox_in_from(field: str, wanted: Address) -> None:
    assert sent_by(field).sender == wanted


NOBODIES = {
    "no field": "X-From: a@acme.example",
    "an empty field": "From: ",
    "two fields": "From: carol@acme.example\r\nFrom: dave@evil.example",
    "two mailboxes": "From: carol@acme.example, dave@evil.example",
    "a group": "From: team: carol@acme.example;",
    "an empty group": "From: undisclosed recipients:;",
    "an encoded address": "From: =?utf-8?q?carol=40acme.example?=",
    "an encoded word in an address": "From: =?utf-8?q?carol=40acme.example=3E=00?=evil@x.example",
    "an encoded mailbox": "From: =?utf-8?q?Carol_=3Ccarol=40acme.example=3E?=",
    "a comment in the address": "From: carol(x)@acme.example",
    "a comment in the domain": "From: <carol@(evil.example)acme.example>",
    "a route": "From: <@evil.example:carol@acme.example>",
    "double angles": "From: <<carol@acme.example>>",
    "words behind the address": "From: <carol@acme.example> dave@evil.example",
    "two angle addresses": "From: <carol@acme.example> <dave@evil.example>",
    "an open angle": "From: <carol@acme.example",
    "an open quote": 'From: "Carol <carol@acme.example>',
    "a quoted at": 'From: "carol@acme.example"@evil.example',
    "a control character": "From: carol@acme.example\x00",
    "a name without an address": "From: Carol Jones",
    "a space in the address": "From: carol jones@acme.example",
}


@pytest.mark.parametrize("field", NOBODIES.values(), ids=NOBODIES.keys())
def test_an_ambiguous_writer_is_nobody_and_a_problem_says_so(field: str) -> None:
    found = sent_by(field)
    assert found.sender is None
    assert any("From field" in problem for problem in found.problems)


def test_readers_are_told_once_each_in_order() -> None:
    found = read(mail("Cc: Bob <bob@acme.example>, team: x@acme.example, BOB@acme.example;, broken@@acme.example"))
    assert [person.address for person in found.to] == ["support@desk.example"]
    assert [person.address for person in found.cc] == ["bob@acme.example", "x@acme.example"]


IDS = {
    "plain": ("<1.2@acme.example>", ("1.2@acme.example",)),
    "several": ("<a@x> <b@x>\r\n <c@x>", ("a@x", "b@x", "c@x")),
    "words between": ('Message of 2.3. from Carol <a@x> "x"', ("a@x",)),
    "no brackets": ("a@x", ("a@x",)),
    "wrapped by a program": ("=?utf-8?q?=3Ca=40x=3E?=", ("a@x",)),
    "a space inside": ("<a\r\n b@x>", ("ab@x",)),
    "nothing": ("", ()),
    "an open bracket": ("<[", ()),
}


@pytest.mark.parametrize(("value", "wanted"), IDS.values(), ids=IDS.keys())
def test_message_ids_stand_without_brackets(value: str, wanted: tuple[str, ...]) -> None:
    assert read(mail(f"References: {value}")).references == wanted


SUBJECTS = {
    "plain": ("Export fails", "Export fails"),
    "encoded": ("=?utf-8?q?Export_f=C3=A4ils?=", "Export fäils"),
    "base64": ("=?utf-8?b?RXhwb3J0?=", "Export"),
    "neighbours": ("=?utf-8?q?Ex?= =?utf-8?q?port?=", "Export"),
    "a character cut in two": ("=?utf-8?q?f=C3?=\r\n =?utf-8?q?=A4il?=", "fäil"),
    "words between": ("=?utf-8?q?Ex?= of =?utf-8?q?port?=", "Ex of port"),
    "spaces inside": ("=?utf-8?q?Ex port?=", "Ex port"),
    "glued": ("a=?utf-8?q?b?=c", "abc"),
    "plain octets in a word": ("=?utf-8?q?fä=69l?=", "fäil"),
    "unknown charset": ("=?x-none?q?Export?=", "Export"),
    "japanese": ("=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
    "a new line": ("=?utf-8?q?x=0D=0ABcc:_evil@x.example?=", "x Bcc: evil@x.example"),
    "nul": ("a\x00b", "a b"),
    "reversed direction": ("a\u202eb", "a\ufffdb"),
    "never closed": ("=?utf-8?q?abc", "=?utf-8?q?abc"),
    "broken base64": ("=?utf-8?b?RXhwb3J0c?=", "Exports"[:6]),
}


@pytest.mark.parametrize(("value", "wanted"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_subjects_are_decoded_and_clean(value: str, wanted: str) -> None:
    assert read(mail(f"Subject: {value}", head=())).subject == wanted


RAW = {
    "the body's charset": ("koi8-r", "Ошибка".encode("koi8-r"), "Ошибка"),
    "utf-8 whatever the body says": ("koi8-r", "Ошибка".encode(), "Ошибка"),
    "utf-7 of a body in utf-7": ("utf-7", b"Gr+APYA3w-e", "Größe"),
    "a plus that shifts nothing in utf-7": ("utf-7", b"C++ and a+b, gr+APYA3w-e", "C++ and a+b, größe"),
    "a plus in other bodies": ("utf-8", b"Gr+APYA3w-e", "Gr+APYA3w-e"),
    "hz": ("hz-gb-2312", b"~{VPND~}", "中文"),
    "escapes": ("utf-8", b"\x1b$BF|K\\\x1b(B", "日本"),
    "beside an encoded word": ("koi8-r", b"=?utf-8?q?=C3=A4?= " + "Ошибка".encode("koi8-r"), "ä Ошибка"),
}


@pytest.mark.parametrize(("charset", "octets", "wanted"), RAW.values(), ids=RAW.keys())
def test_raw_octets_of_a_field_are_read_as_the_body_is_written(charset: str, octets: bytes, wanted: str) -> None:
    assert (
        read(b"Content-Type: text/plain; charset=%s\r\nSubject: %s\r\n\r\nx" % (charset.encode(), octets)).subject
        == wanted
    )


def test_a_header_block_may_have_blank_lines_above_it() -> None:
    found = read(b"\r\n \r\n" + mail())
    assert (found.subject, found.sender, found.text) == ("Export", Address("carol@acme.example", "Carol Jones"), "text")
    assert "there are blank lines above the header block" in found.problems


@pytest.mark.parametrize(
    "odd",
    ["X-Spam: no\nlost its fold\nContent-Language: de", "Received: by a\nfor b; c\nid d\nDate: x", "oops\nX-Mailer: b"],
)
def test_lines_in_the_header_block_that_are_no_fields_are_passed_over(odd: str) -> None:
    found = read(mail(*odd.split("\n"), "Message-ID: <1@x>"))
    assert (found.message_id, found.text) == ("1@x", "text")
    assert "there are lines in the header block that are no fields" in found.problems


TORN = {
    "a parameter": ("Content-Type: text/html;", "charset=koi8-r", "Message-ID: <1@x>"),
    "two parameters": ("Content-Type: text/html;", "charset=koi8-r;", 'name="a; b"', "Message-ID: <1@x>"),
    "recipients": ("Content-Type: text/html; charset=koi8-r", "Cc: a@x.example,", "b@x.example,", '"C" <c@x.example>'),
    "at the end of the block": ("Message-ID: <1@x>", "Content-Type: text/html;", "charset=koi8-r"),
}


@pytest.mark.parametrize("lines", TORN.values(), ids=TORN.keys())
def test_a_list_that_was_folded_without_white_space_is_read_on(lines: tuple[str, ...]) -> None:
    raw = "\r\n".join([*HEAD, *lines, "X-Last: y", "", ""]).encode() + "<p>Ошибка</p>".encode("koi8-r")
    found = read(raw)
    assert (found.text, found.has_html, found.headers[-1]) == ("Ошибка", True, ("x-last", "y"))
    assert len(found.cc) == (3 if "Cc: a@x.example," in lines else 0)
    assert "there are lines in the header block that are no fields" in found.problems


def test_a_second_mailbox_of_a_writer_that_was_torn_off_makes_him_nobody() -> None:
    assert read(b"From: carol@acme.example,\r\nevil@elsewhere.example\r\nSubject: x\r\n\r\ntext").sender is None


def test_a_text_below_a_list_that_is_not_at_its_end_is_text() -> None:
    found = read(b"From: carol@acme.example\r\nTo: support@desk.example,\r\nHello,\r\nit fails.\r\n")
    assert found.text == "Hello,\nit fails."


def test_a_text_without_a_blank_line_above_it_is_neither_lost_nor_taken_for_fields() -> None:
    body = "Hello,\nplease see below.\nFrom: Dave <dave@evil.example>\nSubject: other\n\nold"
    found = read("\r\n".join([*HEAD, *body.split("\n")]).encode())
    assert (found.text.split("\n")[0], found.subject) == ("Hello,", "Export")
    assert found.sender == Address("carol@acme.example", "Carol Jones")


DATES = {
    "plain": ("Mon, 2 Mar 2026 09:15:00 +0100", datetime(2026, 3, 2, 8, 15, tzinfo=UTC)),
    "old zone": ("2 Mar 26 09:15 EST", datetime(2026, 3, 2, 14, 15, tzinfo=UTC)),
    "year 0": ("Mon, 2 Mar 0000 09:15:00 +0100", None),
    "year 99999": ("Mon, 2 Mar 99999 09:15:00 +0100", None),
    "zone of 9999 hours": ("Mon, 2 Mar 2026 09:15:00 +9999", None),
    "words": ("yesterday", None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("value", "wanted"), DATES.values(), ids=DATES.keys())
def test_the_date_is_utc_or_none(value: str, wanted: datetime | None) -> None:
    assert read(mail(f"Date: {value}")).date == wanted


CHARSETS = {
    "utf-8": ("utf-8", "größe 日本".encode(), "größe 日本"),
    "none, utf-8": ("", "größe".encode(), "größe"),
    "none, latin": ("", "größe".encode("latin-1"), "größe"),
    "latin with a euro": ("iso-8859-1", b"5 \x80", "5 €"),
    "ascii that is none": ("us-ascii", "größe".encode(), "größe"),
    "utf-8 that is latin": ("utf-8", "größe".encode("latin-1"), "größe"),
    "gb2312": ("gb2312", "中文".encode("gb18030"), "中文"),
    "koi8": ("koi8-r", "привет".encode("koi8-r"), "привет"),
    "shift jis": ("shift_jis", "日本".encode("cp932"), "日本"),
    "undeclared japanese": ("", "日本".encode("iso2022_jp"), "日本"),
    "utf-16": ("utf-16le", "größe".encode("utf-16-le"), "größe"),
    "a codec that is no charset": ("rot13", b"abc", "abc"),
    "a codec that opens files": ("unicode_escape", b"a\\n", "a\\n"),
    "a label of 300 characters": ("x" * 300, b"abc", "abc"),
    "a label with a slash": ("../../x", b"abc", "abc"),
    "latin that is utf-8": ("iso-8859-1", "größe".encode(), "größe"),
    "gb2312 that is utf-8": ("gb2312", "中文，很好".encode(), "中文，很好"),
    "japanese with half-width kana": ("iso-2022-jp", b"\x1b(I123\x1b(B", "ｱｲｳ"),
    "japanese with a vendor's sign": ("iso-2022-jp", b"\x1b$B-!-jF|K\\\x1b(B", "①㈱日本"),
    "a number of windows": ("win-1251", "привет".encode("cp1251"), "привет"),
    "a label with junk behind it": ("windows-1252http-equiv", "größe".encode("latin-1"), "größe"),
    "none, windows-1251": ("", "Здравствуйте, файл".encode("cp1251"), "Здравствуйте, файл"),
    "none, koi8": ("", "Здравствуйте, файл".encode("koi8-r"), "Здравствуйте, файл"),
    "none, shift jis": ("", "エクスポートの件です".encode("cp932"), "エクスポートの件です"),
    "none, euc-jp": ("", "エクスポートの件です".encode("euc-jp"), "エクスポートの件です"),
    "none, gb2312": ("", "导出在第三页停止".encode("gb2312"), "导出在第三页停止"),
    "none, big5": ("", "匯出在第三頁停止".encode("big5"), "匯出在第三頁停止"),
    "none, big5 with plain second octets": ("", "您好,印表機壞了".encode("big5"), "您好,印表機壞了"),
    "none, accents of capitals": ("", "RÉSUMÉ À PROPOS, ÇA VA, ÄÖÜ".encode("latin-1"), "RÉSUMÉ À PROPOS, ÇA VA, ÄÖÜ"),
    "none, euc-kr": ("", "내보내기 오류입니다".encode("euc-kr"), "내보내기 오류입니다"),
    "lone surrogates": ("utf-7", b"+2AA-abc", "abc"),
    "utf-7": ("utf-7", b"gr+APYA3w-e +- +ZeVnLA", "größe + 日本"),
    "utf-7, a plus that shifts nothing": ("utf-7", b"gr+APYA3w-e, C++, a + b", "größe, C++, a + b"),
    "utf-7, a number of a telephone": ("utf-7", b"gr+APYA3w-e: +49 30 123", "größe: +49 30 123"),
    "utf-7, cut in a character": ("utf-7", b"gr+APYA3w-e, +ZeVnLA- and +ZeV", "größe, 日本 and +ZeV"),
    "utf-7, a line end in a character": ("utf-7", b"+ZeVnL\nA- is gr+APYA3w-e", "+ZeVnL\nA- is größe"),
    "utf-7, half a pair": ("utf-7", b"gr+APYA3w-e +2D3ePg- +2D0- +A", "größe \U0001f63e +2D0- +A"),
    "utf-7 that is another": ("utf-7", "a+APY größe".encode(), "a+APY größe"),
    "nul": ("utf-8", b"a\0b\x1b[31mc", "ab[31mc"),
}


@pytest.mark.parametrize(("label", "octets", "wanted"), CHARSETS.values(), ids=CHARSETS.keys())
def test_charsets_are_read_from_a_list(label: str, octets: bytes, wanted: str) -> None:
    raw = mail(f'Content-Type: text/plain; charset="{label}"', "Content-Transfer-Encoding: 8bit").removesuffix(
        b"text\r\n"
    )
    assert read(raw + octets).text == wanted


def parts(kind: str, *each: str) -> bytes:
    body = "".join(f"--b1\n{part}\n" for part in each) + "--b1--\n"
    return mail(f'Content-Type: {kind}; boundary="b1"', body=body)


PLAIN = "Content-Type: text/plain\n\nplain words"
RICH = "Content-Type: text/html\n\n<p>rich <b>words</b></p>"
IMAGE = 'Content-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n\niVBORw0K'
ATTACHED = "Content-Type: message/rfc822\n\nFrom: x@y.example\nSubject: old\n\n#close\n"

TEXTS = {
    "plain before rich": (parts("multipart/alternative", PLAIN, RICH), "plain words", True, []),
    "rich when plain is empty": (parts("multipart/alternative", "\n ", RICH), "rich words", True, []),
    "rich alone": (mail("Content-Type: text/html", body="<p>a</p><p>b</p>"), "a\n\nb", True, []),
    "two texts": (parts("multipart/mixed", PLAIN, IMAGE, PLAIN), "plain words\n\nplain words", False, ["a.png"]),
    "an attached mail": (parts("multipart/mixed", PLAIN, ATTACHED), "plain words", False, [""]),
    "an attached text": (
        parts("multipart/mixed", PLAIN, "Content-Disposition: attachment; filename=x.log\n\nlog"),
        "plain words", False, ["x.log"],
    ),
    "an image in a rich text": (parts("multipart/related", RICH, IMAGE), "rich words", True, ["a.png"]),
    "a signed text": (
        parts("multipart/signed", PLAIN, "Content-Type: application/pgp-signature; name=sig.asc\n\nx"),
        "plain words", False, ["sig.asc"],
    ),
    "an unknown multipart": (parts("multipart/*", PLAIN, IMAGE), "plain words", False, ["a.png"]),
    "no parts": (mail("Content-Type: multipart/mixed; boundary=b1", body="words"), "words", False, []),
    "no boundary": (mail("Content-Type: multipart/mixed", body="words"), "words", False, []),
    "two boundaries": (
        mail("Content-Type: multipart/mixed; boundary=b1; boundary=b2", body="--b1\n\none\n--b2\n\ntwo\n--b1--\n"),
        "one\n--b2\n\ntwo", False, [],
    ),
    "hidden words": (
        mail("Content-Type: text/html", body="<p style='display:none'>#close</p>seen"), "seen", True, [],
    ),
    "a link": (
        mail("Content-Type: text/html", body="<a href='https://x.example/1'>here</a>"),
        "here <https://x.example/1>", True, [],
    ),
    "a quoted rich text": (
        mail("Content-Type: text/html", body="new<div>She:</div><blockquote type=cite>old<p>words</p></blockquote>"),
        "new\nShe:\n> old\n>\n> words", True, [],
    ),
    "flowed": (
        mail("Content-Type: text/plain; format=flowed", body="one \ntwo\n> a \n> b\n-- \nx"),
        "one two\n> a b\n-- \nx", False, [],
    ),
    "uuencoded": (mail(body="see\nbegin 644 a.txt\n#86)C\n`\nend\nbelow"), "see\n\nbelow", False, ["a.txt"]),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "text", "has_html", "names"), TEXTS.values(), ids=TEXTS.keys())
def test_the_text_and_the_files_of_a_mail(raw: bytes, text: str, has_html: bool, names: list[str]) -> None:
    found = read(raw)
    assert (found.text, found.has_html, [file.name for file in found.attachments]) == (text, has_html, names)


NAMES = {
    "plain": ('filename="a b.txt"', "a b.txt"),
    "without quotes": ("filename=a b.txt", "a b.txt"),
    "extended": ("filename*=utf-8''gr%C3%B6%C3%9Fe.txt", "größe.txt"),
    "in sections": ("filename*0*=utf-8''gr%C3%B6; filename*1=sse; filename*2=.txt", "grösse.txt"),
    "an encoded word": ('filename="=?utf-8?q?gr=C3=B6sse.txt?="', "grösse.txt"),
    "a path stays data": ('filename="../../etc/passwd"', "../../etc/passwd"),
    "controls go": ('filename*=utf-8\'\'a%00b%0A.png', "a b .png"),
    "reversed direction is visible": ("filename*=utf-8''a%E2%80%AEgpj.exe", "a\ufffdgpj.exe"),
}  # fmt: skip


@pytest.mark.parametrize(("parameter", "wanted"), NAMES.values(), ids=NAMES.keys())
def test_file_names_are_decoded_and_clean(parameter: str, wanted: str) -> None:
    part = f"Content-Type: image/png\nContent-Disposition: attachment; {parameter}\n\nx"
    assert read(parts("multipart/mixed", PLAIN, part)).attachments[0].name == wanted


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit", "", "x-unheard-of"])
def test_an_attachment_is_found_again_by_its_offset(encoding: str) -> None:
    part = f"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: {encoding}\n\niVBORw0K"
    raw = b"From relay Mon Mar  2 09:15:00 2026\n" + parts("multipart/mixed", PLAIN, part)
    file = read(raw).attachments[0]
    octets = decode_octets(raw[file.offset : file.offset + file.length], file.encoding)
    assert (len(octets), hashlib.sha256(octets).hexdigest()) == (file.size, file.sha256)


def test_the_digest_is_the_same_by_every_door() -> None:
    crlf = mail(body="a\nb")
    wanted = hashlib.sha256(crlf).hexdigest()
    by_pipe = b"From carol@acme.example Mon Mar  2 09:15:00 2026\n" + crlf.replace(b"\r\n", b"\n")
    assert read(crlf).sha256 == read(by_pipe).sha256 == read(crlf[:-2]).sha256 == wanted


def test_twins_differ_in_trace_fields_and_blank_lines_alone() -> None:
    one = mail("Message-ID: <1@x>", body="a")
    other = b"Received: by y\r\nX-Spam: no\r\n" + one.replace(b"\r\n", b"\n") + b"\n\n"
    changed = mail("Message-ID: <1@x>", body="b")
    assert read(one).twin == read(other).twin != read(changed).twin
    assert read(mail(body="a")).twin == ""


def test_a_field_that_stands_twice_is_a_problem() -> None:
    found = read(mail("Subject: other"))
    assert found.subject == "Export"
    assert "more than one Subject field" in found.problems


def test_trace_fields_stay_in_order() -> None:
    raw = mail(head=("Received: by b", "Authentication-Results: =?utf-8?q?x?=", "received: by a", *HEAD))
    assert read(raw).trace == (("received", "by b"), ("authentication-results", "=?utf-8?q?x?="), ("received", "by a"))


def test_mails_of_old_macintoshes_have_lines_too() -> None:
    found = read(mail(body="a\nb").replace(b"\r\n", b"\r"))
    assert (found.sender, found.text) == (Address("carol@acme.example", "Carol Jones"), "a\nb")


def clean(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in text)


def texts(found: Incoming) -> list[str]:
    people = [*found.to, *found.cc, *found.reply_to, *([found.sender] if found.sender else [])]
    files = [text for file in found.attachments for text in (file.name, file.type, file.content_id, file.encoding)]
    lines = [found.subject, found.message_id, found.in_reply_to, *found.references, *found.problems, *files]
    lines += [text for person in people for text in (person.name, person.address)]
    return [found.text, found.reply_text, *lines, *(text for pair in (*found.headers, *found.trace) for text in pair)]


PIECES = st.sampled_from([
    b"From: ", b"To: ", b"a@b.example", b"<", b">", b'"', b"(", b")", b",", b";", b":", b"=?utf-8?q?=C3=A4?=",
    b"=?utf-7?q?+2AA-?=", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b" ", b"\t", b"\0", b"\x80\xff", b"\x1b",
    b"Content-Type: ",
    b"multipart/mixed; boundary=b", b"multipart/report; report-type=delivery-status; boundary=b", b"message/rfc822",
    b"message/delivery-status", b"text/html", b"--b", b"--b--", b"Content-Transfer-Encoding: base64",
    b"quoted-printable",
    b"charset=utf-16", b"Subject: ", b"Re: ", b"> ", b"wrote:", b"-- ", b"<p>", b"<blockquote type=cite>", b"<!--",
    b"<![CDATA[", b"</", b"name*0*=", b"name*=x''%ff", b"MAILER-DAEMON@b.example", b"550 5.1.1 ", b"Status: 5.1.1",
    b"Final-Recipient: rfc822; ", b"begin 644 x", b"end", b"Date: ", b"99999", b"References: ", b"=",
    b"-----Original Message-----",
])  # fmt: skip


@given(st.one_of(st.binary(max_size=600), st.lists(PIECES, max_size=60).map(b"".join)))
@example(b"")
@example(b"Message-ID: <[>\r\n\r\n")
@example(b"From: " + b"(" * 1000 + b"\r\n\r\n")
@example(b"From: =?utf-8?q?=0A?= <a@b.example>\r\n\r\n")
def test_no_octets_break_it_and_its_texts_are_clean(raw: bytes) -> None:
    found = read(raw)
    assert not found.unreadable.startswith("a fault")
    assert found.size == len(raw)
    assert all(clean(text) for text in texts(found))
    "".join(texts(found)).encode()
