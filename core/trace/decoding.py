"""Traces from JSON values, strictly: every field there, of its type, and none besides.

Only the parent process reads traces; workers write them, so this module may need cattrs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import attrs
from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn
from cattrs.v import format_exception

from core.trace.station import StationTrace, Variable
from core.trace.trace import Image, LayerRow, LogLine, ModelSummary, Replay, Trace, WeightNorm

T = TypeVar("T")


def _number(value: object, _: type[float]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(f"expected a number, found {value!r}")
    if isinstance(value, str) and value not in {"nan", "inf", "-inf"}:
        raise TypeError(f"expected a number, found {value!r}")
    return float(value)


def _whole(value: object, _: type[int]) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected a whole number, found {value!r}")
    return value


def _text(value: object, _: type[str]) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a text, found {value!r}")
    return value


def _flag(value: object, _: type[bool]) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, found {value!r}")
    return value


def strict_converter(*classes: type[attrs.AttrsInstance]) -> Converter:
    """A converter that refuses wrong types and unknown fields of the given attrs classes."""
    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(bool, _flag)
    for kind in classes:
        structure = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True)
        converter.register_structure_hook(kind, _complete(kind, structure))
    return converter


def _complete(
    kind: type[attrs.AttrsInstance], structure: Callable[[Mapping[str, object], object], object]
) -> Callable[[object, object], object]:
    """The hook, refusing what is no object and what leaves out a field that has a default."""
    names = {each.name for each in attrs.fields(kind)}

    def hook(value: object, _: object) -> object:
        if not isinstance(value, Mapping):
            raise TypeError(f"expected the fields of {kind.__name__}, found {value!r}")
        if missing := sorted(names - value.keys()):
            raise ValueError(f"{kind.__name__} without {', '.join(missing)}")
        return structure(value, kind)

    return hook


_CONVERTER = strict_converter(LayerRow, ModelSummary, LogLine, Image, WeightNorm, Replay, Trace)


def trace_from(value: object) -> Trace:
    """A trace from JSON values.

    Raises:
        ValueError: what is missing, unknown or of the wrong type, with its place.
    """
    return structured(_CONVERTER, value, Trace)


_STATIONS = strict_converter(LayerRow, ModelSummary, Variable, StationTrace)


def station_trace_from(value: object) -> StationTrace:
    """The trace of a run from a station, from JSON values.

    Raises:
        ValueError: what is missing, unknown or of the wrong type, with its place.
    """
    return structured(_STATIONS, value, StationTrace)


def structured(converter: Converter, value: object, kind: type[T]) -> T:
    """A value of an attrs class from JSON values.

    Raises:
        ValueError: what is missing, unknown or of the wrong type, with its place.
    """
    try:
        return converter.structure(value, kind)
    except Exception as error:
        said = transform_error(error, format_exception=_explain)
        raise ValueError("; ".join(said[:3])) from error


def _explain(error: BaseException, wanted: type | None) -> str:
    own = type(error) in (ValueError, TypeError)
    return str(error) if own else format_exception(error, wanted)
