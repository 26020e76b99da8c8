"""A table in place of the DNS, mails that are signed under keys that stand in it, and a desk's check over it.

`zone.faults` are names whose questions nobody answers.
"""

from __future__ import annotations

import base64
import subprocess
import zlib
from collections.abc import Sequence
from concurrent.futures import Future
from functools import cache

import dkim
import nacl.signing

from maildesk.desk.examine import examine
from maildesk.desk.lookup import Lookups, Unanswered, Value
from maildesk.desk.proof import Checked, Question

SEED = b"s" * 32
PUBLIC = base64.b64encode(bytes(nacl.signing.SigningKey(SEED).verify_key)).decode()
ALL = (b"from", b"to", b"cc", b"subject", b"date", b"message-id")


class Zone:
    def __init__(self, **texts: str) -> None:
        self.records: dict[tuple[str, str], list[Value]] = {}
        self.faults: set[str] = set()
        self.asked: list[str] = []
        self.checked = 0

    def text(self, name: str, *values: str) -> Zone:
        self.records[name, "TXT"] = [value.encode() for value in values]
        return self

    def key(self, domain: str, record: str = f"v=DKIM1; k=ed25519; p={PUBLIC}", selector: str = "s") -> Zone:
        return self.text(f"{selector}._domainkey.{domain}", record)

    def demands(self, domain: str, record: str = "v=DMARC1; p=reject") -> Zone:
        return self.text(f"_dmarc.{domain}", record)

    def find(self, name: str, kind: str, _seconds: float) -> Sequence[Value]:
        self.asked.append(name)
        if name in self.faults or "*" in self.faults:
            raise Unanswered(name)
        return self.records.get((name, kind), [])

    # as the desk's provers

    def check(self, packed: bytes, question: Question) -> Future[Checked]:
        self.checked += 1
        future: Future[Checked] = Future()
        future.set_result(examine(zlib.decompress(packed), question, Lookups(self.find, 5)))
        return future


def signed(content: bytes, domain: str, fields: Sequence[bytes] = ALL, **more: object) -> bytes:
    key = base64.b64encode(SEED)
    options = {"signature_algorithm": b"ed25519-sha256", "include_headers": list(fields)} | more
    return dkim.sign(content, b"s", domain.encode(), key, **options) + content


class _Odd(dkim.DKIM):  # type: ignore[misc]
    """Signs over other fields than dkimpy would, under tags besides its own."""

    fields: Sequence[bytes] = ALL
    more: Sequence[tuple[bytes, bytes]] = ()

    def gen_header(self, tags: list[tuple[bytes, bytes]], _fields: object, *rest: object) -> bytes:
        kept = [(name, b" : ".join(self.fields) if name == b"h" else value) for name, value in tags]
        return bytes(super().gen_header([*self.more, *kept], tuple(self.fields), *rest))


def signed_oddly(
    content: bytes, domain: str, fields: Sequence[bytes] = ALL, more: Sequence[tuple[bytes, bytes]] = ()
) -> bytes:
    signer = _Odd(content)
    signer.fields, signer.more = fields, more
    key = base64.b64encode(SEED)
    return bytes(signer.sign(b"s", domain.encode(), key, b"ed25519-sha256", None, (b"relaxed", b"simple"))) + content


@cache
def rsa(bits: int) -> tuple[bytes, str]:
    """A private key as PEM, and the record of its public one."""
    private = _openssl("genrsa", "-traditional", str(bits))
    public = _openssl("rsa", "-pubout", "-outform", "DER", given=private)
    return private, f"v=DKIM1; p={base64.b64encode(public).decode()}"


def _openssl(*words: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout
