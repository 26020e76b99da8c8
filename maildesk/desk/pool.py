"""How many readers there are, and how long one mail may take them: the same for the daemon, its porter and verbs."""

from __future__ import annotations

import os

READERS = max(1, min(4, (os.cpu_count() or 2) - 1))
READING_DEADLINE = 10.0  # seconds of CPU that one mail may take (P8, P28)
