"""The commands of LMTP (RFC 2033): SMTP with LHLO, and one reply a recipient after the final dot.

Made by the listeners for each connection of an LMTP listener.
"""

# ruff: noqa: N802  aiosmtpd finds the commands by these names

from __future__ import annotations

from typing import ClassVar

from maildesk.doors.smtp import Conversation


class LmtpConversation(Conversation):
    commands: ClassVar[tuple[str, ...]] = (
        "DATA", "EXPN", "HELP", "LHLO", "MAIL", "NOOP", "QUIT", "RCPT", "RSET", "STARTTLS", "VRFY",
    )  # fmt: skip
    hello = "LHLO"

    async def smtp_LHLO(self, hostname: str | None) -> None:
        await self.smtp_EHLO(hostname)

    async def answer(self, reply: str, recipients: int) -> None:
        """RFC 2033, 4.2: a reply for each accepted RCPT in its order, repeats included, refusals too."""
        await self.push("\r\n".join([reply] * recipients))
