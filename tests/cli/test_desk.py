"""Verbs over a desk that has met some mail: tickets, ledger, held, outbox, due, status, health."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from maildesk import config
from maildesk.cli.desk import clock
from maildesk.store.database import Store
from maildesk.store.lock import DeskLock
from tests.builders import mail
from tests.cli.conftest import Call

TICKET = [
    "reference", "queue", "status", "severity", "category", "subject", "organisation", "requester", "participants",
    "owner", "level", "opened", "first_answered", "first_response_kind", "solved", "closed", "time_worked", "survey",
    "due", "fields", "links",
]  # fmt: skip


def test_a_ticket_is_listed_and_shown_in_the_documented_form(busy: Call) -> None:
    (listed,) = busy("ticket", "list", "--json").json
    assert list(listed) == TICKET
    shown = busy("ticket", "show", listed["reference"].lower(), "--json").json
    assert list(shown) == [*TICKET, "messages", "events"]
    assert shown["messages"][0]["text"].startswith("Hello,")
    assert isinstance(busy("ticket", "show", listed["reference"], listed["reference"], "--json").json, list)
    assert busy("ticket", "history", listed["reference"], "--json").json == shown["events"]


def test_a_ticket_is_readable_in_a_pipe(busy: Call) -> None:
    table = busy("ticket", "list").out
    assert table.splitlines()[0].split()[:3] == ["TICKET", "STATUS", "SEV"]
    assert "carol@acme.example" in table
    reference = table.splitlines()[1].split()[0]
    shown = busy("ticket", "show", reference).out
    assert "the export to PDF stops at page 3." in shown
    assert busy("ticket", "list", "--status", "closed").out == "no ticket is closed\n"
    assert busy("ticket", "list", "--queue", "sales").out == "there is no ticket in sales\n"
    assert busy("ticket", "list", "--owner", "ALICE AGENT").out == "there is no ticket of alice@example.com\n"


def test_what_is_not_there_is_1_with_a_sentence(busy: Call) -> None:
    for words in (
        ("ticket", "show", "EX-9"),
        ("why", "nobody@nowhere"),
        ("message", "raw", "999"),
        ("held", "show", "9"),
    ):
        ended = busy(*words)
        assert (ended.code, ended.out) == (1, ""), words
        assert ended.err.startswith("maildesk: "), words
        assert "; see: maildesk " in ended.err, words
    assert busy("ticket", "list", "--queue", "technicl").err.endswith("did you mean technical?\n")
    nobody = busy("ticket", "list", "--owner", "nobody")
    assert nobody.code == 1
    assert nobody.err == "maildesk: there is no agent nobody; known are: Alice Agent, Anton Agent, Mona Manager\n"
    assert busy("ticket", "list", "--owner", "alice agnt").err.endswith("did you mean Alice Agent?\n")
    assert busy("why", "9999").err == "maildesk: there is no mail 9999; see: maildesk ledger\n"


@pytest.mark.parametrize(
    "words",
    [
        ("message", "raw"),
        ("held", "show"),
        ("held", "release"),
        ("held", "drop"),
        ("outbox", "retry"),
        ("outbox", "drop"),
    ],
)
@pytest.mark.parametrize("wrong", ["abc", "0", "9" * 19, "9" * 30])
def test_what_is_no_id_is_told_so(maildesk: Call, words: tuple[str, str], wrong: str) -> None:
    ended = maildesk(*words, wrong)
    assert ended.code == 2
    assert f"'{wrong}' is no id: a number, as the lists show it; see: maildesk {' '.join(words)} --help" in ended.err


def test_a_language_that_a_letter_is_not_in_is_told_with_those_it_is_in(maildesk: Call) -> None:
    for verb in ("show", "preview"):
        ended = maildesk("template", verb, "survey", "--language", "xx")
        assert (ended.code, ended.out) == (1, "")
        assert ended.err == "maildesk: the letter survey is not there in xx; it is in: de, en\n"
        assert maildesk("template", verb, "survey", "--language", "de_AT").out == (
            maildesk("template", verb, "survey", "--language", "de").out
        )


def test_a_language_of_an_override_can_be_previewed(maildesk: Call, folder: Path) -> None:
    (folder / "mine" / "fr").mkdir(parents=True)
    (folder / "mine" / "fr" / "survey.txt").write_text("Subject: Votre avis\nMerci\n")
    config = (folder / "maildesk.conf").read_text().replace("[desk]", '[desk]\ntemplates = "mine"')
    (folder / "maildesk.conf").write_text(config)
    assert "Votre avis" in maildesk("template", "preview", "survey", "--language", "fr").out
    assert maildesk("template", "preview", "reply", "--language", "fr").err.endswith("it is in: de, en\n")


def test_the_raw_bytes_come_back_with_their_sha256(maildesk: Call) -> None:
    raw = mail(message_id="<raw@acme.example>")
    assert maildesk("deliver", mail=raw).code == 0
    (row,) = maildesk("ledger", "--json").json
    assert list(row) == ["id", "door", "received", "message_id", "sha256", "outcome", "reason", "rule", "ticket"]
    assert row["door"] == "deliver"
    assert row["sha256"] == hashlib.sha256(raw).hexdigest()
    assert maildesk("message", "raw", str(row["id"])).out.encode() == raw


def test_the_ledger_is_narrowed_by_time_and_outcome(busy: Call) -> None:
    assert [row["outcome"] for row in busy("ledger", "--json").json] == ["ticket", "held"]
    assert len(busy("ledger", "--outcome", "held", "--json").json) == 1
    tomorrow = (clock() + timedelta(days=1)).isoformat()
    assert busy("ledger", "--since", tomorrow, "--json").json == []
    assert busy("ledger", "--since", "yesterday").code == 2
    assert "held" in busy("ledger").out


def test_why_tells_rules_decisions_and_letters(busy: Call) -> None:
    told = busy("why", "<one@acme.example>", "--json").json
    assert told["outcome"] == "ticket"
    assert told["rules"]
    assert {letter["letter"] for letter in told["letters"]} == {"acknowledgement", "agent_ticket"}
    assert "letter" in busy("why", "one@acme.example").out


def test_a_held_mail_is_shown_and_released(busy: Call) -> None:
    (held,) = busy("held", "list", "--json").json
    assert list(held) == ["id", "reason", "from", "subject", "queue", "received", "until"]
    assert "the export to PDF" in busy("held", "show", str(held["id"])).out
    ended = busy("held", "release", str(held["id"]))
    assert ended.code == 0, ended
    assert f"{held['id']}: ticket EX-" in ended.out
    assert "no daemon is running" in ended.err
    assert busy("held", "list").out == "no mail is held\n"
    assert busy("held", "release", str(held["id"])).code == 1


def test_a_held_mail_is_dropped_for_good(busy: Call) -> None:
    (held,) = busy("held", "list", "--json").json
    assert busy("held", "drop", str(held["id"])).code == 0
    assert busy("why", "two@acme.example", "--json").json["outcome"] == "refused"
    assert busy("held", "drop", str(held["id"])).code == 1


def test_letters_are_listed_retried_and_dropped(busy: Call) -> None:
    letters = busy("outbox", "list", "--json").json
    assert list(letters[0]) == [
        "id", "letter", "ticket", "to", "message_id", "state", "attempts", "next_try", "last_error",
    ]  # fmt: skip
    ident = str(letters[0]["id"])
    assert busy("outbox", "retry", ident).out == f"{ident}: due now\n"
    assert len(busy("outbox", "retry").out.splitlines()) == len(letters)
    assert busy("outbox", "drop", ident).out == f"{ident}: dropped\n"
    assert busy("outbox", "drop", ident).code == 1
    assert len(busy("outbox", "list", "--json").json) == len(letters) - 1


def test_the_directory_comes_out_as_it_went_in(maildesk: Call, folder: Path) -> None:
    exported = maildesk("directory", "export").out
    (folder / "again.toml").write_text(exported)
    assert maildesk("directory", "apply", "--prune", folder / "again.toml").out == "nothing to change\n"
    (folder / "again.toml").write_text(exported.replace("Bob Brown", "Bob Black"))
    assert "Bob Black" in maildesk("directory", "apply", "--dry-run", folder / "again.toml").out
    assert maildesk("directory", "export").out == exported
    (folder / "again.toml").write_text("[[organisation]]\nnam = 1\n")
    ended = maildesk("directory", "apply", folder / "again.toml")
    assert ended.code == 1
    assert ended.err.startswith("again.toml:")


def test_due_tells_and_does_what_time_will_do(busy: Call) -> None:
    assert busy("due", "--at", clock().isoformat()).out == "time has nothing to do\n"
    assert [row["what"] for row in busy("due", "--json").json] == ["retention"], "of the mail that is held"
    assert busy("due", "--at", "tomorrow").code == 2
    later = (clock() + timedelta(days=40)).isoformat()
    ended = busy("due", "--at", later, "--run")
    assert (ended.code, ended.out) == (0, "0 things done, 1 parked mails settled\n")
    assert busy("due", "--at", later, "--run", "--json").json == {"done": 0, "parked": 0}
    assert busy("why", "two@acme.example", "--json").json["outcome"] == "refused"


def test_a_moment_ahead_needs_yes_while_a_daemon_runs(busy: Call, folder: Path) -> None:
    found = config.load(folder / "maildesk.conf")
    store = Store.open(found.store.url, found.desk.state_dir)
    lock = DeskLock(store)
    lock.take()
    later = (clock() + timedelta(days=40)).isoformat()
    try:
        ended = busy("due", "--at", later, "--run")
        assert ended.code == 1
        assert "--yes" in ended.err
        assert busy("status", "--json").json["daemon"] is True
        assert busy("due", "--at", later, "--run", "--yes").code == 0
    finally:
        lock.release()
        store.close()


def test_status_tells_counts_and_health_its_problems(busy: Call) -> None:
    found = busy("status", "--json").json
    assert found["tickets"]["new"] == 1
    assert found["held"] == 1
    assert found["daemon"] is False
    assert "daemon     not running" in busy("status").out
    ended = busy("health")
    assert ended.code == 2
    assert ended.out.splitlines()[0].startswith("failing daemon: no daemon is running")
    assert busy("health", "--json").json[0]["code"] == "daemon"


def test_health_of_a_desk_that_cannot_be_looked_at_is_failing(call: Call, folder: Path) -> None:
    ended = call("--config", folder / "none.conf", "health")
    assert ended.code == 2
    assert ended.out.startswith("failing start: ")


def test_templates_are_listed_shown_and_previewed(maildesk: Call) -> None:
    names = [row["name"] for row in maildesk("template", "list", "--json").json]
    assert "acknowledgement" in names
    assert maildesk("template", "show", "reply").out.startswith("--- en/reply.txt\nSubject: ")
    for kind in ("txt", "html"):
        shipped = (Path(__file__).parents[2] / "templates" / "en" / f"reply.{kind}").read_text()
        assert maildesk("template", "show", "reply", "--only", kind).out == shipped
    assert maildesk("template", "preview", "survey").out.startswith("Subject: ")
    assert "<html" in maildesk("template", "preview", "survey", "--html").out
    assert maildesk("template", "preview", "surve").err.endswith("did you mean survey?\n")
    assert maildesk("template", "preview", "reply", "--to", "me@example.com").code == 0
    (letter,) = maildesk("outbox", "list", "--json").json
    assert (letter["letter"], letter["to"]) == ("reply", "me@example.com")


def test_templates_need_no_configuration(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    assert call("template", "list").code == 0
    assert "EX-10427" in call("template", "preview", "acknowledgement").out
