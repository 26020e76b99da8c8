"""maildesk.conf: read, checked, and handed to the house as frozen values.

`load(find(name))` for the command line and the daemon, `parse(text, folder)` for tests. `ConfigError` carries one
line for each problem.
"""

from maildesk.config.load import find, load, parse
from maildesk.config.options import (
    Calendar,
    Closing,
    Config,
    Crypto,
    Desk,
    Digest,
    Escalation,
    Gate,
    Handover,
    IntakeField,
    Limits,
    Listener,
    Logging,
    Mailbox,
    Maintenance,
    Metrics,
    OAuth2,
    Plan,
    Queue,
    Relay,
    Report,
    Retention,
    Rule,
    Store,
    Survey,
    Then,
    When,
)
from maildesk.config.places import Endpoint
from maildesk.config.problems import ConfigError
from maildesk.config.secrets import secret
from maildesk.config.values import Rate, Span

__all__ = [
    "Calendar",
    "Closing",
    "Config",
    "ConfigError",
    "Crypto",
    "Desk",
    "Digest",
    "Endpoint",
    "Escalation",
    "Gate",
    "Handover",
    "IntakeField",
    "Limits",
    "Listener",
    "Logging",
    "Mailbox",
    "Maintenance",
    "Metrics",
    "OAuth2",
    "Plan",
    "Queue",
    "Rate",
    "Relay",
    "Report",
    "Retention",
    "Rule",
    "Span",
    "Store",
    "Survey",
    "Then",
    "When",
    "find",
    "load",
    "parse",
    "secret",
]
