"""The directory: applied, refused, exported."""

from __future__ import annotations

from pathlib import Path

import pytest

from maildesk.config import Config, parse
from maildesk.store import directory
from maildesk.store.database import Store
from maildesk.store.directory import DirectoryError
from tests.builders import DIRECTORY, configuration


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse(configuration(), tmp_path)


def refused(store: Store, text: str, config: Config, **options: object) -> list[str]:
    before = directory.export(store)
    with pytest.raises(DirectoryError) as error:
        directory.apply(store, text, config, name="people.toml", **options)  # type: ignore[arg-type]
    assert directory.export(store) == before
    return list(error.value.lines)


def test_a_directory_is_applied_and_applying_it_again_changes_nothing(store: Store, config: Config) -> None:
    changes = directory.apply(store, DIRECTORY, config)
    assert changes[0] == "add organisation Acme"
    assert "add contact Bob Brown <bob@acme.example> of Acme" in changes
    assert "add agent Mona Manager <mona@example.com>" in changes
    assert directory.apply(store, DIRECTORY, config) == []


def test_what_is_exported_can_be_applied_and_changes_nothing(store: Store, config: Config) -> None:
    directory.apply(store, DIRECTORY.replace('plan = "standard"', 'plan = "standard"\nuntil = 2027-12-31', 1), config)
    text = directory.export(store)
    assert "until = 2027-12-31" in text
    assert directory.apply(store, text, config, prune=True) == []


def test_a_dry_run_tells_the_changes_and_makes_none(store: Store, config: Config) -> None:
    assert directory.apply(store, DIRECTORY, config, dry_run=True)
    assert directory.export(store) == ""


def test_more_contacts_than_the_plan_allots_are_refused_with_the_numbers(store: Store, config: Config) -> None:
    third = (
        '[[organisation.contact]]\nname = "Ted"\naddresses = ["ted@acme.example"]\n\n[[organisation]]\nname = "Globex"'
    )
    lines = refused(store, DIRECTORY.replace('[[organisation]]\nname = "Globex"', third), config)
    assert lines == ["people.toml:2: Acme: plan standard allots 2 contacts, the file has 3; take out 1"]


def test_contacts_that_the_store_has_already_count_too(store: Store, config: Config) -> None:
    directory.apply(store, DIRECTORY, config)
    other = (
        '[[organisation]]\nname = "Acme"\nplan = "standard"\ndomains = ["acme.example"]\n'
        '[[organisation.contact]]\nname = "Ted"\naddresses = ["ted@acme.example"]\n'
    )
    [line] = refused(store, other, config)
    assert "allots 2 contacts, with 2 in the store it would be 3" in line
    changes = directory.apply(store, other, config, prune=True)
    assert "remove contact Bob Brown <bob@acme.example> of Acme" in changes
    assert "remove organisation Globex" in changes
    assert "remove agent Alice Agent <alice@example.com>" in changes
    assert "Ted" in directory.export(store)


def test_an_organisation_is_renamed_by_was_and_keeps_its_contacts(store: Store, config: Config) -> None:
    directory.apply(store, DIRECTORY, config)
    renamed = DIRECTORY.replace('name = "Acme"', 'name = "Apex"\nwas = "Acme"')
    assert directory.apply(store, renamed, config) == ["change organisation Apex: name Acme -> Apex"]
    assert directory.apply(store, renamed, config) == []


def test_a_person_is_known_by_any_address(store: Store, config: Config) -> None:
    directory.apply(store, DIRECTORY, config)
    moved = DIRECTORY.replace(
        '["carol@acme.example", "carol.jones@acme.example"]', '["cj@acme.example", "carol@acme.example"]'
    )
    assert directory.apply(store, moved, config) == [
        "change contact Carol Jones <cj@acme.example> of Acme: addresses carol@acme.example, carol.jones@acme.example"
        " -> cj@acme.example, carol@acme.example"
    ]


def test_two_people_swap_their_addresses(store: Store, config: Config) -> None:
    directory.apply(store, DIRECTORY, config)
    swapped = DIRECTORY.replace("alice@example.com", "x@example.com").replace("anton@example.com", "alice@example.com")
    directory.apply(store, swapped.replace("x@example.com", "anton@example.com"), config)
    assert 'name = "Alice Agent"\naddresses = ["anton@example.com"]' in directory.export(store)


def test_a_contact_moves_to_another_organisation(store: Store, config: Config) -> None:
    directory.apply(store, DIRECTORY, config)
    text = (
        '[[organisation]]\nname = "Globex"\nplan = "standard"\ndomains = ["globex.example"]\n'
        '[[organisation.contact]]\nname = "Bob Brown"\naddresses = ["bob@acme.example"]\nlanguage = "de"\n'
        'time_zone = "Europe/Berlin"\n'
    )
    changes = directory.apply(store, text, config)
    assert changes == ["move contact Bob Brown <bob@acme.example> from Acme to Globex"]


def test_an_address_held_twice_is_refused_with_both_names(store: Store, config: Config) -> None:
    lines = refused(store, DIRECTORY.replace("gil@globex.example", "bob@acme.example"), config)
    assert lines == [
        "people.toml:19: bob@acme.example is held by Bob Brown and by Gil Glow; leave it to one",
    ]


def test_an_address_of_the_desk_itself_is_nobodys(store: Store, config: Config) -> None:
    [line] = refused(store, DIRECTORY.replace("gil@globex.example", "Support+x@Example.com"), config)
    assert "support+x@example.com is the desk's own address" in line


def test_a_freemail_domain_is_refused_without_force(store: Store, config: Config) -> None:
    text = DIRECTORY.replace('["globex.example"]', '["gmail.com"]')
    [line] = refused(store, text, config)
    assert line.startswith("people.toml:15: gmail.com is a freemail domain")
    assert directory.apply(store, text, config, force=True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('plan = "standard"', 'plan = "standart"', ':2: there is no plan "standart"; did you mean standard?'),
        (
            'queues = ["technical"]',
            'queues = ["tecnical"]',
            ':23: there is no queue "tecnical"; did you mean technical?',
        ),
        ('role = "manager"', 'role = "boss"', ':34: role: "boss" is no role; write "agent" or "manager"'),
        ('language = "de"', 'langage = "de"', ':12: "langage" is not known here; did you mean language?'),
        ('["bob@acme.example"]', '["bob"]', ':11: addresses: "bob" is no mail address'),
        ('["bob@acme.example"]', "[]", ":11: addresses: there is no address"),
        ('name = "Bob Brown"\n', "", ":9: contact: name is missing"),
        ('["globex.example"]', '["acme.example"]', ":15: the domain acme.example belongs to Acme and to Globex"),
        ('name = "Anton Agent"', 'name = "Alice Agent"', ':27: there are two agents named "Alice Agent"'),
        ('time_zone = "Europe/Berlin"', 'time_zone = "Europe/Berlinn"', "write its IANA name"),
        ('domains = ["acme.example"]', 'domains = ["acme.example"', "this is no TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_remedy(
    store: Store, config: Config, old: str, new: str, told: str
) -> None:
    assert any(told in line for line in refused(store, DIRECTORY.replace(old, new, 1), config))


def test_contacts_come_from_a_csv_file(store: Store, config: Config) -> None:
    directory.apply(store, DIRECTORY, config)
    text = 'organisation,name,addresses,language\r\nGlobex,"Glow, Gil","gil@globex.example; gg@globex.example",de\r\n'
    [change] = directory.apply(store, text, config, format="csv")
    assert change.startswith("change contact Glow, Gil <gil@globex.example> of Globex")
    assert directory.apply(store, text, config, format="csv", prune=True) == []
    assert "Alice Agent" in directory.export(store)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("organisation,name\n", "people.toml:1: the column addresses is missing"),
        ("organisation,name,adresses\n", 'people.toml:1: "adresses" is not known here; did you mean addresses?'),
        (
            "organisation,name,addresses\nInitech,Ian,ian@initech.example\n",
            'people.toml:2: there is no organisation "Initech"',
        ),
        ("organisation,name,addresses\nAcme,Ian\n", "people.toml:2: the row has 2 cells"),
        ("organisation,name,addresses\nAcme,Ian,\n", "people.toml:2: contact: addresses is missing"),
    ],
)
def test_a_wrong_csv_file_is_told_by_its_line(store: Store, config: Config, text: str, told: str) -> None:
    directory.apply(store, DIRECTORY, config)
    assert any(line.startswith(told) for line in refused(store, text, config, format="csv"))
