"""A configured desk in a folder, and the command line called as a function."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from maildesk.cli import verbs
from tests.builders import DIRECTORY, configuration


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Ended]


@pytest.fixture
def call(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run one verb in this process; `mail` is its stdin."""

    def run(*words: str | Path, mail: bytes = b"") -> Ended:
        capsysbinary.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail)))
        code = verbs.run([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a configuration and the people of the stories in a file."""
    (tmp_path / "maildesk.conf").write_text(configuration())
    (tmp_path / "directory.toml").write_text(DIRECTORY)
    return tmp_path


@pytest.fixture
def maildesk(call: Call, folder: Path) -> Call:
    """The command line over that folder, its directory applied."""

    def run(*words: str | Path, mail: bytes = b"") -> Ended:
        return call("--config", folder / "maildesk.conf", *words, mail=mail)

    assert run("directory", "apply", folder / "directory.toml").code == 0
    return run
