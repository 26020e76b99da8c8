"""Signatures and encryption of OpenPGP, by the GnuPG of this machine (RFC 3156, RFC 4880).

Called by desk/opener alone, behind its fence. The folder that the configuration names holds the keys: what is in it
is trusted, nothing is fetched and nothing added, and a key that wants a passphrase is no key.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from maildesk.mime.sealed import Sealed
from maildesk.words import Seal

_OPTIONS = [
    "--batch",
    "--lock-never",
    "--no-auto-check-trustdb",
    "--no-auto-key-locate",
    "--no-auto-key-retrieve",
    "--disable-dirmngr",
    "--pinentry-mode=cancel",
    "--trust-model=always",
]


_ENCRYPTED, _TEXT = "[GNUPG:] BEGIN_DECRYPTION", "[GNUPG:] PLAINTEXT "  # GnuPG's doc/DETAILS

Signature = tuple[Seal, tuple[str, ...]]  # and the addresses its key belongs to


class Pgp:
    """Raises ImportError, OSError or ValueError when there is no GnuPG, or no such folder."""

    def __init__(self, home: Path, most: int) -> None:
        import gnupg  # noqa: PLC0415 - an extra

        self._home = home
        options = [*_OPTIONS, f"--max-output={most}"]
        self._gpg = gnupg.GPG(gnupghome=str(home), options=options)
        self._gpg.encoding = "utf-8"

    def checked(self, each: Sealed) -> Signature:
        """The signature, and whose it is."""
        if each.form == "text":
            return self._signature(self._gpg.verify(each.content))
        with tempfile.NamedTemporaryFile(suffix=".sig") as signature:
            signature.write(each.signature)
            signature.flush()
            content = each.content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            return self._signature(self._gpg.verify_data(signature.name, content))

    def opened(self, each: Sealed) -> tuple[bytes | None, tuple[Seal, ...], tuple[Signature, ...]]:
        """What was encrypted, None without its key; and the signature within. Some armour is signed alone."""
        found = self._gpg.decrypt(each.content)
        only_signed = _ENCRYPTED not in found.stderr and _TEXT in found.stderr
        if not (found.ok or only_signed) or "--max-output" in found.stderr:
            return None, (), ()
        signatures = (self._signature(found),) if found.valid or _troubles(found) else ()
        if only_signed and not signatures:
            return None, (), ()
        seals = () if only_signed else (replace(each.seal, state="opened"),)
        return bytes(found.data), seals, signatures

    def end(self) -> None:
        """GnuPG leaves an agent behind, which would live on."""
        command = ["gpgconf", "--homedir", str(self._home), "--kill", "gpg-agent"]
        subprocess.run(command, check=False, timeout=10, capture_output=True)  # noqa: S603

    def _signature(self, found: Any) -> Signature:
        if found.valid and not found.key_status:
            return Seal("pgp", "signed", "good"), tuple(self._addresses(found.pubkey_fingerprint))
        troubles = _troubles(found)
        if "no public key" in troubles:
            return Seal("pgp", "signed", "unknown"), ()
        if "signature error" in troubles:  # of an algorithm that this GnuPG does not have
            return Seal("pgp", "signed"), ()
        return Seal("pgp", "signed", "bad", why=next(iter(troubles), "") or "signature bad"), ()

    def _addresses(self, fingerprint: str) -> Iterable[str]:
        for key in self._gpg.list_keys(keys=[fingerprint]):
            for name in key["uids"]:
                yield str(name).rpartition("<")[2].rstrip(">").strip()


def _troubles(found: Any) -> list[str]:
    """With a signature: of a key that has ended, of a key that is not there, or of other words."""
    told = [found.key_status, *(problem.get("status") for problem in found.problems)]
    return [str(each)[:100] for each in told if each and ("sign" in str(each) or "public key" in str(each))]
