"""The prover processes: real ones, which ask a name server on the loopback; and what is asked about which mail."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
import pytest

from maildesk.config import Config, ConfigError, parse
from maildesk.desk.lookup import Lookups, Stub, Unanswered
from maildesk.desk.proof import Checked, Question, question
from maildesk.desk.provers import Provers
from maildesk.desk.reader import reading
from maildesk.words import Envelope, Later
from tests.builders import START, configuration, mail
from tests.desk.zone import Zone, signed

ACME = "acme.example"
ASKED = Question(ACME, f"carol@{ACME}", "", ("to",))


class NameServer:
    """Answers from a zone by UDP; to names in `zone.faults` it says nothing, to "broken" ones that it cannot."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.place = self.socket.getsockname()
        self.came = threading.Event()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.place)
        self.thread.join()
        self.socket.close()

    def _serve(self) -> None:
        while (came := self.socket.recvfrom(4096))[0]:
            self.came.set()
            answer = self._answer(dns.message.from_wire(came[0]))
            if answer is not None:
                self.socket.sendto(answer.to_wire(), came[1])

    def _answer(self, asked: dns.message.Message) -> dns.message.Message | None:
        name, kind = asked.question[0].name.to_text(True), dns.rdatatype.to_text(asked.question[0].rdtype)
        if name in self.zone.faults:
            return None
        answer = dns.message.make_response(asked)
        if name.startswith("broken."):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif values := self.zone.records.get((name, kind)):
            found = [written(each) for each in values]
            answer.answer.append(dns.rrset.from_text_list(dns.name.from_text(name), 60, "IN", kind, found))
        elif not any(each == name for each, _ in self.zone.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


def written(value: object) -> str:
    if isinstance(value, bytes):
        return " ".join(f'"{value[at : at + 200].decode()}"' for at in range(0, len(value), 200))
    return f"{value[0]} {value[1]}." if isinstance(value, tuple) else str(value)


class Told:
    def __init__(self) -> None:
        self.reasons: list[str] = []

    def prover_replaced(self, *, reason: str) -> None:
        self.reasons.append(reason)


@pytest.fixture
def zone() -> Zone:
    return Zone().key(ACME).demands(ACME)


@pytest.fixture
def server(zone: Zone) -> Iterator[NameServer]:
    running = NameServer(zone)
    yield running
    running.stop()


@contextmanager
def provers(server: NameServer, told: Told | None = None, count: int = 1) -> Iterator[Provers]:
    running = Provers(told or Told(), [server.place], count)
    try:
        yield running
    finally:
        running.stop()


def asked(running: Provers, content: bytes, about: Question = ASKED) -> Checked:
    return running.check(zlib.compress(content), about).result(40)


# the processes


def test_a_prover_finds_what_is_found_here(server: NameServer, zone: Zone) -> None:
    content = signed(mail(), ACME)
    with provers(server) as running:
        found = asked(running, content)
        assert found == zone.check(zlib.compress(content), ASKED).result()
        assert found.proves
        assert asked(running, content.replace(b"page 3", b"page 4")).dmarc == ""


def test_without_an_answer_a_mail_is_neither_proved_nor_late(server: NameServer, zone: Zone) -> None:
    zone.faults.add(f"_dmarc.{ACME}")
    since = time.monotonic()
    with provers(server) as running:
        asked(running, mail())  # its start
        since = time.monotonic()
        found = asked(running, signed(mail(), ACME))
    assert (found.dmarc, found.proves) == ("temperror", False)
    assert time.monotonic() - since < 8


def test_a_prover_that_is_killed_costs_one_proof(server: NameServer, zone: Zone) -> None:
    zone.faults.add(f"s._domainkey.{ACME}")
    told = Told()
    with provers(server, told) as running:
        waiting = running.check(zlib.compress(signed(mail(), ACME)), ASKED)
        assert server.came.wait(20)
        os.kill(prover_pid(), signal.SIGKILL)
        assert waiting.result(20) == Checked(told="not checked: the check was cut short")
        zone.faults.clear()
        assert asked(running, signed(mail(), ACME)).proves
    assert len(told.reasons) == 1


def test_who_waits_too_long_in_line_goes_on_unproved(server: NameServer, zone: Zone) -> None:
    zone.faults.update({f"s._domainkey.{ACME}", f"_dmarc.{ACME}"})
    content = zlib.compress(signed(mail(), ACME))
    with provers(server) as running:
        found = [each.result(60) for each in [running.check(content, ASKED) for _ in range(4)]]
    assert not any(each.proves for each in found)
    assert found[-1].told == "not checked: too many wait"


def test_a_desk_that_stops_leaves_mail_in_hand_to_its_sender(server: NameServer, zone: Zone) -> None:
    zone.faults.update({f"s._domainkey.{ACME}", f"_dmarc.{ACME}"})
    with provers(server) as running:
        first = running.check(zlib.compress(signed(mail(), ACME)), ASKED)
        assert server.came.wait(20)
    assert wait([first], 1).done
    assert isinstance(first.exception(), Later)
    assert isinstance(running.check(b"", ASKED).exception(), Later)


def prover_pid() -> int:
    tasks = Path("/proc/self/task").iterdir()
    children = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
    return next(pid for pid in children if b"maildesk.desk.prover" in Path(f"/proc/{pid}/cmdline").read_bytes())


# the stub


def test_every_kind_of_record_is_read(server: NameServer, zone: Zone) -> None:
    zone.records |= {
        ("x.example", "TXT"): [b"a" * 300],
        ("x.example", "MX"): [(10, "mx.example")],
        ("x.example", "A"): ["192.0.2.1"],
        ("x.example", "AAAA"): ["2001:db8::1"],
        ("x.example", "PTR"): ["y.example."],
    }
    lookups = Lookups(Stub([server.place]).find, 5)
    kinds = ("TXT", "MX", "A", "AAAA", "PTR")
    found = {kind: list(lookups.ask("x.example", kind)) for kind in kinds}
    assert found == {kind: zone.records["x.example", kind] for kind in kinds} | {"PTR": ["y.example"]}


@pytest.mark.parametrize(
    "name", ["nowhere.example", "x" * 64 + ".example", "a..example", "\udcff.example", ".".join("x" * 200)]
)
def test_what_is_no_name_and_who_is_not_there_have_no_records(server: NameServer, name: str) -> None:
    assert list(Lookups(Stub([server.place]).find, 5).ask(name, "TXT")) == []


def test_a_server_that_cannot_answer_has_said_nothing(server: NameServer) -> None:
    with pytest.raises(Unanswered):
        Lookups(Stub([server.place]).find, 2).ask("broken.example", "TXT")


# what is asked


@pytest.fixture
def config(tmp_path: Path) -> Config:
    listeners = '[listen.mx]\nprotocol = "smtp"\naddress = "127.0.0.1:0"\n'
    listeners += '[listen.inner]\nprotocol = "smtp"\naddress = "127.0.0.1:0"\nallow = ["198.51.100.7"]\n'
    return parse(configuration(f"[gate]\nverify_dkim = true\n{listeners}"), tmp_path)


DIRECT = Envelope("smtp:mx", START, sender=f"carol@{ACME}", peer="198.51.100.7")


def about(config: Config, envelope: Envelope = DIRECT, **fields: object) -> Question | None:
    return question(reading(mail(**fields))[0], envelope, config)


def test_a_mail_straight_from_its_senders_host(config: Config) -> None:
    assert about(config) == Question(ACME, f"carol@{ACME}", "198.51.100.7", ("to",), True)


@pytest.mark.parametrize(
    "change",
    [{"door": "smtp:inner"}, {"door": "lmtp:mx"}, {"door": "imap:main"}, {"door": "deliver"}, {"peer": ""},
     {"peer": "10.0.0.7"}, {"peer": "127.0.0.1"}, {"peer": "fd00::1"}],
)  # fmt: skip
def test_the_host_is_not_judged_where_it_is_one_of_ours(config: Config, change: dict[str, str]) -> None:
    asked = about(config, replace(DIRECT, **change))
    assert asked is not None
    assert asked.peer == ""


def test_nothing_is_asked_of_an_import_or_of_a_mail_that_nobody_can_read(config: Config) -> None:
    assert about(config, replace(DIRECT, quiet=True)) is None
    assert about(config, replace(DIRECT, door="import")) is None
    assert about(config, replace(DIRECT, cut="too large")) is None
    assert about(config, sender="") is None


def test_nothing_is_asked_unless_the_configuration_says_so(tmp_path: Path) -> None:
    assert about(parse(configuration(), tmp_path)) is None


@pytest.mark.parametrize(("days", "timely"), [(0, True), (-6.9, True), (-7.1, False), (0.9, True), (1.1, False)])
def test_the_date_is_of_these_days(config: Config, days: float, timely: bool) -> None:
    asked = about(config, date=START + timedelta(days=days))
    assert asked is not None
    assert asked.timely is timely


def test_the_fields_that_name_us_are_known(config: Config) -> None:
    asked = about(config, to="bob@acme.example", cc=["x@y.example", "help+EX-1-abc@example.com"])
    assert asked is not None
    assert asked.ours == ("cc",)


def test_without_its_packages_the_check_is_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spf", None)
    with pytest.raises(ConfigError, match=r'gate\.verify_dkim: .*; pip install "maildesk\[auth\]", or write false'):
        parse(configuration("[gate]\nverify_dkim = true\n"), tmp_path)
