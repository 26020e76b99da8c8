"""What `check --live` makes of the last mails: where Authentication-Results stand and what [gate] should say."""

from __future__ import annotations

import pytest

from maildesk.desk.positions import advice, positions
from tests.desk.test_verdicts import BY_STORE, BY_THEM, BY_US, GOOD, THEIRS, UNNAMED, Gate

ABOVE, BELOW = [GOOD, BY_US, BY_THEM], [BY_US, GOOD, BY_THEM]
ELSEWHERE, NOTHING = [BY_US, BY_THEM, GOOD], [BY_US, BY_THEM]
UNSEEN = [GOOD, BY_STORE, BY_THEM]  # the host in Received is called otherwise
NO_NAMES = Gate(authserv_ids=())


def looked(*mails: list[str], gate: Gate) -> tuple[str, str]:
    traces = [[(name.lower(), value) for name, _, value in (line.partition(": ") for line in mail)] for mail in mails]
    return advice(positions(traces, gate), gate)


@pytest.mark.parametrize("place", ["above", "below"])
def test_fields_where_they_are_looked_for_are_counted_and_nothing_is_wrong(place: str) -> None:
    mail = ABOVE if place == "above" else BELOW
    told, wrong = looked(mail, mail, NOTHING, gate=Gate(verdicts=place))
    assert told.startswith("recent mails 3, with Authentication-Results of ours ")
    assert f"{place} 2" in told
    assert wrong == ""


def test_fields_below_on_a_desk_that_looks_above() -> None:
    told, wrong = looked(BELOW, BELOW, ABOVE, gate=Gate())
    assert told.endswith("above 1, below 2, elsewhere 0")
    assert 'write verdicts = "below" if that host removes such fields' in wrong


def test_fields_above_on_a_desk_that_looks_below_too() -> None:
    assert looked(ABOVE, ABOVE, gate=Gate(verdicts="below"))[1].endswith('write verdicts = "above"')
    assert looked(ABOVE, BELOW, gate=Gate(verdicts="below"))[1] == ""


def test_no_field_of_ours_names_whose_there_are() -> None:
    _, wrong = looked([THEIRS, BY_US], [THEIRS, BY_US], NOTHING, gate=Gate())
    assert wrong.endswith("they name far.example (2): look at authserv_ids")
    assert looked(NOTHING, gate=Gate())[1].endswith("has Authentication-Results of ours: look at authserv_ids")


def test_a_host_whose_received_field_has_another_name() -> None:
    assert looked(UNSEEN, UNSEEN, gate=Gate())[1].endswith("name the one that writes it as boundary")
    assert looked(UNSEEN, UNSEEN, gate=Gate(boundary="store.desk.example"))[1] == ""


def test_without_names_of_ours_one_is_proposed() -> None:
    told, wrong = looked(BELOW, BELOW, [THEIRS, *ABOVE], gate=NO_NAMES)
    assert told == (
        "2 of 3 recent mails have Authentication-Results of mx.desk.example; if it is yours:"
        ' authserv_ids = ["mx.desk.example"], verdicts = "below"'
    )
    assert wrong == ""


def test_fields_without_a_name_are_counted_too() -> None:
    assert 'of no name; if it is yours: authserv_ids = [""]' in looked([UNNAMED, BY_US], gate=NO_NAMES)[0]
    gate = Gate(authserv_ids=("",), boundary="mx.desk.example")
    assert looked([UNNAMED, BY_US], gate=gate)[0].endswith("above 1, below 0, elsewhere 0")


@pytest.mark.parametrize("mails", [[], [NOTHING]])
def test_where_nothing_is_to_be_seen_nothing_is_said(mails: list[list[str]]) -> None:
    assert looked(*mails, gate=NO_NAMES) == ("", "")


def test_a_field_further_down_is_told_as_such() -> None:
    assert looked(ELSEWHERE, gate=Gate())[0].endswith("above 0, below 0, elsewhere 1")
