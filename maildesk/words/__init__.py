"""The vocabulary: every noun and every decision of maildesk, as frozen values.

All floors speak these words, so this is the lowest one: standard library only, no behaviour beyond derived
properties. Times are aware datetimes in UTC. Addresses are in the one normal form that
`maildesk.mime.address.normal` makes; Message-IDs stand without angle brackets.
"""

from maildesk.words.decisions import (
    AddMessage,
    AddParticipants,
    Decision,
    DropHeld,
    FailLetter,
    Hold,
    Letter,
    LinkTickets,
    OnTicket,
    OpenSurvey,
    OpenTicket,
    RecordEvent,
    RecordMark,
    ReleaseHeld,
    Schedule,
    SendLetter,
    SetAnswered,
    SetOwner,
    SetReminded,
    SetSeverity,
    SetStatus,
    SetSurveyDue,
    SpendKeys,
)
from maildesk.words.facts import Claim, Elapsed, Facts, Key, Recent, Waiting
from maildesk.words.kinds import Automatic, Outcome, Severity, Status, Verdict, Visibility
from maildesk.words.mail import Address, Attachment, Bounce, Envelope, Incoming, Seal
from maildesk.words.orders import Order
from maildesk.words.people import Agent, Contact, Nobody, Organisation, Ours, Stranger, Writer
from maildesk.words.post import Delivery, Parcel, Settled
from maildesk.words.rulings import Later, Receipt, Ruling
from maildesk.words.tickets import Survey, Ticket

__all__ = [
    "AddMessage",
    "AddParticipants",
    "Address",
    "Agent",
    "Attachment",
    "Automatic",
    "Bounce",
    "Claim",
    "Contact",
    "Decision",
    "Delivery",
    "DropHeld",
    "Elapsed",
    "Envelope",
    "Facts",
    "FailLetter",
    "Hold",
    "Incoming",
    "Key",
    "Later",
    "Letter",
    "LinkTickets",
    "Nobody",
    "OnTicket",
    "OpenSurvey",
    "OpenTicket",
    "Order",
    "Organisation",
    "Ours",
    "Outcome",
    "Parcel",
    "Receipt",
    "Recent",
    "RecordEvent",
    "RecordMark",
    "ReleaseHeld",
    "Ruling",
    "Schedule",
    "Seal",
    "SendLetter",
    "SetAnswered",
    "SetOwner",
    "SetReminded",
    "SetSeverity",
    "SetStatus",
    "SetSurveyDue",
    "Settled",
    "Severity",
    "SpendKeys",
    "Status",
    "Stranger",
    "Survey",
    "Ticket",
    "Verdict",
    "Visibility",
    "Waiting",
    "Writer",
]
