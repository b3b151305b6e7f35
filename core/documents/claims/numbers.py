"""The numbers in a printed row, and the row's shape without them."""

from __future__ import annotations

import re

from attrs import frozen

_NUMBER = re.compile(
    r"""
    (?: (?<![\w.)]) (?P<sign>[-+]) | (?<![\w.]) )
    (?P<figure> \d{1,3}(?:,\d{3})+(?:\.\d+)? | \d+(?:\.\d+)? | nan | inf )
    (?P<exponent> [eE][-+]?\d+ )?
    (?P<unit> ms | us | µs | ns | s | min | h | % )?
    (?! \w | \.\d )
    """,
    re.VERBOSE | re.IGNORECASE,
)
HOLE = "#"


@frozen
class Number:
    """A number in a row.

    Attributes:
        start: where it begins in the row.
        end: where it ends, its unit left out.
        printed: as printed, without its unit.
        value: its value; thousands' commas read as such.
        whole: whether it is written as an integer.
        unit: a unit written at once after it (`s`, `ms`, `%`), or nothing.
    """

    start: int
    end: int
    printed: str
    value: float
    whole: bool
    unit: str


def numbers_in(row: str) -> tuple[Number, ...]:
    """The numbers of a row in order; digits inside words (`conv2d_1`) and versions are none."""
    found = []
    for match in _NUMBER.finditer(row):
        unit = match["unit"] or ""
        end = match.end() - len(unit)
        printed = row[match.start() : end]
        whole = printed.lstrip("+-").replace(",", "").isdigit()
        value = float(printed.replace(",", ""))
        found.append(Number(match.start(), end, printed, value, whole, unit))
    return tuple(found)


def without(row: str, numbers: tuple[Number, ...]) -> str:
    """A row with `#` for the given numbers, blank space alike."""
    parts = []
    last = 0
    for number in numbers:
        parts += [row[last : number.start], HOLE]
        last = number.end
    parts.append(row[last:])
    return " ".join("".join(parts).split())


def shape(row: str) -> str:
    """A row with `#` for every number, blank space alike."""
    return without(row, numbers_in(row))
