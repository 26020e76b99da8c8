"""What the demo says on the terminal while it happens, and the story it keeps for the page.

Colours only on a terminal; piped, the same words plain.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

from maildesk.demo.sink import Taken
from maildesk.demo.stage import Sent


@dataclass(slots=True)
class Chapter:
    title: str
    mails: list[Sent | Taken] = field(default_factory=list)


class Teller:
    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.story: list[Chapter] = []

    def say(self, words: str) -> None:
        self.console.print(words)

    def scene(self, title: str) -> None:
        self.story.append(Chapter(title))
        self.say(f"\n[bold]{len(self.story):2}  {escape(title)}[/bold]")

    def sent(self, sent: Sent) -> None:
        self.story[-1].mails.append(sent)
        sender = sent.sender.name.split()[0]
        self.say(f"    [cyan]{sender} →[/cyan] {escape(str(sent.message['Subject']))}")
        became = f"{sent.row['outcome']} {sent.row['ticket'] or ''}".rstrip()
        why = f"[dim]· {escape(sent.row['reason'])}[/dim]" if sent.row["reason"] else ""
        self.say(f"      [dim]{escape(sent.answer)} ·[/dim] [bold]{escape(became)}[/bold] {why}".rstrip())

    def letter(self, letter: Taken) -> None:
        self.story[-1].mails.append(letter)
        subject = escape(str(letter.message["Subject"]))
        self.say(f"    [green]→ {letter.recipient}[/green]  {subject} [dim]({letter.name})[/dim]")

    def nothing(self, letters: int) -> None:
        if letters:
            raise RuntimeError(f"{letters} letters went out where none should")
        self.say("    [green]→ nobody[/green]  no letter is written")
