"""The page that the demo leaves: every mail of the story, in order, as its reader saw it.

One file, nothing remote, no script. Letters are shown in sandboxed frames, so that their HTML is what a mail
client would show and can do nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from maildesk.demo.sink import Taken
from maildesk.demo.stage import Sent
from maildesk.demo.teller import Chapter

STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --soft: #616e7c; --line: #d9dfe5; --page: #f5f7f9; --card: #ffffff;
  --in: #2563a8; --out: #2f855a }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa7b4; --line: #30363d; --page: #0d1117;
  --card: #161b22; --in: #79b8ff; --out: #56d28f } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI",
  Helvetica, Arial, sans-serif }
main { max-width: 820px; margin: 0 auto; padding: 48px 20px 80px }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px } .lead { color: var(--soft); margin: 0 0 40px }
h2 { font-size: 19px; margin: 44px 0 14px; display: flex; gap: 12px; align-items: baseline }
h2 span { color: var(--soft); font-weight: 500; font-variant-numeric: tabular-nums }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin: 0 0 14px;
  overflow: hidden }
article.in { border-left: 4px solid var(--in); margin-right: 12% }
article.out { border-left: 4px solid var(--out); margin-left: 12% }
header { padding: 12px 18px; border-bottom: 1px solid var(--line) }
header b { display: block } header small { color: var(--soft) }
.in header b::before { content: "to the desk · "; color: var(--in); font-weight: 600 }
.out header b::before { content: "from the desk · "; color: var(--out); font-weight: 600 }
pre { margin: 0; padding: 14px 18px; white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, Menlo,
  Consolas, monospace }
iframe { display: block; width: 100%; border: 0; background: #fff }
footer { padding: 8px 18px; color: var(--soft); font-size: 14px; border-top: 1px solid var(--line) }
a { color: var(--in) } .none { color: var(--soft); font-style: italic; margin: 0 0 14px 12% }
@media (max-width: 600px) { article.in, article.out, .none { margin-left: 0; margin-right: 0 } }
"""


TAGS = {"<p": 22, "<tr": 28, "<br": 14}  # the pixels that each adds, about


def write_page(folder: Path, story: Iterable[Chapter]) -> Path:
    path = folder / "index.html"
    path.write_text("".join(_page(list(story))), encoding="utf-8")
    return path


def _page(story: list[Chapter]) -> Iterator[str]:
    yield (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>maildesk: a conversation</title><style>{STYLE}</style><main>"
        "<h1>A conversation with the desk</h1>"
        '<p class="lead">Each mail as it went over the wire: blue is what people wrote, green what the desk '
        "wrote to them. Nobody opened a web page for it.</p>"
    )
    for number, chapter in enumerate(story, 1):
        yield f"<h2><span>{number}</span>{escape(chapter.title)}</h2>"
        for mail in chapter.mails:
            yield _written(mail) if isinstance(mail, Sent) else _letter(mail)
        if not any(isinstance(mail, Taken) for mail in chapter.mails):
            yield '<p class="none">The desk writes to nobody.</p>'
    yield "</main></html>\n"


def _written(sent: Sent) -> str:
    body = sent.message.get_content()
    new_words = body.split("\nOn ", 1)[0].strip()
    became = f"{sent.row['outcome']} {sent.row['ticket'] or ''}".strip()
    reason = f" · {sent.row['reason']}" if sent.row["reason"] else ""
    return _card(
        "in", sent.sender.name, str(sent.message["Subject"]), f"<pre>{escape(new_words)}</pre>", sent.path,
        f"kept as <b>{escape(became)}</b>{escape(reason)}",
    )  # fmt: skip


def _letter(letter: Taken) -> str:
    html = letter.text("html")
    style = f"height:{height(letter)}px"
    frame = f'<iframe sandbox title="{escape(letter.name)}" style="{style}" srcdoc="{escape(html)}"></iframe>'
    body = frame if html else f"<pre>{escape(letter.text())}</pre>"
    return _card(
        "out", letter.recipient, str(letter.message["Subject"]), body, letter.path, f"letter: {escape(letter.name)}"
    )


def height(letter: Taken) -> int:
    """Pixels that the letter's HTML is likely to need: a frame without scripts cannot tell by itself."""
    html, lines = letter.text("html"), len(letter.text().splitlines())
    if 'class="card' not in html:
        return 130 + 20 * lines
    tags = sum(pixels * html.count(tag) for tag, pixels in TAGS.items())
    return 250 + tags + 8 * lines


def _card(side: str, who: str, subject: str, body: str, path: Path, foot: str) -> str:
    link = f'<a href="{escape(path.parent.name)}/{escape(path.name)}">{escape(path.name)}</a>'
    return (
        f'<article class="{side}"><header><b>{escape(who)}</b><small>{escape(subject)}</small></header>'
        f"{body}<footer>{foot} · {link}</footer></article>"
    )
