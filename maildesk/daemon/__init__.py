"""The daemon: every room composed into a running desk."""

from maildesk.daemon.daemon import Daemon, utc_now
from maildesk.daemon.process import run

__all__ = ["Daemon", "run", "utc_now"]
