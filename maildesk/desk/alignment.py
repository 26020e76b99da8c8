"""What a domain demands of mail in its name, and which other domains speak for it (DMARC, RFC 7489).

Used by desk/examine. The organisational domain is found by walking up the tree of DMARC records, as the successor of
RFC 7489 does it: no list of public suffixes has to be kept. A top-level domain speaks for nobody below it.
"""

from __future__ import annotations

from collections.abc import Iterator

from maildesk.desk.lookup import Lookups
from maildesk.words.frozen import frozen

DEEPEST = 7  # labels: of a longer name only the name itself and these are asked
LONGEST = 4096  # octets of a record


@frozen
class Record:
    """Of `_dmarc.DOMAIN`."""

    domain: str
    strict_dkim: bool = False
    strict_spf: bool = False
    suffix: str = "u"  # psd: y of a public suffix, n of an organisation's topmost, u unsaid


class Domains:
    """The records met while one mail is looked at. Raises Unanswered where the DNS does not answer."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    def policy(self, domain: str) -> Record | None:
        """The one that counts for mail from this domain: its own, or its organisation's."""
        walked = list(self._walk(domain))
        own = next((each for each in walked if each.domain == domain), None)
        top = _top(domain, walked)
        return own or next((each for each in walked if each.domain == top), None) or _of_a_suffix(walked)

    def aligned(self, domain: str, writer: str, *, strict: bool) -> bool:
        """Whether what is proved of a domain is proved of the writer's."""
        if domain == writer:
            return True
        if strict or "." not in domain:
            return False
        return self._organisation(domain) == self._organisation(writer)

    def _organisation(self, domain: str) -> str:
        return _top(domain, list(self._walk(domain)))

    def _walk(self, domain: str) -> Iterator[Record]:
        """The records from a domain upwards, up to one that says where its organisation ends."""
        for name in _upwards(domain):
            record = self._record(name)
            if record is None or ("." not in name and record.suffix != "y"):
                continue
            yield record
            if record.suffix != "u":
                return

    def _record(self, domain: str) -> Record | None:
        """None without a record, and with several: then none counts (RFC 7489, 6.6.3)."""
        found = [each for each in self._lookups.texts(f"_dmarc.{domain}") if each[:9].strip() in _VERSIONS]
        if len(found) != 1 or len(found[0]) > LONGEST:
            return None
        tags = tags_of(found[0])
        if tags.get("v") != "DMARC1" or not ({"p", "rua"} & tags.keys()):
            return None
        strict = (tags.get("adkim", "r").lower() == "s", tags.get("aspf", "r").lower() == "s")
        return Record(domain, *strict, tags.get("psd", "u").lower())


_VERSIONS = (b"v=DMARC1", b"v=DMARC1;")


def tags_of(record: bytes) -> dict[str, str]:
    """tag=value; of a tag that stands twice the first (RFC 6376, 3.2, forbids it)."""
    tags: dict[str, str] = {}
    for part in record.decode("ascii", "replace").split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    return tags


def _upwards(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    yield domain
    for count in range(min(len(labels) - 1, DEEPEST), 0, -1):
        yield ".".join(labels[-count:])


def _top(domain: str, walked: list[Record]) -> str:
    """The organisational domain: below a public suffix, or the topmost that has a record, or the domain itself."""
    if not walked:
        return domain
    last = walked[-1]
    if last.suffix != "y" or last.domain == domain:
        return last.domain
    below = domain[: -len(last.domain) - 1].rpartition(".")[2]
    return f"{below}.{last.domain}"


def _of_a_suffix(walked: list[Record]) -> Record | None:
    return walked[-1] if walked and walked[-1].suffix == "y" else None
