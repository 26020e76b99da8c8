"""Keys, certificates and sealed mails, made by the real GnuPG and openssl for the test that needs them."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.builders import CAROL, SUPPORT


def there(program: str) -> bool:
    """Whether the tests with this program can run; in CI they must."""
    if shutil.which(program):
        return True
    if os.environ.get("CI") == "true":
        pytest.fail(f"{program} must be there in CI")
    return False


HEAD = "From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{ident}@mail.test>\r\nMIME-Version: 1.0\r\n"
_made: dict[str, str] = {}  # the secret keys of `keys`, by address: a worker makes each once
_issued: dict[str, bytes] = {}  # the files of the certificates, likewise
WORDS = "the export to PDF stops at page 3, größer geht nicht"
ENTITY = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{WORDS}\r\n".encode()


def entity_with_file(name: str, data: bytes) -> bytes:
    """A text and a file, as what is sealed."""
    return (
        b'Content-Type: multipart/mixed; boundary="inner"\r\n\r\n--inner\r\n'
        + ENTITY
        + f'--inner\r\nContent-Type: application/pdf; name="{name}"\r\n\r\n'.encode()
        + data
        + b"\r\n--inner--\r\n"
    )


def headed(body: bytes, *, sender: str = CAROL, subject: str = "Sealed", ident: str = "s1") -> bytes:
    return HEAD.format(sender=sender, to=SUPPORT, subject=subject, ident=ident).encode() + body


class Keys:
    """GnuPG keys without passphrases: Carol's and the desk's in a folder of hers, the desk's in one of the desk."""

    def __init__(self, folder: Path) -> None:
        import gnupg

        for name in ("hers", "desks"):
            (folder / name).mkdir(mode=0o700)
        self.hers = gnupg.GPG(gnupghome=str(folder / "hers"))
        self.desks = gnupg.GPG(gnupghome=str(folder / "desks"))
        self.hers.encoding = self.desks.encoding = "utf-8"
        self.home = folder / "desks"
        self.carol = _own_key(self.hers, "Carol Jones", "carol@acme.example")
        self.support = _own_key(self.desks, "Support", "support@example.com")
        self.hers.import_keys(self.desks.export_keys(self.support))

    def know_carol(self) -> None:
        self.desks.import_keys(self.hers.export_keys(self.carol))

    def signed(self, entity: bytes = ENTITY, **head: str) -> bytes:
        signature = str(self.hers.sign(entity, keyid=self.carol, detach=True)).encode()
        return headed(_multipart("signed", entity, b"pgp-signature", signature, b'; micalg="pgp-sha512"'), **head)

    def encrypted(self, entity: bytes = ENTITY, *, sign: bool = False, **head: str) -> bytes:
        blob = self.hers.encrypt(entity, self.support, sign=self.carol if sign else None, always_trust=True)
        first = b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
        second = b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n' + str(blob).encode()
        kind = b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="outer"\r\n\r\n'
        parts = b"--outer\r\n" + first + b"\r\n--outer\r\n" + second + b"\r\n--outer--\r\n"
        return headed(kind + parts, **head)

    def clear_signed(self, words: str, **head: str) -> bytes:
        return _text(str(self.hers.sign(words, keyid=self.carol)), **head)

    def encrypted_text(self, words: str, **head: str) -> bytes:
        armour = str(self.hers.encrypt(words, self.support, always_trust=True))
        return _text(f"Hello,\n\n{armour}\nCarol\n", **head)


class Certificates:
    """An authority, Carol's certificate of it, and the desk's own: in PEM files of one folder each."""

    def __init__(self, folder: Path) -> None:
        if not there("openssl"):
            pytest.skip("openssl is missing")
        self.made, self.desk = folder / "made", folder / "smime"
        for each in (self.made, self.desk):
            each.mkdir(parents=True)
        if not _issued:
            self._openssl("req", "-x509", "-nodes", "-newkey", "rsa:2048", *self._out("ca"), "-subj", "/CN=Authority")
            self._issue("carol", "carol@acme.example")
            self._issue("support", "support@example.com")
            _issued.update((each.name, each.read_bytes()) for each in self.made.iterdir())
        for name, content in _issued.items():
            (self.made / name).write_bytes(content)
        for name in ("support.pem", "support.key"):
            (self.desk / name).write_bytes((self.made / name).read_bytes())

    def trust_the_authority(self) -> None:
        (self.desk / "ca.pem").write_bytes((self.made / "ca.pem").read_bytes())

    def signed(self, entity: bytes = ENTITY, *, opaque: bool = False, **head: str) -> bytes:
        signer = ("-signer", str(self.made / "carol.pem"), "-inkey", str(self.made / "carol.key"), "-binary")
        blob = self._cms(entity, "-sign", *signer, "-md", "sha256", *(["-nodetach"] if opaque else []))
        if opaque:
            return headed(_pkcs7("signed-data", blob), **head)
        kind = b'; micalg="sha-256"'
        return headed(_multipart("signed", entity, b"pkcs7-signature", _base64(blob), kind, b"base64"), **head)

    def encrypted(self, entity: bytes = ENTITY, cipher: str = "-aes256", **head: str) -> bytes:
        blob = self._cms(entity, "-encrypt", cipher, "-binary", str(self.made / "support.pem"))
        return headed(_pkcs7("enveloped-data", blob), **head)

    def _issue(self, name: str, address: str) -> None:
        request, key, certificate = (str(self.made / f"{name}.{end}") for end in ("csr", "key", "pem"))
        subject = f"/CN={name}/emailAddress={address}"
        self._openssl("req", "-nodes", "-newkey", "rsa:2048", "-keyout", key, "-out", request, "-subj", subject)
        authority = ("-CA", str(self.made / "ca.pem"), "-CAkey", str(self.made / "ca.key"), "-CAcreateserial")
        self._openssl("x509", "-req", "-in", request, *authority, "-out", certificate, "-days", "30")

    def _out(self, name: str) -> tuple[str, ...]:
        return "-keyout", str(self.made / f"{name}.key"), "-out", str(self.made / f"{name}.pem"), "-days", "30"

    def _cms(self, entity: bytes, *words: str) -> bytes:
        return self._openssl("cms", "-outform", "DER", *words, given=entity)

    def _openssl(self, *words: str, given: bytes = b"") -> bytes:
        command = ["openssl", *words]
        return subprocess.run(command, input=given, check=True, capture_output=True).stdout


@contextmanager
def keys() -> Iterator[Keys]:
    """In a short path: the socket of GnuPG's agent lies in it."""
    if not there("gpg"):
        pytest.skip("gnupg is missing")
    with TemporaryDirectory(prefix="g") as folder:
        made = Keys(Path(folder))
        try:
            yield made
        finally:
            for home in ("hers", "desks"):
                command = ["gpgconf", "--homedir", str(Path(folder) / home), "--kill", "all"]
                subprocess.run(command, check=False, capture_output=True)


def _own_key(gpg: Any, name: str, address: str) -> str:
    """The one that everybody of this address has who was made by `keys`."""
    if address not in _made:
        made = _key(gpg, name, address)
        _made[address] = gpg.export_keys(made, secret=True, expect_passphrase=False)
        return made
    known = gpg.import_keys(_made[address])
    assert known.sec_imported == 1, known.stderr
    return str(known.fingerprints[0])


def _key(gpg: Any, name: str, address: str) -> str:
    wanted = gpg.gen_key_input(
        key_type="RSA", key_length=2048, name_real=name, name_email=address, no_protection=True, expire_date="1y"
    )
    made = gpg.gen_key(wanted)
    assert made.fingerprint, made.stderr
    return str(made.fingerprint)


def _multipart(
    kind: str, entity: bytes, second: bytes, blob: bytes, more: bytes = b"", encoding: bytes = b"7bit"
) -> bytes:
    return b"".join(
        (
            f'Content-Type: multipart/{kind}; protocol="application/{second.decode()}"; boundary="outer"'.encode(),
            more,
            b"\r\n\r\n--outer\r\n",
            entity,
            b"\r\n--outer\r\nContent-Type: application/" + second + b"\r\nContent-Transfer-Encoding: " + encoding,
            b"\r\n\r\n" + blob + b"\r\n--outer--\r\n",
        )
    )


def _pkcs7(kind: str, blob: bytes) -> bytes:
    fields = f'Content-Type: application/pkcs7-mime; smime-type={kind}; name="smime.p7m"\r\n'.encode()
    return fields + b"Content-Transfer-Encoding: base64\r\n\r\n" + _base64(blob)


def _base64(blob: bytes) -> bytes:
    return base64.encodebytes(blob).replace(b"\n", b"\r\n")


def _text(words: str, **head: str) -> bytes:
    fields = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return headed(fields.encode() + words.replace("\r\n", "\n").replace("\n", "\r\n").encode(), **head)
