"""maildesk: a ticketing daemon driven wholly by mail."""

__version__ = "0.1.0"
