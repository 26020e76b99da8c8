"""Bounces in prose: what qmail, Exim, old sendmail, Exchange, providers and their like write of a failed delivery.

Called by `bounces`. Line by line above the returned mail; an address counts by the best reason there is to name it.
Linear on hostile text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maildesk.mime import bounces_texts, reports
from maildesk.mime.lazily import lazily
from maildesk.mime.phrases import any_of
from maildesk.mime.walk import Part

_LINES = 400
_LINE = 600
_HEAD = 80  # lines in which a notice says that it is one
_FIRST = 15  # lines in which it begins
_A = r"[^\s<>()\[\]\"',;:=@]{1,64}+@[^\s<>()\[\]\"',;:@]{1,200}+"  # possessive: no address is cut short
_WHOM = (
    "(?:recipient|rcpt|address|addressee|mailbox|user|to|unknown user|account|destination|user ?name|destinataire"
    "|empfänger(?:adresse)?|destinatario|destinatário|geadresseerde|ontvanger|adresat|odbiorca|получатель|адрес"
    "|příjemce|modtager|mottaker|mottagare|vastaanottaja|宛先|受信者|収件人|收件人|받는 사람|alıcı)"
)
# Reasons to name an address, the best first. Group 1 is the address.
_SURE = tuple(
    lazily(pattern, re.IGNORECASE)
    for pattern in (
        rf"^\s*<({_A})>:?\s*(?:\(?(?:reason|expanded from|host|\.\.\.).*)?$|^[\s*•-]{{0,9}}[<\[\"']({_A})[>\]\"']\s*:"
        rf"|\bmailing list <({_A})>",
        rf"(?:^|\s)(?:failed |final |original |intended |e-?mail )?{_WHOM}(?:s|\(s\)|\(es\)|es)?(?: to)?"
        rf"\s?[:=：]\s?\W{{0,4}}({_A})",
        rf"rcpt to:?\s*<?({_A})>?",
        rf"^\s*({_A})(?: on .*|\s*[:;,(].*)?$|^[\s*>•-]*[<\"']?({_A})[>\"']?\s*$|^\s*<({_A})>\s*\.{{3}}",
        rf"(?:deliver\w*|sen[dt]|message|mail|recipient\w*|to|for|address(?:ed)?|user|unknown|mailbox)\W{{1,6}}({_A})",
    )
)
_LOOSE = tuple(
    lazily(pattern, re.IGNORECASE)
    for pattern in (rf"^\s*({_A})\s", rf"\b[45]\d\d\b.{{0,60}}?<({_A})>", rf"<({_A})>|({_A})")
)
_CITED = re.compile(r">(?!>> [A-Z])")  # and no transcript of a session
_WRITER = re.compile(r"(?:from|sender|reply-to|return-path|von|expéditeur|de|差出人)\W{1,4}$", re.IGNORECASE)
_ANCHOR = any_of(r"""
(?:following|these|this) (?:e-?mail )?(?:recipient|address|destination|user|person)|(?:did not|didn't) reach
recipients?(?:\(s\))?:\s*$|(?:deliver\w*|sen[dt]|reach\w*) .{0,40}(?:following(?! header)|recipient|address)
fatal errors|address(?:es)?(?:\(es\))? (?:failed|had)|not delivered to|undeliverable (?:to|address)|failed recipients?
(?:an )?folgende[nr]? |folgenden? empfänger|destinataires? suivants?|siguientes? destinatari|seguent[ei] destinatari
seguintes? destinatári|volgende (?:geadresseerden?|ontvangers?)|następując|следующи[мх]|以下の|下列|다음
""")


def above_returned(text: str) -> list[str]:
    """The lines of the notice itself."""
    lines: list[str] = []
    for line in text.split("\n", _LINES)[:_LINES]:
        if lines and bounces_texts.RETURNED.match(line[:_LINE]):
            break
        lines.append(line[:_LINE])
    return lines


def shows_returned(text: str) -> bool:
    return len(above_returned(text)) < len(text.split("\n", _LINES)[:_LINES])


def tells_failure(text: str) -> bool:
    head = above_returned(text)[:_HEAD]
    return any(bounces_texts.FAILURE.search(line) or bounces_texts.DELAY.search(line) for line in head)


def begins_as_notice(text: str, within: int = _FIRST) -> bool:
    """Whether one of the first lines is a sentence of programs, and no citation."""
    lines = [line.lstrip(" \t*-=#_!") for line in above_returned(text) if line.strip(" \t*-=#_!")][:within]
    return any(bounces_texts.NOTICE.match(line) for line in lines if not line.startswith((">", "|")))


def is_of_person(text: str) -> bool:
    """Whether the words around a notice are those of a person who sends it on, or asks about it."""
    lines = [line.strip() for line in above_returned(text)[:_HEAD]]
    return any(_CITED.match(line) or bounces_texts.is_of_person(line) for line in lines)


def told(root: Part, text: str, not_meant: set[str], loosely: bool = False) -> list[reports.Told]:
    """One entry a recipient; one without an address when the notice names nobody."""
    lines = above_returned(text)
    whole = "\n".join(lines)
    status = reports.failure_code(whole)
    kind = _kind(status, whole, root.fields.text("subject"))
    said = reports.addresses(root.fields.text("x-failed-recipients"))
    reasons = _LOOSE if loosely else _SURE
    named = said or _named(reasons, _below_anchor(lines), not_meant) or _named(reasons, lines, not_meant)
    return [reports.Told(address, kind, status) for address in named or [""]]


def _below_anchor(lines: list[str]) -> list[str]:
    """The lines below the words that announce the recipients; what stands above cites the mail."""
    at = next((number for number, line in enumerate(lines) if _ANCHOR.search(line)), len(lines))
    return lines[at:]


def _kind(status: str, text: str, subject: str) -> str:
    if status:
        return reports.kind_of("failed", status)
    said = f"{subject}\n{text}"
    if bounces_texts.DELAY.search(said) and not bounces_texts.PERMANENT.search(said):
        return "temporary"
    return reports.kind_of("failed", "", text)


def _named(reasons: tuple[re.Pattern[str], ...], lines: list[str], not_meant: set[str]) -> list[str]:
    for reason in reasons:
        found = [address for line in lines for address in _by(reason, line) if address not in not_meant]
        if found:
            return list(dict.fromkeys(found))
    return []


def _by(reason: re.Pattern[str], line: str) -> list[str]:
    if "@" not in line:
        return []
    groups = [group for match in reason.finditer(line) for group in _meant(match)]
    return [address for group in groups for address in reports.addresses(group) if not _is_daemon(address)]


def _meant(match: re.Match[str]) -> Iterator[str]:
    """The address of a match, unless the words in front say that it is the writer's."""
    for number, group in enumerate(match.groups(), start=1):
        if group and not _WRITER.search(match.string[max(0, match.start(number) - 20) : match.start(number)]):
            yield group


def _is_daemon(address: str) -> bool:
    return address.partition("@")[0] in {"postmaster", "mailer-daemon", "abuse"}
