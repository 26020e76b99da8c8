"""The directory: organisations, contacts and agents, made to match a file, and written out as one.

Called by `maildesk directory` and tests, inside a ledger job. All-or-nothing: everything is read, laid over what the
store has and checked before the first row changes, and applying the same file again changes nothing.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from maildesk.config import Config
from maildesk.config.toml import written
from maildesk.store import purchases, replanning
from maildesk.store.apply_ticket import DESK
from maildesk.store.database import Store
from maildesk.store.directory_check import check
from maildesk.store.directory_csv import read_csv
from maildesk.store.directory_edit import release
from maildesk.store.directory_file import DirectoryError, read_toml
from maildesk.store.directory_rows import gone, write
from maildesk.store.directory_state import AgentEntry, ContactEntry, OrganisationEntry, Person, State, load, merge
from maildesk.store.moments import EPOCH

__all__ = ["DirectoryError", "apply", "export"]

FORMATS = {"toml": read_toml, "csv": read_csv}


def apply(  # noqa: PLR0913 - the options of the verb
    store: Store,
    text: str,
    config: Config,
    *,
    format: str = "toml",  # noqa: A002 - the verb's word
    prune: bool = False,
    dry_run: bool = False,
    force: bool = False,
    name: str = "directory",
    by: str = DESK,
    now: datetime = EPOCH,
) -> list[str]:
    """Make the store match the file; the changes as sentences. Raises DirectoryError, with nothing changed.

    `by` and `now` stand in the history of tickets whose owner leaves, where nothing is earlier than what came before,
    and with the incidents that come with a plan.
    """
    file = FORMATS[format](text)
    if file.problems:
        raise DirectoryError(file.problems, name)
    with store.atomic():
        before = load(store)
        after, problems = merge(before, file, prune=prune)
        problems += check(after, config, force=force)
        if problems:
            raise DirectoryError(problems, name)
        changes = changed(before, after)
        bought = purchases.wanted(store, before, after, config, now)
        if changes and not dry_run:
            for agent in gone(before.agents, after.agents):
                release(store, agent, by, now)
            write(store, before, after)
            if other_plans(before, after):
                replanning.again(store)
        if not dry_run:
            purchases.buy(store, bought, by, now)
    return [*changes, *map(str, bought)]


def other_plans(before: State, after: State) -> bool:
    """Whether an organisation has another plan than before: its tickets are due at other moments."""
    plans = {each.id: each.plan for each in before.organisations}
    return any(each.id in plans and plans[each.id] != each.plan for each in after.organisations)


def export(store: Store) -> str:
    """The whole directory in the form that `apply` reads."""
    state = load(store)
    return "\n".join([*map(_organisation, state.organisations), *map(_agent, state.agents)])


def changed(before: State, after: State) -> list[str]:
    """What differs, one sentence each, the added and changed first."""
    sentences: list[str] = []
    known = {each.id: each for each in before.organisations}
    for each in after.organisations:
        sentences += _differs("organisation", each.name, known.get(each.id), each)
    homes = {one.id: (home, one) for home in before.organisations for one in home.contacts}
    for organisation in after.organisations:
        for contact in organisation.contacts:
            home, former = homes.get(contact.id, (None, None))
            sentences += _differs("contact", f"{_person(contact)} of {organisation.name}", former, contact)
            if home is not None and home.id != organisation.id:
                sentences.append(f"move contact {_person(contact)} from {home.name} to {organisation.name}")
    staff = {each.id: each for each in before.agents}
    for agent in after.agents:
        sentences += _differs("agent", _person(agent), staff.get(agent.id), agent)
    return sentences + _gone(before, after)


def _differs(kind: str, label: str, before: object, after: OrganisationEntry | Person) -> list[str]:
    if before is None:
        return [f"add {kind} {label}"]
    names = [each.name for each in fields(after) if each.name not in ("id", "line", "contacts")]
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in names]
    told = [f"{name} {_value(old)} -> {_value(new)}" for name, old, new in pairs if _differ(name, old, new)]
    return [f"change {kind} {label}: {', '.join(told)}"] if told else []


def _differ(name: str, old: object, new: object) -> bool:
    if name in ("domains", "queues") and isinstance(old, tuple) and isinstance(new, tuple):
        return set(old) != set(new)  # their order says nothing; that of addresses does
    return old != new


def _gone(before: State, after: State) -> list[str]:
    stay = {each.id for each in after.organisations}
    told = [f"remove organisation {each.name}" for each in before.organisations if each.id not in stay]
    kept = {one.id for each in after.organisations for one in each.contacts}
    for each in before.organisations:
        told += [f"remove contact {_person(one)} of {each.name}" for one in each.contacts if one.id not in kept]
    staff = {each.id for each in after.agents}
    return told + [f"remove agent {_person(each)}" for each in before.agents if each.id not in staff]


def _person(person: Person) -> str:
    return f"{person.name} <{person.addresses[0]}>"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value) or "none"


def _organisation(each: OrganisationEntry) -> str:
    lines = [
        "[[organisation]]",
        f"name = {written(each.name)}",
        f"domains = {written(each.domains)}",
        f"plan = {written(each.plan)}",
        f"active = {written(each.active)}",
    ]
    lines += [f"until = {each.until}"] if each.until else []
    lines += [f"account_manager = {written(each.account_manager)}"] if each.account_manager else []
    return "\n".join(lines) + "\n" + "".join(map(_contact, each.contacts))


def _contact(each: ContactEntry) -> str:
    pairs = {"name": each.name, "addresses": each.addresses, "language": each.language, "time_zone": each.time_zone}
    return "[[organisation.contact]]\n" + "".join(f"{key} = {written(value)}\n" for key, value in pairs.items())


def _agent(each: AgentEntry) -> str:
    pairs = {
        "name": each.name,
        "addresses": each.addresses,
        "level": each.level,
        "role": each.role,
        "queues": each.queues,
        "calendar": each.calendar,
        "notices": each.notices,
    }
    return "[[agent]]\n" + "".join(f"{key} = {written(value)}\n" for key, value in pairs.items())
