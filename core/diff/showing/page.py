"""A comparison as one HTML page that needs nothing but itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import frozen

from core.diff.comparison import Comparison
from core.diff.courses import Courses
from core.diff.rows import Row
from core.diff.showing.plain import mark
from core.templating import highlighted, styles, templates

WORDS = {
    " ": "the same",
    "~": "other words for the same",
    "!": "the specs differ here",
    "<": "on the left only",
    ">": "on the right only",
}
CLASSES = {" ": "same", "~": "otherwise", "!": "changed", "<": "left", ">": "right"}
LIGHT, DARK = "default", "github-dark"


def page(comparison: Comparison, courses: Courses | None = None) -> str:
    """The page's text."""
    template = templates("core.diff.showing").get_template("difference.html")
    return template.render(
        comparison=comparison,
        runs=None if courses is None else Runs(courses),
        rows=[_row(row, comparison) for row in comparison.rows],
        light=styles(LIGHT, ".code"),
        dark=styles(DARK, ".code"),
        words={CLASSES[sign]: said for sign, said in WORDS.items()},
    )


@frozen
class Runs:
    """Both runs as a page shows them.

    Attributes:
        courses: the runs.
    """

    courses: Courses

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The table; curves are drawn instead."""
        return [row for row in self.courses.rows() if not row[0].endswith(", curve")]

    @property
    def charts(self) -> list[tuple[str, str, str]]:
        """For each loss its name and the points of both curves."""
        return [
            (ours, *_points(self.courses.a.losses[ours], self.courses.b.losses[theirs]))
            for ours, theirs in self.courses.pairs
        ]


def _points(*series: Sequence[float]) -> tuple[str, str]:
    """Two series as points of polylines in a box of 600 × 160, on one logarithmic scale."""
    kept = [[(n, v) for n, v in enumerate(one) if math.isfinite(v) and v > 0] for one in series]
    values = [math.log(v) for one in kept for _, v in one]
    low, high = min(values, default=0.0), max(values, default=1.0)
    span = (high - low) or 1.0
    drawn = []
    for one, whole in zip(kept, series, strict=True):
        step = 600 / max(1, len(whole) - 1)
        every = max(1, len(one) // 600)
        drawn.append(
            " ".join(
                f"{n * step:.1f},{160 - (math.log(v) - low) / span * 160:.1f}"
                for n, v in one[::every]
            )
        )
    return drawn[0], drawn[1]


def _row(row: Row, comparison: Comparison) -> dict[str, object]:
    languages = comparison.a.dialect.language, comparison.b.dialect.language
    first = row.a_pieces[0] if row.a_pieces else None
    second = row.b_pieces[0] if row.b_pieces else None
    return {
        "op": row.op,
        "kind": CLASSES[mark(row)],
        "said": WORDS[mark(row)],
        "a": _highlighted(row.a, languages[0]),
        "b": _highlighted(row.b, languages[1]),
        "a_line": first.line if first else "",
        "b_line": second.line if second else "",
    }


def _highlighted(code: str | None, language: str) -> str:
    """Code as HTML; it keeps the indentation that the lexer would strip."""
    return "" if code is None else highlighted(code, language).rstrip("\n")
