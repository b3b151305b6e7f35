"""A comparison as plain text, two columns, for pipes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.diff.comparison import Comparison
from core.diff.rows import Row

if TYPE_CHECKING:
    from core.diff.courses import Courses

SAME, OTHERWISE, CHANGED, LEFT, RIGHT = " ", "~", "!", "<", ">"
LEGEND = (
    f"{CHANGED} the specs differ here   {OTHERWISE} other words for the same   "
    f"{LEFT} {RIGHT} on one side only"
)


def mark(row: Row) -> str:
    """One character that says how the two sides of a row relate."""
    if row.same:
        return SAME
    if row.changed:
        return CHANGED
    if row.a is None:
        return RIGHT
    return LEFT if row.b is None else OTHERWISE


def sentences(comparison: Comparison) -> Iterator[str]:
    """The differences in words."""
    for one in comparison.spec:
        yield f"  {one.sentence}"


def code(comparison: Comparison) -> Iterator[str]:
    """The code side by side; the left column as wide as it needs to be."""
    left = [line for row in comparison.rows if row.a is not None for line in row.a.split("\n")]
    width = max(map(len, (comparison.a.text, *left)), default=0)
    yield f"{comparison.a.text:{width}}   {comparison.b.text}"
    for row in comparison.rows:
        ours = row.a.split("\n") if row.a is not None else []
        theirs = row.b.split("\n") if row.b is not None else []
        sign = mark(row)
        for number in range(max(len(ours), len(theirs))):
            one = ours[number] if number < len(ours) else ""
            other = theirs[number] if number < len(theirs) else ""
            yield f"{one:{width}} {sign} {other}".rstrip()
    yield LEGEND


def runs(courses: Courses) -> Iterator[str]:
    """Both runs: where they part, their curves, their accuracies."""
    rows = [("", courses.a.name, courses.b.name), *courses.rows()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    yield ""
    for what, one, other in rows:
        yield f"{what:{widths[0]}}  {one:{widths[1]}}  {other}".rstrip()
