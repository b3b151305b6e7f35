"""What a rehearsal runs: scenarios and documents, with what is known about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from core.check.golden.golden import Key
from core.check.golden.horizon import Horizon
from core.check.golden.store import Store
from core.errors import GoldenError
from core.run.runner.options import RunOptions, execution_of
from core.sandbox.host.program import Program
from core.spec import Scenario, flat, ops
from core.spec.catalog import Catalog
from core.spec.experiment import experiment_digest


@frozen
class Subject:
    """One thing to run in every environment.

    Attributes:
        name: the scenario's id, or the document's path.
        experiment: digest of what it computes; subjects with the same one share their runs.
        backends: where it makes sense.
        updates_per_step: optimizer updates in one training step; 0 where each is recorded.
        fresh: whether training starts from addressed weights, bit-identical everywhere.
        horizons: how far honest runs may lie apart, by backend; where no golden says, it is
            measured in the baseline.
        program: a document's code, None for a scenario.
    """

    name: str
    experiment: str
    backends: tuple[str, ...]
    updates_per_step: int = 1
    fresh: bool = True
    horizons: Mapping[str, Horizon] = field(factory=dict)
    program: Program | None = None


def subjects(
    catalog: Catalog, asked: Sequence[str], seed: int, data_sha256: str
) -> tuple[list[Subject], dict[str, str]]:
    """The scenarios that were asked for, and those that are left out, with the reason.

    A scenario whose loop is exhausted takes no step, so that there is nothing to compare; it is
    left out unless it is asked for by its id.
    """
    found: list[Subject] = []
    left_out: dict[str, str] = {}
    for scenario in catalog.select(asked):
        if scenario.loop.exhausted and scenario.id not in asked:
            left_out[scenario.id] = "its loop is exhausted: it takes no training step"
            continue
        root = catalog.entry(scenario).golden
        found.append(
            Subject(
                name=scenario.id,
                experiment=experiment_digest(scenario),
                backends=scenario.backends,
                updates_per_step=sum(isinstance(op, ops.Apply) for op in flat(scenario.step)),
                fresh=not scenario.trains_first,
                horizons=dict(_horizons(scenario, root, seed, data_sha256)),
            )
        )
    return found, left_out


def _horizons(
    scenario: Scenario, root: Path, seed: int, data_sha256: str
) -> Iterator[tuple[str, Horizon]]:
    """The horizons stored with the goldens, where seed and data are the goldens'."""
    options = RunOptions(randomness="controlled")
    execution = execution_of(scenario, options)
    guide, section = scenario.guide.id, scenario.section
    for backend in scenario.backends:
        key = Key(guide, section, backend, options.randomness, execution, options.precision)
        try:
            golden = Store(root).read(key)
        except GoldenError:
            continue  # `parity check` reports it; here the horizon is measured again
        if golden is None or golden.horizon is None:
            continue
        if (golden.trace.seed, golden.trace.data_sha256) == (seed, data_sha256):
            yield backend, golden.horizon
