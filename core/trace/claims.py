"""Published claims: every figure a guide or a document publishes, as data.

A claim file, `<guide>.json`, holds facts read off one document: what it printed, in which section
and on which line. A claim that is read off a document at hand also knows its place in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from attrs import Attribute, field, fields, frozen


class ClaimKind(StrEnum):
    """What sort of figure a claim is.

    - `loss`: one training step's loss, `value` in nats.
    - `count`: `samples` seen so far after a step, or `batches` in an epoch.
    - `epoch`: an epoch's heading; `value` is the number it prints (from 0 or from 1).
    - `accuracy`: `train_acc` or `val_acc` over one epoch, `value` in 0..1.
    - `time`: `value` in seconds, of an `epoch`, a `section`, or a full `training` run elsewhere.
    - `speedup`: slower section's seconds over faster section's seconds; the page says it in
      words, `derived_from` lists the lines of the times the ratio was computed from.
    - `layer`: one row of a model summary.
    - `params`: a summary's `total`, `trainable` or `non_trainable` scalars, with the printed size.
    - `output`: a model's output shape, stated in prose.
    - `absent`: a line of code that logs the named figure, on a page that prints none of it.

    These stand in documents alone, in no claim file:

    - `step`: a count of steps on its own.
    - `figure`: any other number.
    - `image`: a picture that the code saves.
    """

    LOSS = "loss"
    COUNT = "count"
    EPOCH = "epoch"
    ACCURACY = "accuracy"
    TIME = "time"
    SPEEDUP = "speedup"
    LAYER = "layer"
    PARAMS = "params"
    OUTPUT = "output"
    ABSENT = "absent"
    STEP = "step"
    FIGURE = "figure"
    IMAGE = "image"


class ClaimVerdict(StrEnum):
    """How a published figure fares.

    - `holds`: the run shows the figure, exactly or as a trend, whichever its kind asks for.
    - `differs`: the run shows another figure.
    - `not reproduced`: the run went far enough and produced no such figure. A dropped metric or
      log line is a finding; a wall-clock time, which another machine cannot reproduce, is none.
    - `not reached`: the run was cut short, by request, before the figure.
    """

    HOLDS = "holds"
    DIFFERS = "differs"
    NOT_REPRODUCED = "not reproduced"
    NOT_REACHED = "not reached"


@frozen
class Place:
    """Where in a document a claim was read.

    Attributes:
        path: the file it stands in: the document, or its rendering.
        cell: index of the document's cell that published it.
        section: index of that cell's section.
        text: the whole row as printed.
        template: the row without its computed numbers; None for tables and pictures.
        position: which of the template's numbers this is, from 0.
        expression: the code that computed it, where the print call is known.
    """

    path: Path
    cell: int
    section: int
    text: str
    template: str | None = None
    position: int | None = None
    expression: str | None = None


_COMMON = frozenset({"kind", "section", "line", "place"})
_VALUED = frozenset({"value", "printed"})
_REQUIRED: Mapping[ClaimKind, frozenset[str]] = MappingProxyType(
    {
        ClaimKind.LOSS: _VALUED | {"name", "epoch", "step", "printed_step"},
        ClaimKind.COUNT: _VALUED | {"name", "epoch"},
        ClaimKind.EPOCH: _VALUED | {"epoch"},
        ClaimKind.ACCURACY: _VALUED | {"name", "epoch"},
        ClaimKind.TIME: _VALUED | {"name"},
        ClaimKind.SPEEDUP: frozenset({"value", "derived_from"}),
        ClaimKind.LAYER: frozenset({"name", "model", "index", "layer", "output_shape", "params"}),
        ClaimKind.PARAMS: _VALUED | {"name", "model", "size"},
        ClaimKind.OUTPUT: frozenset({"model", "output_shape"}),
        ClaimKind.ABSENT: frozenset({"name"}),
    }
)
_OPTIONAL: Mapping[ClaimKind, frozenset[str]] = MappingProxyType(
    {ClaimKind.COUNT: frozenset({"step", "printed_step"}), ClaimKind.TIME: frozenset({"epoch"})}
)


def _positive(_: object, attribute: Attribute[int], value: int) -> None:
    if value < 1:
        raise ValueError(f"{attribute.name} must be at least 1, not {value}")


def _not_negative(_: object, attribute: Attribute[int | None], value: int | None) -> None:
    if value is not None and value < 0:
        raise ValueError(f"{attribute.name} must not be negative, not {value}")


@frozen
class Claim:
    """One published figure.

    Attributes:
        kind: what sort of figure; it decides which of the fields below are set.
        section: section id within the guide (`first_loop`, …), empty where no guide is known.
        line: 1-based line in the document.
        name: which loss, count, metric, time, layer or parameter total.
        epoch: 0-based epoch, whatever the page prints.
        step: 0-based index of the training step within its epoch, whatever the page prints.
        printed_step: the step as printed (1-based in some guides).
        value: the figure.
        printed: the figure as printed, with the precision published.
        model: name of the model a row belongs to.
        index: 0-based row of the summary.
        layer: class name of the layer.
        output_shape: `None` for the batch dimension.
        params: scalars in the layer.
        size: the printed size of the parameters.
        derived_from: lines of the claims this is computed from.
        place: where it was read, None for a claim of a claim file. A document may say less of a
            figure, or more, than a claim file must.

    Raises:
        ValueError: a number is out of range; or, of a claim without a place, a field the kind
            needs is missing, or one it does not know is set.
    """

    kind: ClaimKind
    section: str
    line: int = field(validator=_positive)
    name: str | None = None
    epoch: int | None = field(default=None, validator=_not_negative)
    step: int | None = field(default=None, validator=_not_negative)
    printed_step: int | None = field(default=None, validator=_not_negative)
    value: float | None = None
    printed: str | None = None
    model: str | None = None
    index: int | None = field(default=None, validator=_not_negative)
    layer: str | None = None
    output_shape: tuple[int | None, ...] | None = None
    params: int | None = field(default=None, validator=_not_negative)
    size: str | None = None
    derived_from: tuple[int, ...] | None = None
    place: Place | None = None

    def __attrs_post_init__(self) -> None:
        """Check that exactly the fields of this kind are set, in a claim file."""
        if self.place is not None:
            return
        if self.kind not in _REQUIRED:
            raise ValueError(f"no claim file holds a claim of kind {self.kind}")
        given = {a.name for a in fields(Claim) if getattr(self, a.name) is not None} - _COMMON
        if missing := _REQUIRED[self.kind] - given:
            raise ValueError(f"a {self.kind} claim needs {', '.join(sorted(missing))}")
        known = _REQUIRED[self.kind] | _OPTIONAL.get(self.kind, frozenset())
        if unknown := given - known:
            raise ValueError(f"a {self.kind} claim has no {', '.join(sorted(unknown))}")

    @property
    def at(self) -> Place:
        """Its place in a document.

        Raises:
            ValueError: it was not read off one.
        """
        if self.place is None:
            raise ValueError(f"the claim of line {self.line} was not read off a document")
        return self.place

    @property
    def published(self) -> str:
        """The figure with its name, for reports."""
        if self.kind is ClaimKind.LAYER:
            return self.figure
        if self.kind is ClaimKind.OUTPUT:
            return f"{self.model} output {self.output_shape}"
        if self.kind is ClaimKind.ABSENT:
            return f"no {self.name}"
        return " ".join(part for part in (self.model, self.name or self.kind, self.figure) if part)

    @property
    def figure(self) -> str:
        """The figure alone, as printed."""
        if self.kind is ClaimKind.LAYER:
            scalars = self.printed or self.params
            return f"{self.name} ({self.layer}) {self.output_shape} {scalars}"
        if self.kind is ClaimKind.OUTPUT:
            return str(self.output_shape)
        if self.kind is ClaimKind.ABSENT:
            return "none"
        return self.printed or f"{self.value:.1f}"
