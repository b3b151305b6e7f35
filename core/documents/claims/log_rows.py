"""Printed rows as templates with numbers, and the numbers as figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from attrs import frozen
from click import unstyle

from core.documents.claims.labels import Label, labels_of
from core.documents.claims.numbers import HOLE, Number, numbers_in, without
from core.documents.claims.print_templates import PrintTemplate

LONGEST_ROW = 2000
_ANY_NUMBER = r"([-+]?(?:\d[\d,]*(?:\.\d*)?(?:[eE][-+]?\d+)?|nan|inf|NaN|Inf))"


@frozen
class LogTemplate:
    """A printed row with `#` in place of each number that the code computed.

    `Training loss (for 1 batch) at step #: #` keeps the 1, where the code prints it as it stands.
    """

    text: str

    def match(self, row: str) -> tuple[str, ...] | None:
        """The numbers, as printed, of a row of this template; else `None`."""
        if len(row) > LONGEST_ROW:
            return None
        found = _pattern(self.text).fullmatch(row.strip())
        return None if found is None else tuple(found.groups())


@cache
def _pattern(text: str) -> re.Pattern[str]:
    parts = []
    for word in text.split(" "):
        literal = [re.escape(part) for part in word.split(HOLE)]
        parts.append(_ANY_NUMBER.join(literal))
    return re.compile(r"\s+".join(parts))


@frozen
class LogFigure:
    """One number of a row: what it is, and the expression that computed it, where known."""

    number: Number
    label: Label
    expression: str | None


@frozen
class LogRow:
    """A printed row that holds numbers.

    Attributes:
        text: the row as printed.
        template: the row without its computed numbers.
        printed_by: the print call's template, where the code has one that fits.
        figures: its computed numbers.
    """

    text: str
    template: LogTemplate
    printed_by: PrintTemplate | None
    figures: tuple[LogFigure, ...]


def read_log_row(text: str, templates: Sequence[PrintTemplate]) -> LogRow | None:
    """A printed row's figures; `None` for one without any.

    Args:
        text: the row.
        templates: what the code can print; the first that fits says which numbers are computed.
    """
    row = last_state(text)
    numbers = numbers_in(row) if len(row) <= LONGEST_ROW else ()
    if not numbers:
        return None
    printed_by, expressions = _computed(row, numbers, templates)
    computed = tuple(n for n, e in zip(numbers, expressions, strict=True) if e is not _LITERAL)
    labels = labels_of(row, numbers, [e if isinstance(e, str) else None for e in expressions])
    figures = [
        LogFigure(number, label, expression or None)
        for number, label, expression in zip(numbers, labels, expressions, strict=True)
        if expression is not _LITERAL
    ]
    template = LogTemplate(without(row, computed))
    return LogRow(row.strip(), template, printed_by, tuple(figures)) if figures else None


_LITERAL = None
_UNKNOWN = ""


def _computed(
    row: str, numbers: Sequence[Number], templates: Sequence[PrintTemplate]
) -> tuple[PrintTemplate | None, list[str | None]]:
    """For each number the expression behind it: empty where unknown, `None` where it is literal."""
    for template in templates:
        filled = template.match(row)
        if filled is None:
            continue
        found: list[str | None] = []
        for number in numbers:
            # By overlap, not equality: a hole may hold more than the number, such as `12.3%` or
            # `[0.5]`.
            holes = [f for f in filled if f.start < number.end and number.start < f.end]
            found.append(holes[0].expression if holes else _LITERAL)
        return template, found
    return None, [_UNKNOWN] * len(numbers)


def last_state(text: str) -> str:
    """What a terminal shows of a row in the end, without colours: after a return, or going back."""
    text = unstyle(text)
    if "\r" not in text and "\b" not in text:
        return text
    # A progress bar writes over itself: only its last state is what a reader sees.
    states = [part.lstrip("\b") for part in text.replace("\b", "\r").split("\r")]
    return next((state for state in reversed(states) if state.strip()), "")
