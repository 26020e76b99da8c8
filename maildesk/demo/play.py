"""Plays the demo: sets the stage, runs the scenes, leaves the page. Called by the verb `demo`."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from maildesk.demo.page import write_page
from maildesk.demo.scenes import SCENES
from maildesk.demo.stage import Stage
from maildesk.demo.teller import Teller

BY_HAND = """
[bold]The desk is still running.[/bold] Write to it as Carol, who is a contact:

    printf 'From: carol@acme.example\\nTo: support@example.com\\nSubject: Hello\\n\\nIt works.\\n' |
      curl -sS --crlf smtp://127.0.0.1:{port} -T - \\
        --mail-from carol@acme.example --mail-rcpt support@example.com

Letters appear in {mails}
Look around in another terminal:

    {maildesk} --config {config} ticket list --all

The story moved its clock two days ahead; new mail is stamped so.
Ctrl-C ends it.
"""


def play(keep: Path | None = None, *, serve: bool = False) -> None:
    """Raises RuntimeError or TimeoutError when the desk does not do what the story says."""
    began = time.monotonic()
    folder = (keep or Path(tempfile.mkdtemp(prefix="maildesk-demo-"))).absolute()
    if (folder / "maildesk.conf").exists():
        raise RuntimeError(f"{folder} holds a desk already; name a folder that is empty or new")
    tell = Teller()
    with Stage(folder) as stage:
        tell.say(f"A real desk in {folder}, listening on 127.0.0.1:{stage.port}")
        for scene in SCENES:
            scene(stage, tell)
        page = write_page(folder, tell.story)
        _sum_up(tell, stage, page, time.monotonic() - began)
        if serve:
            _serve(tell, stage)


def _sum_up(tell: Teller, stage: Stage, page: Path, seconds: float) -> None:
    written, letters = len(stage.sent), len(stage.sink.letters)
    rows = len(stage.ledger())
    if rows != written:
        raise RuntimeError(f"{written} mails were accepted, and the ledger has {rows} rows")
    tell.say(
        f"\n[bold]{written} mails in, {rows} rows in the ledger, {letters} letters out, in {seconds:.1f} s.[/bold]\n"
        f"Look at them: {page}\nAs files:     {stage.mails}"
    )


def _command() -> str:
    """How to call maildesk from where the demo was called."""
    return "maildesk" if shutil.which("maildesk") else f"{sys.executable} -m maildesk"


def _serve(tell: Teller, stage: Stage) -> None:
    config = stage.folder / "maildesk.conf"
    tell.say(BY_HAND.format(port=stage.port, mails=stage.mails, config=config, maildesk=_command()))
    try:
        stage.daemon.wait()
    except KeyboardInterrupt:
        tell.say("\nThe desk has stopped.")
