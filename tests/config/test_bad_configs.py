"""Every configuration in tests/bad_configs is refused with exactly the lines beside it."""

from pathlib import Path

import pytest

from maildesk import config

BAD = sorted((Path(__file__).parent.parent / "bad_configs").glob("*.conf"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_configuration_is_refused_with_file_line_key_and_remedy(path: Path) -> None:
    with pytest.raises(config.ConfigError) as refused:
        config.load(path)
    assert f"{refused.value}\n" == path.with_suffix(".expected").read_text()


def test_there_are_many_bad_configurations_and_each_line_names_a_remedy() -> None:
    assert len(BAD) >= 30
    for path in BAD:
        for line in path.with_suffix(".expected").read_text().splitlines():
            assert line.startswith(f"{path.name}:"), line
            assert "; " in line, line
