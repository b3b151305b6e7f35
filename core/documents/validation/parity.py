"""A document's own run against the declared scenarios, step by step.

Under one seed the cells of a known guide and its scenarios consume random numbers alike, so that
every loss is bit-identical, or there is a first difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from core.documents.reading import Recognition
from core.sandbox.guest.events import Updates
from core.sandbox.host import ExecutionRecord
from core.spec import Scenario, ops
from core.spec.scenario import flat
from core.trace import Trace
from core.trace.difference import Difference, first_of_all

Losses = Mapping[str, Sequence[float]]


@frozen
class SectionParity:
    """One section's comparison.

    Attributes:
        scenario: the scenario it was compared with.
        steps: training steps compared; 0 says why in `reason`.
        reason: why nothing was compared; empty where it was.
        first: where the document's losses (`a`) first differ from the declared ones (`b`), None
            where all steps are bit-identical.
    """

    scenario: str
    steps: int
    reason: str = ""
    first: Difference | None = None


@frozen
class Parity:
    """A document against the declared scenarios of its guide."""

    guide: str
    similarity: float
    sections: tuple[SectionParity, ...]

    @property
    def compared_steps(self) -> int:
        """Training steps compared, over all sections."""
        return sum(section.steps for section in self.sections)

    @property
    def first_difference(self) -> Difference | None:
        """The first difference of the first section that has one."""
        return next((s.first for s in self.sections if s.first is not None), None)

    @property
    def bit_identical(self) -> bool:
        """Whether something was compared and all of it is bit-identical."""
        return self.compared_steps > 0 and self.first_difference is None


def applied_losses(scenario: Scenario) -> tuple[str, ...]:
    """The losses a step applies, one for each optimizer update, in order."""
    loss_of = {op.out: op.loss for op in flat(scenario.step) if isinstance(op, ops.Gradients)}
    return tuple(loss_of[op.gradients] for op in scenario.step if isinstance(op, ops.Apply))


def section_losses(
    record: ExecutionRecord, recognition: Recognition, scenario: Scenario
) -> dict[str, list[float]]:
    """The losses that a document's cells applied in one section, in order.

    Where two cells train the same section (an article's parts and its full listing), the last of
    them counts: a listing is the whole program.
    """
    names = applied_losses(scenario)
    by_cell: dict[int, dict[str, list[float]]] = {}
    for update in record.of(Updates):
        if recognition.cells.get(update.cell) == scenario.section:
            values = by_cell.setdefault(update.cell, {}).setdefault(update.optimizer, [])
            applied = [group[-1] if group else None for group in update.losses]
            values += [float("nan") if value is None else value for value in applied]
    if not by_cell:
        return {name: [] for name in names}
    last = by_cell[max(by_cell)]
    return dict(zip(names, last.values(), strict=False))


def compare_section(scenario: Scenario, document: Losses, declared: Trace) -> SectionParity:
    """Compare a section's losses with the declared run's, as far as both go."""
    # A GAN's losses alternate; the step that a cut left half done is not compared.
    steps = min((len(values) for values in document.values()), default=0)
    # A document may train for less than declared, not for more.
    mine = {name: values[:steps] for name, values in document.items()}
    wanted = {name: declared.losses[name][:steps] for name in document}
    first = first_of_all(mine, wanted)
    compared = min([steps, *map(len, wanted.values())])
    reason = "" if compared else "the document takes no training step in this section"
    return SectionParity(scenario.id, compared, "" if first else reason, first)
