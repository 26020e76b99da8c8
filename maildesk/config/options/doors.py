"""The options of the doors: listeners, mailboxes, the relay."""

from __future__ import annotations

from typing import Literal

from maildesk.config import places
from maildesk.config.kinds import (
    Count,
    Duration,
    FilePathOrNone,
    Flag,
    Host,
    Listening,
    MailAddressOrNone,
    Options,
    Peer,
    Port,
    Since,
    SocketMode,
    SomeDuration,
    SomeText,
    Text,
    Texts,
    needed,
    option,
)

Tls = Literal["none", "starttls", "implicit"]


class Listener(Options):
    protocol: Literal["lmtp", "smtp"] = option("lmtp", "What is spoken here: lmtp (behind a mail server) or smtp.")
    address: Listening = option("127.0.0.1:8024", "HOST:PORT, unix:PATH, or systemd:NAME for socket activation.")
    mode: SocketMode = option("0660", "The file mode of a unix socket.")
    allow: tuple[Peer, ...] = option([], "Who may connect; empty: this machine for lmtp, everybody for smtp.")
    tls: Tls = option("none", "none, starttls or implicit; only with smtp.")
    tls_cert: FilePathOrNone = option("", "The certificate chain, a PEM file.")
    tls_key: FilePathOrNone = option("", "The certificate's key, a PEM file.")
    verdicts: Flag = option(False, "Whether Authentication-Results that arrive here may count; needs allow.")
    queue: Text = option("", "Where mail goes whose recipients name no queue; empty: it is refused.")

    @property
    def endpoint(self) -> places.Endpoint:
        return places.endpoint(self.address)


class OAuth2(Options):
    token_command: Texts = option([], "A command that prints an access token, used in place of a password.")


class Mailbox(Options):
    host: Host = needed("The IMAP server.", "imap.example.com")
    port: Port = option(993, "Its port.")
    tls: Tls = option("implicit", "implicit, starttls, or none (only to this machine).")
    user: Text = needed("The user that logs in.", "support@example.com")
    password_file: FilePathOrNone = option("", "A file that holds the password.", example="imap-password")
    folder: SomeText = option("INBOX", "The folder that is read.")
    done: SomeText = option("Maildesk/Done", "Where mail goes that is safely stored.")
    held: SomeText = option("Maildesk/Held", "Where mail goes that waits for a human.")
    poll: SomeDuration = option("60s", "How often to look when the server cannot tell by itself.")
    idle: Flag = option(True, "Let the server tell when mail arrives.")
    since: Since = option(
        "start", "Mail older than this stays untouched: start is the first login, all is none, or a date."
    )
    queue: Text = option("", "Where mail goes whose addresses name no queue; empty: the default queue.")
    oauth2: OAuth2 = option({}, "Log in with an access token.")


class Relay(Options):
    host: Host = option("127.0.0.1", "The mail server that takes the letters.")
    port: Port = option(25, "Its port.")
    tls: Tls = option("starttls", "starttls, implicit, or none (only to this machine).")
    user: Text = option("", "The user that logs in; empty: no login.")
    password_file: FilePathOrNone = option("", "A file that holds the password.")
    connections: Count = option(4, "How many connections are kept at once.")
    retry_for: Duration = option("5d", "How long a letter is tried.")
    null_sender: Flag = option(True, "Automatic letters leave with the null sender <>.")
    sender: MailAddressOrNone = option("", "The envelope sender of every letter; empty: <>, or the keyed address.")
    oauth2: OAuth2 = option({}, "Log in with an access token.")
