"""What a desk is opened with: its settings, exchanged all at once, and the alarm of its letters."""

from __future__ import annotations

from pathlib import Path

from maildesk.desk.opening import configure
from tests.builders import mail
from tests.desk.world import SECRETS, World


def test_a_broken_template_is_told_to_the_operators_once_and_the_shipped_letter_goes(
    desk: World, tmp_path: Path
) -> None:
    (tmp_path / "mine" / "en").mkdir(parents=True)
    (tmp_path / "mine" / "en" / "acknowledgement.txt").write_text("Subject: mine\n{{ nobody }}\n")
    mine = desk.config.desk.model_copy(update={"templates": tmp_path / "mine"})
    configure(desk.desk, desk.config.model_copy(update={"desk": mine}), SECRETS)
    desk.receives(mail())
    assert "mine" not in desk.the("acknowledgement").subject
    alarm = desk.the("alarm")
    assert alarm.recipient == "ops@example.com"
    assert "acknowledgement.txt:2" in alarm.text
    assert "'nobody' is undefined" in alarm.text
    desk.receives(mail(sender="bob@acme.example"))
    assert desk.sent("alarm") == []
