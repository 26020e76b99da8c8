"""Where Authentication-Results stand in the last mails, and what `[gate]` should therefore say.

Called by `check --live` with the trace fields of some mails. It only advises: what counts is decided in desk/results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from maildesk.desk.results import Gate, authserv_id, reach, writes
from maildesk.words.frozen import frozen

Trace = Sequence[tuple[str, str]]
ABOVE, BELOW, ELSEWHERE = "above", "below", "elsewhere"
MOST_NAMED = 3


@frozen
class Positions:
    mails: int
    found: Counter[str]  # mails, by where a field of ours stands
    unnamed: int  # mails without a Received field of the host that should have written it
    names: Counter[tuple[str, str]]  # mails, by authserv-id and where it stands, when nobody says which is ours


def positions(traces: Iterable[Trace], gate: Gate) -> Positions:
    found: Counter[str] = Counter()
    names: Counter[tuple[str, str]] = Counter()
    mails = unnamed = 0
    for trace in traces:
        mails += 1
        places = dict(_places(trace, gate.boundary))
        names.update(places.items())
        ours = {ident: place for ident, place in places.items() if ident in _known(gate)}
        found.update(set(ours.values()))
        unnamed += any(not writes(trace, (gate.boundary or ident).lower()) for ident in ours)
    return Positions(mails, found, unnamed, names)


def advice(seen: Positions, gate: Gate) -> tuple[str, str]:
    """What was seen, and what is wrong with it; "" where there is nothing to say."""
    if not seen.mails:
        return "", ""
    if not gate.authserv_ids:
        return _unasked(seen), ""
    counted = ", ".join(f"{place} {seen.found[place]}" for place in (ABOVE, BELOW, ELSEWHERE))
    told = f"recent mails {seen.mails}, with Authentication-Results of ours {counted}"
    return told, _wrong(seen, gate)


def _wrong(seen: Positions, gate: Gate) -> str:
    above, below = seen.found[ABOVE], seen.found[BELOW]
    if not seen.found:
        named = _names(seen)
        others = f"; they name {named}" if named else ""
        return f"none of {seen.mails} recent mails has Authentication-Results of ours{others}: look at authserv_ids"
    if gate.verdicts == ABOVE and below > above:
        return (
            f"they stand below our host's Received field in {below} mails, above it in {above}:"
            ' write verdicts = "below" if that host removes such fields from what comes in'
        )
    if gate.verdicts == BELOW and above and not below:
        return f'they stand above our host\'s Received field in all {above} mails: write verdicts = "above"'
    if 2 * seen.unnamed > sum(seen.found.values()):
        return "most of these mails have no Received field of that host: name the one that writes it as boundary"
    return ""


def _unasked(seen: Positions) -> str:
    if not seen.names:
        return ""
    (ident, place), count = seen.names.most_common(1)[0]
    where = "" if place == ELSEWHERE else f', verdicts = "{place}"'
    ours = f'authserv_ids = ["{ident}"]{where}'
    return f"{count} of {seen.mails} recent mails have Authentication-Results of {_name(ident)}; if it is yours: {ours}"


def _names(seen: Positions) -> str:
    counted: Counter[str] = Counter()
    for (ident, _), count in seen.names.items():
        counted[ident] += count
    return ", ".join(f"{_name(ident)} ({count})" for ident, count in counted.most_common(MOST_NAMED))


def _places(trace: Trace, boundary: str) -> Iterator[tuple[str, str]]:
    """Each authserv-id, with where its topmost field stands."""
    met: set[str] = set()
    for at, (name, value) in enumerate(trace):
        ident = authserv_id(value) if name == "authentication-results" else None
        if ident is None or ident in met:
            continue
        met.add(ident)
        host = (boundary or ident).lower()
        near = next((place for place in (ABOVE, BELOW) if at < reach(trace, host, below=place == BELOW)), ELSEWHERE)
        yield ident, near


def _known(gate: Gate) -> set[str]:
    return {name.lower() for name in gate.authserv_ids}


def _name(ident: str) -> str:
    return ident or "no name"
