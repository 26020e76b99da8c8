"""init, check, and what is said before anything runs."""

import re
from pathlib import Path

import pytest

from maildesk import config
from maildesk.cli.verbs import VERBS
from tests.cli.conftest import Call


def test_init_writes_a_configuration_that_check_finds_good(call: Call, tmp_path: Path) -> None:
    ended = call("init", tmp_path / "desk")
    assert ended.code == 0
    assert f"maildesk --config {tmp_path / 'desk' / 'maildesk.conf'} check" in ended.out
    checked = call("--config", tmp_path / "desk" / "maildesk.conf", "check")
    assert (checked.code, checked.err) == (0, "")
    assert not (tmp_path / "desk" / "state").exists()


def test_the_configuration_of_init_has_five_values_to_fill_in(call: Call, tmp_path: Path) -> None:
    call("init", tmp_path)
    text = (tmp_path / "maildesk.conf").read_text()
    assert re.findall(r"# \((\d)\)", text) == ["1", "2", "3", "4", "5"]
    assert config.load(tmp_path / "maildesk.conf").desk.state_dir == tmp_path / "state"


def test_init_never_overwrites(call: Call, tmp_path: Path) -> None:
    (tmp_path / "directory.toml").write_text("mine")
    ended = call("init", tmp_path)
    assert ended.code == 1
    assert "is there already" in ended.err
    assert not (tmp_path / "maildesk.conf").exists()
    assert (tmp_path / "directory.toml").read_text() == "mine"


def test_the_empty_directory_of_init_can_be_applied(call: Call, tmp_path: Path) -> None:
    call("init", tmp_path)
    ended = call("--config", tmp_path / "maildesk.conf", "directory", "apply", tmp_path / "directory.toml")
    assert (ended.code, ended.out) == (0, "nothing to change\n")


def test_the_people_commented_out_in_the_directory_of_init_fit_its_configuration(call: Call, tmp_path: Path) -> None:
    call("init", tmp_path)
    file = tmp_path / "directory.toml"
    file.write_text(re.sub(r"(?m)^# (?=[\[a-z])", "", file.read_text()))
    ended = call("--config", tmp_path / "maildesk.conf", "directory", "apply", file)
    assert ended.code == 0, ended.err
    assert "add agent Alice Agent" in ended.out


def test_check_prints_every_problem_and_exits_78(call: Call, tmp_path: Path) -> None:
    (tmp_path / "maildesk.conf").write_text("[desk]\nnam = 1\n[relay]\nport = 0\n")
    ended = call("--config", tmp_path / "maildesk.conf", "check")
    assert ended.code == 78
    assert [line.split(": ")[1] for line in ended.err.splitlines()] == [
        "queue",
        "desk.domain",
        "desk.postmaster",
        "desk.nam",
        "relay.port",
    ] or len(ended.err.splitlines()) == 5


def test_check_tells_of_a_secret_that_is_missing_and_of_a_broken_template(call: Call, folder: Path) -> None:
    (folder / "maildesk.conf").write_text(
        (folder / "maildesk.conf").read_text().replace("[desk]", '[desk]\ntemplates = "mine"')
        + '[mailbox.m]\nhost = "imap.example.com"\nuser = "u"\npassword_file = "pw"\n'
    )
    broken = folder / "mine" / "en" / "reply.txt"
    broken.parent.mkdir(parents=True)
    broken.write_text("Subject: {{ subject }}\n{{ nothing_like_it }}\n")
    ended = call("--config", folder / "maildesk.conf", "check")
    assert ended.code == 78
    assert f"files: {folder / 'pw'}: there is no such file" in ended.out
    assert re.search(r"templates: .*reply\.txt:2: ", ended.out)
    assert "store: no problem" in ended.out


def test_a_missing_configuration_is_78_and_names_init(call: Call, tmp_path: Path) -> None:
    ended = call("--config", tmp_path / "none.conf", "held", "list")
    assert ended.code == 78
    assert "maildesk init" in ended.err


def test_upgrade_has_nothing_to_do_on_a_store_of_this_version(maildesk: Call) -> None:
    assert maildesk("upgrade").out == "nothing is pending\n"


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_verb_has_an_example(call: Call, verb: str) -> None:
    ended = call(verb, "--help")
    assert ended.code == 0
    assert f"Example: maildesk {verb}" in " ".join(ended.out.split()) or "Example: " in ended.out


def test_the_help_names_every_verb(call: Call) -> None:
    text = call("--help").out
    assert all(re.search(rf"(?m)^  {verb} ", text) for verb in VERBS)


@pytest.mark.parametrize("words", [("frobnicate",), ("held", "list", "--jsn"), ("--nothing",), ("held", "show", "x")])
def test_a_wrong_command_line_is_2(call: Call, words: tuple[str, ...]) -> None:
    assert call(*words).code == 2
