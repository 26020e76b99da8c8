"""Certificates of the listeners: loaded once, taken anew when their files change.

Called by the listeners. Connections made before a change keep the old certificate; a pair that does not fit
together is reported and the old one stays.
"""

from __future__ import annotations

import ssl
from pathlib import Path


class Certificate:
    """A server's TLS context and the two files it came from; raises OSError (ssl.SSLError) when they are unusable."""

    def __init__(self, cert: Path, key: Path | None) -> None:
        self.cert = cert
        self.key = key
        self.context = server_context()
        self.context.load_cert_chain(cert, key)
        self._seen = self._stamp()

    def refresh(self) -> bool:
        """Takes changed files; True when there were any."""
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        server_context().load_cert_chain(self.cert, self.key)  # a bad pair must not spoil the context in use
        self.context.load_cert_chain(self.cert, self.key)
        self._seen = stamp
        return True

    def _stamp(self) -> tuple[tuple[int, int, int], ...]:
        files = [file.stat() for file in (self.cert, self.key) if file]
        return tuple((found.st_mtime_ns, found.st_ino, found.st_size) for found in files)


def server_context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
