"""Building spec values with one wrong field, and what their refusal must say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import pytest

from core.errors import SpecError

Wrong = Mapping[str, tuple[object, ...]]
Table = tuple[tuple[attrs.AttrsInstance, Wrong], ...]

NOT_A_COUNT = (0, -1, 1.5, True, "3", None)
NOT_NATURAL = (-1, 1.5, True, "3", None)
NOT_A_NUMBER = ("1", None, True, float("nan"), float("inf"))
NOT_POSITIVE = (0, -0.5, *NOT_A_NUMBER)
NOT_A_FRACTION = (1, 1.5, -0.1, *NOT_A_NUMBER)
NOT_A_FLAG = (1, 0, "yes", None)
NOT_A_NAME = ("", "two words", "1st", "a-b", 3, None)
NOT_AN_OPTIONAL_NAME = ("", "two words", "1st", 3)
NOT_DISTINCT_NAMES = ((), ("a", "a"), ("a b",), ["a"], "a", (["a"],))
NOT_SOME_NAMES = ((), ("a b",), ["a"], "a", (1,))
NOT_A_TEMPLATE = (3, None, "{", "{}", "{0}", "{a.b}", "{a[0]}")
NOT_A_TEXT = (3, None, b"bytes")


def cases(table: Table) -> Iterable[tuple[attrs.AttrsInstance, str, object]]:
    """Every (valid instance, field, wrong value) of a table."""
    return [
        (valid, field, value)
        for valid, wrong in table
        for field, values in wrong.items()
        for value in values
    ]


def name_of(value: object) -> str | None:
    """A readable test id."""
    return type(value).__name__ if attrs.has(type(value)) else repr(value)


def rebuilt(valid: attrs.AttrsInstance, field: str, value: object) -> object:
    """The same spec with one field given another value."""
    kind = type(valid)
    given = {each.name: getattr(valid, each.name) for each in attrs.fields(kind)}
    return type.__call__(kind, **{**given, field: value})


def assert_refused(valid: attrs.AttrsInstance, field: str, value: object) -> None:
    """One wrong value is refused with class, field, value, rule and remedy."""
    assert valid == rebuilt(valid, field, getattr(valid, field))
    with pytest.raises(SpecError) as caught:
        rebuilt(valid, field, value)
    kind = type(valid).__name__
    assert f"{kind}.{field}" == caught.value.where
    assert f"{field} = {value!r}" == caught.value.what
    assert caught.value.expected
    assert kind in caught.value.remedy


def unlisted(table: Table) -> set[tuple[str, str]]:
    """Fields of the table's classes for which it lists no wrong value."""
    return {
        (type(valid).__name__, each.name)
        for valid, wrong in table
        for each in attrs.fields(type(valid))
        if not wrong.get(each.name)
    }
