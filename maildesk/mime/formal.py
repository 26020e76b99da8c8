"""Words that stand below every mail of a person: his name and office, a closing, a disclaimer, the name of a device.

Called by policy/script for a mail of commands: what is left below them may be nothing but these, and then nobody is
sent anything. It only answers the question; it cuts nothing from an answer.
"""

from __future__ import annotations

import re

from maildesk.mime.lazily import lazily
from maildesk.mime.signatures import is_closing, is_contact, is_device

LONGEST = 6000  # characters; a disclaimer in two languages is shorter
_LINES = 12  # of a name, an office and how to reach both
_WIDE = 90  # characters of one of these
_DRAWN = re.compile(r"[-_=*~\u2010-\u2015\u2500\s]{2,}")
_IMAGE = re.compile(r"\[[^\[\]\n]{0,200}\](?:\s?<[^<>\s]{1,500}>)?")  # what programs write for a logo
_TITLED = re.compile(r"(?:(?:i\.\s?[av]\.|ppa\.?|dr\.|prof\.|mr\.?|mrs\.?|ms\.?|herr|frau)\s+){0,3}", re.IGNORECASE)
_APART = re.compile(r"\s*(?:[|,·•/(\[\u2010-\u2015]|-\s|$)")
_SMALL = re.compile(r"(?:of|for|and|the|at|in|to|de|la|le|du|des|et|y|und|der|die|das|für|im|am|bei|von|van|e|i)")
_LEGAL = lazily(
    r"(?i)\bconfidential|\bintended (?:solely |only |exclusively )?(?:for|recipient)|\bprivileged\b|\bdisclos"
    r"|\bunauthori[sz]ed"
    r"|\bnotify the sender|\bin error\b|\bdelete (?:it|this|the)|\bviruse?s?\b|\bvirus-free|\bregistered (?:in|office)"
    r"|\bcompany (?:number|no)|\bthink before you print|\bconsider the environment|\bprint this e-?mail"
    r"|\bvertraulich|\bausschließlich für|\brechtlich geschützt|\birrtümlich|\bunbefugt|\bvernichten\b|\babsender\b"
    r"|\bamtsgericht\b|\bregistergericht\b|\bhr[ab]\s?\d|\bgeschäftsführ|\bvorstand\b|\baufsichtsrat|\bsitz der gesell"
    r"|\bust-?id|\bvirenfrei|\bconfidentiel|\bdestinataire|\bpar erreur\b|\bsiège social|\bconfidenciale?s?\b"
    r"|\bdestinatari[oa]|\bpor error\b|\bper errore\b|\briservat|\bvertrouwelijk|\bgeadresseerde"
)


def says_nothing(text: str, name: str) -> bool:
    """Whether a text is nothing but what stands below every mail of the person of that name."""
    if len(text) > LONGEST:
        return False
    signed = False
    for paragraph in re.split(r"\n[ \t\r]*\n", text):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        while lines and _is_drawn(lines[0]):
            lines = lines[1:]
        if not lines or _is_legal(" ".join(lines)):
            continue
        if not signed and not (is_closing(lines[0]) or _is_name(lines[0], name)):
            return False
        if len(lines) > _LINES or not all(_is_of_a_signature(line, name) for line in lines):
            return False
        signed = True
    return True


def _is_drawn(line: str) -> bool:
    return bool(_DRAWN.fullmatch(line) or _IMAGE.fullmatch(line) or is_device(line))


def _is_legal(paragraph: str) -> bool:
    """Two of the phrases of disclaimers and imprints: one alone is a word of the writer's."""
    return len({found.group().lower() for found in _LEGAL.finditer(paragraph)}) > 1


def _is_name(line: str, name: str) -> bool:
    """The whole name, or one of its words alone; his office may stand behind it."""
    bare = line[_TITLED.match(line).end() :].casefold() if len(line) <= _WIDE else ""  # type: ignore[union-attr]
    for known in (name.casefold(), *name.casefold().split()):
        if known and bare.startswith(known) and _APART.match(bare, len(known)):
            return known == name.casefold() or not bare[len(known) :].strip(" ,.")
    return False


def _is_of_a_signature(line: str, name: str) -> bool:
    if len(line) > _WIDE or line.endswith(("?", "!")):
        return False
    if _is_drawn(line) or is_closing(line) or is_contact(line):
        return True
    words = re.findall(r"[^\W\d_]+", line[len(name) :] if line.casefold().startswith(name.casefold()) else line)
    return all(bool(word[0].isupper() or _SMALL.fullmatch(word)) for word in words)
