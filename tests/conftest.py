"""Fixtures that tests in every folder may use, and how hypothesis searches: as long as a shared machine needs."""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["tests.databases", "tests.dovecot"]

settings.register_profile("maildesk", deadline=None)
settings.load_profile("maildesk")
