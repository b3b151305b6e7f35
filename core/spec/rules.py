"""The rules that specs check on construction; a broken one names field, value and rule."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sized
from types import UnionType
from typing import TypeVar, get_args

from attrs import Attribute

from core.errors import SpecError

T = TypeVar("T")


class Rule:
    """An attrs validator that raises `SpecError` naming field, value and the rule."""

    def __init__(self, text: str, holds: Callable[[object], bool]) -> None:
        self.text = text
        self.holds = holds

    def __call__(self, owner: object, attribute: Attribute[T], value: T) -> None:
        """Checks one value."""
        if not self.holds(value):
            raise broken(owner, attribute.name, value, self.text)


def broken(owner: object, field: str, value: object, rule: str, remedy: str = "") -> SpecError:
    """The error for `owner.field = value` breaking `rule`."""
    kind = type(owner).__name__
    return SpecError(
        f"{field} = {value!r}",
        where=f"{kind}.{field}",
        expected=rule,
        remedy=remedy or f"give {kind} a {field} that keeps the rule",
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_real(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _counts(value: object) -> bool:
    return isinstance(value, tuple) and len(value) > 0 and all(map(_is_count, value))


def one_of(*allowed: object) -> Rule:
    """The value is one of a fixed set."""
    words = ", ".join(repr(choice) for choice in allowed)
    return Rule(
        f"one of {words}",  # True equals 1, and is none of 0 and 1
        lambda value: any(type(value) is type(choice) and value == choice for choice in allowed),
    )


def a(kind: type[object] | UnionType) -> Rule:
    """The value is of a class, or of one of a union of classes."""
    return Rule(f"a value of {_words(kind)}", lambda value: isinstance(value, kind))


def each(kind: type[object] | UnionType) -> Rule:
    """The value is a tuple of values of a class, or of a union of classes."""
    return Rule(
        f"a tuple of values of {_words(kind)}",
        lambda value: isinstance(value, tuple) and all(isinstance(item, kind) for item in value),
    )


def _words(kind: type[object] | UnionType) -> str:
    return " or ".join(choice.__name__ for choice in get_args(kind) or (kind,))


def optional(inner: Rule) -> Rule:
    """The value is None, or keeps the inner rule."""
    return Rule(f"None, or {inner.text}", lambda value: value is None or inner.holds(value))


_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*(~[a-z][a-z0-9_]*)?")

count = Rule("a whole number of at least 1", _is_count)
natural = Rule(
    "a whole number of at least 0",
    lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
)
counts = Rule("a non-empty tuple of whole numbers of at least 1", _counts)
lines = Rule(
    "a tuple of distinct line numbers of at least 1",
    lambda value: value == () or (_counts(value) and _distinct(value)),
)
pair = Rule("a pair of whole numbers of at least 1", lambda v: _counts(v) and _length(v) == 2)
real = Rule("a finite number", _is_real)
positive = Rule("a number above 0", lambda v: isinstance(v, int | float) and _is_real(v) and v > 0)
fraction = Rule(
    "a number in [0, 1)", lambda v: isinstance(v, int | float) and _is_real(v) and 0 <= v < 1
)
name = Rule(
    "a name of letters, digits and underscores",
    lambda value: isinstance(value, str) and _NAME.fullmatch(value) is not None,
)
names = Rule(
    "a tuple of distinct names",
    lambda value: (
        isinstance(value, tuple)
        and all(isinstance(item, str) and _NAME.fullmatch(item) for item in value)
        and len(set(value)) == len(value)
    ),
)
some_names = Rule(
    "a non-empty tuple of names",
    lambda value: (
        isinstance(value, tuple)
        and len(value) > 0
        and all(isinstance(item, str) and _NAME.fullmatch(item) for item in value)
    ),
)
distinct_names = Rule(
    "a non-empty tuple of distinct names",
    lambda value: some_names.holds(value) and names.holds(value),
)
identifier = Rule(
    "lower-case letters, digits and underscores, with at most one ~variant",
    lambda value: isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None,
)
flag = Rule("True or False", lambda value: isinstance(value, bool))
text = Rule("a text", lambda value: isinstance(value, str))


def _distinct(value: object) -> bool:
    return isinstance(value, tuple) and len(set(value)) == len(value)


def _length(value: object) -> int:
    return len(value) if isinstance(value, Sized) else -1
