"""Overrides: the order of folders and languages, the HTML that goes with a text, and what a broken one does."""

from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import Environment, TemplateAssertionError, nodes

from maildesk.letters.environment import Shelf
from maildesk.letters.folded import folded
from maildesk.letters.joined import joined
from maildesk.letters.preview import NO_DESK, names, preview, problems, sample, show
from maildesk.letters.render import Letters, Rendered
from maildesk.letters.samples import SAMPLE_NOW
from maildesk.letters.where import shipped, wanted
from maildesk.words import Letter
from tests.letters.goldens import desk

TEMPLATES = '"Example Support"\ntemplates = "mine"'
JINJA = Environment()


class Desk:
    """A desk with a folder of overrides."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self.folder = folder
        (folder / "mine").mkdir()
        self.config = desk(folder=folder, name=f'{TEMPLATES}\nlanguage = "{language}"')
        self.alarms: list[str] = []

    def override(self, name: str, content: str) -> None:
        file = self.folder / "mine" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")

    def render(self, letter: Letter) -> Rendered:
        return Letters(self.config, [NO_DESK], self.alarms.append).render(letter, 1, SAMPLE_NOW)

    def letter(self, language: str = "en", queue: str = "technical", name: str = "solved") -> Rendered:
        return self.render(replace(sample(self.config, name, language), queue=queue))


def test_the_queues_override_comes_first_then_the_desks_then_the_shipped(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    assert "marked EX-10427" in ours.letter().text
    ours.override("en/solved.txt", "Subject: A\nthe desk's\n")
    assert "the desk's" in ours.letter().text
    ours.override("queues/sales/en/solved.txt", "Subject: B {{ subject }}\nthe queue's\n")
    assert "the desk's" in ours.letter().text
    assert "the queue's" in ours.letter(queue="sales").text
    assert ours.letter(queue="sales").subject.startswith("[EX-10427] B The export")
    assert ours.alarms == []


@pytest.mark.parametrize("name", ["consult", "answer", "escalated", "escalation", "redirect"])
def test_each_letter_of_a_queue_and_a_language_may_have_words_of_its_own(tmp_path: Path, name: str) -> None:
    ours = Desk(tmp_path)
    ours.override(f"queues/sales/de/{name}.txt", "Subject: Unser Betreff\nunsere Worte\n")
    assert "unsere Worte" in ours.letter("de", queue="sales", name=name).text
    assert ours.letter("de", queue="sales", name=name).html == ""
    for language, queue in (("en", "sales"), ("de", "technical")):
        assert "unsere Worte" not in ours.letter(language, queue=queue, name=name).text
    assert ours.alarms == []


@pytest.mark.parametrize("name", names())
def test_a_shipped_letter_that_is_copied_as_an_override_says_the_same(tmp_path: Path, name: str) -> None:
    ours = Desk(tmp_path)
    shipped_letter = ours.letter("de", name=name)
    for ending in ("txt", "html"):
        ours.override(f"de/{name}.{ending}", show(name, "de", ending))
    copied = ours.letter("de", name=name)
    assert (copied.text, copied.subject) == (shipped_letter.text, shipped_letter.subject)
    assert "".join(copied.html.split()) == "".join(shipped_letter.html.split())
    assert ours.alarms == []


def test_an_override_in_the_desks_language_comes_before_the_shipped_one_in_the_readers(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    assert "als gelöst vermerkt" in ours.letter("de").text
    ours.override("en/solved.txt", "Subject: A\nours in English\n")
    assert "ours in English" in ours.letter("de").text
    ours.override("de/solved.txt", "Subject: A\nunseres\n")
    assert "unseres" in ours.letter("de-CH").text


def test_a_language_nobody_wrote_falls_back_to_the_desks(tmp_path: Path) -> None:
    ours = Desk(tmp_path, language="de")
    assert "als gelöst vermerkt" in ours.letter("fr").text
    assert "marked EX-10427" in ours.letter("en-GB").text
    assert wanted("../../etc", "de_CH") == ("de-ch", "de", "en")


def test_overriding_the_text_alone_drops_the_shipped_html(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    assert ours.letter().html
    ours.override("en/solved.txt", "Subject: A\nours\n")
    assert ours.letter().html == ""
    assert b"multipart" not in ours.letter().head
    ours.override("en/solved.html", "<p>{{ agent }} &amp; us</p>")
    assert ours.letter().html == "<p>Alice Agent &amp; us</p>"


def test_overriding_the_html_alone_keeps_the_shipped_text(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    ours.override("en/solved.html", "<p>ours</p>")
    assert ours.letter().html == "<p>ours</p>"
    assert "marked EX-10427" in ours.letter().text
    assert ours.letter("de").html != "<p>ours</p>"


def test_the_frame_alone_can_be_replaced_for_all_letters(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    ours.override("en/_base.html", "<b>{{ desk }}</b>{% block body %}{% endblock %}")
    for language in ("en", "de"):
        assert ours.letter(language).html.startswith("<b>Example Support</b>")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("Subject: A\n\n{{ nothing }}\n", "solved.txt:3: 'nothing' is undefined"),
        ("Subject: A\n\n\n{% if %}\n", "solved.txt:4: Expected an expression, got 'end of statement block'"),
        ("Subject: {{ oops\ntext", "solved.txt:1: "),
        ("no subject\n", 'solved.txt:1: the first line must be "Subject: ..."'),
        ("Subject: A\n{{ ''.__class__.__mro__ }}\n", "solved.txt:2: "),
        ("Subject: A\n{{ agent + 1 }}\n", "solved.txt:2: TypeError"),
        ("Subject: A\n{% include '../../../etc/passwd' %}\n", "solved.txt:2: "),
        ("Subject: A\n{% for a in range(1000000000) %}x{% endfor %}\n", "solved.txt:2: OverflowError"),
    ],
)
def test_a_broken_override_falls_back_to_the_shipped_letter_and_alarms_once(
    tmp_path: Path, content: str, fault: str
) -> None:
    ours = Desk(tmp_path)
    ours.override("en/solved.txt", content)
    letters = Letters(ours.config, [NO_DESK], ours.alarms.append)
    for serial in (1, 2):
        rendered = letters.render(sample(ours.config, "solved"), serial, SAMPLE_NOW)
        assert "marked EX-10427 as solved" in rendered.text
        assert rendered.html
    (alarm,) = ours.alarms
    assert fault in alarm
    assert alarm.endswith("; the shipped letter is used instead")


@pytest.mark.parametrize("reach", ["mailto.__self__", "when.__globals__", "text.__class__", "words.update({1: 1})"])
@pytest.mark.parametrize("file", ["reply.txt", "reply.html", "_base.html"])
def test_an_override_reaches_nothing_but_the_values_it_is_handed(tmp_path: Path, file: str, reach: str) -> None:
    ours = Desk(tmp_path)
    ours.override(f"en/{file}", f"Subject: A\n{{{{ {reach} }}}}\n")
    assert "Subject: A" not in ours.letter(name="reply").html
    (alarm,) = ours.alarms
    assert f"{file}:2: " in alarm


def test_an_alarm_tells_no_value_of_the_letter(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    ours.override("en/solved.txt", "Subject: A\n{{ agent | int(agent.secret) }}{{ [][agent | length] }}\n")
    ours.override("en/reply.txt", "Subject: A\n{{ (agent ~ mailto(1)).encode().decode('utf-7') | round }}\n")
    ours.letter()
    ours.letter(name="reply")
    assert len(ours.alarms) == 2
    assert "Alice" not in "".join(ours.alarms)
    assert "support+" not in "".join(ours.alarms)


def test_a_file_that_is_not_utf_8_is_a_broken_override(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    ours.override("en/solved.txt", "")
    (tmp_path / "mine/en/solved.txt").write_bytes(b"Subject: \xff\n")
    assert "marked EX-10427" in ours.letter().text
    assert ours.alarms == ["solved: is not UTF-8; the shipped letter is used instead"]


def test_a_value_cannot_move_text_between_subject_and_body(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    ours.override("en/solved.txt", "Subject: by {{ agent }}\nbody\n")
    letter = sample(ours.config, "solved")
    rendered = ours.render(replace(letter, context={**letter.context, "agent": "a\nb\n\nc"}))
    assert rendered.subject == "[EX-10427] by a b c"
    assert rendered.text.endswith("\n\nbody\n")


def test_check_finds_every_broken_template_and_every_stray_file(tmp_path: Path) -> None:
    ours = Desk(tmp_path)
    assert problems(ours.config) == []
    ours.override("en/closed.txt", "Subject: A\n{% if reason == 'pending' %}{{ oops }}{% endif %}\n")
    ours.override("queues/sales/de/reply.html", "{{ text")
    ours.override("queues/sales/de/reply.txt", "Subject: A\n{{ text }}\n")
    ours.override("en/acknowledgment.txt", "Subject: A\n")
    found = problems(ours.config)
    assert len(found) == 3
    assert "en/closed.txt:2: 'oops' is undefined" in found[0]
    assert "queues/sales/de/reply.html:1: " in "".join(found)
    assert found[-1].endswith("acknowledgment.txt: there is no such letter; did you mean acknowledgement.txt?")


def test_previews_are_rendered_with_a_key_no_desk_has(tmp_path: Path) -> None:
    config = Desk(tmp_path).config
    for name in names():
        rendered = preview(config, name, "de", "me@example.com")
        assert rendered.recipient == "me@example.com"
        assert rendered.head
    assert preview(config, "closed") == preview(config, "closed")
    with pytest.raises(KeyError):
        preview(config, "nothing")


def test_show_gives_the_template_as_it_is_written() -> None:
    shown = show("solved", "de")
    assert shown.startswith("--- de/solved.txt\nSubject: Re: ")
    assert "\n--- de/solved.html\n{% extends" in shown
    assert "--- en/solved.txt" in show("solved", "fr")


def test_a_template_is_compiled_once() -> None:
    shelf = Shelf((shipped(),))
    assert shelf.find("solved", ("de",)) is shelf.find("solved", ("de",))


def test_a_shipped_template_is_joined_with_its_frame_and_its_macros() -> None:
    files = {
        "frame": "<{% block a %}1{% endblock %}{% block b %}2{% endblock %}>",
        "macros": "{% macro x() %}x{% endmacro %}"
        "{% macro y(n) %}{{ x() }}{{ n }}{% endmacro %}{% macro z() %}{% endmacro %}",
    }
    tree = JINJA.parse(
        "{% extends 'frame' %}{% from 'macros' import y %}{% set n = 3 %}nowhere{% block b %}{{ y(n) }}{% endblock %}"
    )
    whole = joined(tree, lambda name: JINJA.parse(files[name]))
    assert JINJA.from_string(whole).render() == "<1x3>"
    assert not list(whole.find_all((nodes.Macro, nodes.Call)))


def test_a_frame_and_macros_can_be_joined_to_many_templates() -> None:
    shared = {
        "frame": JINJA.parse("<{% block a %}{% if n %}1{% endif %}{% endblock %}>"),
        "macros": JINJA.parse(
            "{% macro x(b=[1]) %}{{ y(b) }}{{ caller() }}{% endmacro %}{% macro y(b) %}{{ b }}{% endmacro %}"
        ),
    }
    before = repr(shared)
    for word in ("one", "two"):
        tree = JINJA.parse(
            "{% extends 'frame' %}{% from 'macros' import x %}"
            "{% block a %}{% call x() %}" + word + "{% endcall %}{% endblock %}"
        )
        assert JINJA.from_string(folded(joined(tree, shared.__getitem__))).render() == f"<[1]{word}>"
    assert repr(shared) == before


def test_a_macro_is_written_out_with_its_arguments_its_defaults_and_the_block_it_is_handed() -> None:
    macros = "{% macro x(a, b=2, c=3) %}{{ a }}{{ b }}{{ c }}{% if c == 3 %}[{{ caller() }}]{% endif %}{% endmacro %}"
    tree = JINJA.parse(
        "{% from 'macros' import x %}{% set a = 7 %}"
        "{% for n in (1, 2) %}{% call x(a ~ n, c=n + 1) %}{{ n }}{% endcall %}{% endfor %}{{ a }}"
    )
    whole = joined(tree, lambda _: JINJA.parse(macros))
    assert JINJA.from_string(whole).render() == "71227223[2]7"


@pytest.mark.parametrize(
    "more",
    [
        "{% include 'a' %}",
        "{% if 1 %}{% block a %}{% endblock %}{% endif %}",
        "{% import 'a' as b %}",
        "{% from 'm' import x %}{{ x() ~ 1 }}",
        "{% from 'm' import x %}{{ x(1) }}",
    ],
)
def test_a_shipped_template_that_cannot_be_joined_is_refused(more: str) -> None:
    with pytest.raises(TemplateAssertionError):
        joined(JINJA.parse(more), lambda _: JINJA.parse("{% macro x() %}{{ x() }}{% endmacro %}"))
