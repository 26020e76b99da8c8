"""The daemon: every room composed into a running desk, and the porter at its door."""
