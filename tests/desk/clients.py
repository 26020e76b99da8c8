"""How mail programs write an answer to a letter: the text, the HTML, or both, with the letter quoted in their manner.

Own specimens with one desk and one day. `CLIENTS` is the table; `answer(client, letter, words)` makes the mail that an
agent with that program would send.
"""

# ruff: noqa: E501 - markup as programs write it

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from tests.builders import ALICE, mail
from tests.desk.world import Sent

QUEUE = "Technical Support"
DESK = "support@example.com"
WHO = f"{QUEUE} <{DESK}>"
ITS = f'{QUEUE} &lt;<a href="mailto:{DESK}">{DESK}</a>&gt;'
TO = "Alice Agent <alice@example.com>"


@dataclass(frozen=True)
class Quoted:
    """A letter as programs quote it."""

    subject: str
    plain: str
    html: str  # what stands in its body

    @property
    def marked(self) -> str:
        return "\n".join(f"> {line}".rstrip() for line in self.plain.splitlines())

    @property
    def spaced(self) -> str:
        return "\n".join(f" {line}" for line in self.plain.splitlines())


@dataclass(frozen=True)
class Client:
    text: Callable[[str, Quoted], str] | None = None
    html: Callable[[Sequence[str], Quoted], str] | None = None


def quoted(letter: Sent) -> Quoted:
    body = re.search(r"(?s)<body[^>]*>(.*)</body>", letter.html)
    assert body is not None
    return Quoted(letter.subject, letter.text.rstrip("\n"), body[1])


def answer(
    client: Client, letter: Sent, words: Sequence[str], only: str = "", *, inline: bool = False, **fields: object
) -> bytes:
    """The mail; `only` "text" or "html" leaves the other version out."""
    old = quoted(letter)
    text = client.text("\n".join(words), old) if client.text and only != "html" else ""
    html = client.html([escape(line, quote=False) for line in words], old) if client.html and only != "text" else ""
    headers = {
        "In-Reply-To": letter.message_id,
        "References": f"{letter.message['References'] or ''} {letter.message_id}".strip(),
    }
    content = mail(
        ALICE, to=letter.reply_to, subject=f"Re: {letter.subject}", text=text, html=html, headers=headers, **fields
    )  # type: ignore[arg-type]
    if inline:  # as a logo in a signature is
        content = content.replace(
            b"Content-Disposition: attachment", b"Content-ID: <logo@mail.test>\r\nContent-Disposition: inline"
        )
    return content if text or not html or fields else alone(content)


def alone(content: bytes) -> bytes:
    """The mail with the HTML version of its body alone."""
    head, _, parts = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    boundary = re.search(rb'boundary="([^"]+)"', head)
    assert boundary is not None
    html = next(part for part in parts.split(b"--" + boundary[1]) if b"text/html" in part).strip(b"\n")
    kept = re.sub(rb"(?im)^content-type:.*\n(?:[ \t].*\n)*", b"", head + b"\n")
    return kept + html + b"\n"


# lines of HTML


def divs(lines: Sequence[str], style: str = "") -> str:
    return "".join(f"<div{style}>{line or '<br>'}</div>" for line in lines)


def paragraphs(lines: Sequence[str], blank: str, attributes: str = "") -> str:
    return "\n".join(f"<p{attributes}>{line or blank}</p>" for line in lines)


def broken(lines: Sequence[str]) -> str:
    return "<br>\n".join(lines)


def after_first(lines: Sequence[str], style: str = "") -> str:
    """The first line bare and the others in elements of their own, as web editors begin."""
    return lines[0] + divs(lines[1:], style)


# what stands above a quotation


def headed(
    sender: str, sent: str, to: str, about: str, at: str = "Monday, March 2, 2026 10:00 AM", last: str = "\n"
) -> Callable[[Quoted], str]:
    return lambda old: f"{sender}: {WHO}\n{sent}: {at}\n{to}: {TO}\n{about}: {old.subject}{last}"


def bold(head: str) -> str:
    """A head as HTML has it: the names of its fields in bold letters."""
    lines = (line.partition(": ") for line in escape(head.strip("\n"), quote=False).split("\n"))
    return "<br>\n".join(f"<b>{name}:</b> {value}" for name, _, value in lines)


OUTLOOK_EN = headed("From", "Sent", "To", "Subject")
OUTLOOK_DE = headed("Von", "Gesendet", "An", "Betreff", "Montag, 2. März 2026 10:00")
OUTLOOK_FR = headed("De\u00a0", "Envoyé\u00a0", "À\u00a0", "Objet\u00a0", "lundi 2 mars 2026 10:00")
UNDERSCORES = "_" * 32


def outlook(head: Callable[[Quoted], str]) -> Client:
    """Word writes it: each line a paragraph of its own, empty ones with a blank that does not break."""

    def html(lines: Sequence[str], old: Quoted) -> str:
        words = "\n".join(
            f"<p class=MsoNormal><span lang=EN-US style='mso-fareast-language:EN-US'>{line or '&nbsp;'}<o:p></o:p></span></p>"
            for line in lines
        )
        return (
            '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head><meta name=Generator content="Microsoft Word 15 (filtered medium)">'
            "<style><!--\n/* Style Definitions */\np.MsoNormal {margin:0cm;font-size:11.0pt;}\n#closed {color:red}\n--></style></head>"
            f"<body lang=EN-US link=blue vlink=purple style='word-wrap:break-word'><div class=WordSection1>{words}<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
            f"<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>{bold(head(old))}<o:p></o:p></p></div></div>"
            f"<p class=MsoNormal><o:p>&nbsp;</o:p></p>{old.html}</div></body></html>"
        )

    return Client(lambda words, old: f"{words}\n\n{head(old)}\n{old.plain}\n", html)


def owa(lines: Sequence[str], old: Quoted) -> str:
    style = ' class="elementToProof" style="font-family: Aptos, Calibri, Helvetica, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"'
    return (
        f'<html><head><style type="text/css" style="display:none;"> P {{margin-top:0;margin-bottom:0;}} </style></head><body dir="ltr">{divs(lines, style)}'
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{bold(OUTLOOK_EN(old))}</font><div>&nbsp;</div></div>{old.html}</body></html>'
    )


def new_outlook(lines: Sequence[str], old: Quoted) -> str:
    return (
        f'<html><body><div class="elementToProof" style="font-family: Aptos;">{broken(lines)}</div><div id="ms-outlook-mobile-signature" class="elementToProof"><br></div>'
        f'<div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message skipProofing"><div style="border-width:1pt medium medium;border-style:solid none none;border-color:rgb(181, 196, 223) currentcolor currentcolor;padding:3pt 0in 0in" class="ms-outlook-mobile-reference-message skipProofing"><span style="font-size:12pt">{bold(OUTLOOK_EN(old))}</span></div>{old.html}</div></body></html>'
    )


def ios_html(lines: Sequence[str], old: Quoted) -> str:
    return (
        f'<html><body dir="auto">{divs(lines, " dir=ltr")}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div>'
        f'<div dir="ltr"><br><blockquote type="cite">On 2 Mar 2026, at 10:00, {WHO.replace("<", "&lt;").replace(">", "&gt;")} wrote:<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">\ufeff{old.html}</div></blockquote></body></html>'
    )


def gmail_html(lines: Sequence[str], old: Quoted) -> str:
    return (
        f'<div dir="ltr">{after_first(lines)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Mar 2, 2026 at 10:00\u202fAM {ITS} wrote:<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{old.html}</blockquote></div>'
    )


def gmail_app_html(lines: Sequence[str], old: Quoted) -> str:
    nested = "".join(f'<div dir="auto">{line or "<br>"}</div>' for line in lines[1:])
    return (
        f'<div dir="auto">{lines[0]}{nested}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 2 Mar 2026, 10:00 {QUEUE}, &lt;<a href="mailto:{DESK}">{DESK}</a>&gt; wrote:<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{old.html}</blockquote></div>'
    )


def samsung_html(lines: Sequence[str], old: Quoted) -> str:
    head = f"<div>-------- Original message --------</div><div>From: {escape(WHO)} </div><div>Date: 3/2/26  10:00  (GMT+01:00) </div><div>To: {escape(TO)} </div><div>Subject: {old.subject} </div><div><br></div>"
    return f'<html><body>{divs(lines, " dir=auto")}<div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">Sent from my Galaxy</div></div><div><br></div><div style="font-size:100%;color:#000000" dir="auto"><!-- originalMessage -->{head}</div>{old.html}</body></html>'


def notes_html(lines: Sequence[str], old: Quoted) -> str:
    head = "".join(
        f'<br><span style=" font-size:9pt;color:#5f5f5f;font-family:sans-serif">{name}: &nbsp; &nbsp; </span><span style=" font-size:9pt;font-family:sans-serif">{escape(value)}</span>'
        for name, value in (("From", WHO), ("To", TO), ("Date", "02.03.2026 10:00"), ("Subject", old.subject))
    )
    words = "<br>\n".join(f'<span style=" font-size:10pt;font-family:sans-serif">{line}</span>' for line in lines)
    return f"{words}<br><br><br>{head}<br><hr noshade><br><br><br>{old.html}"


def zimbra_html(lines: Sequence[str], old: Quoted) -> str:
    head = bold(OUTLOOK_EN(old))
    return f'<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt; color: #000000">{divs(lines)}<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{head}<br></div><div data-marker="__QUOTED_TEXT__">{old.html}<br></div></div></body></html>'


def groupwise_html(lines: Sequence[str], old: Quoted) -> str:
    return f'<html><body style="font: 10pt/normal Segoe UI">{divs(lines)}<div><br></div>&gt;&gt;&gt; {QUEUE} &lt;{DESK}&gt; 02.03.2026 10:00 &gt;&gt;&gt;<br>{old.html}</body></html>'


def kmail_html(lines: Sequence[str], old: Quoted) -> str:
    style = ' style="margin-top:0;margin-bottom:0;margin-left:0;margin-right:0;"'
    said = "\n".join(f"<p{style}>&gt; {escape(line)}</p>" for line in old.plain.splitlines())
    return f"<html>\n<body>{paragraphs(lines, '&nbsp;', style)}\n<br /><p{style}>On Monday, 2 March 2026 10:00:00 CET {QUEUE} wrote:</p>\n{said}\n</body></html>"


def gmx_html(lines: Sequence[str], old: Quoted) -> str:
    return (
        f'<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;">{divs(lines)}<div>&nbsp;</div><div><div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word;">'
        f'<div style="margin:0 0 10px 0;">{bold(headed("Gesendet", "Von", "An", "Betreff")(old))}</div><div name="quoted-content">{old.html}</div></div></div></div></body></html>'
    )


def em_client_html(lines: Sequence[str], old: Quoted) -> str:
    return f'<html><body>{divs(lines)}<div><br /></div><div id="x0123"><blockquote cite="mid:1@example.com" type="cite" class="cite2"><div>------ Original Message ------</div><div>From "{QUEUE}" &lt;{DESK}&gt;</div><div>To {escape(TO)}</div><div>Date 02.03.2026 10:00:00</div><div>Subject {old.subject}</div><div><br /></div>{old.html}</blockquote></div></body></html>'


def cited(intro: str, attributes: str = ' type="cite"', before: str = "<br>") -> Callable[[Sequence[str], Quoted], str]:
    """Lines in elements of their own, an introduction, and a blockquote."""
    return lambda lines, old: (
        f"<html><body>{divs(lines)}{before}{intro}<blockquote{attributes}>{old.html}</blockquote></body></html>"
    )


def introduced(line: str, between: str = "\n") -> Callable[[str, Quoted], str]:
    return lambda words, old: f"{words}\n\n{line}{between}{old.marked}\n"


def above(line: str, below: str = "") -> Callable[[str, Quoted], str]:
    """An introduction over a letter without marks."""
    return lambda words, old: f"{words}\n{below}\n{line}\n\n{old.plain}\n"


PROTON = "On Monday, March 2nd, 2026 at 10:00 AM"
SENT_WITH = "Sent with Proton Mail secure email."
YAHOO = "On Monday, March 2, 2026 at 10:00:00 AM GMT+1"

CLIENTS: dict[str, Client] = {
    "Gmail": Client(introduced(f"On Mon, Mar 2, 2026 at 10:00\u202fAM {QUEUE} <\n{DESK}> wrote:", "\n\n"), gmail_html),
    "Gmail, Android": Client(introduced(f"On Mon, 2 Mar 2026, 10:00 {QUEUE}, <{DESK}> wrote:", "\n\n"), gmail_app_html),
    "Outlook": outlook(OUTLOOK_EN),
    "Outlook, German": outlook(OUTLOOK_DE),
    "Outlook, French": outlook(OUTLOOK_FR),
    "Outlook on the web": Client(lambda words, old: f"{words}\n{UNDERSCORES}\n{OUTLOOK_EN(old)}\n{old.plain}\n", owa),
    "new Outlook": Client(lambda words, old: f"{words}\n\n{OUTLOOK_EN(old)}\n{old.plain}\n", new_outlook),
    "Outlook on a telephone": Client(lambda words, old: f"{words}\n\nGet Outlook for iOS<https://aka.example/o0ukef>\n{UNDERSCORES}\n{OUTLOOK_EN(old)}\n{old.plain}\n", new_outlook),
    "Apple Mail": Client(
        lambda words, old: f"{words}\n\n> On 2. Mar 2026, at 10:00, {WHO} wrote:\n> \n{old.marked}\n\n",
        lambda lines, old: f'<html><head></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">{after_first(lines)}<div><br><blockquote type="cite"><div>On 2. Mar 2026, at 10:00, {escape(WHO)} wrote:</div><br class="Apple-interchange-newline"><div>{old.html}</div></blockquote></div><br></body></html>',
    ),
    "iPhone": Client(lambda words, old: f"{words}\n\nSent from my iPhone\n\n> On 2 Mar 2026, at 10:00, {WHO} wrote:\n> \n> \ufeff{old.marked[2:]}\n", ios_html),
    "iPhone, German": Client(lambda words, old: f"{words}\n\nVon meinem iPhone gesendet\n\n> Am 02.03.2026 um 10:00 schrieb {WHO}:\n> \n> \ufeff{old.marked[2:]}\n", None),
    "Thunderbird": Client(
        introduced(f"On 02.03.26 10:00, {QUEUE} wrote:"),
        cited(f'<div class="moz-cite-prefix">On 02.03.26 10:00, {QUEUE} wrote:<br></div>', ' type="cite" cite="mid:1@example.com"'),
    ),
    "Thunderbird, answering below": Client(
        lambda words, old: f"On 02.03.26 10:00, {QUEUE} wrote:\n{old.marked}\n\n{words}\n",
        lambda lines, old: f'<html><body><div class="moz-cite-prefix">On 02.03.26 10:00, {QUEUE} wrote:<br></div><blockquote type="cite" cite="mid:1@example.com">{old.html}</blockquote>{paragraphs([line for line in lines if line], "<br>")}</body></html>',
    ),
    "Thunderbird for Android": Client(
        introduced(f"Am 2. März 2026 10:00:00 MEZ schrieb {WHO}:"),
        lambda lines, old: f'<!DOCTYPE html><html><body>{broken(lines)}<br><br><div class="gmail_quote"><div dir="auto">Am 2. März 2026 10:00:00 MEZ schrieb {escape(WHO)}:</div><blockquote class="gmail_quote" style="margin: 0pt 0pt 0pt 0.8ex; border-left: 1px solid rgb(204, 204, 204); padding-left: 1ex;">{old.html}</blockquote></div></body></html>',
    ),
    "Yahoo": Client(
        lambda words, old: f" {words}\n    {YAHOO}, {WHO} wrote:  \n \n {old.spaced}  ",
        lambda lines, old: f'<html><head></head><body><div class="ydp1yahoo-style-wrap" style="font-size:13px;">{divs(lines, " dir=ltr data-setdir=false")}<div><br></div></div><div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div style="color:#26282a;"><div>{YAHOO}, {escape(WHO)} wrote: </div><div><br></div><div><br></div><div>{old.html}</div></div></div></body></html>',
    ),
    "Proton Mail": Client(
        introduced(f"{SENT_WITH}\n\n{PROTON}, {WHO} wrote:", "\n\n"),
        lambda lines, old: f'{divs(lines, " style=font-size:14px")}<div class="protonmail_signature_block" style="font-size: 14px;"><div class="protonmail_signature_block-user protonmail_signature_block-empty"></div><div class="protonmail_signature_block-proton">Sent with <a target="_blank" href="https://proton.example/home">Proton Mail</a> secure email.</div></div><div style="font-size: 14px;"><br></div><div class="protonmail_quote">{PROTON}, {escape(WHO)} wrote:<br><blockquote class="protonmail_quote" type="cite">{old.html}</blockquote><br></div>',
    ),
    "Samsung Mail": Client(above("-------- Original message --------\n" + f"From: {WHO} \nDate: 3/2/26  10:00  (GMT+01:00) \nTo: {TO} \nSubject: Re: it ", "\n\nSent from my Galaxy\n\n"), samsung_html),
    "HCL Notes": Client(above(f'From:   "{QUEUE}" <{DESK}>\nTo:     {TO}\nDate:   02.03.2026 10:00\nSubject:        The export fails\n\n'), notes_html),
    "Roundcube": Client(
        introduced(f"On 2026-03-02 10:00, {QUEUE} wrote:"),
        cited(f'<p id="reply-intro">On 2026-03-02 10:00, {QUEUE} wrote:</p>', ' type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"'),
    ),
    "SOGo": Client(
        introduced(f"On Monday, March 02, 2026 10:00 CET, {WHO} wrote:", "\n \n"),
        lambda lines, old: f'<html>{"<br />".join(lines)}<br /><br />On Monday, March 02, 2026 10:00 CET, {escape(WHO)} wrote:<br />&nbsp;<blockquote type="cite" cite="mid:1@example.com">{old.html}</blockquote><br /></html>',
    ),
    "mutt": Client(lambda words, old: f"{words}\n\nOn Mon, Mar 02, 2026 at 10:00:00AM +0000, {QUEUE} wrote:\n{old.marked}\n\n-- \nAlice Agent\n"),
    "Evolution": Client(
        introduced(f"On Mon, 2026-03-02 at 10:00 +0000, {QUEUE} wrote:"),
        cited(f"<div>On Mon, 2026-03-02 at 10:00 +0000, {QUEUE} wrote:</div>", ' type="cite" style="margin:0 0 0 .8ex; border-left:2px #729fcf solid;padding-left:1ex"'),
    ),
    "KMail": Client(introduced(f"On Monday, 2 March 2026 10:00:00 CET {QUEUE} wrote:"), kmail_html),
    "GroupWise": Client(above(f">>> {QUEUE} <{DESK}> 02.03.26 10:00 >>>"), groupwise_html),
    "Zimbra": Client(above(f'----- Original Message -----\nFrom: "{QUEUE}" <{DESK}>\nTo: "alice" <alice@example.com>\nSent: Monday, March 2, 2026 10:00:00 AM\nSubject: The export fails'), zimbra_html),
    "GMX": Client(None, gmx_html),
    "eM Client": Client(lambda words, old: f'{words}\n\n\n------ Original Message ------\nFrom "{QUEUE}" <{DESK}>\nTo {TO}\nDate 02.03.2026 10:00:00\nSubject {old.subject}\n\n{old.marked}\n', em_client_html),
    "Claws Mail": Client(lambda words, old: f"{words}\n\nOn Mon, 2 Mar 2026 10:00:00 +0000\n{WHO} wrote:\n\n{old.marked}\n"),
    "Zoho Mail": Client(
        lambda words, old: f"{words}\n\n\n\n---- On Mon, 02 Mar 2026 10:00:00 +0100 {WHO} wrote ---\n\n{old.plain}\n",
        lambda lines, old: f'<!DOCTYPE html><html><body><div style="font-family: Verdana;">{divs(lines)}<div class="zmail_extra" data-zbluepencil-ignore="true"><br><div id="Zm-_Id_-Sgn1">---- On Mon, 02 Mar 2026 10:00:00 +0100 <b>{escape(WHO)}</b> wrote ---<br></div><br><blockquote style="margin: 0px;">{old.html}</blockquote></div></div></body></html>',
    ),
    "Horde": Client(introduced(f'Zitat von "{QUEUE}" <{DESK}>:', "\n\n"), None),
    "FairEmail": Client(
        introduced(f"On March 2, 2026 10:00:00 AM GMT+01:00, {WHO} wrote:"),
        lambda lines, old: f'<html><body><div class="fairemail_compose">{"".join(f"<p>{line}</p>" for line in lines if line)}</div><div fairemail="reply"><p>On March 2, 2026 10:00:00 AM GMT+01:00, {escape(WHO)} wrote:</p><blockquote style="border-left: 3px solid">{old.html}</blockquote></div></body></html>',
    ),
    "Spark": Client(
        introduced(f"On 2 Mar 2026 at 10:00 +0100, {WHO}, wrote:"),
        lambda lines, old: f'<html><body><div name="messageBodySection">{divs(lines, " dir=auto")}</div><div name="messageSignatureSection"><br></div><div name="messageReplySection">On 2 Mar 2026 at 10:00 +0100, {escape(WHO)}, wrote:<br><blockquote type="cite" style="border-left-color: grey; border-left-width: thin; border-left-style: solid;">{old.html}</blockquote></div></body></html>',
    ),
    "Tutanota": Client(None, lambda lines, old: f'<html><body>{divs(lines)}<br>Mar 2, 2026, 10:00 by {DESK}:<br><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8; padding-left: 10px; margin-left: 5px;">{old.html}</blockquote></body></html>'),
}  # fmt: skip
