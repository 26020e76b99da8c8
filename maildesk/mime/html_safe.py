"""HTML of others in a form that may be shown to agents: its layout and inline images, nothing remote, nothing active.

Called where a mail is shown as its writer laid it out. nh3 parses as browsers do and keeps what the lists below name;
an image stays only when it is a part of the mail itself (RFC 2392, cid:). Nothing is fetched. Never raises on any text.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from maildesk.mime import html as rendered
from maildesk.mime import limits
from maildesk.mime.charset import clean, decoded
from maildesk.mime.fields import cut
from maildesk.mime.walk import Walk, octets


def _words(text: str) -> set[str]:
    return set(text.split())


_TAGS = _words(
    "a abbr address article b bdi bdo big blockquote br caption center cite code col colgroup dd del "
    "details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li "
    "main mark ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th "
    "thead time tr tt u ul var wbr"
)
_DROPPED = _words("script style head title noscript template svg math iframe object embed applet xmp noembed")
_ANYWHERE = {"align", "bgcolor", "color", "dir", "height", "lang", "style", "title", "valign", "width"}
_ATTRIBUTES = {
    "*": _ANYWHERE,
    "a": {"href"},
    "img": {"alt", "src"},
    "font": {"face", "size"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap"},
    "col": {"span"},
    "ol": {"start", "type"},
    "li": {"value"},
    "blockquote": {"type"},
}
_STYLES = _words(
    "background-color border border-bottom border-collapse border-color border-left border-right "
    "border-spacing border-style border-top border-width color direction font-family font-size font-style "
    "font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom "
    "margin-left margin-right margin-top max-width padding padding-bottom padding-left padding-right "
    "padding-top text-align text-decoration text-indent text-transform vertical-align white-space width "
    "word-spacing"
)
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
# A value that calls a function or hides a letter from the list of properties; colours may.
_CALLS = re.compile(r"(?i)\\|@|/\*|(?<!rgb)(?<!rgba)(?<!hsl)(?<!hsla)\(|expression|behavior|binding|javascript")
_HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CID = re.compile(r"(?i)cid:([^\s<>\"']{1,450})")


def shown(raw: bytes) -> str:
    """The HTML of a mail, cleaned, with the images that are parts of it; "" when it has none or is over the caps."""
    if limits.over(raw):
        return ""
    walk = Walk(raw)
    leaves = list(walk.tree(cut(raw, 0, len(raw))).leaves())
    rich = next((leaf for leaf in leaves if leaf.type == "text/html" and leaf.disposition.main != "attachment"), None)
    if walk.over or rich is None:
        return ""
    images = {leaf.content_id for leaf in leaves if leaf.type.startswith("image/") and leaf.content_id}
    return safe(clean(decoded(octets(raw, rich), rich.value.word("charset"))), images)


def safe(html: str, inline: Collection[str] | None = None) -> str:
    """The body alone, cleaned. Of images those stay whose Content-ID is in `inline`; None keeps every cid: image."""
    import nh3  # noqa: PLC0415 - few mails are shown so

    def attribute(tag: str, name: str, value: str) -> str | None:
        return _kept(tag, name, value, inline)

    cleaned: str = nh3.clean(
        rendered.capped(html.encode("utf-8", "replace").decode("utf-8")),
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        url_schemes=_SCHEMES,
        filter_style_properties=_STYLES,
    )
    return cleaned[: 2 * limits.HTML]


def _kept(tag: str, name: str, value: str, inline: Collection[str] | None) -> str | None:
    """An attribute's value, or None where it would reach outside the mail or do anything."""
    bare = _HIDDEN.sub("", value).strip()
    if name == "style":
        return ";".join(one for one in bare.split(";") if not _CALLS.search(one)) or None
    if tag == "img" and name == "src":
        part = _CID.fullmatch(bare)
        return bare if part and (inline is None or part[1] in inline) else None
    if name == "href":
        return bare if bare.lower().startswith(("http://", "https://", "mailto:", "tel:")) else None
    return bare
