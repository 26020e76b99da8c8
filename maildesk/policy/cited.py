"""What a letter with an agent's answer quotes below it: the customer's last words, to those who know them.

Called by reply, and by store/views_ticket for the thread without it. The words are those that store/heard found in the
public thread, never what the agent's own mail quoted: a note could stand in that. Whoever came into the ticket later
gets no past text.
"""

from __future__ import annotations

from maildesk.mime.keyless import keyless
from maildesk.policy.gate import participates
from maildesk.words import Address, Facts

MOST_LINES = 40
MOST = 4000  # characters
WORTH = 200  # characters of a line that is cut; a shorter piece is left out
CUT = "[\u2026]"


def cited(reader: Address, facts: Facts) -> dict[str, object] | None:
    """For one reader; None when there is nothing that he may see, as for those whom the mail in hand lets in."""
    heard, ticket = facts.heard, facts.ticket
    if heard is None or ticket is None or reader.address in heard.later or not participates(reader.address, ticket):
        return None
    text = shortened(keyless(heard.said.text))
    return {"writer": heard.said.writer, "at": heard.said.at, "text": text} if text else None


def shortened(text: str) -> str:
    """Its first lines, as many as a letter has room for."""
    lines = text.strip().splitlines()
    kept: list[str] = []
    room = MOST
    for line in lines[:MOST_LINES]:
        if len(line) > room:
            kept += [line[:room]] if room >= WORTH else []
            break
        kept.append(line.rstrip())
        room -= len(line) + 1
    whole = len(kept) == len(lines) and sum(map(len, kept)) >= sum(len(line.rstrip()) for line in lines)
    return "\n".join(kept if whole else [*kept, CUT])


def without_cited(text: str) -> str:
    """A letter's text as a thread shows it: what it quotes stands there already."""
    above, line, below = text.rpartition("\n--\n")
    lines = below.split("\n")
    first = next((number for number, each in enumerate(lines) if each.startswith(">")), 0)
    if not line or not first:
        return text
    last = next((number for number in range(first, len(lines)) if not lines[number].startswith(">")), len(lines))
    return f"{above}{line}{chr(10).join((*lines[: first - 1], *lines[last + 1 :]))}"
