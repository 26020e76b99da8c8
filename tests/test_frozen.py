"""What `frozen` makes is a frozen dataclass with slots in all that we use of one."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, field, fields, replace

import pytest

from maildesk.words.frozen import frozen


@frozen
class Place:
    name: str
    people: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)


@frozen
class Town(Place):
    """A place with a river."""

    river: str = ""


@frozen
class Nowhere:
    pass


def test_it_is_made_and_shown_as_a_dataclass_is() -> None:
    assert repr(Place("a", ("b",))) == "Place(name='a', people=('b',), notes={})"
    assert repr(Nowhere()) == "Nowhere()"
    assert repr(Town("a", river="Elbe")) == "Town(name='a', people=(), notes={}, river='Elbe')"
    assert [each.name for each in fields(Town)] == ["name", "people", "notes", "river"]


def test_what_it_is_made_of_must_fit() -> None:
    with pytest.raises(TypeError, match=r"Place\.__init__\(\) missing"):
        Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Place\.__init__\(\) takes"):
        Place("a", (), {}, "b")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="river"):
        Place("a", river="Elbe")  # type: ignore[call-arg]


def test_equal_are_those_of_one_class_with_equal_values() -> None:
    assert Place("a") == Place("a")
    assert Place("a") != Place("b")
    assert Place("a") != Town("a")
    assert Nowhere() == Nowhere()
    assert len({Town("a", notes=()), Town("a", notes=()), Town("b", notes=())}) == 2  # type: ignore[arg-type]


def test_nothing_of_it_changes() -> None:
    place = Place("a")
    with pytest.raises(FrozenInstanceError):
        place.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del place.name
    with pytest.raises(FrozenInstanceError):
        place.other = "b"  # type: ignore[attr-defined]
    assert not hasattr(place, "__dict__")


def test_a_default_that_is_made_is_made_for_each() -> None:
    assert Place("a").notes is not Place("a").notes


def test_copies_of_it_are_equal() -> None:
    town = Town("a", ("b",), {"c": "d"}, "Elbe")
    for other in (copy.copy(town), copy.deepcopy(town), pickle.loads(pickle.dumps(town))):
        assert other == town
    assert replace(town, river="Weser") == Town("a", ("b",), {"c": "d"}, "Weser")


def test_it_is_matched_by_place() -> None:
    match Town("a", river="Elbe"):
        case Town(name, _, _, river):
            assert (name, river) == ("a", "Elbe")


def test_a_field_without_a_default_stands_before_those_that_have_one() -> None:
    with pytest.raises(TypeError, match="last stands behind a field with a default"):

        @frozen
        class _Wrong:
            first: str = ""
            last: str  # type: ignore[misc]
