"""Single edits of the directory: a contact or an agent comes, goes, or takes another's place.

Called by the verbs, and where a decision that came by mail is applied, inside the caller's transaction. The checks
are those of a whole directory; whatever speaks against an edit is a DirectoryError that says the numbers and the
remedy, and nothing has changed then.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from maildesk.config import Config
from maildesk.config.values import Wrong, nearest
from maildesk.config.values import address as read_address
from maildesk.policy.recipients import ours
from maildesk.store import directory_check as checks
from maildesk.store import directory_rows as rows
from maildesk.store.apply_ticket import Changes
from maildesk.store.database import Store
from maildesk.store.directory_file import DirectoryError, Problem, entry
from maildesk.store.directory_state import AgentEntry, ContactEntry, State

ORGANISATION = "SELECT id, name, plan FROM organisation WHERE name = ?"
HOME = "SELECT id, name, plan FROM organisation WHERE id = ?"
HELD = """
    SELECT p.contact_id, p.agent_id, c.name, o.id, o.name, a.name FROM person_address p
    LEFT JOIN contact c ON c.id = p.contact_id LEFT JOIN organisation o ON o.id = c.organisation_id
    LEFT JOIN agent a ON a.id = p.agent_id WHERE p.address = ?"""
ADDRESSES = "SELECT address FROM person_address WHERE {}_id IS NOT NULL ORDER BY address"
FIRST = """
    SELECT p.address FROM contact c JOIN person_address p ON p.contact_id = c.id AND p.position = 0
    WHERE c.organisation_id = ? ORDER BY p.address"""
ORGANISATIONS = "SELECT name FROM organisation ORDER BY name"
OWNED = "SELECT reference FROM ticket WHERE owner_id = ? ORDER BY number"
GONE = "{} was removed meanwhile; see: maildesk contact list"
NAMED = 5  # contacts in a sentence


class Removed(NamedTuple):
    """Who left."""

    id: int
    name: str
    organisation: str = ""  # "" of an agent
    tickets: tuple[str, ...] = ()  # that lost their owner


class Home(NamedTuple):
    """An organisation, locked for this transaction."""

    id: int
    name: str
    plan: str


class Holder(NamedTuple):
    """Whose an address is."""

    contact: int | None
    agent: int | None
    contact_name: str | None
    home: int | None
    organisation: str | None
    agent_name: str | None

    def __str__(self) -> str:
        return f"{self.contact_name} of {self.organisation}" if self.agent is None else f"agent {self.agent_name}"


def add_contact(store: Store, config: Config, organisation: str, name: str, address: str) -> int:
    """A new contact of the organisation of this name; his id. Raises DirectoryError."""
    person = _contact(name, address)
    home = _organisation(store, organisation)
    _comes(store, config, home, person, leaving=0)
    return _insert(store, home, person)


def remove_contact(store: Store, address: str) -> Removed:
    """The contact of this address leaves with all his addresses. Raises DirectoryError."""
    leaver = _known_contact(store, address)
    _leaves(store, leaver)
    return Removed(int(leaver.contact or 0), str(leaver.contact_name), str(leaver.organisation))


def swap_contact(store: Store, config: Config, old_address: str, name: str, address: str) -> int:
    """A contact leaves with all his addresses, a new one of the same organisation comes; the new one's id.

    Raises DirectoryError.
    """
    person = _contact(name, address)
    leaver = _known_contact(store, old_address)
    home = _locked(store, HOME, leaver.home)
    if home is None:
        raise refusal(GONE.format(leaver))
    _comes(store, config, home, person, leaving=int(leaver.contact or 0))
    _leaves(store, leaver)
    return _insert(store, home, person)


def add_agent(  # noqa: PLR0913 - the keys of an agent
    store: Store,
    config: Config,
    name: str,
    address: str,
    *,
    level: int = 1,
    role: str = "agent",
    queues: Sequence[str] = (),
    calendar: str = "",
    notices: str = "single",
) -> int:
    """A new agent; his id. Raises DirectoryError."""
    table = {"level": level, "role": role, "queues": list(queues), "calendar": calendar, "notices": notices}
    values = _read("agent", table | {"name": name, "addresses": [address]})
    agent = AgentEntry(values.pop("name"), values.pop("addresses"), line=1, **values)
    problems = [each.what for each in checks.agents(State([], [agent]), config)]
    if store.one("SELECT id FROM agent WHERE name = ?", (agent.name,)) is not None:
        problems.append(f'there is an agent named "{agent.name}" already; give one another name')
    _refuse(problems + _held(store, config, agent.addresses[0], leaving=0))
    rows.add_agent(store, agent)
    return agent.id


def remove_agent(store: Store, address: str, by: str, now: datetime) -> Removed:
    """The agent of this address leaves; his tickets lose their owner and say so. Raises DirectoryError."""
    leaver = _holder(store, read_or_refuse(address))
    if leaver is None or leaver.agent is None:
        raise _nobody("agent", address, leaver, store)
    tickets = release(store, leaver.agent, by, now)
    store.execute("DELETE FROM agent WHERE id = ?", (leaver.agent,))
    return Removed(leaver.agent, str(leaver.agent_name), "", tickets)


def release(store: Store, agent: int, by: str, now: datetime) -> tuple[str, ...]:
    """The tickets of an agent who leaves have no owner, as their history says; their references."""
    tickets = tuple(reference for (reference,) in store.all(OWNED, (agent,)))
    for reference in tickets:
        changes = Changes(store, reference, now)
        changes.set_owner(None, by)
        changes.write()
    return tickets


def read_or_refuse(address: str) -> str:
    """An address in its normal form. Raises DirectoryError."""
    try:
        return read_address(address)
    except Wrong as wrong:
        raise refusal(str(wrong)) from None


def refusal(*sentences: str) -> DirectoryError:
    return DirectoryError([Problem(number, each) for number, each in enumerate(sentences)])


def _contact(name: str, address: str) -> ContactEntry:
    values = _read("contact", {"name": name, "addresses": [address]})
    return ContactEntry(values["name"], values["addresses"], line=1)


def _read(kind: str, table: Mapping[str, object]) -> dict[str, Any]:
    problems: list[Problem] = []
    one = entry(kind, table, lambda _: 0, problems)
    _refuse([each.what for each in problems])
    return dict(one.values)


def _comes(store: Store, config: Config, home: Home, person: ContactEntry, *, leaving: int) -> None:
    """Whether a contact may come, once the one of the id `leaving` has gone."""
    problems = _held(store, config, person.addresses[0], leaving=leaving)
    _refuse(problems + _allotment(store, config, home, person, leaving=leaving))


def _held(store: Store, config: Config, address: str, *, leaving: int) -> list[str]:
    if ours(config, address) is not None:
        return [checks.OWN.format(address)]
    holder = _holder(store, address)
    if holder is None or (leaving and holder.contact == leaving):
        return []
    kind = "contact" if holder.agent is None else "agent"
    return [f"{address} is held by {holder}; remove that one first: maildesk {kind} remove {address}"]


def _allotment(store: Store, config: Config, home: Home, person: ContactEntry, *, leaving: int) -> list[str]:
    plan = config.plan.get(home.plan)
    if plan is None:
        return [checks.no_such("plan", home.plan, config.plan)]
    [(count,)] = store.all("SELECT COUNT(*) FROM contact WHERE organisation_id = ?", (home.id,))
    if count + (0 if leaving else 1) <= plan.contacts:
        return []
    allots = f"{home.name} has {count} of {checks.counted(plan.contacts)} of plan {home.plan}"
    if leaving or count > plan.contacts or not count:
        return [f"{allots}; remove one first: maildesk contact remove ADDRESS" if count else allots]
    names = [address for (address,) in store.all(FIRST, (home.id,))]
    there = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} others" if len(names) > NAMED else "")
    command = f"maildesk contact swap OLD-ADDRESS {shlex.join([person.name, person.addresses[0]])}"
    return [f"{allots} ({there}); swap one: {command}"]


def _insert(store: Store, home: Home, person: ContactEntry) -> int:
    rows.add_contact(store, home.id, person)
    return person.id


def _organisation(store: Store, name: str) -> Home:
    home = _locked(store, ORGANISATION, name.strip())
    if home is None:
        raise refusal(no_organisation(name, [each for (each,) in store.all(ORGANISATIONS)]))
    return home


def no_organisation(name: str, known: Sequence[str]) -> str:
    alike = {each.casefold(): each for each in known}
    guess = alike.get(nearest(name.strip().casefold(), list(alike)))
    remedy = f"did you mean {guess}?" if guess else "see: maildesk organisation list"
    return f'there is no organisation "{name}"; {remedy}'


def _locked(store: Store, sql: str, key: object) -> Home | None:
    """Two who come at once are counted one after the other."""
    row = store.one(sql + " FOR UPDATE" if store.postgres else sql, (key,))
    return None if row is None else Home(*row)


def _leaves(store: Store, leaver: Holder) -> None:
    if not store.execute("DELETE FROM contact WHERE id = ?", (leaver.contact,)).rowcount:
        raise refusal(GONE.format(leaver))


def _known_contact(store: Store, address: str) -> Holder:
    holder = _holder(store, read_or_refuse(address))
    if holder is None or holder.contact is None:
        raise _nobody("contact", address, holder, store)
    return holder


def _nobody(kind: str, address: str, holder: Holder | None, store: Store) -> DirectoryError:
    if holder is not None:
        return refusal(f"{address} is no {kind}'s, it is held by {holder}")
    known = [each for (each,) in store.all(ADDRESSES.format(kind))]
    guess = nearest(address, known)
    remedy = f"did you mean {guess}?" if guess else f"see: maildesk {kind} list"
    return refusal(f"there is no {kind} with the address {address}; {remedy}")


def _holder(store: Store, address: str) -> Holder | None:
    row = store.one(HELD, (address,))
    return None if row is None else Holder(*row)


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise refusal(*problems)
