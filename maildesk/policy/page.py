"""What letters to agents show of a mail's HTML, beside its text: the cleaned page, and the images that stand in it.

Called by notice. The page says what the letter's text says, or there is none: commands are read from texts alone, and
an agent must not be shown other words than those. Letters to customers show none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from maildesk.config import Config
from maildesk.mime.html_said import behind
from maildesk.mime.write import shown_as
from maildesk.policy.letter import carried
from maildesk.words import Agent, Attachment, Facts, Incoming

_IMAGE = re.compile(r'<img[^>]* src="cid:([^"]*)"[^>]*>')


class Page(NamedTuple):
    html: str
    attachments: tuple[Attachment, ...]  # those that fit; the images of the page are inline


def page(text: str, facts: Facts, config: Config) -> Page:
    """For a letter that says `text` of the mail in hand."""
    taken = carried(facts.mail.attachments, config)
    html = _html(text, facts.mail, isinstance(facts.writer, Agent)) if facts.mail.html else ""
    named = set(_IMAGE.findall(html)) if "<img" in html else set()
    if not named:
        return Page(html, taken)
    images = _first_of_each(each for each in taken if each.content_id and shown_as(each) in named)
    inside = {shown_as(each): replace(each, inline=True, content_id=shown_as(each)) for each in images}
    html = _IMAGE.sub(lambda image: image[0] if image[1] in inside else "", html)
    return Page(html, tuple(inside[shown_as(each)] if each in images else each for each in taken))


def _html(text: str, mail: Incoming, by_agent: bool) -> str:
    """The page of these words. A customer's mail that cannot be cut is shown whole, with what it quotes."""
    if text == mail.text:
        return mail.html
    said = mail.html if mail.said.strip() == mail.text.strip() else mail.html_said
    if by_agent:
        return behind(said, mail.said, text) if said else ""
    return (said or mail.html) if text == mail.said else ""


def _first_of_each(files: Iterable[Attachment]) -> list[Attachment]:
    """Not the same image twice: parts of one mail have names of their own (RFC 2392)."""
    return list({each.sha256: each for each in reversed(list(files))}.values())
