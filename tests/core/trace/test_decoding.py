"""Reading traces strictly."""

from __future__ import annotations

import json

import pytest

from core.trace.decoding import trace_from
from core.trace.encoding import plain
from tests.example_traces import TRACE

Place = tuple[str | int, ...]
FREE = {"losses", "metrics", "environment"}  # mappings whose keys a run chooses


def _encoded() -> object:
    value: object = json.loads(json.dumps(plain(TRACE)))
    return value


def _at(value: object, place: Place) -> object:
    for part in place:
        if isinstance(value, list) and isinstance(part, int):
            value = value[part]
        else:
            assert isinstance(value, dict)
            value = value[part]
    return value


def _set(document: object, place: Place, value: object) -> None:
    inner, last = _at(document, place[:-1]), place[-1]
    if isinstance(inner, list) and isinstance(last, int):
        inner[last] = value
    else:
        assert isinstance(inner, dict)
        inner[last] = value


def _places(value: object, place: Place = ()) -> list[Place]:
    """Every place in a JSON value, the whole included; of a list, the first item."""
    found = [place]
    if isinstance(value, dict):
        for name, item in value.items():
            found += _places(item, (*place, name))
    elif isinstance(value, list):
        found += _places(value[0], (*place, 0)) if value else []
    return found


PLACES = _places(_encoded())
OBJECTS = [p for p in PLACES if isinstance(_at(_encoded(), p), dict) and not FREE & {*p}]
FIELDS = [place for place in PLACES if place and place[:-1] in OBJECTS]
LEAVES = [place for place in PLACES if not isinstance(_at(_encoded(), place), dict | list)]


def _wrong(leaf: object) -> list[object]:
    """Values of another type than the leaf's."""
    match leaf:
        case bool():
            return [1, "true", None]
        case int():
            return [True, "1", 1.5, [1], None]
        case float():
            return [True, "1.0", "NaN", [1.0], None]
        case str():
            return [1, True, None, ["x"]]
        case _:
            return ["", 1.5, True, []]


WRONG = [
    (place, value)
    for place in LEAVES
    for value in _wrong(_at(_encoded(), place))
    if not (value is None and place[-1:] == ("replay",))
]


def _ids(value: object) -> str:
    return ".".join(map(str, value)) if isinstance(value, tuple) else repr(value)


def test_the_example_reaches_every_object_of_a_trace() -> None:
    reached = {place[0] for place in OBJECTS if place}
    assert {"models", "log", "images", "final_weights", "replay"} == reached
    assert TRACE == trace_from(_encoded())


@pytest.mark.parametrize("place", OBJECTS, ids=_ids)
def test_an_unknown_field_is_refused(place: Place) -> None:
    document = _encoded()
    inner = _at(document, place)
    assert isinstance(inner, dict)
    inner["added"] = 1
    with pytest.raises(ValueError, match="added"):
        trace_from(document)


@pytest.mark.parametrize("place", FIELDS, ids=_ids)
def test_a_missing_field_is_refused_by_its_name(place: Place) -> None:
    document = _encoded()
    inner = _at(document, place[:-1])
    assert isinstance(inner, dict)
    del inner[place[-1]]
    with pytest.raises(ValueError, match=f"without {place[-1]}"):
        trace_from(document)


@pytest.mark.parametrize(("place", "value"), WRONG, ids=_ids)
def test_a_value_of_another_type_is_refused_with_its_place(place: Place, value: object) -> None:
    document = _encoded()
    _set(document, place, value)
    named = [part for part in place if isinstance(part, str)][-1]
    with pytest.raises(ValueError, match=rf"{named}"):
        trace_from(document)


@pytest.mark.parametrize("value", [None, [], "trace", 1, {}])
def test_what_is_no_trace_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="Trace"):
        trace_from(value)


def test_a_wrong_value_is_named_in_the_refusal() -> None:
    document = _encoded()
    assert isinstance(document, dict)
    document["steps_per_epoch"] = "many"
    with pytest.raises(ValueError, match=r"whole number, found 'many' @ \$\.steps_per_epoch"):
        trace_from(document)


def test_a_whole_number_may_stand_for_a_number() -> None:
    document = _encoded()
    assert isinstance(document, dict)
    document["seconds"] = 2
    seconds = trace_from(document).seconds
    assert 2.0 == seconds
    assert float is type(seconds)
