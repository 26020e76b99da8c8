"""Folders of templates and what renders them: overrides in a sandbox, the shipped ones without.

Called by letters/render and letters/preview. A `Shelf` is one order of folders with two environments, text
without and HTML with autoescape; a template is compiled once. Templates are operators' files; what a mail said is
only ever a value in them and never compiled (`{{7*7}}` stays what it is).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maildesk.letters.filters import HTML_FILTERS, TEXT_FILTERS
from maildesk.letters.folded import folded
from maildesk.letters.joined import joined
from maildesk.letters.where import LAST_RESORT, shipped

SUBJECT = "#subject"
SHARED = "_"  # how the names of pieces begin that several letters share
_SUBJECT_FIELD = "subject:"
_OPTIONS: dict[str, Any] = {
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "auto_reload": False,
    "cache_size": -1,
}


class Written(NamedTuple):
    """What a template gave."""

    language: str
    subject: str
    text: str
    html: str
    personal: bool = False  # it may show its reader's name


class Found(NamedTuple):
    """Where a letter's templates are: keys of the loader, FOLDER/LANGUAGE/FILE."""

    language: str
    text: str
    html: str  # "" = this letter has none


class Shelf:
    """Folders in the order they are asked, and the compiled templates of them."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._found: dict[tuple[str, ...], Found] = {}  # a folder is looked at once, a change needs a reload
        self._beside: dict[tuple[str, str], str] = {}
        self.personal: set[str] = set()  # letters whose templates name their reader; SHARED when a shared piece does
        environment = _Plain if self.folders == (shipped(),) else _Sandbox
        self._text = environment(self, autoescape=False)
        self._html = environment(self, autoescape=True)

    def find(self, name: str, languages: Sequence[str]) -> Found:
        """The first .txt in the order of folders, then of languages; its .html stands beside it or before it."""
        known = self._found.get((name, *languages))
        if known is None:
            known = self._found[(name, *languages)] = self._search(name, languages)
        return known

    def _search(self, name: str, languages: Sequence[str]) -> Found:
        for place in range(len(self.folders)):
            for language in languages:
                if self._has(place, language, f"{name}.txt"):
                    return Found(language, f"{place}/{language}/{name}.txt", self._html_beside(place, language, name))
        raise TemplateNotFound(f"{name}.txt")

    def write(self, name: str, languages: Sequence[str], context: Callable[[str], Mapping[str, Any]]) -> Written:
        """`context` is asked with the language that was found."""
        found = self.find(name, languages)
        values = dict(context(found.language))
        subject = _rendered(self._text, found.text + SUBJECT, values)
        text = _rendered(self._text, found.text, values)
        html = _rendered(self._html, found.html, values) if found.html else ""
        personal = not self.personal.isdisjoint((name, SHARED))
        return Written(found.language, subject, text.strip("\n") + "\n", html, personal)

    def path(self, key: str) -> Path:
        place, _, rest = key.removesuffix(SUBJECT).partition("/")
        return self.folders[int(place)] / rest

    def beside(self, name: str, parent: str) -> str:
        """The key of a template that another one extends or imports: same language first, folders in order."""
        language = parent.split("/")[1]
        known = self._beside.get((language, name))
        if known is None:
            known = self._beside[(language, name)] = self._search_beside(name, language)
        return known

    def _search_beside(self, name: str, language: str) -> str:
        for candidate in dict.fromkeys((language, LAST_RESORT)):
            for place in range(len(self.folders)):
                if "/" not in name and "\\" not in name and self._has(place, candidate, name):
                    return f"{place}/{candidate}/{name}"
        raise TemplateNotFound(name)

    def _html_beside(self, place: int, language: str, name: str) -> str:
        """Never from a later folder: whoever replaces the text alone does not want the old words in HTML."""
        for earlier in range(place + 1):
            if self._has(earlier, language, f"{name}.html"):
                return f"{earlier}/{language}/{name}.html"
        return ""

    def _has(self, place: int, language: str, file: str) -> bool:
        return (self.folders[place] / language / file).is_file()


class _Compiled(BytecodeCache):
    """What was compiled for an earlier shelf, as long as its file says the same: a reload is for the others."""

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, Any]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.checksum, bucket.code


_COMPILED = {autoescape: _Compiled() for autoescape in (False, True)}


class _Sandbox(ImmutableSandboxedEnvironment):
    """For operators' files: they may be somebody else's work, and reach nothing but the values they are handed."""

    def __init__(self, shelf: Shelf, *, autoescape: bool) -> None:
        compiled = _COMPILED[autoescape]
        super().__init__(loader=_Loader(shelf), autoescape=autoescape, bytecode_cache=compiled, **_OPTIONS)
        self._shelf = shelf
        self.filters.update(HTML_FILTERS if autoescape else TEXT_FILTERS)

    def join_path(self, template: str, parent: str) -> str:
        return self._shelf.beside(template, parent)


class _Plainly(Context):
    """Calls what it is told to; none of ours asks for jinja2's context, and looking for that took 20 us a letter."""

    def call(self, obj: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)


class _Plain(Environment):
    """For the shipped files alone, which are part of the program: each is one piece, and no call is watched.

    A letter takes 60 to 80 us less than in the sandbox (docs/decisions/0008).
    """

    context_class = _Plainly

    def __init__(self, shelf: Shelf, *, autoescape: bool) -> None:
        self._loader = _Loader(shelf)
        # Computing constant expressions beforehand is a fourth of the compiler's time, and ours have a dozen.
        super().__init__(loader=self._loader, autoescape=autoescape, optimized=False, **_OPTIONS)
        self._shelf = shelf
        self._pieces: dict[str, nodes.Template] = {}
        self.filters.update(HTML_FILTERS if autoescape else TEXT_FILTERS)
        self.globals.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        def load(other: str) -> nodes.Template:
            return self._piece(self._shelf.beside(other, name or ""))

        whole = joined(super()._parse(source, name, filename), load)
        return folded(whole) if self.autoescape else whole

    def _piece(self, key: str) -> nodes.Template:
        """A frame or a file of macros as it stands: parsed once, and joined to many."""
        if key not in self._pieces:
            text, file, _ = self._loader.get_source(self, key)
            self._pieces[key] = super()._parse(text, key, file)
        return self._pieces[key]


class _Loader(BaseLoader):
    """A .txt is two templates, its Subject line and the rest, so that no value can move text between them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def get_source(
        self,
        environment: Environment,
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        path = self._shelf.path(template)
        source = path.read_text(encoding="utf-8")
        shared = path.name.startswith(SHARED)
        if "reader" in source:  # an override may extend or include any other file
            self._shelf.personal.add(SHARED if shared or environment.sandboxed else path.stem)
        if path.suffix == ".txt" and not shared:
            source = _half(source, str(path), subject=template.endswith(SUBJECT))
        return source, str(path), lambda: True


def _rendered(environment: Environment, key: str, values: dict[str, Any]) -> str:
    template = environment.get_template(key)
    if environment.globals:
        return template.render(values)
    # The same without a copy of the values: there are no globals to add, and the trace of an error is nobody's need.
    return environment.concat(template.root_render_func(template.new_context(values, shared=True)))


def _half(source: str, path: str, *, subject: bool) -> str:
    first, _, rest = source.partition("\n")
    if not first.lower().startswith(_SUBJECT_FIELD):
        raise TemplateSyntaxError('the first line must be "Subject: ..."', 1, path, path)
    return first[len(_SUBJECT_FIELD) :].strip() if subject else "{##}\n" + rest  # the comment keeps the lines' numbers
