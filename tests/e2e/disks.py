"""Disks that are small, full or read-only, for the time of a test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MIB = 1 << 20


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A file system of its own at this folder."""
    folder.mkdir()
    mount("-t", "tmpfs", "-o", f"size={size},mode=700", "none", folder)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def filled_up(folder: Path) -> Iterator[None]:
    """Not an octet is left on its disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            pass
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Whatever is opened in this folder from now on cannot be written to."""
    if os.geteuid() != 0:  # root writes where it likes
        files = [folder, *folder.iterdir()]
        for file in files:
            file.chmod(0o500 if file.is_dir() else 0o400)
        yield
        for file in files:
            file.chmod(0o700 if file.is_dir() else 0o600)
        return
    mount("--bind", folder, folder)
    mount("-o", "remount,bind,ro", folder)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def mount(*words: str | Path) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
