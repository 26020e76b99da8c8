"""The mails that the fuzz target begins with: small, and each for a branch of the reading that no other one enters.

In seeds.txt they are parted by lines of "%"; octets that are no UTF-8 stand in OCTETS. A mail of 200 octets is read
in a third of the time of one of 1,000 and meets as many branches, so whatever does not matter is left out.
"""

from __future__ import annotations

import base64
from pathlib import Path

from tests.mime.introductions import LINES

OCTETS = (
    b"Subject: \xc4\xd6\xdc \xe4\r\n\r\n\xcf\xf0\xe8\xe2\xe5\xf2",
    b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$BF|K\\\x1b(B x",
    b"Content-Type: text/html; charset=shift_jis\r\n\r\n<p>\x93\xfa\x96{<blockquote type=cite>a",
    b"Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\xc3\xb6\xc3\x9fe",
    b"Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n//5hAGIA",
    b'Content-Type: text/plain; charset="x-unknown"\r\n\r\n\xb0\xa1 \x81',
    b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-",
    b"From a@b Mon Mar  2 09:15:00 2026\nSubject: x\n\nwords\n>From y\n",
    b"Subject: x\rTo: a@b.example\r\rwords",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; filename=\xe4.txt"
    b"\r\n\r\nx\r\n--b\r\nContent-Type: text/plain; name==?utf-8?q?=C3=A4?=\r\n"
    b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n#86)C\r\n`\r\nend\r\n--b--",
)
PIECES = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\x00", b"\t", b" ", b"\xff\xfe", b"\xc3", b"\x1b$B", b"\xef\xbb\xbf",
    b"+2AA-", b"=?utf-8?b?", b"=?utf-8?q?=0A?=", b"?=", b"<", b">", b'"', b"(", b")", b"\\", b",", b";", b":", b"@",
    b"=", b"=\r\n", b"--b", b"\r\n--b\r\n", b"--b--", b"--c", b"boundary=b", b"charset=utf-16", b"charset=hz",
    b"name*1*=", b"name*=''%", b"From: ", b"Sender: ", b"To: ", b"Subject: ", b"Date: ", b"References: ",
    b"Content-Type: ", b"Final-Recipient: ", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n", b"Status: 5.1.1\r\n", b"Content-Type: text/html\r\n",
    b"Content-Type: message/rfc822\r\n", b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Disposition: attachment\r\n", b"Action: failed\r\n", b"Auto-Submitted: auto-replied\r\n", b"> ",
    b"-- \r\n", b" wrote:", b"________\r\n", b"<![", b"<a ", b"<blockquote>", b"<div class=gmail_quote>", b"&#0;",
    b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xc2\xa0", b"\xed\xa0\x80", b"550 5.1.1 ",
)  # fmt: skip


def seeds() -> list[bytes]:
    """Every block, the odd mails of tests/evil, one quotation a language, and a signature around its words."""
    here = Path(__file__).resolve().parent
    blocks = (here / "seeds.txt").read_text(encoding="utf-8").split("\n%\n")
    blocks += [f"Subject: Re: x\n\na\n\n{lines.split(chr(10))[1]}\n> b\n" for lines in LINES.values()]
    mails = [block.replace("\n", "\r\n").encode() for block in blocks]
    return [*mails, *OCTETS, _wrapped(), *(path.read_bytes() for path in sorted((here.parent / "evil").glob("*.eml")))]


def _wrapped() -> bytes:
    """Words within the CMS blob that signs them (RFC 5652, 5), every length below 128."""

    def element(tag: int, content: bytes) -> bytes:
        return bytes([tag, len(content)]) + content

    words = element(0x30, bytes.fromhex("06092a864886f70d010701") + element(0xA0, element(0x04, b"\r\n\r\nx")))
    signed = element(0xA0, element(0x30, b"\2\1\1" + element(0x31, b"") + words))
    blob = base64.encodebytes(element(0x30, bytes.fromhex("06092a864886f70d010702") + signed))
    return b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" + blob
