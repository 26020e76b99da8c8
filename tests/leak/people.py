"""Who writes in the histories: two firms, people of them who are no contacts, strangers, and agents of two levels.

Agents write from private addresses too, under names that their programs made up; no customer may see one.
"""

from __future__ import annotations

SUPPORT = "support@example.com"
CAROL, BOB, DAVE = "carol@acme.example", "bob@acme.example", "dave@acme.example"
GIL = "gil@globex.example"
OTTO, SAM = "otto@partner.example", "sam@elsewhere.example"
AMY = "amy@ourselves.example"  # looks after Acme, reads as a customer does
CUSTOMERS = (CAROL, BOB, GIL)
OUTSIDE = (DAVE, OTTO, SAM)
CONTACTS = {CAROL: (CAROL, BOB), BOB: (CAROL, BOB), GIL: (GIL,)}  # who may ask about whose tickets

AGENTS = {  # where they write from; the first is where letters go
    "alice": ("alice@example.com", "alice.home@private.example"),
    "anton": ("anton@example.com", "anton.home@private.example"),
    "lena": ("lena@example.com", "lena.home@private.example"),
    "mona": ("mona@example.com", "mona.home@private.example"),
}
STAFF = frozenset(address for each in AGENTS.values() for address in each)
OPS = "ops@example.com"

CONFIGURATION = """
[plan.charged]
title = "Charged"
contacts = 3
queues = ["technical", "sales"]
incidents = 5
survey = true
first_response = { 1 = "4bh", 2 = "4bh", 3 = "4bh", 4 = "4bh" }
update_every = { 1 = "1bd", 2 = "1bd", 3 = "1bd", 4 = "1bd" }
[queue.technical.field.version]
title = "Version"
required = true
[queue.technical.text]
docs = "https://docs.example.com"
[gate]
authserv_ids = ["mx.example.com"]
[limits]
acks_per_contact = "1000/h"
automatic_mail = "100000/h"
notices_per_domain = "1000/d"
[survey]
at_most_every = "0s"
"""

DIRECTORY = """
[[organisation]]
name = "Acme"
domains = ["acme.example"]
plan = "charged"
account_manager = "amy@ourselves.example"
[[organisation.contact]]
name = "Carol Jones"
addresses = ["carol@acme.example"]
[[organisation.contact]]
name = "Bob Brown"
addresses = ["bob@acme.example"]
language = "de"
time_zone = "Europe/Berlin"
[[organisation]]
name = "Globex"
domains = ["globex.example"]
plan = "standard"
[[organisation.contact]]
name = "Gil Glow"
addresses = ["gil@globex.example"]
[[agent]]
name = "Alice Agent"
addresses = ["alice@example.com", "alice.home@private.example"]
queues = ["technical"]
[[agent]]
name = "Anton Agent"
addresses = ["anton@example.com", "anton.home@private.example"]
queues = ["technical", "sales"]
[[agent]]
name = "Lena Level"
addresses = ["lena@example.com", "lena.home@private.example"]
level = 2
queues = ["technical", "sales"]
[[agent]]
name = "Mona Manager"
addresses = ["mona@example.com", "mona.home@private.example"]
role = "manager"
queues = ["technical", "sales"]
"""
