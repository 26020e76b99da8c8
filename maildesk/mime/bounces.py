"""Is this mail a bounce, of whom, and for good? Reports by the book first, then the prose of mail servers.

Called by `read`. Prose counts only from a daemon, or where subject, text and the returned mail agree: the words of a
human about a failed delivery are no bounce.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes

from maildesk.mime import bounces_prose, reports
from maildesk.mime.address import normal
from maildesk.mime.fields import Fields
from maildesk.mime.phrases import any_of, begins_with
from maildesk.mime.walk import Part
from maildesk.words import Address, Bounce

_LARGEST = 64 * 1024  # octets shown to the second opinion, and lines of them: it is slow line by line
_LINES = 600
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)
_DAEMON = any_of(r"""
mail[-_. ]?daemon|mail delivery|delivery (?:sub)?system|mdaemon
""")
_OFFICE = any_of(r"""
^postmaster\b|post_?master@|mail (?:sub)?system|system administrator|mail administrator|^bounce|^root@|^mailadmin
microsoft outlook|microsoft exchange
""")  # machines and people write as these
_MAILER_DAEMON = re.compile(r"(?i)mailer[-_]daemon@|^mailer[-_]daemon\b")
# How programs begin a subject, and no person does.
_FORMAL = begins_with(r"""
undeliver(?:able|ed)(?: (?:mail|message))?(?: returned to sender)?\s*(?::|$)|delivery status notification
failure notice$
delivery failure(?: notification)?\s*(?::|$)|returned mail\b
mail (?:system error - returned mail|could not be delivered$)
mail delivery (?:failed|failure|problem|error|system)|delivery notification: delivery has failed
non-?delivery(?: report)?:
undelivered mail returned to sender|warning: (?:could not send|message)|mail delivery warning
""")
_SUBJECT = any_of(r"""
undeliver|non-?deliver|returned mail|mail (?:could not|not)\b
delivery (?:status|fail|notif|report|problem|error|delay)|mail delivery|fail(?:ure|ed) (?:notice|delivery|mail)
(?:message|mail) (?:could not be |has been )?(?:delivered|delayed|returned)|mail (?:system )?error
(?:could|can)(?: ?not|n't)(?: be)? (?:send|deliver|sent)|user unknown|unknown user|returned to sender
return(?:ed|ing) (?:message|mail|to sender)|bounce|unzustellbar|zustellung|nicht zustellbar|non remis|échec
no (?:se )?(?:puede|pudo)|mancata consegna|не ?доставлен|配信不能|メール.{0,10}(?:届|エラー|不達)|退信|退回
permanent error
delivery has failed|address (?:not found|error)|mailbox (?:full|unavailable)|undelivered|rejected
error (?:sending|delivering)|warning:|postmaster notify
""")


def of(raw: bytes, root: Part, text: str, writer: Address | None, subject: str) -> Bounce | None:
    """The report, or None of a mail that is none."""
    fields = root.fields
    report = reports.of(raw, root)
    if report and report.recipients and report.status and not report.status.endswith(".0.0"):
        return report
    if not report and not _is_prose_bounce(root, text, writer, subject):
        return None
    told = reports.in_text(text) or bounces_prose.told(root, text, _not_meant(fields, writer))
    if not any(each.address for each in told):
        told = reports.passed_on(raw, root) or ([] if report else _second_opinion(raw)) or told
    if report is None:
        report = reports.summed(told, reports.original_id(raw, root))
    return _completed(report, told, reports.returned_to(raw, root))


def _second_opinion(raw: bytes) -> list[reports.Told]:
    """What flufl.bounce finds in a mail that is known to be a bounce; it tells addresses and nothing else."""
    from flufl.bounce import all_failures  # noqa: PLC0415 - slow to import, and asked of few mails

    try:
        start = b"\n".join(raw[:_LARGEST].split(b"\n", _LINES)[:_LINES])
        temporary, permanent = all_failures(message_from_bytes(start))
    except _FAULTS:
        return []
    found = [("permanent", each) for each in sorted(permanent)] + [("temporary", each) for each in sorted(temporary)]
    told = [reports.Told(normal(each.decode("ascii", "replace")), kind, "") for kind, each in found]
    return [each for each in told if each.address]


def _completed(report: Bounce, told: list[reports.Told], meant: list[str]) -> Bounce:
    """What the report left out, from its prose; whom it names not even there, from the returned mail."""
    recipients = report.recipients or tuple(dict.fromkeys(each.address for each in told if each.address))
    status = reports.better(report.status, next((each.status for each in told if each.status), ""))
    kind = report.kind
    if kind == "none" and not report.recipients and told:
        kind = told[0].kind
    return replace(report, recipients=recipients or tuple(meant), status=status, kind=kind)


def _is_prose_bounce(root: Part, text: str, writer: Address | None, subject: str) -> bool:
    fields = root.fields
    if fields.first("x-failed-recipients"):
        return True
    name = f"{writer.address} {writer.name}" if writer else fields.text("from")
    if _MAILER_DAEMON.search(name):
        return True
    back = fields.text("return-path").lower()
    daemon = bool(_DAEMON.search(name)) or back == "<>" or "mailer-daemon" in back
    speaks = bool(_SUBJECT.search(subject))
    formal = bool(_FORMAL.match(subject)) and not fields.first("in-reply-to")
    if not (daemon or speaks or formal):
        return False  # most mails: their text need not be searched
    tells = bounces_prose.tells_failure(text)
    if daemon:
        return tells or speaks
    office, returns = bool(_OFFICE.search(name)), _returns(root, text)
    if formal and tells:
        return office or returns
    said = fields.text("auto-submitted").lower().startswith("auto")
    return speaks and tells and ((office and returns) or said)


def _returns(root: Part, text: str) -> bool:
    """Whether the mail brings back another: what a person writes about a failure is no report of it."""
    return bool(reports.parts_of(root, reports.RETURNED_TYPES)) or bounces_prose.shows_returned(text)


def _not_meant(fields: Fields, writer: Address | None) -> set[str]:
    """Addresses that a bounce names without meaning them: its own writer and reader."""
    found = reports.addresses(fields.text("to")) + reports.addresses(fields.text("return-path"))
    return {*found, writer.address if writer else ""}
