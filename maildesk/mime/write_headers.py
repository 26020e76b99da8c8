"""Header fields as bytes want them: cleaned, encoded, folded. Text in, text out, always 7 bit and CRLF.

Called by mime/write and letters/render. Every function is total: what cannot stand in a header is replaced or left
out, never raised, because a value may come from any mail. No control character survives `tidy`, so no value can
begin a field of its own (header injection).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from maildesk.words import Address

FOLD = 78  # RFC 5322 2.1.1, without the CRLF
ENCODED_WORD = 75  # RFC 2047 2
ROOM_WORTH_USING = 30
PLAIN_WORD = 60  # a longer run without a space is encoded, because nothing else lets it be folded

# Controls, blanks of every kind, and the marks that turn the direction of writing (they disguise names of files).
_CONTROLS = re.compile("[\\s\x00-\x20\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_PRINTABLE = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9-]+(?: [A-Za-z0-9-]+)*")
_MESSAGE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_LONGEST_ID = 400
_ADDR_SPEC = re.compile(
    r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+|\"(?:[ !#-\[\]-~]|\\[ -~])*\")@(?:[A-Za-z0-9._-]+|\[[A-Za-z0-9.:]+\])"
)
_LONGEST_ADDRESS = 320
# RFC 2047 5 (3): what may stand bare in an encoded word inside a phrase; used everywhere.
_Q_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_FRAME = len("=?utf-8?q??=")


def tidy(value: str) -> str:
    """One line of text: controls and runs of blanks are one blank, lone surrogates U+FFFD, ends stripped."""
    if _PRINTABLE.fullmatch(value) and "  " not in value:
        return value.strip(" ")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", value)).strip(" ")


def unstructured(name: str, value: str) -> str:
    """A field of free text, such as Subject (RFC 5322 2.2.1, RFC 2047 5 (1))."""
    value = tidy(value)
    line = f"{name}: {value}"
    if len(line) <= FOLD and _plain(value):
        return line + "\r\n"
    words = value.split(" ")
    odd = [at for at, word in enumerate(words) if len(word) > PLAIN_WORD or not _plain(word)]
    if not odd:
        return _folded(name, words)
    first, last = odd[0], odd[-1] + 1
    used = len(name) + 2 + len(" ".join(words[:first])) + 1
    coded = encoded_words(" ".join(words[first:last]), FOLD - used)
    return _folded(name, [*words[:first], *coded, *words[last:]])


def mailboxes(name: str, people: Iterable[Address]) -> str:
    """A field of addresses (RFC 5322 3.4); those no 7-bit header can hold are left out."""
    shown = [person for person in people if sendable(person.address)]
    if not shown:
        return f"{name}: undisclosed-recipients:;\r\n"
    units: list[str] = []
    for person in shown:
        units += _mailbox(person)
        units[-1] += ","
    units[-1] = units[-1][:-1]
    return _folded(name, units)


def identifiers(name: str, ids: Iterable[str]) -> str:
    """Message-ID, In-Reply-To, References: one id a line, never encoded, or Exchange loses the thread; "" if none."""
    clean = [f"<{ident}>" for ident in ids if clean_id(ident)]
    return f"{name}: " + "\r\n ".join(clean) + "\r\n" if clean else ""


def sendable(address: str) -> bool:
    """Can this address stand in a header and an envelope without SMTPUTF8 (RFC 6531)?"""
    return len(address) <= _LONGEST_ADDRESS and _ADDR_SPEC.fullmatch(address) is not None


def clean_id(ident: str) -> bool:
    """Is this, without angle brackets, fit to be quoted back as a Message-ID?"""
    return len(ident) <= _LONGEST_ID and _MESSAGE_ID.fullmatch(ident) is not None


def disposition(filename: str) -> str:
    """Content-Disposition of a file: the plain name, or an ASCII twin for old readers and RFC 2231 for the rest."""
    filename = file_name(filename)
    if _printable_name(filename) and len(filename) <= PLAIN_WORD - 10:
        return f'Content-Disposition: attachment; filename="{filename}"\r\n'
    # The full form first: readers that know both and take the first one, as Python does, take the right one.
    sections = [f" {section};" for section in _extended("filename", filename)]
    lines = ["Content-Disposition: attachment;", *sections, f' filename="{_ascii_twin(filename)}"']
    return "\r\n".join(lines) + "\r\n"


def file_name(name: str) -> str:
    """A name that is no path and fits everywhere; its ending is kept."""
    name = re.sub(r"[/\\:]", "_", tidy(name)).lstrip(". ")
    if len(name) > 150:
        stem, dot, ending = name.rpartition(".")
        tail = dot + ending if stem and len(ending) <= 10 else ""
        name = name[: 150 - len(tail)] + tail
    return name or "attachment"


def encoded_words(text: str, room: int = ENCODED_WORD) -> list[str]:
    """RFC 2047: words of at most 75 octets, no character cut; the first one fits into `room` when that is worth it."""
    coded = {char: _q(char) for char in set(text)}
    octets = len(text.encode())
    by_q = sum(map(len, map(coded.__getitem__, text))) <= octets * 4 // 3
    limit = min(room, ENCODED_WORD) if room >= ROOM_WORTH_USING else ENCODED_WORD
    words, taken, length = [], "", 0
    for char in text:
        cost = len(coded[char]) if by_q else len(char.encode())
        if taken and (length + cost if by_q else (length + cost + 2) // 3 * 4) > limit - _FRAME:
            words.append(_encoded_word(taken, by_q, coded))
            taken, length, limit = "", 0, ENCODED_WORD
        taken += char
        length += cost
    return [*words, _encoded_word(taken, by_q, coded)]


def _encoded_word(text: str, by_q: bool, coded: dict[str, str]) -> str:
    if by_q:
        return f"=?utf-8?q?{''.join(map(coded.__getitem__, text))}?="
    return f"=?utf-8?b?{b64encode(text.encode()).decode()}?="


def _q(char: str) -> str:
    if char in _Q_BARE:
        return char
    return "_" if char == " " else "".join(f"={octet:02X}" for octet in char.encode())


def _plain(text: str) -> bool:
    """May stand as it is; what looks like an encoded word may not, it would be decoded."""
    return _PRINTABLE.fullmatch(text) is not None and "=?" not in text


def _folded(name: str, units: Iterable[str]) -> str:
    lines, line = [], f"{name}:"
    for unit in units:
        if len(line) + 1 + len(unit) > FOLD and len(line) > len(name) + 1:
            lines.append(line)
            line = ""
        line += " " + unit
    return "\r\n".join([*lines, line]) + "\r\n"


def _mailbox(person: Address) -> list[str]:
    name = tidy(person.name)
    if not name:
        return [person.address]
    if len(name) > PLAIN_WORD or not _plain(name):
        return [*encoded_words(name, FOLD - len("Reply-To: ")), f"<{person.address}>"]
    if _ATOMS.fullmatch(name):
        return [name, f"<{person.address}>"]
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"', f"<{person.address}>"]


def _printable_name(name: str) -> bool:
    return _plain(name) and '"' not in name and "%" not in name and "'" not in name


def _ascii_twin(name: str) -> str:
    twin = re.sub(r"[^A-Za-z0-9._ -]+", "_", name)
    if len(twin) <= PLAIN_WORD:
        return twin
    stem, dot, ending = twin.rpartition(".")
    tail = dot + ending if stem and len(ending) <= 10 else ""
    return twin[: PLAIN_WORD - len(tail)] + tail


def _extended(parameter: str, value: str) -> Iterator[str]:
    """RFC 2231 3 and 4.1: one extended value, or numbered sections; no character is cut."""
    coded = [quote(char, safe="") for char in value]
    if sum(map(len, coded)) <= PLAIN_WORD - len(parameter):
        yield f"{parameter}*=utf-8''{''.join(coded)}"
        return
    number, section = 0, "utf-8''"
    for char in coded:
        if len(section) + len(char) > PLAIN_WORD:
            yield f"{parameter}*{number}*={section}"
            number, section = number + 1, ""
        section += char
    yield f"{parameter}*{number}*={section}"
