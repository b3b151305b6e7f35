"""A document's claim: one figure it publishes in an output, and its golden form."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from core.documents.claims.labels import FigureKind
from core.documents.claims.log_rows import LogTemplate
from core.trace.claims import Claim, ClaimKind


@frozen
class DocumentClaim:
    """One published figure.

    Attributes:
        kind: what sort of figure.
        name: which one (`loss`, `val_acc`, `samples`, a layer's name, …).
        path: the file it stands in: the document, or its rendering.
        line: its line there.
        cell: index of the document's cell that published it.
        section: index of that cell's section.
        text: the whole row as printed.
        printed: the figure as printed.
        value: the figure as a number, percentages as shares; of a layer its scalars.
        template: the row without its computed numbers; `None` for tables and pictures.
        position: which of the template's numbers this is, from 0.
        expression: the code that computed it, where the print call is known.
        epoch: 0-based epoch, where the cell announces epochs.
        step: 0-based step within the epoch, where the row belongs to one.
        printed_step: the step as printed.
        model: the model a row of a summary belongs to.
        index: 0-based row of the summary.
        layer: class of the layer.
        output_shape: `None` for the batch dimension.
        size: printed size of the parameters.
    """

    kind: FigureKind
    name: str
    path: Path
    line: int
    cell: int
    section: int
    text: str
    printed: str
    value: float | None = None
    template: LogTemplate | None = None
    position: int | None = None
    expression: str | None = None
    epoch: int | None = None
    step: int | None = None
    printed_step: int | None = None
    model: str | None = None
    index: int | None = None
    layer: str | None = None
    output_shape: tuple[int | None, ...] | None = None
    size: str | None = None

    @property
    def where(self) -> str:
        """The file and line, as findings name them."""
        return f"{self.path}:{self.line}"


def golden_claim(claim: DocumentClaim, section: str) -> Claim | None:
    """The claim as `core.check.compare.claims` judges it, in a scenario's section.

    `None` for figures the golden claims have no kind for: other numbers, pictures, steps on
    their own, optimizer scalars, layers of several outputs.
    """
    kind = claim.kind
    if kind is FigureKind.LAYER:
        if claim.output_shape is None or claim.value is None:
            return None
        return Claim(
            kind=ClaimKind.LAYER,
            section=section,
            line=claim.line,
            name=claim.name,
            model=claim.model or "model",
            index=claim.index,
            layer=claim.layer,
            output_shape=claim.output_shape,
            params=int(claim.value),
        )
    if kind is FigureKind.PARAMS:
        if claim.size is None or claim.name == "optimizer":
            return None
        return Claim(
            kind=ClaimKind.PARAMS,
            section=section,
            line=claim.line,
            name=claim.name,
            model=claim.model or "model",
            value=claim.value,
            printed=claim.printed,
            size=claim.size,
        )
    if kind is FigureKind.ABSENT:
        return Claim(ClaimKind.ABSENT, section, claim.line, name=claim.name)
    return _logged(claim, section)


def _logged(claim: DocumentClaim, section: str) -> Claim | None:
    """The golden form of a figure in a log row."""
    epoch = claim.epoch or 0
    wanted = {
        FigureKind.LOSS: claim.printed_step is not None,
        FigureKind.COUNT: claim.name in {"samples", "batches"},
        FigureKind.EPOCH: True,
        FigureKind.ACCURACY: True,
        FigureKind.TIME: claim.name in {"epoch", "section"},
    }
    if not wanted.get(claim.kind, False):
        return None
    kind = ClaimKind(claim.kind.value)
    stepped = kind is ClaimKind.LOSS or kind is ClaimKind.COUNT
    return Claim(
        kind=kind,
        section=section,
        line=claim.line,
        name=None if kind is ClaimKind.EPOCH else claim.name,
        epoch=None if kind is ClaimKind.TIME and claim.name == "section" else epoch,
        step=claim.step if stepped else None,
        printed_step=claim.printed_step if stepped else None,
        value=claim.value,
        printed=claim.printed,
    )
