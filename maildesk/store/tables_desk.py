"""The tables of what is about no single ticket: the incidents of organisations, and what the desk does by itself."""

from __future__ import annotations

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from maildesk.store.moments import MomentField
from maildesk.store.table import Table
from maildesk.store.tables_people import Organisation


class Charge(Table):
    """Incidents of an organisation that were spent (below zero) or got; their sum is the balance."""

    organisation = ForeignKeyField(Organisation, backref="charges", on_delete="CASCADE")
    at = MomentField()
    amount = IntegerField()
    kind = CharField(index=True)  # words/work.Charge
    reason = TextField(default="")
    by = CharField()
    reference = CharField(default="", index=True)  # of the ticket it was for


class Chore(Table):
    """What is done once in a while for the whole desk: up to which moment it has been, and for which it is due."""

    name = CharField(primary_key=True)  # policy/chores.Chore.name: digest:AGENT-ID, ...
    done = MomentField()
    told = MomentField()  # up to which moment it has told what there was: earlier, where it was left out since
    due = MomentField(null=True)  # None: never
    next_check = MomentField(null=True, index=True)  # the same, or later for one that failed
