"""Other words for the agents' commands: how people say it besides, and how they say it in German.

Read by script, so that whoever looks for a command finds it by its one name.
"""

from __future__ import annotations

import unicodedata

ALIASES = {
    "solve": "solved",
    "close": "closed",
    "notiz": "note",
    "offen": "open",
    "wartet": "pending",
    "gelöst": "solved",
    "geloest": "solved",
    "geschlossen": "closed",
    "übernehmen": "take",
    "uebernehmen": "take",
    "zuweisen": "assign",
    "freigeben": "release",
    "dringlichkeit": "severity",
    "kategorie": "category",
    "warteschlange": "queue",
    "stufe": "level",
    "feld": "field",
    "verweis": "link",
    "neu": "new",
    "abtrennen": "split",
    "zeit": "time",
    "berechnen": "charge",
    "gutschrift": "credit",
    "eskalieren": "escalate",
    "antwort": "answer",
    "textbaustein": "answer",
    "stadium": "stage",
    "schritt": "stage",
    "prognose": "forecast",
    "vorhersage": "forecast",
    "termin": "appointment",
    "meeting": "appointment",
    "termine": "offer",
    "terminvorschläge": "offer",
    "absagen": "cancel",
    "gehalten": "held",
    "nichterschienen": "noshow",
    "stand": "status",
    "meine": "mine",
    "warum": "why",
    "original": "raw",
    "nachfragen": "nudge",
    "abwesend": "away",
    "zurück": "back",
    "zurueck": "back",
    "hilfe": "help",
}


def canonical_word(word: str) -> str:
    """The command's own name; a word that is none as it stands. Some keyboards write an umlaut as two characters."""
    word = unicodedata.normalize("NFKC", word).lower()
    return ALIASES.get(word, word)
