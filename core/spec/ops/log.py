"""Ops that log, save and read: the `on_log` and `on_epoch_end` phases.

Log templates are Python format strings over names the phase can see, and over the loop's own
numbers: `epoch` and `step` (as the guide counts them), `epoch_index` (the epoch from 0, however
the guide counts), `seen` (samples so far in the epoch), `batches` (batches in an epoch) and
`seconds` (since the epoch began, in a closing line since the loop did; such a line is timed).
"""

from __future__ import annotations

from string import Formatter
from typing import ClassVar

from attrs import field, frozen

from core.spec import rules
from core.spec.kinds import Kind, Op, Reference

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


@frozen
class Log(Op):
    """Prints one or more lines."""

    words: ClassVar[str] = "print"
    template: str = field(validator=_template)

    @property
    def timed(self) -> bool:
        """Whether the text holds a wall-clock time."""
        return "seconds" in template_names(self.template)

    def uses(self) -> tuple[Reference, ...]:
        """The numbers printed, the loop's own left out."""
        read = template_names(self.template)
        return tuple((name, Kind.NUMBER) for name in read if name not in LOOP_NUMBERS)


@frozen
class SaveImage(Op):
    """Saves the first image of a batch; pixels are `scale · value + offset`, cut to 0…255.

    `file` is a template over the loop's numbers.
    """

    words: ClassVar[str] = "save an image"
    images: str = field(validator=rules.name)
    file: str = field(validator=_template)
    scale: float = field(default=255.0, validator=rules.positive)
    offset: float = field(default=0.0, validator=rules.real)

    def uses(self) -> tuple[Reference, ...]:
        """The batch of images."""
        return ((self.images, Kind.TENSOR),)


@frozen
class Sheet(Op):
    """Saves the first `rows · columns` images of a batch as one sheet.

    Gray levels run from the smallest to the largest value of each image, as Matplotlib's `imshow`
    scales them.
    """

    words: ClassVar[str] = "save a sheet of images"
    images: str = field(validator=rules.name)
    file: str = field(validator=_template)
    rows: int = field(default=4, validator=rules.count)
    columns: int = field(default=4, validator=rules.count)

    def uses(self) -> tuple[Reference, ...]:
        """The batch of images."""
        return ((self.images, Kind.TENSOR),)


@frozen
class ReadMetric(Op):
    """Reads a metric's value into a number, which the trace keeps under that name."""

    words: ClassVar[str] = "read a metric"
    out: str = field(validator=rules.name)
    metric: str = field(validator=rules.name)

    def uses(self) -> tuple[Reference, ...]:
        """The metric."""
        return ((self.metric, Kind.METRIC),)

    def makes(self) -> tuple[Reference, ...]:
        """The number."""
        return ((self.out, Kind.NUMBER),)


@frozen
class ResetMetric(Op):
    """Sets a metric's state back to zero."""

    words: ClassVar[str] = "reset a metric"
    metric: str = field(validator=rules.name)

    def uses(self) -> tuple[Reference, ...]:
        """The metric."""
        return ((self.metric, Kind.METRIC),)


@frozen
class Validate(Op):
    """Runs the `evaluate` phase over every batch of a dataset.

    `batch` names what one batch holds, images first: the names `evaluate` starts from.
    """

    words: ClassVar[str] = "evaluate on a dataset"
    dataset: str = field(validator=rules.name)
    batch: tuple[str, ...] = field(validator=rules.distinct_names)

    def uses(self) -> tuple[Reference, ...]:
        """The dataset."""
        return ((self.dataset, Kind.DATASET),)


@frozen
class SaveModel(Op):
    """Saves a model to a file; `file` is a template over the loop's numbers."""

    words: ClassVar[str] = "save a model"
    model: str = field(validator=rules.name)
    file: str = field(validator=_template)

    def uses(self) -> tuple[Reference, ...]:
        """The model."""
        return ((self.model, Kind.MODEL),)
