"""What a user installs: wheel, sdist and editable checkout, each in an environment of its own, run from elsewhere.

The environments have nothing but maildesk; its dependencies come from the one that runs the tests, so that no index
is asked.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from maildesk import __version__
from maildesk.letters.table import LETTERS

ROOT = Path(__file__).parent.parent
SHIPPED = ("maildesk.conf.example", "systemd", "templates")
KINDS = ("wheel", "editable")
WHERE_FROM = ("RECORD", "direct_url.json")  # where an installation came from, and how long its files are

pytestmark = pytest.mark.timeout(300)  # the first test of each kind waits for its installation


def done(*words: object, folder: Path, code: int = 0) -> str:
    """What a command says, when it ends as it should."""
    ended = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == code, f"{words}: {ended.stdout}{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with wheel and sdist."""
    folder = tmp_path_factory.mktemp("dist")
    done(sys.executable, "-m", "hatchling", "build", "-d", folder, "-t", "wheel", "-t", "sdist", folder=ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return built / f"maildesk-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="module")
def sdist(built: Path) -> Path:
    return built / f"maildesk-{__version__}.tar.gz"


@pytest.fixture(scope="module")
def of_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("of-wheel"), wheel)


@pytest.fixture(scope="module")
def of_editable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("of-editable"), "--editable", ROOT)


@pytest.fixture(scope="module", params=KINDS)
def installed(request: pytest.FixtureRequest) -> Path:
    """The `maildesk` of an environment into which one of them was installed."""
    return Path(request.getfixturevalue(f"of_{request.param}")) / "bin" / "maildesk"


def environment(home: Path, *what: object) -> Path:
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    options = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation")
    borrow(home)
    done(sys.executable, "-m", "pip", "--python", python, "install", *options, *what, folder=home)
    return home


def content(home: Path) -> dict[str, bytes]:
    """All files of maildesk in an environment, its command too; the environment's own path is taken out of them."""
    [site] = home.glob("lib/python*/site-packages")
    files = [home / "bin" / "maildesk", *site.glob("maildesk*/**/*")]
    wanted = [each for each in files if each.is_file() and each.suffix != ".pyc" and each.name not in WHERE_FROM]
    own = str(home).encode()
    return {each.relative_to(home).as_posix(): each.read_bytes().replace(own, b"HOME") for each in wanted}


def borrow(home: Path) -> None:
    """Let an environment see the packages of this one. Its .pth files are not followed, so no maildesk comes along."""
    [site] = home.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")


def test_the_sdist_installs_what_the_wheel_installs(
    of_wheel: Path, sdist: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Octet by octet: so the tests of what the wheel installs hold for it."""
    of_sdist = content(environment(tmp_path_factory.mktemp("of-sdist"), "--no-compile", sdist))
    assert of_sdist == content(of_wheel)
    assert len(of_sdist) > 500, "modules, templates, units and the command"


def test_the_installed_command_lists_its_letters_from_any_folder(installed: Path, tmp_path: Path) -> None:
    listed = done(installed, "template", "list", folder=tmp_path)
    assert all(name in listed for name in LETTERS)
    assert "de, en" in listed or "['de', 'en']" in listed


def test_the_installed_command_renders_a_letter_from_any_folder(installed: Path, tmp_path: Path) -> None:
    assert done(installed, "template", "preview", "survey", "--language", "de", folder=tmp_path).startswith("Subject: ")


def test_the_installed_command_writes_a_configuration_and_finds_it_good(installed: Path, tmp_path: Path) -> None:
    done(installed, "init", "desk", folder=tmp_path)
    said = done(installed, "--config", "desk/maildesk.conf", "check", folder=tmp_path)
    assert "templates: no problem" in said


def test_the_installed_command_is_the_one_in_its_environment(installed: Path, tmp_path: Path) -> None:
    code = "import maildesk; print(maildesk.__file__)"
    place = Path(done(installed.with_name("python"), "-c", code, folder=tmp_path).strip())
    wanted = ROOT if "of-editable" in str(installed) else installed.parent.parent
    assert place.is_relative_to(wanted)


def test_the_installed_readers_read_from_any_folder(installed: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: carol@acme.example\r\nSubject: Export\r\n\r\nIt stops.\r\n")
    assert '"subject": "Export"' in done(installed, "inspect", "--json", mail, folder=tmp_path)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_wheel_carries_every_shipped_file(wheel: Path, name: str) -> None:
    top = ROOT / name
    files = [top] if top.is_file() else [file for file in top.rglob("*") if file.is_file()]
    assert files
    with zipfile.ZipFile(wheel) as archive:
        for file in files:
            within = f"maildesk/shipped/{file.relative_to(ROOT).as_posix()}"
            assert archive.read(within) == file.read_bytes(), within


def test_the_wheel_carries_every_module_and_the_licence_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    modules = {file.relative_to(ROOT).as_posix() for file in (ROOT / "maildesk").rglob("*.py")}
    assert modules <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names} == {"maildesk", f"maildesk-{__version__}.dist-info"}


def test_the_sdist_carries_what_it_takes_to_build_and_to_test(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "constraints.txt", "LICENSE", "README.md", "scripts/test", "tests/conftest.py"} <= names
    assert not {name for name in names if name.startswith((".venv", ".git/", ".hypothesis", "dist/"))}


def declared() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    yield from project["dependencies"]
    for extra in project["optional-dependencies"].values():
        yield from extra


def test_every_dependency_is_held_at_one_version() -> None:
    """constraints.txt is names and versions alone, no addresses, and knows every package that is asked for."""
    lines = (ROOT / "constraints.txt").read_text().split()
    held = {name.lower().replace("_", "-") for name, equal, _ in (line.partition("==") for line in lines) if equal}
    assert len(held) == len(lines)
    for wanted in declared():
        name = wanted
        for end in "[><=~!; ":
            name = name.partition(end)[0]
        assert name.lower().replace("_", "-") in held, wanted
