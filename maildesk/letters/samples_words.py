"""The invented matter that all samples of letters are about.

Read by letters/samples and its parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Sample = Mapping[str, Any]

SAMPLE_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SAMPLE_SUBJECT = "The export to PDF stops at page 3"
NEXT_OPENING = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
CLOSE_AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
EARLIER = datetime(2026, 3, 2, 8, 14, tzinfo=UTC)
LATER = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)

REQUEST = (
    "Hello,\n\nsince this morning the export to PDF stops at page 3. The same file worked on Friday.\n"
    "We use version 4.2 on Debian 12.\n\nKind regards\nCarol Jones"
)
KNOCK = "Hello,\n\nCarol is away this week. Since this morning the export stops at page 3.\n\nDave Dent"
ANSWER = (
    "Thank you for the file, that helped a lot.\n\nThe export stops because of a font in the third page. Please "
    "open Settings > Export and switch on\n\n    Embed all fonts\n\nthen start the export again."
)
PAGE = "<p>Hello,</p><p>the export to <b>PDF</b> stops at page 3.</p>"  # as mime/html_sheet makes it

CITED: Sample = {"writer": "Carol Jones", "at": EARLIER, "text": REQUEST}

STATUSES = ("open", "pending", "solved", "closed", "new")
TWO = ["Carol Jones", "Bob Brown"]
