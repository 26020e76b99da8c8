"""Values of intake fields that a person told: in tickets of others, and in what is said of mails.

Called by store/person_erase inside its transaction, before the history of these loses its details. The fields of the
person's own tickets go with their subjects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from maildesk.store.database import Store
from maildesk.store.person import Person, among
from maildesk.store.text import as_json

BY_HIM = "SELECT ticket_id, detail FROM event WHERE event = 'field' AND by IN {}"
FIELDS = "SELECT fields FROM ticket WHERE id = ?"
KEEP = "UPDATE ticket SET fields = ? WHERE id = ?"
TOLD = "SELECT id, decisions, history FROM mail WHERE id IN {}"
TELL = "UPDATE mail SET decisions = ?, history = ? WHERE id = ?"
_VALUE = re.compile(r'(: set the field [a-z0-9-]+) to ".*?"(?=$|, by )')


def forget_values(store: Store, person: Person, elsewhere: Iterable[int], mails: Iterable[int]) -> None:
    """`elsewhere` are tickets of others, `mails` those that lose their text."""
    his: dict[int, list[Mapping[str, str]]] = {}
    for ticket, detail in among(store, BY_HIM, person.addresses):
        his.setdefault(ticket, []).append(json.loads(detail))
    for ticket in set(elsewhere) & set(his):
        _out_of(store, ticket, his[ticket])
    for ident, *told in among(store, TOLD, mails):
        without = [as_json(_valueless(json.loads(each))) for each in told]
        if [json.loads(each) for each in told] != [json.loads(each) for each in without]:
            store.execute(TELL, (*without, ident))


def _out_of(store: Store, ticket: int, told: Iterable[Mapping[str, str]]) -> None:
    """What somebody else has put in its place stays."""
    row = store.one(FIELDS, (ticket,))
    fields: dict[str, str] = json.loads(row[0]) if row else {}
    pairs = {(each.get("field"), each.get("value")) for each in told}
    left = {field: value for field, value in fields.items() if (field, value) not in pairs}
    if left != fields:
        store.execute(KEEP, (as_json(left), ticket))


def _valueless(told: Any) -> Any:
    if isinstance(told, str):
        return _VALUE.sub(r"\1", told)
    if isinstance(told, list):
        return [_valueless(each) for each in told]
    return {key: _valueless(value) for key, value in told.items()} if isinstance(told, dict) else told
