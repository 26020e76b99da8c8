"""HTML of others in a form that may stand in letters to agents: its layout and its images, nothing remote or active.

Called by html_sheet in the reader processes. nh3 parses as browsers do and keeps what the lists below name; what is
left is a balanced piece of a page that cannot leave the element it is put into. Nothing is fetched. Never raises on
any text; what is too large, or tangled so that parsing it would take long, is "".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from itertools import accumulate
from typing import Any
from urllib.parse import unquote

from maildesk.mime import html_style
from maildesk.mime.address import domain, normal
from maildesk.mime.html_tangled import tangled
from maildesk.mime.keyless import keyless

LONGEST = 200_000  # characters of what is shown; the text alone is easier to read than more than that
LONGEST_RAW = 400_000  # of what it is made from: style sheets and what Word leaves for itself go
LONGEST_IMAGE = 100_000  # of an image that stands in the HTML itself
DEEPEST = 120  # elements around one
MOST = 12_000  # elements


def _words(text: str) -> set[str]:
    return set(text.split())


_TAGS = _words(
    "a abbr address article b bdi blockquote br caption center cite code col colgroup dd del "
    "dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li "
    "main mark ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th "
    "thead time tr tt u ul var"
)
_DROPPED = _words("script style head title noscript template svg math iframe object embed applet xmp noembed select")
_ATTRIBUTES = {
    "*": {"align", "bgcolor", "color", "dir", "height", "lang", "style", "valign", "width"},
    "a": {"href"},
    "img": {"alt", "src"},
    "font": {"face", "size"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap"},
    "col": {"span"},
    "ol": {"start", "type"},
    "li": {"value"},
}
_WORD = re.compile(r"[\w#%+,. -]{1,80}")
_HIDDEN = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff<>]")
_CID = re.compile(r"(?i)cid:(\S{1,450})")
_DATA = re.compile(r"(?i)data:image/(?:png|jpe?g|gif|webp);base64,[a-z0-9+/]+={0,2}")
# An authority that every program reads alike: no name before it, no escapes in it, no backslash (WHATWG URL, 4.4).
_WEB = re.compile(r"(?i)(https?://)([^\s/?#\\@:%\[\]<>\"'`]{1,253}|\[[0-9a-f:.]{2,60}\])(:\d{1,5})?(?:[/?#]\S*)?")
_MAILTO = re.compile(r"(?i)mailto:([^\s?&%]{3,254})")
_HEAD = re.compile(r"(?i)\s{0,100}(?:<!doctype[^<>]{0,300}>\s{0,100})?<html\b[^<>]{0,3000}>\s{0,100}<head\b")
_TAG = re.compile(r"<(/?[a-z0-9]+)")
_TABLE = re.compile(r"<(/?)(table|t[drh]|tbody|thead|tfoot|caption|col|colgroup)\b")
_STEPS = {f"/{name}": -1 for name in _TAGS} | dict.fromkeys(("br", "img", "hr", "col"), 0)
_SOURCE = re.compile(r'(<img[^>]*) src="cid:([^"]*)"')
_NO_SOURCE = re.compile(r'<img(?![^>]* src=)(?:[^>]* alt="([^"]*)")?[^>]*>')


def safe(html: str, images: Mapping[str, str]) -> str:
    """The body alone, cleaned. Of images those stay whose Content-ID is in `images`, under the name it gives them."""
    if head := _HEAD.match(html):
        html = html[max(0, html.find("</head>", head.end())) :]  # style sheets, for a third of the time
    if len(html) > LONGEST_RAW or tangled(html):
        return ""
    cleaned: str = _cleaner().clean(html.encode("utf-8", "replace").decode("utf-8"))
    if "<img" in cleaned:
        cleaned = _NO_SOURCE.sub(_alternative, _SOURCE.sub(lambda image: image[1] + _named(image[2], images), cleaned))
    return cleaned if _fits(cleaned) else ""


def _named(ident: str, images: Mapping[str, str]) -> str:
    ident = unescape(ident)
    name = images.get(ident) or images.get(unquote(ident))
    return f' src="cid:{name}"' if name else ""


def _alternative(image: re.Match[str]) -> str:
    return f"[{image[1]}]" if image[1] else ""


def link(value: str) -> tuple[str, str]:
    """A link that may be pressed, and where it goes: a host or an address. ("", "") where that cannot be told."""
    bare = _HIDDEN.sub("", value).strip()
    if mailto := _MAILTO.match(bare):
        address = normal(mailto[1])  # without a text that its reader would send as his own
        return (f"mailto:{address}", address) if address and keyless(address) == address else ("", "")
    web = _WEB.fullmatch(bare)
    if web is None or ("%" in bare and keyless(unquote(bare)) != unquote(bare)):
        return "", ""
    host = web[2].lower() if web[2].isascii() else domain(normal(f"a@{web[2]}"))
    place = host + (web[3] or "")
    return (web[1].lower() + place + bare[web.end(3) if web[3] else web.end(2) :], place) if host else ("", "")


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return html_style.style(value) or None
    if name == "src":
        return _source(value)
    if name == "href":
        return link(value)[0] or None
    if html_style.is_measure(name):
        return html_style.measure(name, value) or None
    bare = _HIDDEN.sub("", value).strip()
    return bare if name == "alt" or _WORD.fullmatch(bare) else None


def _source(value: str) -> str | None:
    """Where an image stands: in another part of the mail (RFC 2392), or in the value itself (RFC 2397)."""
    bare = _HIDDEN.sub("", value).strip()
    if _CID.fullmatch(bare):
        return "cid:" + bare[4:]
    data = _DATA.fullmatch("".join(bare.split())) if len(bare) <= LONGEST_IMAGE else None
    return data[0] if data else None


@cache
def _cleaner() -> Any:
    import nh3  # noqa: PLC0415 - few mails are shown so

    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "cid", "data"},
        url_relative="deny",
    )


def _depth(names: list[str]) -> int:
    return max(accumulate(_STEPS.get(name, 1) for name in names))


def _fits(cleaned: str) -> bool:
    """Whether it is a balanced piece of modest size, with no cell or row that would belong to a table around it."""
    if len(cleaned) > LONGEST:
        return False
    names = _TAG.findall(cleaned)
    if len(names) > 2 * MOST or (len(names) > DEEPEST and _depth(names) > DEEPEST):
        return False
    depth = 0
    for end, name in _TABLE.findall(cleaned):
        if name == "table":
            depth += -1 if end else 1
        if depth < 0 or (depth == 0 and name != "table"):
            return False
    return depth == 0
