"""Whether a signature in a mail, PGP or S/MIME, proves its writer as an aligned pass does.

Called by the desk before policy. It has to be of the writer's own key, the only one, over all words and over the fields
that say when and to whom they were written: an old signed text in a new mail proves nothing (T19, T20). That the mail
is met for the first time is asked where a pass is (store/facts).
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.desk.proof import AHEAD, BACK
from maildesk.mime import covered
from maildesk.policy.recipients import ours
from maildesk.words import Envelope, Incoming

_TWICE = "more than one "  # how `read` words the problem of a field that may stand only once


def proves(mail: Incoming, envelope: Envelope, config: Config) -> bool:
    signed = [seal for seal in mail.seals if seal.act == "signed"]
    if len(signed) != 1 or signed[0].state != "good" or mail.sender is None or signed[0].by != mail.sender.address:
        return False
    if not signed[0].fields or signed[0].fields != covered.of(mail):
        return False
    if any(problem.startswith(_TWICE) for problem in mail.problems):
        return False
    timely = mail.date is not None and -AHEAD <= envelope.received - mail.date <= BACK
    return timely and any(ours(config, each.address) is not None for each in (*mail.to, *mail.cc))
