"""The file of the desk's key: made once, for its owner, and never over a store that has letters out."""

from __future__ import annotations

from pathlib import Path

import pytest

from maildesk.config import Config, parse
from maildesk.desk.keyring import KEY_LENGTH, KeyTrouble, fingerprint, open_keyring
from tests.builders import configuration


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse(configuration(), tmp_path)


def opened(config: Config, *, empty: bool = True, octet: bytes = b"k") -> tuple[bytes, ...]:
    return open_keyring(config, empty_store=empty, entropy=lambda length: octet * length)


def test_a_key_is_made_for_its_owner_alone_and_read_again(config: Config) -> None:
    made = opened(config)
    assert made == (b"k" * KEY_LENGTH,)
    assert config.desk.key_file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in config.desk.key_file.parent.iterdir()] == ["key"]
    assert opened(config, octet=b"x") == opened(config, empty=False) == made


def test_what_a_process_left_that_died_over_it_is_no_key(config: Config) -> None:
    folder = config.desk.key_file.parent
    folder.mkdir()
    (folder / "key.1").write_bytes(b"")
    assert opened(config) == (b"k" * KEY_LENGTH,)


def test_no_key_is_made_over_a_store_that_has_letters_out(config: Config) -> None:
    with pytest.raises(KeyTrouble, match="put the key back"):
        opened(config, empty=False)
    assert not config.desk.key_file.exists()


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"", 0o600, "too short"),
        (b"6b6b\n", 0o600, "too short"),
        (b"no key\n", 0o600, "no key of maildesk"),
        (b"\xff" * 40, 0o600, "no key of maildesk"),
        (b"6b" * KEY_LENGTH, 0o640, "chmod 600"),
        (b"6b" * KEY_LENGTH, 0o604, "chmod 600"),
    ],
)
def test_a_key_that_must_not_be_used_is_refused(config: Config, content: bytes, mode: int, said: str) -> None:
    path = config.desk.key_file
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(KeyTrouble, match=said):
        opened(config)


def test_former_keys_stand_behind_the_one_that_mints(tmp_path: Path) -> None:
    former = tmp_path / "former"
    former.write_text("6a" * KEY_LENGTH)
    former.chmod(0o600)
    text = configuration().replace('prefix = "EX"', 'prefix = "EX"\nold_key_files = ["former"]')
    assert opened(parse(text, tmp_path)) == (b"k" * KEY_LENGTH, b"j" * KEY_LENGTH)


def test_the_store_remembers_too_little_of_a_key_to_use_it() -> None:
    assert fingerprint(b"k" * KEY_LENGTH) != fingerprint(b"j" * KEY_LENGTH)
    assert len(fingerprint(b"k" * KEY_LENGTH)) == 16
