"""Who may write: agents, contacts of organisations, strangers; and the two that are no persons."""

from __future__ import annotations

from datetime import datetime

from maildesk.words.frozen import frozen


@frozen
class Organisation:
    id: int
    name: str
    plan: str = ""
    live: bool = True  # active and not past its last day
    account_manager: str = ""
    domains: tuple[str, ...] = ()


@frozen
class Contact:
    id: int
    name: str
    addresses: tuple[str, ...]
    organisation: Organisation
    language: str = ""
    time_zone: str = ""


@frozen
class Agent:
    id: int
    name: str
    addresses: tuple[str, ...]  # the first is where letters go
    level: int = 1
    manager: bool = False
    queues: tuple[str, ...] = ()
    present: bool = True
    calendar: str = ""  # places his digest and his appointments; "" = the desk's zone, around the clock
    deputy: int = 0  # the id of the agent who stands in for him while he is away; 0 = nobody
    away: datetime | None = None  # until when, where he is not present
    digest: bool = False  # gets his morning letter instead of single notices


@frozen
class Stranger:
    """No validated contact with a live plan, and no agent."""

    address: str
    name: str = ""
    organisation: Organisation | None = None  # known by the domain, or by a contact whose plan has ended


@frozen
class Ours:
    """One of the desk's own addresses stands where a writer should."""

    address: str


@frozen
class Nobody:
    """The mail names no sender, or more than one."""


Writer = Agent | Contact | Stranger | Ours | Nobody
