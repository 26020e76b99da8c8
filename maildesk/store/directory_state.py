"""The directory as the store has it, and as a file would have it: plain values to compare, check and write.

`State.load` reads all of it; `merge` lays a file over it. Called by store/directory. Nothing is written here, so a
dry run and a refusal need no undoing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TypeVar

from maildesk.store.database import Store
from maildesk.store.directory_file import Entry, File, Problem


@dataclass(slots=True)
class Person:
    """A contact, or an agent."""

    name: str
    addresses: tuple[str, ...]
    id: int = 0  # 0: not in the store yet
    line: int = 0  # where it stands in the file; 0: it does not


@dataclass(slots=True)
class ContactEntry(Person):
    language: str = ""
    time_zone: str = ""


@dataclass(slots=True)
class AgentEntry(Person):
    level: int = 1
    role: str = "agent"
    queues: tuple[str, ...] = ()
    calendar: str = ""
    notices: str = "single"


P = TypeVar("P", bound=Person)


@dataclass(slots=True)
class OrganisationEntry:
    name: str
    id: int = 0
    line: int = 0
    domains: tuple[str, ...] = ()
    plan: str = ""
    active: bool = True
    until: str = ""
    account_manager: str = ""
    contacts: list[ContactEntry] = field(default_factory=list)


@dataclass(slots=True)
class State:
    organisations: list[OrganisationEntry] = field(default_factory=list)
    agents: list[AgentEntry] = field(default_factory=list)

    def people(self) -> Iterator[Person]:
        for organisation in self.organisations:
            yield from organisation.contacts
        yield from self.agents

    def named(self, name: str) -> OrganisationEntry | None:
        return next((each for each in self.organisations if each.name == name), None)


def load(store: Store) -> State:
    """All organisations, contacts and agents, by name."""
    addresses: dict[tuple[str, int], list[str]] = {}
    rows = store.all("SELECT address, contact_id, agent_id FROM person_address ORDER BY position, address")
    for address, contact, agent in rows:
        owner = ("contact", contact) if contact is not None else ("agent", agent)
        addresses.setdefault(owner, []).append(address)
    state = State()
    for row in store.all("SELECT id, name, plan, active, until, account_manager FROM organisation ORDER BY name"):
        ident, name, plan, active, until, manager = row
        state.organisations.append(OrganisationEntry(name, ident, 0, (), plan, bool(active), until, manager))
    by_id = {each.id: each for each in state.organisations}
    for name, organisation in store.all("SELECT name, organisation_id FROM domain ORDER BY name"):
        by_id[organisation].domains += (name,)
    for row in store.all("SELECT id, organisation_id, name, language, time_zone FROM contact ORDER BY name, id"):
        ident, organisation, name, language, zone = row
        theirs = tuple(addresses.get(("contact", ident), ()))
        by_id[organisation].contacts.append(ContactEntry(name, theirs, ident, 0, language, zone))
    for row in store.all("SELECT id, name, level, role, queues, calendar, notices FROM agent ORDER BY name"):
        ident, name, level, role, queues, *others = row
        theirs = tuple(addresses.get(("agent", ident), ()))
        state.agents.append(AgentEntry(name, theirs, ident, 0, level, role, tuple(json.loads(queues)), *others))
    return state


class Homes:
    """Where the contacts are that the file has not named yet, by address: a desk may have thousands of each."""

    def __init__(self, state: State) -> None:
        self._organisations = state.organisations.copy()
        self._numbers: dict[str, list[int]] = {}
        for number, organisation in enumerate(self._organisations):
            for address in (address for contact in organisation.contacts for address in contact.addresses):
                self._numbers.setdefault(address, []).append(number)

    def of(self, entry: Entry) -> OrganisationEntry | None:
        """The first organisation with a contact of one of these addresses."""
        numbers = sorted({number for each in entry.values["addresses"] for number in self._numbers.get(each, ())})
        found = (self._organisations[number] for number in numbers)
        return next((each for each in found if _known(each.contacts, entry) is not None), None)


def merge(before: State, file: File, *, prune: bool) -> tuple[State, list[Problem]]:
    """The directory as it would be; `prune` removes what the file does not name."""
    after = deepcopy(before)
    homes = Homes(after)
    problems: list[Problem] = []
    for entry in file.organisations:
        _organisation(after, homes, entry, problems)
    for entry in file.contacts:
        organisation = after.named(entry.organisation)
        if organisation is None:
            known = ", ".join(each.name for each in after.organisations) or "none yet"
            what = f'there is no organisation "{entry.organisation}"; known: {known}'
            problems.append(Problem(entry.line, what))
        else:
            _contact(homes, organisation, entry)
    for entry in file.agents:
        _agent(after, entry)
    if prune:
        _prune(after, file)
    return after, problems


def _organisation(after: State, homes: Homes, entry: Entry, problems: list[Problem]) -> None:
    values = entry.values
    found = after.named(values["name"]) or (after.named(values["was"]) if values["was"] else None)
    if found is None:
        found = OrganisationEntry(values["name"])
        after.organisations.append(found)
    elif found.line:
        problems.append(Problem(entry.line, f'the organisation "{found.name}" stands in the file twice; join the two'))
        return
    found.line = entry.line
    for key in ("name", "domains", "plan", "active", "until", "account_manager"):
        setattr(found, key, values[key])
    for contact in entry.contacts:
        _contact(homes, found, contact)


def _contact(homes: Homes, organisation: OrganisationEntry, entry: Entry) -> None:
    """A contact is known by any address; found in another organisation, it moves."""
    home = homes.of(entry)
    person = _known(home.contacts, entry) if home else None
    if home is None or person is None:
        person = ContactEntry("", ())
    else:
        home.contacts.remove(person)
    organisation.contacts.append(person)
    _fill(person, entry, ("name", "addresses", "language", "time_zone"))


def _agent(after: State, entry: Entry) -> None:
    """An agent is known by any address, else by his name, which is his alone."""
    same_name = next((each for each in after.agents if not each.line and each.name == entry.values["name"]), None)
    person = _known(after.agents, entry) or same_name
    if person is None:
        person = AgentEntry("", ())
        after.agents.append(person)
    _fill(person, entry, ("name", "addresses", "level", "role", "queues", "calendar", "notices"))


def _known(people: Iterable[P], entry: Entry) -> P | None:
    theirs = set(entry.values["addresses"])
    return next((each for each in people if not each.line and theirs & set(each.addresses)), None)


def _fill(person: Person, entry: Entry, keys: Iterable[str]) -> None:
    person.line = entry.line
    for key in keys:
        setattr(person, key, entry.values[key])


def _prune(after: State, file: File) -> None:
    if not file.contacts_alone:
        after.organisations = [each for each in after.organisations if each.line]
        after.agents = [each for each in after.agents if each.line]
    named = {entry.organisation for entry in file.contacts}
    for organisation in after.organisations:
        if not file.contacts_alone or organisation.name in named:
            organisation.contacts = [each for each in organisation.contacts if each.line]
