"""Ops that log, save and read: the `on_log` and `on_epoch_end` phases.

Log templates are Python format strings over names the phase can see, and over the loop's own
numbers: `epoch` and `step` (as the guide counts them), `epoch_index` (the epoch from 0, however
the guide counts), `seen` (samples so far in the epoch), `batches` (batches in an epoch) and
`seconds` (since the epoch began, in a closing line since the loop did; such a line is timed).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from typing import ClassVar

from attrs import field, frozen

from core.spec import rules
from core.spec.kinds import Kind, Names, Naming, Op, Role, binds, makes, uses

LOOP_NUMBERS = ("epoch", "epoch_index", "step", "seen", "batches", "seconds")


def template_names(template: str) -> tuple[str, ...]:
    """The names a log template reads, loop numbers included, without repeats."""
    fields = (name for _, name, _, _ in Formatter().parse(template) if name is not None)
    return tuple(dict.fromkeys(fields))


def _parses(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return all(name.isidentifier() for name in template_names(value))
    except ValueError:
        return False


_template = rules.Rule("a format string whose fields are plain names", _parses)


class _Printed(Names):
    """A template whose fields are numbers, the loop's own among them."""

    def __init__(self) -> None:
        super().__init__(Role.USES, Kind.NUMBER, _template)

    def read(self, value: object) -> Iterator[str]:
        """The numbers printed, the loop's own left out."""
        names = template_names(str(value))
        return (name for name in names if name not in LOOP_NUMBERS)

    def renamed(self, value: object, naming: Naming) -> str:
        """The template with its fields renamed."""
        return re.sub(r"\{(\w+)", lambda found: "{" + naming(found[1]), str(value))


@frozen
class Log(Op):
    """Prints one or more lines."""

    words: ClassVar[str] = "print"
    template: str = field(validator=_Printed())

    @property
    def timed(self) -> bool:
        """Whether the text holds a wall-clock time."""
        return "seconds" in template_names(self.template)


@frozen
class SaveImage(Op):
    """Saves the first image of a batch; pixels are `scale · value + offset`, cut to 0…255.

    `file` is a template over the loop's numbers.
    """

    words: ClassVar[str] = "save an image"
    images: str = field(validator=uses(Kind.TENSOR))
    file: str = field(validator=_template)
    scale: float = field(default=255.0, validator=rules.positive)
    offset: float = field(default=0.0, validator=rules.real)


@frozen
class Sheet(Op):
    """Saves the first `rows · columns` images of a batch as one sheet.

    Grey levels run from the smallest to the largest value of each image, as Matplotlib's `imshow`
    scales them.
    """

    words: ClassVar[str] = "save a sheet of images"
    images: str = field(validator=uses(Kind.TENSOR))
    file: str = field(validator=_template)
    rows: int = field(default=4, validator=rules.count)
    columns: int = field(default=4, validator=rules.count)


@frozen
class ReadMetric(Op):
    """Reads a metric's value into a number, which the trace keeps under that name."""

    words: ClassVar[str] = "read a metric"
    out: str = field(validator=makes(Kind.NUMBER))
    metric: str = field(validator=uses(Kind.METRIC))


@frozen
class ResetMetric(Op):
    """Sets a metric's state back to zero."""

    words: ClassVar[str] = "reset a metric"
    metric: str = field(validator=uses(Kind.METRIC))


@frozen
class Validate(Op):
    """Runs the `evaluate` phase over every batch of a dataset.

    `batch` names what one batch holds, images first: the names `evaluate` starts from.
    """

    words: ClassVar[str] = "evaluate on a dataset"
    dataset: str = field(validator=uses(Kind.DATASET))
    batch: tuple[str, ...] = field(validator=binds(Kind.TENSOR, rules.distinct_names))


@frozen
class SaveModel(Op):
    """Saves a model to a file; `file` is a template over the loop's numbers."""

    words: ClassVar[str] = "save a model"
    model: str = field(validator=uses(Kind.MODEL))
    file: str = field(validator=_template)
