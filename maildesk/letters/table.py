"""LETTERS: every letter maildesk writes, for whom, and what its template is handed.

Read by letters/render, by the previews and by the checks of overrides. To add a letter: a line here, a sample in
letters/samples, a template in each language, golden files. Besides these fields every template has COMMON.
"""

from __future__ import annotations

from maildesk.words.frozen import frozen

COMMON = (
    "desk",
    "queue",
    "words",
    "reference",
    "subject",
    "reader",
    "role",
    "language",
    "marker",
    "mailto",
    "when",
    "day",
    "holiday",
)

# An answer is cut at this line when a reader quotes the letter; mime/quotes knows its beginning.
MARKERS = {
    "en": "##- Please type your reply above this line -##",
    "de": "##- Bitte antworten Sie oberhalb dieser Zeile -##",
}


@frozen
class Kind:
    """What is fixed for all letters of a name."""

    audience: str  # customer | agent | ops
    fields: tuple[str, ...]
    answers: bool = False  # the automatic answer to a mail of its reader (RFC 3834 5: auto-replied)
    answerable: bool = True  # begins with the marker line
    blank: bool = False  # repeats nothing of the mail it answers: no subject, no name, no chain of References
    most: int = 0  # octets of the whole letter; 0 = no bound of its own
    lists: bool = False  # tickets, for each of which its template has `link(LINE, WORDS)`


_PROMISED = ("due_at", "severity", "status", "owner", "requester", "organisation", "plan", "goes_to", "stays")

LETTERS: dict[str, Kind] = {
    "acknowledgement": Kind(
        "customer", ("severity", "text", "service", "planned", "answer_by", "unsupported", "balance"), answers=True
    ),
    "fields_wanted": Kind("customer", ("fields", "unsupported"), answers=True),
    "reply": Kind("customer", ("text", "agent", "status", "cited")),
    "redirect": Kind(
        "customer",
        ("contacts", "organisation", "variant", "manager", "plan", "addresses"),
        answers=True,
        answerable=False,
        blank=True,
        most=4096,
    ),
    "consult": Kind(
        "customer",
        ("kind", "people", "received", "subject", "text", "organisation", "plan", "places", "contacts", "until"),
    ),
    "answer": Kind(
        "customer",
        (
            "kind",
            "asked",
            "tickets",
            "more",
            "messages",
            "left_out",
            "person",
            "said",
            "by",
            "status",
            "words",
            "balance",
        ),
        answers=True,
    ),
    "statement": Kind(
        "customer",
        (
            "organisation",
            "plan",
            "since",
            "until",
            "carried",
            "bought",
            "credited",
            "spent",
            "more",
            "used",
            "unused",
            "rolled",
            "lapsed",
            "incidents",
            "balance",
        ),
    ),
    "low_balance": Kind("customer", ("balance", "incidents_a_year", "plan", "organisation")),
    "escalated": Kind("customer", ("occasion", "reason", "by", "severity", "customer")),
    "stage": Kind("customer", ("stage", "text", "agent", "forecast")),
    "forecast": Kind("customer", ("on", "previous")),
    "status": Kind("customer", ("status", "previous")),
    "appointment": Kind("customer", ("kind", "starts", "ends", "minutes", "agent", "slots", "invitation")),
    "solved": Kind("customer", ("agent", "close_at")),
    "closing_soon": Kind("customer", ("status", "close_at")),
    "closed": Kind("customer", ("reason", "survey")),
    "survey": Kind("customer", ("kind", "reasons", "valid_until")),
    "survey_thanks": Kind("customer", ("mark", "kind", "reasons"), answers=True),
    "agent_ticket": Kind(
        "agent",
        (
            "requester",
            "address",
            "organisation",
            "plan",
            "severity",
            "category",
            "fields",
            "lacking",
            "text",
            "html",
            "writer",
            "follows",
            "alike",
            "goes_to",
            "stays",
            "outside",
            "moved",
            "status",
            "owner",
            "promise",
            "due_at",
            "late",
            "stage",
            "forecast",
            "attachments",
            "not_carried",
            "seals",
        ),
    ),
    "agent_update": Kind(
        "agent",
        (
            "what",
            "writer",
            "text",
            "html",
            "status",
            "goes_to",
            "stays",
            "outside",
            "promise",
            "due_at",
            "late",
            "stage",
            "forecast",
            "attachments",
            "not_carried",
            "seals",
            "address",
            "code",
            "fields",
            "away",
            "argued",
        ),
    ),
    "receipt": Kind(
        "agent",
        (
            "done",
            "refused",
            "text",
            "status",
            "severity",
            "owner",
            "recipients",
            "close_at",
            "crossed",
            "due",
            "late",
            "waits",
            "idle",
            "files",
            "not_returned",
            "goes_to",
            "stays",
            "help",
            "standing",
            "mine",
            "more",
            "why",
            "away",
            "worked",
            "balance",
            "charged",
        ),
        answers=True,
    ),
    "escalation": Kind(
        "agent",
        (
            "occasion",
            "reason",
            "by",
            "missed",
            "next_at",
            "severity",
            "requester",
            "address",
            "organisation",
            "plan",
            "account_manager",
            "status",
            "owner",
            "at_level",
            "category",
            "fields",
            "links",
            "worked",
            "text",
            "history",
            "attachments",
            "not_carried",
            "experts",
            "goes_to",
            "stays",
        ),
    ),
    "digest": Kind("agent", ("sections",), answerable=False, lists=True),
    "handover": Kind("agent", ("shift", "back", "sections"), answerable=False, lists=True),
    "due_soon": Kind("agent", ("what", "starts", "ends", "minutes", *_PROMISED)),
    "overdue": Kind("agent", ("what", "triage_until", *_PROMISED)),
    "confirm": Kind("agent", ("sender", "subject", "received", "until"), answers=True),
    "report": Kind(
        "ops",
        (
            "since",
            "until",
            "total",
            "first",
            "next",
            "missed_updates",
            "updates",
            "satisfaction",
            "reasons",
            "kinds",
            "weeks",
            "groups",
            "worked",
        ),
        answerable=False,
    ),
    "alarm": Kind("ops", ("what", "text"), answerable=False),
}


def marker(language: str) -> str:
    return MARKERS.get(language.partition("-")[0], MARKERS["en"])
