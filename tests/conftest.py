"""Fixtures that tests in every folder may use."""

from __future__ import annotations

pytest_plugins = ["tests.databases", "tests.dovecot"]
