"""Reports: arithmetic over what the store remembers, and how it is laid before people."""
