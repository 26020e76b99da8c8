"""How a letter is known again when its reader answers: token, Message-ID, keyed address, mailto: links.

Made by letters/render for one letter to one reader. What it gives may stand in that letter alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from maildesk.config import Config
from maildesk.mime.address import normal
from maildesk.mime.keyless import ABOUT, keyless
from maildesk.mime.write_headers import tidy
from maildesk.policy.keys import keyed_address, keyed_id, mint, thread_id
from maildesk.policy.reference import canonical, is_held
from maildesk.words import Letter

_KEYED_ID = re.compile(r"[A-Za-z][A-Za-z0-9]{0,31}-[0-9]{1,18}\.[A-Za-z2-7]{27,39}(\.t)?@.+")
_REFERENCE = re.compile(ABOUT)
_LONGEST_LINK_SUBJECT = 80
LETTER = "LETTER-0"  # what letters about nothing are about; they are known by their own number


class Identity(NamedTuple):
    """A letter to one reader, as its answers will name it."""

    about: str  # a reference, held-ID, or "" when an answer would be about nothing
    token: str
    sender: str  # the From address
    subaddress: bool
    matter: str  # the ticket's subject
    reference: str  # the ticket's, "" when the letter is about none
    message_id: str
    thread_id: str
    reply_to: str  # the keyed address, "" where there is none

    def mailto(self, body: object) -> str:
        """A link that answers this letter with one tap (RFC 6068). Its mail has a subject: clients ask for one.

        A list are titles: the mail has a line of each, to be filled in; a tuple are its lines (RFC 6068, 5: they end
        in %0D%0A).
        """
        to, subject = _link(self)
        titles = [f"{_quoted(str(each))}:%20" for each in body] if isinstance(body, list) else []
        lines = [_quoted(str(each)) for each in body] if isinstance(body, tuple) else titles
        words = "%0D%0A".join(lines) or _quoted(str(body))
        return f"mailto:{to}?subject={subject or words}" + (f"&body={words}" if words else "")


@lru_cache(maxsize=4)  # a letter has several links, one after the other
def _link(letter: Identity) -> tuple[str, str]:
    subject = letter.matter[:_LONGEST_LINK_SUBJECT].strip()
    if letter.reference or (letter.about and not letter.subaddress):
        subject = f"[{letter.about}] {subject}".rstrip()
    if letter.about and not letter.subaddress:
        subject = f"{subject} ({letter.token})"
    return quote(letter.reply_to or letter.sender, safe="@"), quote(subject, safe="")


@lru_cache(maxsize=64)  # mostly the same few words
def _quoted(words: str) -> str:
    return quote(tidy(words), safe="")


def identify(letter: Letter, serial: int, config: Config, secret: bytes) -> Identity:
    queue = config.queue.get(letter.queue)
    about = canonical(letter.about)
    named = about or LETTER  # so that a bounce still finds a letter about nothing
    token = mint(secret, named, serial, letter.to.address)
    sender = letter.sender or (queue.address if queue else config.desk.postmaster)
    subaddress = queue is not None and queue.subaddress
    return Identity(
        about=about,
        token=token,
        sender=sender,
        subaddress=subaddress,
        matter=tidy(keyless(letter.subject)),
        reference="" if is_held(about) else about,
        message_id=keyed_id(named, token, config.desk.domain),
        thread_id=thread_id(named, token, config.desk.domain),
        reply_to=keyed_address(sender, about, token) if about and subaddress else "",
    )


def listed(letter: Letter, line: Mapping[str, str], serial: int, config: Config, secret: bytes) -> Identity:
    """The same letter, as an answer names it that is about a ticket which it lists."""
    about = line["reference"] if _REFERENCE.fullmatch(line["reference"]) else ""
    matter = replace(letter, about=about, queue=line["queue"], sender=normal(line["address"]), subject=line["subject"])
    return identify(matter, serial, config, secret)


def message_id(letter: Letter, serial: int, config: Config, secret: bytes) -> str:
    """The one of `identify`."""
    named = canonical(letter.about) or LETTER
    return keyed_id(named, mint(secret, named, serial, letter.to.address), config.desk.domain)


def is_keyed(ident: str) -> bool:
    """Is this Message-ID one of ours? Then it is somebody's key, and no letter hands it on."""
    return _KEYED_ID.fullmatch(ident) is not None
