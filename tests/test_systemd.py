"""The units and what the daemon says to systemd: analysed offline, and spoken over real sockets."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from maildesk.systemd import Notifier, inherited_sockets

UNITS = Path(__file__).parent.parent / "systemd"
# A developer's machine may be without systemd. Where CI is set nothing is skipped: a missing tool fails the test.
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze") and not os.environ.get("CI"), reason="systemd-analyze is missing"
)


@pytest.fixture
def notified(tmp_path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(5)
        yield str(tmp_path / "notify"), listener


@needs_systemd
def test_the_service_is_exposed_at_most_by_one_and_a_half() -> None:
    answer = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15", str(UNITS / "maildesk.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    overall = re.search(r"Overall exposure level for maildesk.service: ([0-9.]+)", answer.stdout)
    assert overall, answer.stdout + answer.stderr
    assert float(overall[1]) <= 1.5
    assert answer.returncode == 0


@pytest.mark.parametrize("unit", sorted(UNITS.iterdir()), ids=lambda path: path.name)
def test_every_setting_of_a_unit_has_its_comment(unit: Path) -> None:
    lines = [line for line in unit.read_text().splitlines() if line and not line.startswith("[")]
    for above, line in zip(["", *lines], lines, strict=False):
        assert line.startswith("#") or above.startswith("#"), f"{unit.name}: {line} has no comment above it"


@needs_systemd
def test_systemd_understands_every_line_of_the_units() -> None:
    answer = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            *(str(unit) for unit in UNITS.iterdir() if unit.suffix in (".service", ".socket")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in answer.stderr.splitlines() if "/usr/bin/maildesk is not executable" not in line]
    assert [line for line in complaints if "maildesk" in line] == []


def test_the_account_of_the_service_stands_beside_it_and_is_no_dynamic_one() -> None:
    """A dynamic user's folder lies below /var/lib/private, where the verbs could not go as that user."""
    service = (UNITS / "maildesk.service").read_text()
    account = re.search(r"^User=(.+)$", service, re.MULTILINE)
    assert account
    assert "DynamicUser" not in service
    assert re.search(rf"^u {account[1]} ", (UNITS / "sysusers.conf").read_text(), re.MULTILINE)


# As above: never skipped where CI is set.
@pytest.mark.skipif(
    not shutil.which("systemd-sysusers") and not os.environ.get("CI"), reason="systemd-sysusers is missing"
)
def test_the_account_is_made_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    command = ["systemd-sysusers", f"--root={tmp_path}", str(UNITS / "sysusers.conf")]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "etc" / "passwd").read_text().startswith("maildesk:")


def test_states_reach_the_notification_socket(notified) -> None:
    path, listener = notified
    notifier = Notifier({"NOTIFY_SOCKET": path})
    notifier.ready()
    assert listener.recv(100) == b"READY=1"
    notifier.status("2 tickets\nopen")
    assert listener.recv(100) == b"STATUS=2 tickets open"
    notifier.reloading()
    assert re.fullmatch(rb"RELOADING=1\nMONOTONIC_USEC=\d+", listener.recv(100))


def test_an_abstract_notification_socket_is_reached() -> None:
    name = f"maildesk-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0" + name)
        listener.settimeout(5)
        Notifier({"NOTIFY_SOCKET": "@" + name}).alive()
        assert listener.recv(100) == b"WATCHDOG=1"


def test_a_desk_without_systemd_says_nothing_and_goes_on(tmp_path: Path) -> None:
    Notifier({}).ready()
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()


def test_the_watchdog_is_only_for_the_process_it_is_meant_for() -> None:
    assert Notifier({"WATCHDOG_USEC": "60000000"}).watchdog == 60
    assert Notifier({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}).watchdog == 60
    assert Notifier({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}).watchdog is None
    assert Notifier({}).watchdog is None


def test_sockets_of_another_process_are_not_taken() -> None:
    assert inherited_sockets({"LISTEN_PID": "1", "LISTEN_FDS": "1"}) == {}


@needs_systemd
def test_an_activated_process_finds_its_socket_by_name() -> None:
    script = (
        "from maildesk.systemd import inherited_sockets; s = inherited_sockets();"
        "c, _ = s['smtp'].accept(); c.sendall(b'here'); c.close(); s['smtp'].close()"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    activator = subprocess.Popen(
        ["systemd-socket-activate", "-l", f"127.0.0.1:{port}", "--fdname=smtp", "-E", f"PATH={os.environ['PATH']}",
         sys.executable, "-c", script],
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert activator.stderr is not None
        while b"Listening on" not in activator.stderr.readline():
            assert activator.poll() is None
        with socket.create_connection(("127.0.0.1", port), 10) as caller:
            assert caller.recv(10) == b"here"
    finally:
        activator.kill()
        activator.wait()
        activator.stderr.close()
