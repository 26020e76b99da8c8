"""Is this mail a bounce, of whom, and for good? Reports by the book first, then the prose of mail servers.

Called by `read`. Prose counts only from a daemon, or where subject, text and the returned mail agree: the words of a
human about a failed delivery are no bounce.
"""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from maildesk.mime import bounces_prose, bounces_texts, bounces_words, reports, reports_events
from maildesk.mime.address import normal
from maildesk.mime.fields import Fields
from maildesk.mime.walk import Part
from maildesk.words import Address, Bounce

_LARGEST = 64 * 1024  # octets shown to the second opinion, and lines of them: it is slow line by line
_LINES = 600
_BEGINNING = 1000  # characters of a text in which a list says why
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)


def of(raw: bytes, root: Part, text: str, writer: Address | None, subject: str) -> Bounce | None:
    """The report, or None of a mail that is none."""
    if is_sent_on(root, subject) or reports.is_other(raw, root):
        return None
    report = reports.of(raw, root) or reports_events.of(root.fields, text)
    if report and report.recipients and report.status and not report.status.endswith(".0.0"):
        return report
    if not report and not _is_prose_bounce(raw, root, text, writer, subject):
        return None
    told = _told(raw, root, text, _not_meant(root.fields, writer), second=not report)
    if report is None:
        report = reports.summed(told, reports.original_id(raw, root))
    return _completed(report, told, reports.returned_to(raw, root))


def is_sent_on(root: Part, subject: str) -> bool:
    """Whether a person forwards or answers a report: its parts may still be there, but then it is not for us."""
    if root.value.main == "multipart/report" or not bounces_words.is_passed_on(subject):
        return False
    return not _is_daemon(root.fields, root.fields.text("from"))


def _told(raw: bytes, root: Part, text: str, not_meant: set[str], second: bool) -> list[reports.Told]:
    """What is said of the recipients: as fields in the text, in prose, in an attached report; the surest first."""
    told = reports.in_text(text) or bounces_prose.told(root, text, not_meant)
    if any(each.address for each in told):
        return told
    inner = reports.passed_on(raw, root)
    if inner:
        return inner
    found = _second_opinion(raw) if second else []
    return [_joined(each, told[0]) for each in found] or bounces_prose.told(root, text, not_meant, loosely=True)


def _joined(second: reports.Told, prose: reports.Told) -> reports.Told:
    """Whom the second opinion names, and what the prose says of all."""
    kind = "temporary" if "temporary" in {second.kind, prose.kind} and not prose.status else prose.kind
    return reports.Told(second.address, kind, prose.status)


def _second_opinion(raw: bytes) -> list[reports.Told]:
    """What flufl.bounce finds in a mail that is known to be a bounce; it tells addresses and nothing else."""
    from flufl.bounce import _scan  # noqa: PLC0415 - slow to import, and asked of few mails

    _scan.log.disabled = True  # it writes a traceback of each fault, which would stand among the answers of `inspect`
    try:
        temporary, permanent = _scan.all_failures(_simple(raw))
    except _FAULTS:
        return []
    found = [("permanent", each) for each in sorted(permanent)] + [("temporary", each) for each in sorted(temporary)]
    told = [reports.Told(normal(each.decode("ascii", "replace")), kind, "") for kind, each in found]
    return [each for each in told if each.address]


def _simple(raw: bytes) -> Message:
    """The beginning of a mail without what its detectors trip over, the first of which ends all: no ASCII, no From."""
    start = b"\n".join(raw[:_LARGEST].split(b"\n", _LINES)[:_LINES])
    message = message_from_bytes(start.decode("ascii", "replace").replace("\ufffd", "?").encode("ascii"))
    if "@" not in message.get("from", ""):
        del message["from"]
        message["From"] = "nobody@invalid"
    return message


def _completed(report: Bounce, told: list[reports.Told], meant: list[str]) -> Bounce:
    """What the report left out, from its prose; whom it names not even there, from the returned mail."""
    recipients = report.recipients or tuple(dict.fromkeys(each.address for each in told if each.address))
    status = reports.better(report.status, next((each.status for each in told if each.status), ""))
    kind = report.kind
    if kind == "none" and not report.recipients and told:
        kind = told[0].kind
    return replace(report, recipients=recipients or tuple(meant), status=status, kind=kind)


def _is_prose_bounce(raw: bytes, root: Part, text: str, writer: Address | None, subject: str) -> bool:
    fields = root.fields
    if fields.first("x-failed-recipients") or _is_refusal(fields, text, subject):
        return True
    name = _name(fields, writer)
    if bounces_words.MAILER_DAEMON.search(name):
        return True
    daemon = _is_daemon(fields, name)
    formal = bounces_words.FORMAL.match(subject) is not None
    speaks = formal or bounces_words.speaks(subject)
    if not (daemon or speaks):
        return False  # most mails: their text need not be searched
    tells = bounces_prose.tells_failure(text)
    if daemon:
        return tells or speaks
    if tells:
        return _is_notice(root, text, name, formal)
    return formal and bool(bounces_words.OFFICE.search(name) and reports.passed_on(raw, root))


def _is_notice(root: Part, text: str, name: str, formal: bool) -> bool:
    """Of a mail whose subject and text tell of a failure: whether a program wrote it, and to the writer of the mail."""
    fields = root.fields
    if bounces_prose.is_of_person(text):
        return False
    machine = bool(bounces_words.OFFICE.search(name))
    said = fields.text("auto-submitted").lower().startswith("auto")
    shows = bool(reports.parts_of(root, reports.RETURNED_TYPES)) or bounces_prose.shows_returned(text)
    if said or (machine and formal):
        return True
    if machine:
        return shows or bounces_prose.begins_as_notice(text)
    answers = fields.first("in-reply-to") or fields.first("references")
    return formal and not answers and bounces_prose.begins_as_notice(text, within=1)


def _is_refusal(fields: Fields, text: str, subject: str) -> bool:
    """Whether the program of a mailing list would not take a mail."""
    said = f"{subject}\n{text[:_BEGINNING]}"
    return bool(fields.first("x-mlserver")) and bounces_texts.REFUSED.search(said) is not None


def _name(fields: Fields, writer: Address | None) -> str:
    return f"{writer.address} {writer.name}" if writer else fields.text("from")


def _is_daemon(fields: Fields, name: str) -> bool:
    back = fields.text("return-path").lower()
    return back == "<>" or "mailer-daemon" in back or bounces_words.DAEMON.search(name) is not None


def _not_meant(fields: Fields, writer: Address | None) -> set[str]:
    """Addresses that a bounce names without meaning them: its own writer and reader."""
    found = reports.addresses(fields.text("to")) + reports.addresses(fields.text("return-path"))
    return {*found, writer.address if writer else ""}
