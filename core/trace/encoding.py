"""Traces as plain JSON values, and back.

Non-finite numbers are written as the strings "nan", "inf" and "-inf": JSON has no other way, and
a run that diverged must be storable.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import attrs

from core.trace.trace import Trace

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def plain(value: object) -> Json:
    """An attrs value, dataclass, mapping or sequence as JSON values.

    Raises:
        TypeError: a value that JSON cannot hold.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    kind = type(value)
    if attrs.has(kind):
        return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(kind)}
    if dataclasses.is_dataclass(kind):  # the guest's events, which know nothing of attrs
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(kind)}
    raise TypeError(f"{type(value).__name__} is no JSON value: {value!r}")


def public_trace(trace: Trace) -> dict[str, Json]:
    """The `trace` object of the command line's contract: the log is a list of printed lines."""
    whole = plain(trace)
    assert isinstance(whole, Mapping)
    identity = {"scenario", "backend", "seed", "data_name", "data_sha256", "environment", "log"}
    kept = {name: value for name, value in whole.items() if name not in identity}
    return {**kept, "log": [line.text for line in trace.log]}
