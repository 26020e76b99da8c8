"""What HTML has and does not show is nobody's words; what it may show is kept."""

from __future__ import annotations

import time

import pytest

from maildesk.mime.html import to_text

HIDDEN = [
    '<div style="display:none">{}</div>',
    '<div style="color:red; DISPLAY : none !important">{}</div>',
    '<div style="mso-hide:all;display:none!important">{}</div>',
    "<div hidden>{}</div>",
    '<p hidden="">{}</p>',
    '<p style="visibility:hidden">{}</p>',
    '<span style="font-size:0">{}</span>',
    '<span style="font-size: 0px; line-height:0">{}</span>',
    '<div style="max-height:0;overflow:hidden">{}</div>',
    '<div style="height:0.0px;width:0;overflow:hidden">{}</div>',
    '<span style="opacity:0">{}</span>',
    '<div style="position:absolute;left:-9999px">{}</div>',
    '<p style="text-indent:-5000px">{}</p>',
    "<template>{}</template>",
    '<div style="display:none"><p><b>{}</b></p></div>',
    "<!-- {} -->",
    '<input type="hidden" value="{}">',
    '<p title="{}"></p>',
    "<script>{}</script>",
    "<style>{}</style>",
]
SHOWN = [
    '<div style="display:block">{}</div>',
    '<td style="font-size:0"><span style="font-size:14px">{}</span></td>',
    '<div style="visibility:hidden"><p style="visibility:visible">{}</p></div>',
    '<div style="font-size:0.9em">{}</div>',
    '<div style="opacity:0.8">{}</div>',
    '<div style="max-height:0">{}</div>',
    '<div style="overflow:hidden;height:20px">{}</div>',
    '<div style="margin-left:-8px">{}</div>',
    '<div style="font-size:;opacity:;">{}</div>',
    "<noscript>{}</noscript>",
]


@pytest.mark.parametrize("markup", HIDDEN)
def test_what_nobody_sees_is_no_text(markup: str) -> None:
    page = f"<html><body><p>Above.</p>{markup.format('#solved SECRET')} tail<p>Below.</p></body></html>"
    text = to_text(page)
    assert "SECRET" not in text
    assert text.split() == ["Above.", "tail", "Below."]


@pytest.mark.parametrize("markup", SHOWN)
def test_what_may_be_seen_is_text(markup: str) -> None:
    assert "WORDS" in to_text(
        f"<html><body><table><tr><td>Above.</td>{markup.format('WORDS')}</tr></table></body></html>"
    )


def test_many_hidden_elements_cost_no_more_than_their_length() -> None:
    def took(depth: int) -> float:
        begun = time.process_time()
        to_text('<div style="visibility:hidden">' * depth + "x" + "</div>" * depth)
        return time.process_time() - begun

    once = min(took(100) for _ in range(3))
    assert min(took(200) for _ in range(3)) < 5 * once + 0.05
