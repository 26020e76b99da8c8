"""Whether the people of a directory fit together and fit the configuration.

Called by store/directory before anything is written, in parts by store/directory_edit. Every problem names its line
and says what to write instead; an entry that only the store has is told at the line of the one it collides with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maildesk.config import Config
from maildesk.config.values import nearest
from maildesk.policy.recipients import ours
from maildesk.store.directory_file import Problem
from maildesk.store.directory_state import OrganisationEntry, Person, State

OWN = "{} is the desk's own address; name the person's own"

# Anybody may have an address there, so such a domain names no organisation.
FREEMAIL = frozenset((
    "126.com", "163.com", "aim.com", "alice.it", "aol.com", "att.net", "bluewin.ch", "bol.com.br",
    "btinternet.com", "comcast.net", "cox.net", "duck.com", "earthlink.net", "email.com", "fastmail.com",
    "fastmail.fm", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net",
    "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.it",
    "hushmail.com", "icloud.com", "inbox.ru", "laposte.net", "libero.it", "list.ru", "live.com", "live.de",
    "live.nl", "mac.com", "mail.com", "mail.ru", "mailbox.org", "me.com", "msn.com", "naver.com", "o2.pl",
    "orange.fr", "outlook.com", "outlook.de", "outlook.fr", "pm.me", "posteo.de", "posteo.net", "proton.me",
    "protonmail.ch", "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "sbcglobal.net", "seznam.cz",
    "sina.com", "sky.com", "t-online.de", "tiscali.it", "tuta.com", "tuta.io", "tutanota.com", "tutanota.de",
    "uol.com.br", "verizon.net", "virgilio.it", "wanadoo.fr", "web.de", "wp.pl", "yahoo.co.in", "yahoo.co.jp",
    "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru",
    "ymail.com", "ziggo.nl", "zoho.com",
))  # fmt: skip


def check(state: State, config: Config, *, force: bool) -> list[Problem]:
    """Everything that speaks against this directory; `force` lets freemail domains pass."""
    return [
        *_organisations(state, config),
        *_domains(state, force=force),
        *agents(state, config),
        *_addresses(state, config),
    ]


def _organisations(state: State, config: Config) -> Iterator[Problem]:
    for each in state.organisations:
        if each.line and each.plan not in config.plan:
            yield Problem(each.line, no_such("plan", each.plan, config.plan))
    for name, line in _twice((each.name, each.line) for each in state.organisations):
        yield Problem(line, f'there are two organisations named "{name}"; give one another name')
    for each in state.organisations:
        yield from _allotment(each, config)


def _allotment(organisation: OrganisationEntry, config: Config) -> Iterator[Problem]:
    plan = config.plan.get(organisation.plan)
    lines = [each.line for each in organisation.contacts if each.line]
    count = len(organisation.contacts)
    if plan is None or count <= plan.contacts or not (organisation.line or lines):
        return
    allots = f"{organisation.name}: plan {organisation.plan} allots {counted(plan.contacts)}"
    line = organisation.line or lines[0]
    if len(lines) == count:
        yield Problem(line, f"{allots}, the file has {count}; take out {count - plan.contacts}")
    else:
        remedy = "--prune removes those that the file does not name"
        yield Problem(line, f"{allots}, with {count - len(lines)} in the store it would be {count}; {remedy}")


def _domains(state: State, *, force: bool) -> Iterator[Problem]:
    held: dict[str, OrganisationEntry] = {}
    for each in state.organisations:
        for name in each.domains:
            other = held.setdefault(name, each)
            if other is not each:
                line = max(other.line, each.line)
                yield Problem(line, f"the domain {name} belongs to {other.name} and to {each.name}; leave it to one")
            if name in FREEMAIL and each.line and not force:
                yield Problem(
                    each.line, f"{name} is a freemail domain, where anybody may be; leave it out, or insist by --force"
                )


def agents(state: State, config: Config) -> Iterator[Problem]:
    for each in state.agents:
        for queue in each.queues if each.line else ():
            if queue not in config.queue:
                yield Problem(each.line, no_such("queue", queue, config.queue))
        if each.line and each.calendar and each.calendar not in (*config.calendar, "always"):
            yield Problem(each.line, no_such("calendar", each.calendar, (*config.calendar, "always")))
    for name, line in _twice((each.name, each.line) for each in state.agents):
        yield Problem(line, f'there are two agents named "{name}"; commands name agents, so give one another name')


def _addresses(state: State, config: Config) -> Iterator[Problem]:
    held: dict[str, Person] = {}
    for each in state.people():
        for address in each.addresses:
            other = held.setdefault(address, each)
            if other is not each:
                line = max(other.line, each.line)
                yield Problem(line, f"{address} is held by {_who(other)} and by {_who(each)}; leave it to one")
            if each.line and ours(config, address) is not None:
                yield Problem(each.line, OWN.format(address))


def _who(person: Person) -> str:
    return person.name if person.line else f"{person.name} (in the store)"


def _twice(named: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    seen: dict[str, int] = {}
    for name, line in named:
        if name in seen:
            yield name, max(line, seen[name])
        seen[name] = line


def no_such(noun: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    guess = nearest(name, names)
    remedy = f"did you mean {guess}?" if guess else f"known: {', '.join(names) or 'none'}"
    return f'there is no {noun} "{name}"; {remedy}'


def counted(count: int) -> str:
    return "1 contact" if count == 1 else f"{count} contacts"
