"""What agents are shown of others' HTML and files: inline images and layout, nothing remote, nothing active (T51-T57)."""

# ruff: noqa: E501 - tables

from __future__ import annotations

import re
import time

import pytest

from maildesk.mime.html_safe import safe, shown
from maildesk.mime.read import read
from maildesk.mime.write import part_fields, safe_type
from maildesk.words import Attachment

REMOTE = "http://tracker.example/x"
# What may load or run, however it is spelled; links that a reader must press are not among them.
LOADS = re.compile(
    r"(?i)(?:src|srcset|background|poster|data|action|formaction|ping|xlink:href|lowsrc)\s*=|url\s*\(|@import"
)
ACTIVE = re.compile(
    r"(?i)<\s*(?:script|iframe|object|embed|svg|math|form|input|base|link|meta|style|template)|\bon\w+\s*=|script:"
)

SCRIPTS = {
    "a script": "<script>alert(1)</script>",
    "a script in capitals": "<SCRIPT SRC=http://x.example/x.js></SCRIPT>",
    "a script in pieces": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "a script in a comment": "<!--<img src=x onerror=alert(1)>--><!--[if mso]><script>alert(1)</script><![endif]-->",
    "an error": "<img src=x onerror=alert(1)>",
    "an error with a slash": "<img/src=x/onerror=alert(1)>",
    "a load": "<body onload=alert(1)>x",
    "an unknown element": "<x onclick=alert(1)>x</x>",
    "a javascript link": '<a href="javascript:alert(1)">x</a>',
    "a javascript link in entities": '<a href="&#106;avascript&colon;alert(1)">x</a>',
    "a javascript link with a tab": '<a href="java\tscript:alert(1)">x</a>',
    "a javascript link with a control": '<a href="\x01javascript:alert(1)">x</a>',
    "a vbscript link": '<a href="vbscript:msgbox(1)">x</a>',
    "a data link": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "a data image": '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    "svg": "<svg><animate onbegin=alert(1)></svg><svg><script>alert(1)</script></svg>",
    "svg with a style": "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "mathml": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "a title": '<p title="</p><img src=x onerror=alert(1)>">x</p>',
    "a form": '<form action=http://x.example><input name=password><button formaction="javascript:alert(1)">x</button></form>',
    "an iframe": '<iframe src="http://x.example"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "an object": '<object data="http://x.example"></object><embed src="http://x.example">',
    "a base": '<base href="http://x.example/"><a href="x">x</a>',
    "a meta": '<meta http-equiv="refresh" content="0;url=http://x.example">',
    "an expression": '<p style="width:expression(alert(1))">x</p>',
    "a binding": '<p style="-moz-binding:url(http://x.example#x)">x</p>',
    "a template": "<template><script>alert(1)</script></template>",
    "a text area": "<textarea><script>alert(1)</script></textarea>",
    "xmp": "<xmp><script>alert(1)</script></xmp>",
    "plaintext": "<plaintext><script>alert(1)</script>",
    "an open tag": "<img src=x onerror=alert(1)",
    "cdata": "<![CDATA[<script>alert(1)</script>]]>",
    "nul": "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "details": "<details open ontoggle=alert(1)>x</details>",
}


@pytest.mark.parametrize("html", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_t51_no_active_element_is_left_in_html(html: str) -> None:
    cleaned = safe(f"<p>before</p>{html}<p>after</p>")
    tags = "".join(re.findall(r"<[^>]*>", cleaned))
    assert not ACTIVE.search(re.sub(r'"[^"]*"', '""', tags)), cleaned
    assert not re.search(r"(?i)href\s*=\s*[\"']?\s*(?:javascript|vbscript|data)", tags)
    assert "before" in cleaned


LOADERS = {
    "an image": f"<img src={REMOTE}>",
    "an image without a scheme": "<img src=//tracker.example/x>",
    "an image by a path": "<img src=/x.png>",
    "a set of images": f'<img srcset="{REMOTE} 2x" src="cid:a@b">',
    "a picture": f"<picture><source srcset={REMOTE}><img src={REMOTE}></picture>",
    "a background": f"<table background={REMOTE}><tr><td background={REMOTE}>x</table>",
    "a style": f"<p style=\"background:url('{REMOTE}')\">x</p>",
    "a style with an image": f'<p style="background-image:url({REMOTE});color:red">x</p>',
    "a style with escapes": '<p style="background:\\75rl(http://tracker.example/x)">x</p>',
    "a style with a comment": '<p style="background:u/**/rl(http://tracker.example/x)">x</p>',
    "a colour that loads": f'<p style="background-color:url({REMOTE})">x</p>',
    "a list that loads": f'<li style="list-style:url({REMOTE})">x</li>',
    "a set in a style": f"<p style=\"background:image-set('{REMOTE}' 1x)\">x</p>",
    "a font": f"<style>@font-face{{src:url({REMOTE})}}</style>x",
    "an import": f"<style>@import '{REMOTE}';</style>x",
    "a link": f"<link rel=stylesheet href={REMOTE}>x",
    "a prefetch": f"<link rel=dns-prefetch href={REMOTE}>x",
    "a refresh": f'<meta http-equiv=refresh content="0;url={REMOTE}">x',
    "a video": f"<video src={REMOTE} poster={REMOTE}></video><audio src={REMOTE}></audio><track src={REMOTE}>",
    "a ping": f'<a href="https://x.example" ping={REMOTE}>x</a>',
    "a frame": f"<iframe src={REMOTE}></iframe>",
    "an input": f"<input type=image src={REMOTE}>",
    "svg": f"<svg><image href={REMOTE} /><use xlink:href={REMOTE} /></svg>",
    "vml": f'<v:fill type="tile" src="{REMOTE}"/><v:background xmlns:v="urn:x"><v:image src="{REMOTE}"/></v:background>',
    "a conditional comment": f"<!--[if gte mso 9]><img src={REMOTE}><![endif]-->",
    "a cite": f"<blockquote cite={REMOTE}>x</blockquote>",
    "longdesc": f"<img longdesc={REMOTE} lowsrc={REMOTE} dynsrc={REMOTE}>",
}


@pytest.mark.parametrize("html", LOADERS.values(), ids=LOADERS.keys())
def test_t53_nothing_remote_is_left_in_html(html: str) -> None:
    cleaned = safe(f"<p>before</p>{html}<p>after</p>")
    assert "tracker.example" not in cleaned
    kept = re.sub(r'src="cid:[^"]*"', "", cleaned)
    assert not LOADS.search("".join(re.findall(r"<[^>]*>", kept))), cleaned


def test_an_inline_image_stays_and_a_foreign_one_goes() -> None:
    html = '<img src="cid:logo@acme.example" alt="a" width="10"><img src="cid:other@acme.example" alt="b">'
    cleaned = safe(html, inline={"logo@acme.example"})
    assert 'src="cid:logo@acme.example"' in cleaned
    assert "other@acme.example" not in cleaned
    assert 'alt="b"' in cleaned


def test_layout_and_links_stay_and_a_link_tells_nobody_where_it_was() -> None:
    cleaned = safe(
        '<table border="1"><tr><td style="color:red;position:fixed">x</td></tr></table><a href="https://x.example">y</a>'
    )
    assert '<td style="color:red">' in cleaned
    assert 'border="1"' in cleaned
    assert 'href="https://x.example" rel="noopener noreferrer nofollow"' in cleaned


RELATED = """From: carol@acme.example\r
MIME-Version: 1.0\r
Content-Type: multipart/related; boundary=b\r
\r
--b\r
Content-Type: text/html; charset=utf-8\r
\r
<html><head><title>t</title></head><body>Caf\u00e9 <img src="cid:logo@acme.example"><img src="cid:gone@acme.example"></body></html>\r
--b\r
Content-Type: image/png\r
Content-ID: <logo@acme.example>\r
\r
png\r
--b--\r
"""


def test_of_a_mail_its_own_images_are_shown() -> None:
    cleaned = shown(RELATED.encode())
    assert cleaned.strip() == 'Caf\u00e9 <img src="cid:logo@acme.example"><img>'


def test_of_a_mail_without_html_nothing_is_shown() -> None:
    assert shown(b"From: carol@acme.example\r\n\r\nhello\r\n") == ""
    assert shown(b"") == ""


HOSTILE = [
    "<" * 500_000,
    "<div>" * 20_000,
    "<!--" * 50_000,
    '<p style="' + "a:b;" * 100_000 + '">',
    "<a href=" + "x" * 500_000,
]


@pytest.mark.parametrize("html", HOSTILE, ids=["angles", "depth", "comments", "style", "href"])
def test_hostile_html_is_cleaned_in_little_time(html: str) -> None:
    began = time.process_time()
    safe(html)
    assert time.process_time() - began < 4


def test_t57_nul_and_lone_surrogates_break_nothing() -> None:
    cleaned = safe("a\x00b\ud800c<b>\udfff</b>")
    assert "\x00" not in cleaned
    cleaned.encode()


def attached(name: str, type_: str, octets: bytes = b"x") -> Attachment:
    """The file as read from a mail that carries it."""
    head = b"From: carol@acme.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
    part = f'Content-Type: {type_}\r\nContent-Disposition: attachment; filename="{name}"\r\n'.encode()
    mail = head + part + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + octets + b"\r\n--b--\r\n"
    (found,) = read(mail).attachments
    return found


@pytest.mark.parametrize(
    "type_", ["image/svg+xml", "text/html", "text/xml", "application/xhtml+xml", "text/javascript"]
)
def test_t52_an_active_file_goes_on_as_octets_to_be_saved(type_: str) -> None:
    assert safe_type(type_) == "application/octet-stream"
    fields = part_fields(attached("x.svg", type_))
    assert "Content-Type: application/octet-stream" in fields
    assert "Content-Disposition: attachment" in fields


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\x.exe", "a/b/c"])
def test_t54_a_name_that_is_a_path_is_only_a_name(name: str) -> None:
    fields = part_fields(attached(name.replace("\\", "\\\\"), "application/pdf"))
    assert not re.search(r"[/\\]", re.search(r"filename=\"?([^\";\r\n]*)", fields)[1])  # type: ignore[index]


def test_t55_a_name_that_turns_its_ending_round_shows_it() -> None:
    found = attached("invoice\u202efdp.exe", "application/pdf")
    assert "\u202e" not in found.name
    assert "\ufffd" in found.name


def test_t56_a_winmail_dat_stays_as_it_is() -> None:
    octets = b"\x78\x9f\x3e\x22" + bytes(range(14, 256)) * 3
    found = attached("winmail.dat", "application/ms-tnef", octets)
    assert (found.name, found.size) == ("winmail.dat", len(octets))
