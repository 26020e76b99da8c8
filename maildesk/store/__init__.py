"""The store: what is kept, in SQLite or PostgreSQL. Every import of peewee in the house comes after this one."""

from maildesk.store import psycopg_later as psycopg_later
