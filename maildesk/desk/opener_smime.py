"""Signatures and encryption of S/MIME: certificates by cryptography, CMS by the openssl of this machine (RFC 8551).

Called by desk/opener alone, behind its fence. The folder that the configuration names holds PEM files: every
certificate in it is trusted, and those that it issued; a private key opens what is encrypted for its certificate.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from maildesk.mime.sealed import Sealed
from maildesk.words import Seal

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Signature = tuple[Seal, tuple[str, ...]]  # and the addresses its certificate is for

_PREFIX = "maildesk-opener-"
_LARGEST = 1024 * 1024  # octets of a file of keys
_SECONDS = 20.0
_UNKNOWN = (b"local issuer", b"self-signed", b"self signed", b"signer certificate not found", b"no certificate or crl")
_BEYOND_US = (b"unsupported", b"unknown digest", b"timeout")  # openssl cannot tell: nothing is wrong with the mail
_WHYS = ((b"expired", "certificate expired"), (b"not yet valid", "certificate not yet valid"), (b"revoked", "revoked"))


class Smime:
    """Raises ImportError, OSError or ValueError when there is no openssl, or no such folder."""

    def __init__(self, folder: Path) -> None:
        import cryptography.x509  # noqa: F401, PLC0415 - an extra

        found = shutil.which("openssl")
        if found is None:
            raise FileNotFoundError("openssl is not installed")
        self._openssl = found
        _tidy(Path(tempfile.gettempdir()))
        self._scratch = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-")
        self._place = Path(self._scratch.name)
        self._pairs: list[tuple[Path, Path]] = []  # a certificate, and the file of its key
        self._load(sorted(each for each in folder.iterdir() if each.is_file()))

    def checked(self, each: Sealed) -> Signature:
        """The signature, and whose it is."""
        blob = each.signature if each.form == "mime" else each.content
        signer = self._place / "signer.pem"
        signer.unlink(missing_ok=True)
        options = ["-binary", "-signer", str(signer), "-CAfile", str(self._place / "trusted.pem"), "-no-CApath"]
        if each.form == "mime":
            content = each.content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            options += ["-content", str(self._written("content", content))]
        code, _, said = self._cms("-verify", blob, *options, "-partial_chain", "-purpose", "any")
        if code == 0:
            return Seal("smime", "signed", "good"), tuple(_addresses(_certificates(signer.read_bytes())))
        if any(words in said for words in _UNKNOWN):
            return Seal("smime", "signed", "unknown"), ()
        if any(words in said for words in _BEYOND_US):
            return Seal("smime", "signed"), ()
        why = next((why for words, why in _WHYS if words in said), "signature bad")
        return Seal("smime", "signed", "bad", why=why), ()

    def opened(self, each: Sealed) -> tuple[bytes | None, tuple[Seal, ...], tuple[Signature, ...]]:
        """What was encrypted, None without its key. A signature within is a part of what comes out."""
        for certificate, key in self._pairs:
            code, clear, _ = self._cms("-decrypt", each.content, "-recip", str(certificate), "-inkey", str(key))
            if code == 0:
                return clear, (replace(each.seal, state="opened"),), ()
        return None, (), ()

    def end(self) -> None:
        self._scratch.cleanup()

    def _cms(self, act: str, blob: bytes, *options: str) -> tuple[int, bytes, bytes]:
        out = self._place / "out"
        given = str(self._written("in", blob))
        command = [self._openssl, "cms", act, "-inform", "DER", "-in", given, "-out", str(out), *options]
        try:
            done = subprocess.run(command, check=False, timeout=_SECONDS, capture_output=True)  # noqa: S603
        except subprocess.TimeoutExpired:
            return 1, b"", b"timeout"
        return done.returncode, out.read_bytes() if done.returncode == 0 else b"", done.stderr

    def _written(self, name: str, octets: bytes) -> Path:
        file = self._place / name
        file.write_bytes(octets)
        return file

    def _load(self, files: list[Path]) -> None:
        from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

        certificates = [each for file in files for each in _certificates(_start(file))]
        trusted = b"".join(each.public_bytes(Encoding.PEM) for each in certificates)
        self._written("trusted.pem", trusted)
        for number, (certificate, key) in enumerate(_pairs(certificates, files)):
            pem = certificate.public_bytes(Encoding.PEM)
            self._pairs.append((self._written(f"{number}.pem", pem), key))


def _tidy(folder: Path) -> None:
    """What a process that was killed over a mail has left: it may be what was encrypted, in clear."""
    for left in folder.glob(f"{_PREFIX}*-*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(left, ignore_errors=True)


def _start(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_LARGEST)


def _certificates(data: bytes) -> list[Certificate]:
    from cryptography import x509  # noqa: PLC0415

    for load in (x509.load_pem_x509_certificates, lambda der: [x509.load_der_x509_certificate(der)]):
        try:
            return load(data)
        except ValueError:
            continue
    return []


def _pairs(certificates: list[Certificate], files: list[Path]) -> Iterator[tuple[Certificate, Path]]:
    """Each certificate whose private key is in one of the files."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    for file in files:
        try:
            public = load_pem_private_key(_start(file), None).public_key()
        except (ValueError, TypeError, UnsupportedAlgorithm):  # no key, or one with a passphrase
            continue
        yield from ((each, file) for each in certificates if each.public_key() == public)


def _addresses(certificates: Iterable[Certificate]) -> Iterator[str]:
    from cryptography import x509  # noqa: PLC0415

    for each in certificates:
        try:
            names = each.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            yield from names.get_values_for_type(x509.RFC822Name)
        except (x509.ExtensionNotFound, ValueError):
            pass
        for attribute in each.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS):
            yield str(attribute.value)
