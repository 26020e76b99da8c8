"""Which files of a folder are mails: of a Maildir those in cur and new, else every .eml below.

Called by `import` and `inspect`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def files_in(folder: Path) -> list[Path]:
    """In the order of their names."""
    return sorted(_files(folder))


def _files(folder: Path) -> Iterator[Path]:
    if (folder / "cur").is_dir() and (folder / "new").is_dir():
        for part in ("cur", "new"):
            yield from (file for file in (folder / part).iterdir() if file.is_file() and file.name[0] != ".")
    else:
        yield from (file for file in folder.rglob("*.eml") if file.is_file())
