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
    kind = CharField()  # words/work.Charge
    reason = TextField(default="")
    by = CharField()
    reference = CharField(default="", index=True)  # of the ticket it was for


class Chore(Table):
    """What is done once in a while for the whole desk, and up to which moment it has been."""

    name = CharField(primary_key=True)  # digest:AGENT-ID, handover:CALENDAR, ...
    done = MomentField()
