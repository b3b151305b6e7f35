"""An exception of a cell in plain values, with lines of the document."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from types import TracebackType

from .. import events
from .places import Places

_LONGEST = 4000
_FRAMES = 12
_SHORT_OF_DATA = (StopIteration, ZeroDivisionError, NameError, IndexError, KeyError)


def failure_of(error: BaseException, places: Places, cell: int) -> events.CellError:
    """What an exception says."""
    if isinstance(error, SyntaxError) and error.filename == places.file(cell):
        line = places.line(cell, error.lineno or 1)
        return events.CellError(type(error).__name__, error.msg or "invalid syntax", line, line)
    message = _message(error)
    lines = _document_lines(error.__traceback__, places)
    named = places.mentioned(message)
    fallback = places.line(cell, 1)
    return events.CellError(
        kind=type(error).__name__,
        message=places.readable(message)[:_LONGEST],
        line=named or (lines[-1] if lines else fallback),
        call_line=lines[0] if lines else fallback,
        missing=_missing(error),
        trace=tuple(_trace(error.__traceback__, places)),
    )


def follows_a_cut(error: BaseException) -> bool:
    """Whether an error is what code raises that finds less data than it counted on."""
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, StopIteration):
        return True
    if isinstance(error, ValueError):
        return any(word in _message(error) for word in ("empty", "at least one"))
    return isinstance(error, _SHORT_OF_DATA) or type(error).__name__ == "OutOfRangeError"


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an exception of the document's own may not print
        return ""


def _missing(error: BaseException) -> str | None:
    name = getattr(error, "name", None)
    return name if isinstance(name, str) else None


def _document_lines(trace: TracebackType | None, places: Places) -> list[int]:
    found: list[int] = []
    while trace is not None:
        place = places.of_code(trace.tb_frame.f_code, trace.tb_lineno or 1)
        if place:
            found.append(place.line)
        trace = trace.tb_next
    return found


def _trace(trace: TracebackType | None, places: Places) -> Iterator[str]:
    walked = list(traceback.walk_tb(trace)) if trace else []
    shown = [pair for pair in walked if not places.is_ours(pair[0].f_code)]
    for frame, row in shown[-_FRAMES:]:
        place = places.of_code(frame.f_code, row or 1)
        file = places.readable(frame.f_code.co_filename)
        yield f"{file}:{place.line if place else row} in {frame.f_code.co_name}"
