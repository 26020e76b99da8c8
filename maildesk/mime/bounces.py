"""Is this mail a bounce, of whom, and for good? Reports by the book first, then the prose of mail servers.

Called by `read`. A mail is taken for a bounce only when two of three agree: it comes from a daemon, its subject says
so, its text does. The words of a human about a failed delivery are none.
"""

from __future__ import annotations

import re
from dataclasses import replace

from maildesk.mime import bounces_prose, reports
from maildesk.mime.fields import Fields
from maildesk.mime.walk import Part
from maildesk.words import Address, Bounce

_DAEMON = re.compile(
    r"(?i)mailer[-_. ]?daemon|mail[-_. ]?daemon|^postmaster\b|mail delivery|delivery (?:sub)?system|mail (?:sub)?system"
    r"|system administrator|mdaemon|mail administrator|^postmaster@|^bounce|^root@|^mailadmin|^no-?reply@.*(?:google|groups)"
)
_SUBJECT = re.compile(
    r"(?i)undeliver|non-?deliver|returned mail|mail (?:could not|not) |delivery (?:status|fail|notif|report|problem|error|delay)"
    r"|mail delivery|fail(?:ure|ed) (?:notice|delivery|mail)|(?:message|mail) (?:could not be |has been )?(?:delivered|delayed|returned)"
    r"|mail (?:system )?error|(?:could|can)(?: ?not|n't)(?: be)? (?:send|deliver|sent)|user unknown|unknown user|returned to sender"
    r"|return(?:ed|ing) (?:message|mail|to sender)|bounce|unzustellbar|zustellung|nicht zustellbar|non remis|échec|no (?:se )?(?:puede|pudo)"
    r"|mancata consegna|не ?доставлен|配信不能|メール.{0,10}(?:届|エラー|不達)|システム|退信|退回|permanent error|delivery has failed|address"
    r" (?:not found|error)|mailbox (?:full|unavailable)|undelivered|rejected|error (?:sending|delivering)|warning:|postmaster notify"
)


def of(raw: bytes, root: Part, text: str, writer: Address | None, subject: str) -> Bounce | None:
    """The report, or None of a mail that is none."""
    fields = root.fields
    report = reports.of(raw, root)
    if report and report.recipients and report.status:
        return report
    if not report and not _is_prose_bounce(fields, text, writer, subject):
        return None
    told = bounces_prose.told(raw, root, text, _not_meant(fields, writer))
    if report is None:
        return reports.summed(told, reports.original_id(raw, root))
    return _completed(report, told)


def _completed(report: Bounce, told: list[reports.Told]) -> Bounce:
    """What the report left out, from its prose."""
    recipients = report.recipients or tuple(dict.fromkeys(each.address for each in told if each.address))
    status = report.status or next((each.status for each in told if each.status), "")
    kind = report.kind
    if kind == "none" and not report.recipients and told:
        kind = told[0].kind
    return replace(report, recipients=recipients, status=status, kind=kind)


def _is_prose_bounce(fields: Fields, text: str, writer: Address | None, subject: str) -> bool:
    if fields.first("x-failed-recipients"):
        return True
    if fields.first("list-id") or fields.first("in-reply-to"):
        return False
    name = f"{writer.address} {writer.name}" if writer else fields.text("from")
    daemon = bool(_DAEMON.search(name)) or fields.text("return-path").strip() == "<>"
    if not (daemon or _SUBJECT.search(subject)):
        return False
    return daemon + bool(_SUBJECT.search(subject)) + bounces_prose.tells_failure(text) >= 2


def _not_meant(fields: Fields, writer: Address | None) -> set[str]:
    """Addresses that a bounce names without meaning them: its own writer and reader."""
    found = reports.addresses(fields.text("to")) + reports.addresses(fields.text("return-path"))
    return {*found, writer.address if writer else ""}
