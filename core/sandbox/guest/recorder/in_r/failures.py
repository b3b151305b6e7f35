"""An error of R in plain values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ... import events
from ..places import Place, Places

_LONGEST = 4000
_FRAMES = 12
_MISSING = (
    re.compile(r"object '([^']+)' not found"),
    re.compile(r'could not find function "([^"]+)"'),
    re.compile(r"there is no package called .(\S+)."),
    re.compile(r"No module named '([^']+)'"),
    re.compile(r"has no attribute '([^']+)'"),
)
_SHORT_OF_DATA = (
    re.compile(r"object '[^']+' not found"),
    re.compile(r"argument is of length zero"),
    re.compile(r"subscript out of bounds"),
    re.compile(r"missing value where TRUE/FALSE needed"),
    re.compile(r"non-numeric argument to"),
    re.compile(r"invalid \w+ argument|invalid 'type' \(list\) of argument"),
)
_PYTHON = re.compile(r"([A-Z]\w*(?:Error|Exception|Warning|Iteration|Stop|Interrupt))(?:: |$)")
_ADVICE = re.compile(r"\s*Run `?reticulate::py_last_error\(\)`?.*$", re.DOTALL)
_ROW = re.compile(r":(\d+):\d+: ")


def kind_of(classes: Sequence[str], message: str) -> tuple[str, str]:
    """The kind of an error and its text.

    An error of Python keeps the name it has there. R's plainest error is `Error`, as R prints it.
    """
    text = _ADVICE.sub("", message).strip()
    python = next((c for c in classes if c.startswith("python.builtin.")), None)
    named = _PYTHON.match(text)
    if named:
        return named.group(1), text[named.end() :]
    if python:
        return python.removeprefix("python.builtin."), text
    return ("Error" if classes[:1] in (["simpleError"], []) else classes[0]), text


def missing_in(message: str) -> str | None:
    """The object, function, package, module or attribute that an error says is not there."""
    for pattern in _MISSING:
        found = pattern.search(message)
        if found:
            return found.group(1)
    return None


def follows_a_cut(message: str) -> bool:
    """Whether an error is what R raises where a loop gave less than the code counted on."""
    return any(pattern.search(message) for pattern in _SHORT_OF_DATA)


def failure(
    kind: str,
    message: str,
    inner: int,
    outer: int,
    frames: Sequence[tuple[Place, str]] = (),
    name: str = "",
) -> events.CellError:
    """An error as the event channel carries it."""
    trace = tuple(f"{name}:{place.line} in {within}" for place, within in frames[-_FRAMES:])
    return events.CellError(kind, message[:_LONGEST], inner, outer, missing_in(message), trace)


def refusal(message: str, cell: int, places: Places) -> events.CellError:
    """What R's parser says of a cell that is not R."""
    row = _ROW.search(message)
    line = places.line(cell, int(row.group(1)) if row else 1)
    text = message[row.end() :] if row else message
    return failure("SyntaxError", text.strip(), line, line)
