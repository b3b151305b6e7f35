"""The base of all events, and how they travel: one line of JSON each.

A document runs in the recorder's own process and can write to the channel too, so that whoever
reads trusts no line: `decoded` gives an event whose fields all hold what they declare, or raises.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import ClassVar, Union, get_args, get_origin, get_type_hints

_KIND = "event"
_SHOWN = 60  # characters of a wrong value that an error quotes
_BY_NAME: dict[str, type[Event]] = {}


class MalformedEventError(ValueError):
    """A line that is no event, or not as its kind declares it."""


@dataclass(frozen=True)
class Event:
    """Something that happened in a run; `event` is the name of its kind."""

    event: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Makes a kind of event known to `decoded` by its name."""
        if _KIND in vars(cls):
            _BY_NAME[cls.event] = cls


@dataclass(frozen=True)
class InCell(Event):
    """An event of one cell, given by its index; -1 before the first cell."""

    cell: int


def encoded(event: Event) -> str:
    """An event as one line of JSON."""
    return json.dumps(event, default=_plain)


def _plain(value: object) -> dict[str, object]:
    if isinstance(value, type) or not is_dataclass(value):
        raise TypeError(f"{value!r} cannot be told")
    kind = {_KIND: value.event} if isinstance(value, Event) else {}
    return {**kind, **vars(value)}


def decoded(line: bytes | str) -> Event:
    """The event of one line.

    Raises:
        MalformedEventError: no JSON object, of an unknown kind, with a field that is missing,
            unknown, or of another type than its kind declares.
    """
    try:
        told: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MalformedEventError(f"no JSON ({type(error).__name__}): {_short(line)}") from None
    if not isinstance(told, dict):
        raise MalformedEventError(f"an event is a JSON object, found {_short(told)}")
    name = told.pop(_KIND, None)
    kind = _BY_NAME.get(name) if isinstance(name, str) else None
    if kind is None:
        raise MalformedEventError(f"no event is called {_short(name)}")
    event = _instance(kind, told, kind.event)
    assert isinstance(event, Event)
    return event


def _instance(kind: type, told: dict[str, object], where: str) -> object:
    expected, needed = _fields(kind)
    if unknown := sorted(told.keys() - expected.keys()):
        raise MalformedEventError(f"{where} has no {', '.join(unknown)[:_SHOWN]}")
    if missing := sorted(needed - told.keys()):
        raise MalformedEventError(f"{where} without {', '.join(missing)}")
    return kind(**{name: _read(expected[name], told[name], f"{where}.{name}") for name in told})


@cache
def _fields(kind: type) -> tuple[dict[str, object], frozenset[str]]:
    """The types of a class's fields, and which of them have no default."""
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    own = fields(kind)
    needed = [f.name for f in own if f.default is MISSING and f.default_factory is MISSING]
    return {each.name: hints[each.name] for each in own}, frozenset(needed)


def _read(kind: object, value: object, where: str) -> object:
    """A JSON value as a field's type wants it.

    Raises:
        MalformedEventError: it is something else.
    """
    parts = get_args(kind)
    reader = _READERS.get(get_origin(kind) or kind)
    if reader is not None:
        return reader(parts, value, where)
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, dict):
        return _instance(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, Enum) and isinstance(value, str):
        try:
            return kind(value)
        except ValueError:
            pass
    raise _wrong(where, getattr(kind, "__name__", str(kind)), value)


def _union(parts: tuple[object, ...], value: object, where: str) -> object:
    for part in parts:
        try:
            return _read(part, value, where)
        except MalformedEventError:
            continue
    raise _wrong(where, " or ".join(getattr(p, "__name__", str(p)) for p in parts), value)


def _tuple(parts: tuple[object, ...], value: object, where: str) -> object:
    if isinstance(value, list) and parts[1:] == (...,):
        return tuple(_read(parts[0], each, where) for each in value)
    if isinstance(value, list) and len(value) == len(parts):
        return tuple(_read(p, each, where) for p, each in zip(parts, value, strict=True))
    raise _wrong(where, "a list", value)


def _mapping(parts: tuple[object, ...], value: object, where: str) -> object:
    if isinstance(value, dict):
        return {name: _read(parts[1], each, where) for name, each in value.items()}
    raise _wrong(where, "an object", value)


def _number(_: tuple[object, ...], value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(where, "a number", value)
    try:
        return float(value)
    except OverflowError:
        raise _wrong(where, "a number", "one with too many digits") from None


def _exactly(kind: type) -> Callable[[tuple[object, ...], object, str], object]:
    def read(_: tuple[object, ...], value: object, where: str) -> object:
        if type(value) is not kind:
            raise _wrong(where, kind.__name__, value)
        return value

    return read


_READERS: dict[object, Callable[[tuple[object, ...], object, str], object]] = {
    Union: _union,
    UnionType: _union,
    tuple: _tuple,
    dict: _mapping,
    float: _number,
    **{kind: _exactly(kind) for kind in (bool, int, str, NoneType)},
}


def _wrong(where: str, expected: str, value: object) -> MalformedEventError:
    return MalformedEventError(f"{where}: expected {expected}, found {_short(value)}")


def _short(value: object) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value[:_SHOWN] if isinstance(value, str | bytes) else value)
