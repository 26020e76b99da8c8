"""Bounces in prose: what qmail, Exim, old sendmail, Exchange, providers and their like write of a failed delivery.

Called by `bounces` once a mail is known to be a bounce. Line by line above the returned mail; an address counts by the
best reason there is to name it. Linear on hostile text.
"""

from __future__ import annotations

import re

from maildesk.mime import reports
from maildesk.mime.phrases import any_of, begins_with
from maildesk.mime.walk import Part

_LINES = 400
_LINE = 600
_RETURNED = begins_with(r"""
-{2,}+.{0,60}(?:original|returned|copy of|below this line|unsent|undelivered|bounced|message follows|header).{0,80}
original message (?:follows|headers?)|the (?:header of the |body of the )?original message
returned (?:message|text)(?: follows)?|your (?:original )?message (?:reads|follows)|content-type: message/rfc822
(?:received|return-path|mime-version|x-originating-ip): .+|message (?:headers?|text) follows.{0,20}
>?from \S+@\S+ \w{3} \w{3} .*
""")
_A = r"[^\s<>()\[\]\"',;:=@]{1,64}+@[^\s<>()\[\]\"',;:@]{1,200}+"  # possessive: no address is cut short
_ADDRESS = re.compile(_A)
_FAILURE = any_of(r"""
user (?:is )?unknown|unknown (?:user|address|local|recipient)
no such (?:user|person|address|mailbox|local user|account)
(?:could|can) ?(?:not|n't) (?:be )?(?:deliver|send|sent|reach)|(?:un|not )(?:deliverable|delivered)|undelivered
(?:was|were) not deliver
delivery (?:to the following|failed|has failed|failure|error|attempt|problem|time expired)
permanent (?:fatal )?error|fatal error|permanent(?:ly)? fail|did not reach
mailbox (?:is )?(?:full|unavailable|not found|disabled|inactive)|over ?quota|quota exceeded
host (?:not found|unknown)|unroutable|unrouteable|relaying denied|access denied
(?:has|have) been (?:rejected|returned|delayed)|[45]\d\d[ -][#45]|[45]\.\d\.\d|\b5[05]\d[ -]|rejected|bounced
returned to sender|does ?n[o']t exist|not (?:exist|listed|found)|unable to deliver
failed (?:recipient|address|to deliver)|nicht zugestellt|unzustellbar|n'a pas pu|impossible de|no se (?:ha )?pud
couldn't be|invalid .{0,20}(?:recipient|user|address)|not (?:been )?delivered|giving up on
account.{0,30}(?:disabled|inactive|not active)|not a valid
""")
_DELAY = any_of(r"""
not yet been delivered|will (?:continue|keep) (?:to )?try|will (?:be |attempt to )?re-?tr(?:y|ied)
still (?:being )?(?:trying|retried)|(?:been|was|is|message|mail|delivery|delivery status notification) \W?delay(?:ed)?
delayed mail|warning message|you do not need to (?:re)?send|no action is required on your part|delivery attempts will
hasn't been delivered|will continue to be attempted|postponed|temporarily deferred|this is a warning
""")
_PERMANENT = re.compile(
    r"(?i)permanent|giving up|fatal|undeliverable|(?:user|address|recipient) unknown|unknown user|no such user"
)
_WHOM = "(?:recipient|rcpt|address|mailbox|user|to|unknown user|addressee)"
# Reasons to name an address, the best first. Group 1 is the address.
_REASONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^\s*<({_A})>:?\s*(?:\(?(?:reason|expanded from|host|\.\.\.).*)?$|^\s*<({_A})>\s*:",
        rf"(?:^|\s)(?:failed |final |original |intended )?{_WHOM}s?(?: to)?\s?[:=]\s?\W{{0,4}}({_A})",
        rf"rcpt to:?\s*<?({_A})>?",
        rf"^\s*({_A})(?: on .*|\s*[:;,].*)?$|^[\s*>-]*<?({_A})>?\s*$",
        rf"(?:deliver\w*|sen[dt]|message|mail|recipient\w*|to|for|address(?:ed)?|user|unknown|mailbox)\W{{1,6}}({_A})",
        rf"\b[45]\d\d\b.{{0,60}}?<({_A})>",
        rf"<({_A})>|({_A})",
    )
)


_ANCHOR = any_of(r"""
(?:following|these|this) (?:e-?mail )?(?:recipient|address|destination|user|person)|(?:did not|didn't) reach
recipients?:\s*$|(?:deliver\w*|sen[dt]|reach\w*) .{0,40}(?:following|recipient|address)|fatal errors
address(?:es)? (?:failed|had)|not delivered to|undeliverable (?:to|address)|failed recipients?
""")


def above_returned(text: str) -> list[str]:
    """The lines of the notice itself."""
    lines: list[str] = []
    for line in text.split("\n", _LINES)[:_LINES]:
        if lines and _RETURNED.match(line[:_LINE]):
            break
        lines.append(line[:_LINE])
    return lines


def shows_returned(text: str) -> bool:
    return len(above_returned(text)) < len(text.split("\n", _LINES)[:_LINES])


def tells_failure(text: str) -> bool:
    return any(_FAILURE.search(line) for line in above_returned(text)[:80])


def told(root: Part, text: str, not_meant: set[str]) -> list[reports.Told]:
    """One entry a recipient; one without an address when the notice names nobody."""
    lines = above_returned(text)
    whole = "\n".join(lines)
    status = reports.failure_code(whole)
    kind = _kind(status, whole, root.fields.text("subject"))
    said = reports.addresses(root.fields.text("x-failed-recipients"))
    named = said or _named(_below_anchor(lines), not_meant) or _named(lines, not_meant)
    return [reports.Told(address, kind, status) for address in named or [""]]


def _below_anchor(lines: list[str]) -> list[str]:
    """The lines below the words that announce the recipients; what stands above cites the mail."""
    at = next((number for number, line in enumerate(lines) if _ANCHOR.search(line)), len(lines))
    return lines[at:]


def _kind(status: str, text: str, subject: str) -> str:
    if status:
        return reports.kind_of("failed", status)
    if _DELAY.search(f"{subject}\n{text}") and not _PERMANENT.search(f"{subject}\n{text}"):
        return "temporary"
    return reports.kind_of("failed", "", text)


def _named(lines: list[str], not_meant: set[str]) -> list[str]:
    for reason in _REASONS:
        found = [address for line in lines for address in _by(reason, line) if address not in not_meant]
        if found:
            return list(dict.fromkeys(found))
    return []


def _by(reason: re.Pattern[str], line: str) -> list[str]:
    if "@" not in line:
        return []
    groups = [group for match in reason.finditer(line) for group in match.groups() if group]
    return [address for group in groups for address in reports.addresses(group) if not _is_daemon(address)]


def _is_daemon(address: str) -> bool:
    return address.partition("@")[0] in {"postmaster", "mailer-daemon", "abuse"}
