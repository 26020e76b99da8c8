"""The fence around a process that handles hostile octets or templates: so much memory, so much CPU, no core file.

Called first thing by the processes of desk/reader, desk/scribe, desk/opener and cli/inspector. What such a process
starts is behind the same fence. The kernel ends what climbs over it.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def put_up(memory: int) -> None:
    """From now on this process may use `memory` octets more than it has. The desk ends it, nobody else."""
    for disturbance in (signal.SIGINT, signal.SIGTERM):  # it is ended after what is in flight
        signal.signal(disturbance, signal.SIG_IGN)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """CPU time: a busy machine makes no mail unreadable and no letter late."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
