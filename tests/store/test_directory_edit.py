"""Single edits of the directory, within the allotment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from maildesk.config import Config, parse
from maildesk.store import directory, directory_edit, people, views_ticket
from maildesk.store.database import Store
from maildesk.store.directory import DirectoryError
from maildesk.words import SetOwner
from tests.builders import DIRECTORY, START, configuration, mail
from tests.store.house import House, opened


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse(configuration(), tmp_path)


@pytest.fixture
def desk(store: Store, config: Config) -> Store:
    directory.apply(store, DIRECTORY, config)
    return store


def refused(store: Store, edit: Callable[[], object]) -> str:
    before = directory.export(store)
    with pytest.raises(DirectoryError) as error:
        edit()
    assert directory.export(store) == before
    return str(error.value)


def test_a_contact_is_added_in_the_one_form_of_addresses(desk: Store, config: Config) -> None:
    ident = directory_edit.add_contact(desk, config, "Globex", " Gerda Glow ", "Gerda@GLOBEX.example")
    assert desk.all("SELECT c.name, p.address FROM contact c JOIN person_address p ON p.contact_id = ?", (ident,))
    assert 'name = "Gerda Glow"\naddresses = ["gerda@globex.example"]' in directory.export(desk)


def test_more_contacts_than_the_plan_allots_are_refused_with_numbers_and_remedy(desk: Store, config: Config) -> None:
    told = refused(desk, lambda: directory_edit.add_contact(desk, config, "Acme", "Ted Tester", "ted@acme.example"))
    assert told == (
        "Acme has 2 of 2 contacts of plan standard (bob@acme.example, carol@acme.example); swap one: "
        "maildesk contact swap OLD-ADDRESS 'Ted Tester' ted@acme.example"
    )


def test_an_organisation_with_more_contacts_than_it_may_have_takes_nobody_even_for_another(
    desk: Store, tmp_path: Path
) -> None:
    one = parse(configuration(contacts="1"), tmp_path)
    told = refused(desk, lambda: directory_edit.swap_contact(desk, one, "bob@acme.example", "Ted", "ted@acme.example"))
    assert told == "Acme has 2 of 1 contact of plan standard; remove one first: maildesk contact remove ADDRESS"


def test_an_organisation_whose_plan_is_configured_no_more_takes_nobody(desk: Store, config: Config) -> None:
    desk.execute("UPDATE organisation SET plan = 'standart' WHERE name = 'Globex'")
    told = refused(desk, lambda: directory_edit.add_contact(desk, config, "Globex", "Ted", "ted@globex.example"))
    assert told == 'there is no plan "standart"; did you mean standard?'


@pytest.mark.parametrize(
    ("organisation", "name", "address", "told"),
    [
        ("globax", "Ted", "ted@x.example", 'there is no organisation "globax"; did you mean Globex?'),
        ("Nothing", "Ted", "ted@x.example", 'no organisation "Nothing"; see: maildesk organisation list'),
        ("Globex", "", "ted@x.example", 'name: "" is no name; write it in printable letters'),
        ("Globex", "Ted", "ted", 'addresses: "ted" is no mail address; write one address'),
        ("Globex", "Ted", "support+x@example.com", "is the desk's own address; name the person's own"),
        ("Globex", "Ted", "BOB@acme.example", "bob@acme.example is held by Bob Brown of Acme; remove that one first: "),
        ("Globex", "Ted", "alice@example.com", "held by agent Alice Agent; remove that one first: maildesk agent"),
    ],
)
def test_what_directory_apply_refuses_an_edit_refuses_too(
    desk: Store, config: Config, organisation: str, name: str, address: str, told: str
) -> None:
    assert told in refused(desk, lambda: directory_edit.add_contact(desk, config, organisation, name, address))


def test_a_contact_leaves_with_all_his_addresses(desk: Store) -> None:
    gone = directory_edit.remove_contact(desk, "Carol.Jones@acme.example")
    assert (gone.name, gone.organisation) == ("Carol Jones", "Acme")
    assert "carol" not in directory.export(desk).lower()
    assert "Bob Brown" in directory.export(desk)


def test_only_a_contact_is_removed_as_one_and_a_near_miss_is_told(desk: Store) -> None:
    told = refused(desk, lambda: directory_edit.remove_contact(desk, "carl@acme.example"))
    assert told == "there is no contact with the address carl@acme.example; did you mean carol@acme.example?"
    told = refused(desk, lambda: directory_edit.remove_contact(desk, "mona@example.com"))
    assert told == "mona@example.com is no contact's, it is held by agent Mona Manager"
    assert "write one address" in refused(desk, lambda: directory_edit.remove_contact(desk, "Carol"))


def test_a_swap_keeps_the_number_and_the_organisation(desk: Store, config: Config) -> None:
    directory_edit.swap_contact(desk, config, "carol.jones@acme.example", "Ted Tester", "ted@elsewhere.example")
    members = directory.load(desk).named("Acme")
    assert members is not None
    assert [each.name for each in members.contacts] == ["Bob Brown", "Ted Tester"]
    assert "carol" not in directory.export(desk).lower()


def test_the_new_contact_may_have_the_address_of_the_one_who_leaves(desk: Store, config: Config) -> None:
    directory_edit.swap_contact(desk, config, "carol@acme.example", "Ted", "carol.jones@acme.example")
    assert 'name = "Ted"\naddresses = ["carol.jones@acme.example"]' in directory.export(desk)
    told = refused(
        desk,
        lambda: directory_edit.swap_contact(desk, config, "bob@acme.example", "Ted", "carol.jones@acme.example"),
    )
    assert "held by Ted of Acme" in told


def test_an_agent_is_added_with_his_level_role_and_queues(desk: Store, config: Config) -> None:
    directory_edit.add_agent(desk, config, "Ada", "ada@example.com", level=2, role="manager", queues=["sales"])
    told = directory.export(desk)
    assert 'name = "Ada"\naddresses = ["ada@example.com"]\nlevel = 2\nrole = "manager"\nqueues = ["sales"]' in told


def test_an_agent_who_does_not_fit_is_refused_with_every_reason(desk: Store, config: Config) -> None:
    told = refused(
        desk,
        lambda: directory_edit.add_agent(
            desk, config, "Alice Agent", "bob@acme.example", queues=["technicol"], calendar="moon"
        ),
    )
    assert told.splitlines() == [
        'there is no queue "technicol"; did you mean technical?',
        'there is no calendar "moon"; known: always',
        'there is an agent named "Alice Agent" already; give one another name',
        "bob@acme.example is held by Bob Brown of Acme; remove that one first: "
        "maildesk contact remove bob@acme.example",
    ]
    assert "no role" in refused(desk, lambda: directory_edit.add_agent(desk, config, "A", "a@x.example", role="boss"))


def test_tickets_of_an_agent_who_is_removed_have_no_owner_and_their_history_says_so(house: House) -> None:
    alice = people.agents(house.store, START)[0]
    reference = house.takes(
        mail(), lambda facts: opened(facts, SetOwner(facts.fresh, alice, "alice@example.com"))
    ).ticket
    at = START + timedelta(days=1)
    gone = directory_edit.remove_agent(house.store, "alice@example.com", "root", at)
    assert (gone.name, gone.tickets) == ("Alice Agent", (reference,))
    shown = views_ticket.show(house.store, reference, house.config, at, lambda _: None)
    assert shown["owner"] is None
    last = shown["events"][-1]
    assert (last["event"], last["by"], last["from"], last["to"]) == ("owner", "root", "alice@example.com", None)
    told = refused(house.store, lambda: directory_edit.remove_agent(house.store, "alice@example.com", "root", at))
    assert told.startswith("there is no agent with the address alice@example.com; ")


def test_a_directory_without_an_owner_of_tickets_takes_him_from_them_in_their_history(house: House) -> None:
    alice = people.agents(house.store, START)[0]
    reference = house.takes(
        mail(), lambda facts: opened(facts, SetOwner(facts.fresh, alice, "alice@example.com"))
    ).ticket
    text = directory.export(house.store).replace("Alice Agent", "Ada Agent").replace("alice@", "ada@")
    at = START + timedelta(days=1)
    directory.apply(house.store, text, house.config, prune=True, by="root", now=at)
    shown = views_ticket.show(house.store, reference, house.config, at, lambda _: None)
    assert shown["owner"] is None
    assert [(each["event"], each["by"], each["at"]) for each in shown["events"]][-1] == (
        "owner", "root", "2026-03-03T09:00:00Z",
    )  # fmt: skip
