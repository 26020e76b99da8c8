"""The invitation that a letter brings along, where its context has one.

Called by letters/render. It is made when the letter is written: its organizer is the reader's own keyed address, which
exists no earlier, so that what his calendar answers comes back to the ticket.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config
from maildesk.letters.identity import Identity
from maildesk.mime.write_calendar import CANCEL, REQUEST, Meeting
from maildesk.mime.write_headers import tidy
from maildesk.words import Letter

LONGEST = 200  # characters of what the meeting is called


def meeting(letter: Letter, identity: Identity, now: datetime, config: Config) -> Meeting | None:
    """Of `invitation` in the context: method, uid, sequence, starts, ends, agent."""
    told = letter.context.get("invitation")
    if not isinstance(told, dict):
        return None
    queue = config.queue.get(letter.queue)
    title = queue.title if queue and queue.title else config.desk.name
    speaker = tidy(str(told["agent"]))
    return Meeting(
        method=CANCEL if told["method"] == CANCEL else REQUEST,
        uid=told["uid"],
        sequence=told["sequence"],
        stamp=now,
        starts=told["starts"],
        ends=told["ends"],
        summary=f"[{identity.reference}] {identity.matter}"[:LONGEST].rstrip(),
        organizer=(f"{speaker} ({title})" if speaker else title, identity.reply_to or identity.sender),
        attendee=(tidy(letter.to.name), letter.to.address),
    )
