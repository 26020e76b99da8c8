"""What a ticket of a charged plan costs."""

from __future__ import annotations

import pytest

from maildesk.policy.incidents import of_appointment


@pytest.mark.parametrize(
    ("minutes", "incidents"),
    [(1, 2), (45, 2), (60, 2), (61, 3), (90, 3), (91, 4), (120, 4), (121, 5), (480, 16)],
)
def test_an_appointment_costs_two_for_its_first_hour_and_one_for_each_half_hour_begun(
    minutes: int, incidents: int
) -> None:
    assert of_appointment(minutes) == incidents
