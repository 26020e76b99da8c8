"""The commands of LMTP (RFC 2033): SMTP with LHLO, and one reply a recipient after the final dot.

Made by the listeners for each connection of an LMTP listener.
"""

from __future__ import annotations

from typing import ClassVar

from maildesk.doors.smtp import Conversation


class LmtpConversation(Conversation):
    commands: ClassVar[tuple[str, ...]] = (
        "DATA", "EXPN", "HELP", "LHLO", "MAIL", "NOOP", "QUIT", "RCPT", "RSET", "STARTTLS", "VRFY",
    )  # fmt: skip
    hello = "LHLO"

    def on_lhlo(self, hostname: str) -> str:
        return self.on_ehlo(hostname)

    def replies(self, reply: str, recipients: int) -> str:
        """RFC 2033, 4.2: a reply for each accepted RCPT in its order, repeats included, refusals too."""
        return "\r\n".join([reply] * recipients)
