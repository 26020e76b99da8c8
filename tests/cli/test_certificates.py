"""The end of a certificate, read without a library."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maildesk.cli.certificates import ends


@pytest.mark.parametrize("days", [30, 365 * 40])
def test_the_end_of_a_certificate_is_read(tmp_path: Path, days: int) -> None:
    words = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days {days} -subj /CN=x".split()
    subprocess.run([*words, "-keyout", tmp_path / "k", "-out", tmp_path / "c"], check=True, capture_output=True)
    found = ends(tmp_path / "c")
    assert found is not None
    assert abs(found - datetime.now(UTC) - timedelta(days=days)) < timedelta(minutes=5)


def test_what_is_no_certificate_has_no_end(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert ends(tmp_path / "c") is None
    assert ends(tmp_path / "none") is None
