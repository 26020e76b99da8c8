"""psycopg is imported for a PostgreSQL store alone: seen in processes of their own, for this one has it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from pathlib import Path
from maildesk.store.database import Store
assert "psycopg" not in sys.modules
store = Store.open(sys.argv[1], Path(sys.argv[2]))
with store.atomic():
    [one] = store.one("SELECT ? + 1", (1,))
store.close()
print(one, "psycopg" in sys.modules, "peewee" in sys.modules)
"""


def said(url: str, folder: Path) -> str:
    command = [sys.executable, "-c", SCRIPT, url, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_a_store_in_sqlite_does_without_it(tmp_path: Path) -> None:
    assert said("sqlite:///maildesk.db", tmp_path) == "2 False True"


def test_a_store_in_postgresql_fetches_it(postgres_url: str, tmp_path: Path) -> None:
    assert said(postgres_url, tmp_path) == "2 True True"
