"""`maildesk policy`: the support policy says what the configuration says, and nothing else counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from maildesk import config as configuration_of
from maildesk.config import Config
from maildesk.letters.fallback import shipped_shelf
from maildesk.letters.where import shipped
from maildesk.policy.hours import spans
from tests.cli.conftest import Call

DESK = """
[desk]
name = "Example Support"
domain = "example.com"
state_dir = "state"
postmaster = "ops@example.com"
prefix = "HD"
[queue.technical]
title = "Technical Support"
address = "support@example.com"
aliases = ["help@example.com"]
default = true
calendar = "central"
categories = ["billing & tax"]
text = { scope = "Two <major> versions.", docs = "The handbook.\\n\\nAnd the index." }
[queue.sales]
title = "Sales"
address = "sales@example.com"
[calendar.central]
time_zone = "America/Chicago"
hours = { mon-fri = "07:00-19:00", sat-sun = "09:00-17:00" }
holidays = "US-IL"
[calendar.sydney]
time_zone = "Australia/Sydney"
hours = { mon-fri = "08:00-18:00" }
[calendar.world]
of = ["central", "sydney"]
[plan.standard]
title = "Standard"
queues = ["technical"]
rank = 2
first_response = { 1 = "2bh", 2 = "5bh", 3 = "1bd", 4 = "3bd" }
next_response = { 1 = "7bh", 2 = "1d", 3 = "6bd" }
update_every = { 1 = "9bh", 2 = "1bd" }
survey = false
[plan.premium]
title = "Premium"
calendar = "world"
contacts = 9
channels = ["email", "phone"]
first_response = { 1 = "11bh", 4 = "45m" }
around_the_clock = [1]
text = { phone = "Your line is open." }
[closing]
solved_after = "3d"
pending_after = "8d"
remind_before = "12h"
"""
ENGLISH = {"s": "second", "m": "minute", "h": "hour", "d": "day", "bh": "business hour", "bd": "business day"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "maildesk.conf").write_text(DESK)
    return tmp_path / "maildesk.conf"


def text(call: Call, file: Path, *words: str) -> str:
    """The page in one line, however it was broken."""
    ended = call("--config", file, "policy", *words)
    assert (ended.code, ended.err) == (0, "")
    return " ".join(ended.out.split())


def edit(file: Path, old: str, new: str) -> None:
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def config(file: Path) -> Config:
    return configuration_of.load(file)


class Words(HTMLParser):
    """What a page shows, and what it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.links += [value or "" for key, value in attrs if key in ("src", "href", "action")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.shown.append(data)


@pytest.mark.parametrize("form", ["text", "html"])
def test_each_target_of_the_configuration_stands_in_the_page_in_words(call: Call, file: Path, form: str) -> None:
    page = text(call, file, "--format", form)
    for name, plan in config(file).plan.items():
        for severity, span in (*plan.first_response.items(), *plan.next_response.items()):
            unit = ENGLISH[span.unit if severity not in plan.around_the_clock else span.unit[-1]]
            assert f"within {span.amount} {unit}{'' if span.amount == 1 else 's'}" in page, (name, severity)
    assert "every 9 business hours" in page
    assert "every business day" in page
    assert "within 11 hours" in page  # around the clock
    assert "within 11 business hours" not in page


def test_the_hours_of_the_page_are_those_that_the_clocks_count(call: Call, file: Path) -> None:
    page = text(call, file)
    monday = datetime(2026, 5, 4, 0, tzinfo=UTC)
    counted = list(spans(config(file), "central", monday + timedelta(hours=6), monday + timedelta(days=7, hours=6)))
    zone = timedelta(hours=5)  # Chicago in May
    told = {(opens - zone).strftime("%a"): f"{opens - zone:%H:%M}–{closes - zone:%H:%M}" for opens, closes in counted}
    assert len(counted) == len(told) == 7
    assert len({told[day] for day in ("Mon", "Tue", "Wed", "Thu", "Fri")}) == 1
    assert told["Sat"] == told["Sun"]
    assert f"Monday to Friday: {told['Mon']} Saturday and Sunday: {told['Sat']}" in page
    assert "Time zone: America/Chicago" in page
    assert "Closed on public holidays: United States (US-IL)" in page
    assert "Sales Write to: sales@example.com Open: around the clock" in page


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ('"07:00-19:00"', '"08:00-12:00 13:00-18:30"', "07:00–19:00", "08:00–12:00, 13:00–18:30"),
        ('3 = "1bd", 4 = "3bd"', '3 = "1bd", 4 = "4bd"', "within 3 business days", "within 4 business days"),
        ("around_the_clock = [1]", "", "within 11 hours", "within 11 business hours"),
        ('time_zone = "America/Chicago"', 'time_zone = "Europe/Paris"', "America/Chicago", "Europe/Paris"),
        ('holidays = "US-IL"', 'holidays = "FR"', "United States (US-IL)", "France (FR)"),
        ('holidays = "US-IL"', 'holidays = "AT bank"', "United States (US-IL)", "Austria (AT bank)"),
        (
            'holidays = "US-IL"',
            'closed = [2999-12-24]\nopen = ["2999-12-31 09:00-12:00"]',
            "United States (US-IL)",
            "On 2999-12-24: closed On 2999-12-31: 09:00–12:00",
        ),
        ("contacts = 9", "contacts = 12", "up to 9", "up to 12"),
        (
            "contacts = 9",
            "contacts = 9\nescalate = [2, 1]",
            "up to 9",
            "Severity 1, 2: given to a manager at once, at any hour.",
        ),
        (
            "[closing]",
            '[plan.premium.queue.sales]\nfirst_response = { 3 = "25bh" }\n[closing]',
            "within 45 minutes",
            "Instead for Sales: Severity 3, medium: First answer within 25 business hours",
        ),
        (
            "[closing]",
            '[plan.standard.queue.technical]\nfirst_response = { 3 = "25bh" }\n[closing]',
            "within 45 minutes",
            "Instead for Technical Support: Severity 1, critical: Further answers within 7 business hours",
        ),
        (
            "contacts = 9",
            "contacts = 9\nincidents = 20\nrollover = 5",
            "up to 9",
            "20 a year; up to 5 unused ones move over",
        ),
        ('"email", "phone"', '"email", "chat"', "email, phone", "email, chat"),
        ('solved_after = "3d"', 'solved_after = "36h"', "closes after 3 days", "closes after 36 hours"),
        ('remind_before = "12h"', 'remind_before = "0s"', "We remind you 12 hours before.", "opens it again."),
        ('pending_after = "8d"', 'pending_after = "8d"\nreopen_for = "2d"', "after 8 days", "within 2 days"),
        ('prefix = "HD"', 'prefix = "ACME"', "escalate HD-10427", "escalate ACME-10427"),
        ("Your line is open.", "Call at any hour.", "Your line is open.", "Call at any hour."),
        ('aliases = ["help@example.com"]', "", "support@example.com, help@example.com", "support@example.com"),
    ],
)
@pytest.mark.parametrize("form", ["text", "html"])
def test_an_edit_of_the_configuration_changes_the_page(
    call: Call, file: Path, form: str, old: str, new: str, before: str, after: str
) -> None:
    was = text(call, file, "--format", form)
    edit(file, old, new)
    page = text(call, file, "--format", form)
    if form == "text":
        assert before in was
        assert after in page
    assert page != was


def test_four_severities_are_defined_and_no_time_to_a_resolution_is_promised(call: Call, file: Path) -> None:
    page = text(call, file)
    for severity in ("1 critical The service", "2 high A large part", "3 medium A small part", "4 low A question"):
        assert severity in page
    assert "no time to a resolution is promised" in page
    assert "resolved within" not in page


def test_plans_are_told_in_the_order_they_are_served_with_what_is_theirs(call: Call, file: Path) -> None:
    page = text(call, file)
    premium, standard = page.index("Premium Channels: email, phone"), page.index("Standard Channels: email")
    assert premium < standard
    assert page.count("When a ticket has closed, we ask how it was.") == 1
    assert "Hours, any of these: Time zone: America/Chicago" in page
    assert "Two <major> versions." in page
    assert "Topics: billing & tax" in page


def test_a_desk_without_plans_has_a_page_without_them(call: Call, file: Path) -> None:
    before, _, after = DESK.partition("[plan.standard]")
    file.write_text(f"{before}[closing]{after.partition('[closing]')[2]}")
    page = text(call, file)
    assert "WHAT WAS AGREED" not in page
    assert "closes after 3 days" in page


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_html_stands_alone_and_is_whole(call: Call, file: Path, language: str) -> None:
    page = call("--config", file, "policy", "--format", "html", "--language", language).out
    assert page.lstrip().startswith("<!doctype html>")
    words = Words(page)
    assert words.open == []
    assert words.links == ["mailto:support@example.com", "mailto:help@example.com", "mailto:sales@example.com"]
    assert "url(" not in page
    assert "@import" not in page
    assert "prefers-color-scheme:dark" in page
    shown = " ".join(" ".join(words.shown).split())
    assert "Two <major> versions." in shown
    assert {"en": "12 hours before. A reply", "de": "12 Stunden vorher. Eine Antwort"}[language] in shown
    assert "<major>" not in page


def test_the_page_is_there_in_german(call: Call, file: Path) -> None:
    page = text(call, file, "--language", "de")
    for words in (
        "Montag bis Freitag: 07:00–19:00 Uhr",
        "innerhalb von 3 Geschäftstagen",
        "innerhalb von 1 Geschäftstag",
        "alle 9 Geschäftsstunden",
        "jeden Geschäftstag",
        "nach 3 Tagen",
        "Vereinigte Staaten (US-IL)",
        "eskalieren HD-10427",
    ):
        assert words in page
    edit(file, "[desk]\n", '[desk]\nlanguage = "de"\n')
    assert text(call, file) == page
    assert text(call, file, "--language", "de-AT") == page


def test_a_language_that_is_not_there_is_refused_by_name(call: Call, file: Path) -> None:
    ended = call("--config", file, "policy", "--language", "fr")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "maildesk: the policy is not there in fr; it is in: de, en\n"


def test_an_override_replaces_the_page_and_a_broken_one_is_told_of(call: Call, file: Path) -> None:
    edit(file, "[desk]\n", '[desk]\ntemplates = "own"\n')
    own = file.parent / "own" / "pages" / "en"
    own.mkdir(parents=True)
    words = '{% from "_service.txt" import after %}'
    (own / "policy.txt").write_text(
        f"Subject: House rules of {{{{ desk }}}}\n{words}We close {{{{ after(solved_after) }}}}."
    )
    assert call("--config", file, "policy").out == (
        "House rules of Example Support\n==============================\n\nWe close after 3 days.\n"
    )
    (own / "policy.txt").write_text("Subject: House rules\n{{ nothing.of.it }}")
    broken = call("--config", file, "policy")
    assert broken.code == 0
    assert "Support policy of Example Support" in broken.out
    assert "policy.txt:2: 'nothing' is undefined; the shipped page is used instead" in broken.err
    checked = call("--config", file, "check")
    assert checked.code == 1
    assert "policy.txt:2: 'nothing' is undefined" in checked.out


@pytest.mark.parametrize("language", ["en", "de"])
def test_letters_can_use_the_words_of_the_page(language: str) -> None:
    """They are compiled in another way than pages are, and in one piece."""
    names = "level, definition, within, every, after, before, weekdays, clock, channel"
    calls = "level(1), definition(1), within((2, 'bh')), every((1, 'bd')), after((2, 'd')), before((1, 'd'))"
    shown = "".join(f"{{{{ {each}) }}}}" for each in calls.split("), ")).replace("))) }}", ")) }}")
    shown += "{{ weekdays('mon-fri,sun') }}{{ clock('07:00-19:00') }}{{ channel('phone') }}"
    source = f'{{% from "_service.txt" import {names} %}}{shown}'
    environment = shipped_shelf()._text
    code = environment.compile(source, f"0/{language}/x.txt")
    written = environment.template_class.from_code(environment, code, {}).render()
    assert (shipped() / language / "_service.txt").is_file()
    expected = {"en": "within 2 business hours", "de": "innerhalb von 2 Geschäftsstunden"}
    assert expected[language] in written
    assert {"en": "Monday to Friday, Sunday", "de": "Montag bis Freitag, Sonntag"}[language] in written
