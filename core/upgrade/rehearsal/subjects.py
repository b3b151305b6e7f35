"""What a rehearsal runs: scenarios, with what is known about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from core.check.golden.golden import Key
from core.check.golden.horizon import Horizon
from core.check.golden.store import Store
from core.errors import GoldenError
from core.run.runner.options import RunOptions, execution_of
from core.spec import Scenario, flat, ops
from core.spec.catalog import Catalog
from core.spec.experiment import experiment_digest

STEPS = 40
"""Controlled steps of a scenario where one model is trained: inside most scenarios' horizons."""

ADVERSARIAL_STEPS = 4
"""Of one where two are trained in turn: a step of convolutions takes two seconds of a processor."""

DOCUMENT_STEPS = 200
"""Of a document, all its loops together."""

NATIVE_STEPS = 2
"""By then a native run has drawn weights, an order, and a step's noise and dropout twice."""


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
    """How long subjects are run, and with which seed.

    Attributes:
        seed: the seed of every run.
        steps: training steps of a controlled run; None is what its kind of subject gets, 0 the
            guide's own length.
        native_steps: training steps of a native run.
    """

    seed: int
    steps: int | None = None
    native_steps: int = NATIVE_STEPS

    def _steps(self, subject: Subject) -> int | None:
        if self.steps is not None:
            return self.steps or None
        if not subject.updates_per_step:
            return DOCUMENT_STEPS
        return STEPS if subject.updates_per_step == 1 else ADVERSARIAL_STEPS

    def controlled(self, subject: Subject) -> RunOptions:
        """The controlled run: every number is judged."""
        return RunOptions(seed=self.seed, randomness="controlled", steps=self._steps(subject))

    def native(self, subject: Subject) -> RunOptions:
        """The native run: it shows another random stream, and needs a few steps for that."""
        longest = self._steps(subject) or self.native_steps
        steps = min(self.native_steps, longest)
        return RunOptions(seed=self.seed, randomness="native", steps=steps)

    @property
    def words(self) -> str:
        """What the head of a report says of it."""
        native = f"native ones stop after {self.native_steps}"
        if self.steps == 0:
            return f"controlled runs have the guide's own length; {native} steps"
        if self.steps is not None:
            return f"controlled runs stop after {self.steps} training steps, {native}"
        return (
            f"controlled runs stop after {STEPS} training steps ({ADVERSARIAL_STEPS} where two "
            f"models are trained in turn, {DOCUMENT_STEPS} in documents), {native}; "
            "--steps changes that, --steps 0 runs the guide's own length"
        )


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
            continue  # `parity check` reports it; here the horizon is measured anew
        if golden is None or golden.horizon is None:
            continue
        if (golden.trace.seed, golden.trace.data_sha256) == (seed, data_sha256):
            yield backend, golden.horizon
