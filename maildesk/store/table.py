"""What all tables have in common: they belong to whichever database the store opens.

The models stand in tables and tables_people.
"""

from __future__ import annotations

from peewee import DatabaseProxy, Model

bound = DatabaseProxy()


class Table(Model):
    class Meta:
        database = bound
        legacy_table_names = False
