"""Mails that are passed on, in the forms of the usual programs: who wrote them, and which words are whose."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maildesk.mime import forwards
from maildesk.mime.read import read
from maildesk.words import Address, Forwarded
from tests.builders import ALICE, CAROL, SUPPORT, mail

WORDS = "Hello,\n\nthe export stops at page 3."

FORMS = {
    "gmail": """Please take this.

---------- Forwarded message ---------
From: Carol Jones <carol@acme.example>
Date: Mon, Mar 2, 2026 at 9:00 AM
Subject: The export fails
To: Alice Agent <alice@example.com>
Cc: Bob Brown <bob@acme.example>


{}
""",
    "gmail in German": """Please take this.

---------- Forwarded message ---------
Von: Carol Jones <carol@acme.example>
Date: Mo., 2. März 2026 um 09:00 Uhr
Subject: The export fails
To: <alice@example.com>
Cc: <bob@acme.example>


{}
""",
    "gmail with emphasis": """Please take this.

---------- Forwarded message ---------
From: *Carol Jones* <carol@acme.example>
Date: Mon, Mar 2, 2026 at 9:00 AM
Subject: The export fails
To: Alice Agent <alice@example.com>, Anton Agent <
anton@example.com>
Cc: Bob Brown <bob@acme.example>

{}
""",
    "outlook": """Please take this.

From: Carol Jones <carol@acme.example>
Sent: Monday, March 2, 2026 9:00 AM
To: Alice Agent <alice@example.com>
Cc: Bob Brown <bob@acme.example>
Subject: The export fails

{}
""",
    "outlook in German": """Please take this.

Von: Carol Jones <carol@acme.example>
Gesendet: Montag, 2. März 2026 09:00
An: Alice Agent <alice@example.com>
Cc: Bob Brown <bob@acme.example>
Betreff: The export fails

{}
""",
    "outlook, older": """Please take this.

-----Original Message-----
From: Carol Jones [mailto:carol@acme.example]
Sent: Monday, March 2, 2026 9:00 AM
To: Alice Agent
Cc: bob@acme.example
Subject: The export fails

{}
""",
    "outlook, older, in German": """Please take this.

-----Ursprüngliche Nachricht-----
Von: Carol Jones [mailto:carol@acme.example]
Gesendet: Montag, 2. März 2026 09:00
An: Alice Agent
Cc: bob@acme.example
Betreff: The export fails

{}
""",
    "outlook on the web": """Please take this.
________________________________
From: Carol Jones <carol@acme.example>
Sent: Monday, March 2, 2026 9:00 AM
To: Alice Agent <alice@example.com>
Cc: Bob Brown <bob@acme.example>
Subject: The export fails

{}
""",
    "apple mail": """Please take this.

Begin forwarded message:

From: Carol Jones <carol@acme.example>
Subject: The export fails
Date: 2 March 2026 at 09:00:00 CET
To: Alice Agent <alice@example.com>
Cc: Bob Brown <bob@acme.example>

{}
""",
    "apple mail in German": """Please take this.

Anfang der weitergeleiteten Nachricht:

Von: Carol Jones <carol@acme.example>
Betreff: The export fails
Datum: 2. März 2026 um 09:00:00 MEZ
An: Alice Agent <alice@example.com>
Kopie: Bob Brown <bob@acme.example>

{}
""",
    "apple mail, quoted": """Please take this.

Begin forwarded message:

> From: Carol Jones <carol@acme.example>
> Subject: The export fails
> Date: 2 March 2026 at 09:00:00 CET
> To: Alice Agent <alice@example.com>
> Cc: Bob Brown <bob@acme.example>
>
> Hello,
>
> the export stops at page 3.
""",
    "thunderbird": """Please take this.


-------- Forwarded Message --------
Subject: \tThe export fails
Date: \tMon, 2 Mar 2026 09:00:00 +0100
From: \tCarol Jones <carol@acme.example>
To: \talice@example.com
CC: \tbob@acme.example



{}
""",
    "thunderbird in German": """Please take this.


-------- Weitergeleitete Nachricht --------
Betreff: \tThe export fails
Datum: \tMon, 2 Mar 2026 09:00:00 +0100
Von: \tCarol Jones <carol@acme.example>
Organisation: \tAcme
An: \talice@example.com
Kopie (CC): \tbob@acme.example



{}
""",
    "yahoo": """Please take this.

   ----- Forwarded Message -----
 From: Carol Jones <carol@acme.example>
 To: "alice@example.com" <alice@example.com>
Cc: Bob Brown <bob@acme.example>
 Sent: Monday, March 2, 2026 at 09:00:00 AM GMT+1
 Subject: The export fails

{}
""",
    "proton": """Please take this.

------- Forwarded Message -------
From: Carol Jones <carol@acme.example>
Date: On Monday, March 2nd, 2026 at 09:00
Subject: The export fails
To: Alice Agent <alice@example.com>
CC: Bob Brown <bob@acme.example>

{}
""",
    "gmx": """Please take this.

Gesendet: Montag, 02. März 2026 um 09:00 Uhr
Von: "Carol Jones" <carol@acme.example>
An: alice@example.com
Cc: bob@acme.example
Betreff: The export fails

{}
""",
    "mutt": """Please take this.

----- Forwarded message from Carol Jones <carol@acme.example> -----

Date: Mon, 2 Mar 2026 09:00:00 +0100
From: Carol Jones <carol@acme.example>
To: alice@example.com
Cc: bob@acme.example
Subject: The export fails

{}

----- End forwarded message -----
""",
    "a telephone": """Please take this.

-------- Original Message --------
From: Carol Jones <carol@acme.example>
Sent: March 2, 2026 9:00:00 AM GMT+01:00
To: alice@example.com
Cc: bob@acme.example
Subject: The export fails

{}
""",
    "notes": """Please take this.

----- Forwarded by Alice Agent/Example on 02.03.2026 09:10 -----

From: Carol Jones <carol@acme.example>
To: alice@example.com
Cc: bob@acme.example
Date: 02.03.2026 09:00
Subject: The export fails

{}
""",
}

PAGES = {
    "gmail": """<div dir="ltr">Please take this.<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">
---------- Forwarded message ---------<br>From: <strong class="gmail_sendername" dir="auto">Carol Jones</strong>
<span dir="auto">&lt;<a href="mailto:carol@acme.example">carol@acme.example</a>&gt;</span><br>Date: Mon, Mar 2, 2026 at
9:00 AM<br>Subject: The export fails<br>To: &lt;<a href="mailto:alice@example.com">alice@example.com</a>&gt;<br>
Cc: Bob Brown &lt;<a href="mailto:bob@acme.example">bob@acme.example</a>&gt;<br></div><br><br>{}</div></div>""",
    "outlook": """<html><body><p class="MsoNormal">Please take this.</p><div style="border:none;border-top:solid #E1E1E1
1.0pt"><p class="MsoNormal"><b>Von:</b> Carol Jones &lt;carol@acme.example&gt;<br><b>Gesendet:</b> Montag, 2. M&auml;rz
2026 09:00<br><b>An:</b> Alice Agent &lt;alice@example.com&gt;<br><b>Cc:</b> Bob Brown &lt;bob@acme.example&gt;<br>
<b>Betreff:</b> The export fails</p></div><p class="MsoNormal">{}</p></body></html>""",
    "apple mail": """<html><body>Please take this.<br><div><br>
<blockquote type="cite"><div>Begin forwarded message:</div>
<br><div><span><b>From: </b></span><span>Carol Jones &lt;<a href="mailto:carol@acme.example">carol@acme.example</a>&gt;
<br></span></div><div><span><b>Subject: </b></span><span><b>The export fails</b><br></span></div><div><b>Date: </b>2
March 2026 at 09:00:00 CET<br></div><div><b>To: </b>alice@example.com<br></div><div><b>Cc: </b>bob@acme.example<br>
</div><br><div>{}</div></blockquote></div></body></html>""",
    "thunderbird": """<html><body><p>Please take this.</p><div class="moz-forward-container">-------- Forwarded Message
--------<table class="moz-email-headers-table"><tbody><tr><th>Subject: </th><td>The export fails</td></tr><tr>
<th>Date: </th><td>Mon, 2 Mar 2026 09:00:00 +0100</td></tr><tr><th>From: </th><td>Carol Jones <a
href="mailto:carol@acme.example">&lt;carol@acme.example&gt;</a></td></tr><tr><th>To: </th><td>alice@example.com</td>
</tr><tr><th>CC: </th><td>bob@acme.example</td></tr></tbody></table><br>{}</div></body></html>""",
}


def passed_on(content: bytes) -> Forwarded:
    found = read(content).forwarded
    assert found is not None
    return found


def is_carols(found: Forwarded, text: str = WORDS) -> None:
    assert found.sender == Address("carol@acme.example", "Carol Jones")
    assert found.subject == "The export fails"
    assert found.text.strip() == text
    assert [each.address for each in found.cc] == ["bob@acme.example"]
    assert found.above.strip() == "Please take this."
    assert not found.why


@pytest.mark.parametrize("subject", ["Fwd: The export fails", "WG: The export fails", "For you"])
@pytest.mark.parametrize("form", FORMS)
def test_a_mail_written_into_the_text_is_read_in_the_form_of(form: str, subject: str) -> None:
    is_carols(passed_on(mail(ALICE, subject=subject, text=FORMS[form].replace("{}", WORDS))))


@pytest.mark.parametrize("form", PAGES)
def test_a_mail_in_html_alone_is_read_in_the_form_of(form: str) -> None:
    page = PAGES[form].replace("{}", "Hello,<br><br>the export stops at page 3.")
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = ALICE, SUPPORT, "Fwd: The export fails"
    message.set_content(page, subtype="html")
    is_carols(passed_on(message.as_bytes()))


def attached(*mails: bytes, subject: str = "Fwd: The export fails", text: str = "Please take this.") -> bytes:
    parts = [f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()]
    parts += [
        b"--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + each for each in mails
    ]
    head = f"From: {ALICE}\r\nTo: {SUPPORT}\r\nSubject: {subject}\r\nMessage-ID: <f@mail.test>\r\nMIME-Version: 1.0\r\n"
    return b"\r\n".join([f"{head}Content-Type: multipart/mixed; boundary=b\r\n".encode(), *parts, b"--b--\r\n"])


def test_an_attached_mail_is_read_with_its_files_and_its_message_id() -> None:
    inner = mail(
        CAROL,
        text=WORDS,
        cc="bob@acme.example",
        message_id="<c1@acme.example>",
        attachments=[("page3.png", b"\x89PNG", "image/png")],
    )
    content = attached(inner)
    found = passed_on(content)
    is_carols(found)
    assert found.message_id == "c1@acme.example"
    [file] = found.attachments
    assert (file.name, file.size) == ("page3.png", 4)
    assert content[file.offset : file.offset + file.length].strip() == b"iVBORw=="


def test_of_several_attached_mails_none_is_chosen() -> None:
    found = passed_on(attached(mail(CAROL), mail(CAROL)))
    assert (found.sender, found.why) == (None, "several")


def test_an_attached_mail_of_two_writers_is_nobodys() -> None:
    inner = mail(CAROL).replace(b"From: ", b"From: eve@attacker.example\r\nFrom: ", 1)
    found = passed_on(attached(inner))
    assert (found.sender, found.why) == (None, "ambiguous")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("From: Carol Jones", "no address"),
        ("From: carol@acme.example <eve@attacker.example>", "ambiguous"),
        ("From: proxy@acme.example on behalf of Carol <carol@acme.example>", "ambiguous"),
    ],
)
def test_a_writer_who_can_be_read_in_two_ways_is_nobody(line: str, why: str) -> None:
    text = FORMS["gmail"].replace("From: Carol Jones <carol@acme.example>", line)
    found = passed_on(mail(ALICE, subject="Fwd: x", text=text.replace("{}", WORDS)))
    assert (found.sender, found.why) == (None, why)


def test_a_line_that_announces_a_mail_without_a_head_names_nobody() -> None:
    found = passed_on(mail(ALICE, subject="Fwd: x", text="---------- Forwarded message ---------\n\nHello there"))
    assert (found.sender, found.why) == (None, "no head")


def test_of_a_mail_passed_on_twice_the_outer_writer_counts() -> None:
    inner = (
        FORMS["gmail"].replace("Carol Jones <carol@acme.example>", "Bob Brown <bob@acme.example>").replace("{}", "x")
    )
    found = passed_on(mail(ALICE, subject="Fwd: x", text=FORMS["outlook"].replace("{}", inner)))
    assert found.sender == Address("carol@acme.example", "Carol Jones")
    assert "From: Bob Brown <bob@acme.example>" in found.text


@pytest.mark.parametrize(
    "form", ["outlook", "outlook in German", "outlook, older", "outlook on the web", "a telephone"]
)
def test_the_head_above_what_an_answer_quotes_passes_nothing_on(form: str) -> None:
    text = FORMS[form].replace("{}", WORDS)
    assert read(mail(ALICE, subject="Re: The export fails", text=text)).forwarded is None
    cited = {"In-Reply-To": "<c1@acme.example>"}
    assert read(mail(ALICE, subject="The export fails", text=text, headers=cited)).forwarded is None


def test_an_answer_to_somebody_who_passed_something_on_passes_nothing_on() -> None:
    quoted = "\n".join(f"> {line}" for line in FORMS["gmail"].replace("{}", WORDS).splitlines())
    text = f"It is mended.\n\nOn Mon, 2 Mar 2026, Carol Jones wrote:\n{quoted}\n"
    assert read(mail(ALICE, subject="Re: Fwd: The export fails", text=text)).forwarded is None


def test_an_answer_with_a_mail_attached_passes_nothing_on() -> None:
    assert read(attached(mail(CAROL), subject="Re: The export fails")).forwarded is None


@pytest.mark.parametrize(
    "text", ["Hello", "Von: Hamburg\nAn: Berlin\nDatum: 2. März", "-- \nAlice", "", "From: x\n\ny"]
)
def test_an_ordinary_mail_passes_nothing_on(text: str) -> None:
    assert read(mail(ALICE, text=text)).forwarded is None


def test_the_writers_signature_is_none_of_his_words() -> None:
    text = FORMS["gmail"].replace("Please take this.", "Please take this.\n\n-- \nAlice Agent\nExample Inc.")
    assert passed_on(mail(ALICE, subject="Fwd: x", text=text)).above.strip() == "Please take this."


LINES = st.sampled_from([
    *{line for form in FORMS.values() for line in form.splitlines()},
    *("> From: Carol <carol@acme.example>", ">", "> > Subject: x", "From:", "Cc: " + "a@b.example, " * 100, "#solved"),
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES | st.text(max_size=60), max_size=60), st.booleans())
def test_any_text_is_read_and_nothing_is_made_up(lines: list[str], open_to_heads: bool) -> None:
    text = "\n".join(lines)
    found = forwards.in_text(text, open_to_heads=open_to_heads)
    if found is None:
        return
    assert len(found.text) + len(found.above) <= len(text)
    assert found.sender is None or found.sender.address.split("@")[0].lower() in text.lower()
    assert bool(found.sender) != bool(found.why)


@given(st.text(max_size=300))
def test_texts_of_any_kind_are_read(text: str) -> None:
    forwards.in_text(text, open_to_heads=True)
