"""The contract: keyed tokens never stand in logs or in error texts."""

from __future__ import annotations

from maildesk.doors.relay import printable
from maildesk.policy.keys import keyed_address, keyed_id, mint

TOKEN = mint(b"k" * 32, "EX-10001", 4711, "carol@acme.example")


def test_what_a_relay_repeats_of_a_keyed_address_is_cut_out() -> None:
    said = f"550 5.7.1 <{keyed_address('support@example.com', 'EX-10001', TOKEN)}>: Sender address rejected"
    assert printable(said.encode()) == "550 5.7.1 <support@example.com>: Sender address rejected"


def test_what_a_relay_repeats_of_a_keyed_message_id_is_cut_out() -> None:
    assert TOKEN not in printable(f"550 {keyed_id('EX-10001', TOKEN, 'example.com')} was seen before")
