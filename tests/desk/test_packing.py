"""What is kept of a mail is a zlib stream of its very octets, whoever packed it."""

from __future__ import annotations

import importlib
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk import packing


@given(raw=st.binary(max_size=4000) | st.binary(min_size=1, max_size=40).map(lambda piece: piece * 500))
def test_any_octets_come_back_by_any_zlib(raw: bytes) -> None:
    assert zlib.decompress(packing.packed(raw)) == raw


def test_a_machine_without_isal_packs_with_zlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    try:
        plain = importlib.reload(packing)
        assert plain.deflated is zlib.compress
        assert zlib.decompress(plain.packed(b"a mail\r\n" * 99)) == b"a mail\r\n" * 99
    finally:
        monkeypatch.undo()
        importlib.reload(packing)
