"""What a rehearsal runs: scenarios, with what is known about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from core.catalog import Catalog
from core.errors import GoldenError
from core.golden.golden import Key
from core.golden.horizon import Horizon
from core.golden.store import Store
from core.runner.options import RunOptions, execution_of
from core.spec import Scenario, flat
from core.spec.experiment import experiment_digest
from core.spec.ops.step import Apply

NATIVE_STEPS = 4
"""By then a native run has drawn weights, an order, and a step's noise and dropout four times."""


@frozen
class Subject:
    """One thing to run in every environment.

    Attributes:
        name: the scenario's id.
        experiment: digest of what it computes; subjects with the same one share their runs.
        backends: where it makes sense.
        updates_per_step: optimizer updates in one training step; 0 where each is recorded.
        fresh: whether training starts from addressed weights, equal to the bit everywhere.
        horizons: how far honest runs may lie apart, by backend; where no golden says, it is
            measured in the baseline.
    """

    name: str
    experiment: str
    backends: tuple[str, ...]
    updates_per_step: int = 1
    fresh: bool = True
    horizons: Mapping[str, Horizon] = field(factory=dict)


@frozen
class Length:
    """How a subject is run.

    Attributes:
        seed: the seed of every run.
        steps: training steps of the controlled run; None is the guide's own length.
        native_steps: training steps of the native run.
    """

    seed: int
    steps: int | None = None
    native_steps: int = NATIVE_STEPS

    @property
    def controlled(self) -> RunOptions:
        """The controlled run: every number is judged."""
        return RunOptions(seed=self.seed, randomness="controlled", steps=self.steps)

    @property
    def native(self) -> RunOptions:
        """The native run: it shows another random stream, and needs a few steps for that."""
        return RunOptions(seed=self.seed, randomness="native", steps=self.native_steps)


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
                updates_per_step=sum(isinstance(op, Apply) for op in flat(scenario.step)),
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
            continue  # `parity check` reports it; here the horizon is measured anew
        if golden is None or golden.horizon is None:
            continue
        if (golden.trace.seed, golden.trace.data_sha256) == (seed, data_sha256):
            yield backend, golden.horizon
