"""The base of all observations, and how a record is read as such."""

from __future__ import annotations

from typing import ClassVar, TypeVar

import cattrs

from core.sandbox.host.record import ExecutionRecord


class Observation:
    """Something the recorder saw; `event` is the name of its kind."""

    event: ClassVar[str]


Seen = TypeVar("Seen", bound=Observation)


_CONVERTER = cattrs.Converter()
_CONVERTER.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)


def observed(record: ExecutionRecord, kind: type[Seen]) -> tuple[Seen, ...]:
    """The observations of one kind in a record, in order."""
    return tuple(_CONVERTER.structure(event, kind) for event in record.of(kind.event))
