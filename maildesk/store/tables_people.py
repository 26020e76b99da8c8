"""The tables of the directory: organisations with their domains, contacts, agents, and everybody's addresses."""

from __future__ import annotations

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, TextField

from maildesk.store.moments import MomentField
from maildesk.store.table import Table


class Organisation(Table):
    name = CharField(unique=True)
    plan = CharField()
    active = BooleanField(default=True)
    until = CharField(default="")  # the last day, YYYY-MM-DD, in the desk's zone
    account_manager = CharField(default="")


class Domain(Table):
    name = CharField(primary_key=True)  # A-labels, lower case
    organisation = ForeignKeyField(Organisation, backref="domains", on_delete="CASCADE")


class Contact(Table):
    organisation = ForeignKeyField(Organisation, backref="contacts", on_delete="CASCADE")
    name = CharField()
    language = CharField(default="")
    time_zone = CharField(default="")


class Agent(Table):
    name = CharField(unique=True)
    level = IntegerField(default=1)
    role = CharField(default="agent")  # agent | manager
    calendar = CharField(default="")
    queues = TextField(default="[]")  # JSON list of names
    away_until = MomentField(null=True)
    deputy = ForeignKeyField("self", null=True, on_delete="SET NULL", index=False)  # while he is away
    notices = CharField(default="single")  # single | digest


class PersonAddress(Table):
    """One normal form, one owner: a contact or an agent."""

    address = CharField(primary_key=True)
    contact = ForeignKeyField(Contact, null=True, backref="addresses", on_delete="CASCADE")
    agent = ForeignKeyField(Agent, null=True, backref="addresses", on_delete="CASCADE")
    position = IntegerField(default=0)  # letters go to the first
