"""What the history of a ticket says of the signatures and the encryption of a mail that came into it.

Called by decide, once a ruling is there. Here no seal decides anything: a signature admits nobody, and a wrong one
drops nothing. What proves an agent is asked before, by desk/sealed_proof.
"""

from __future__ import annotations

from maildesk.words import AddMessage, Facts, RecordEvent, Ruling


def recorded(ruling: Ruling, facts: Facts) -> tuple[RecordEvent, ...]:
    if not facts.mail.seals:
        return ()
    taken = [each for each in ruling.decisions if isinstance(each, AddMessage)]
    return tuple(
        RecordEvent(each.reference, "sealed", each.by, seal.told) for each in taken for seal in facts.mail.seals
    )
