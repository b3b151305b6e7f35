"""A side that runs in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from core.diff.microscope.difference import difference
from core.diff.microscope.perturbation import perturbed
from core.diff.microscope.side import STATE, ArrayFile, Opened, write_arrays
from core.errors import ExecutionError
from core.run.backends.protocol import Array, Backend, Segment
from core.run.data import ImageData
from core.run.randomness.order import batches
from core.run.runner import Runner, RunOptions, Session
from core.run.runner.section import SectionRun, quiet
from core.spec import Scenario


def _unheard(epoch: int, steps: range, taps: Mapping[str, Array]) -> None:
    """Taps come back with the stepper's result."""
    del epoch, steps, taps


@define(eq=False)
class LocalSide:
    """A scenario on a backend of this process, under controlled randomness.

    Attributes:
        scenario: what runs.
        backend: where.
        data: the images.
        options: how; `steps` is how many steps to compare.
        free: also take the free run, without taps.
    """

    scenario: Scenario
    backend: Backend
    data: ImageData
    options: RunOptions
    free: bool = True
    _session: Session = field(init=False)
    _run: SectionRun = field(init=False)
    _segment: Segment = field(init=False)
    _before: dict[str, Array] = field(init=False)
    _taps: Mapping[str, Array] = field(init=False)
    _pieces: dict[int, list[NDArray[np.int64]]] = field(init=False, factory=dict)

    def open(self) -> Opened:
        """Takes the free run, then sets up a session of its own for the steps."""
        options, losses = self.options, {}
        if self.free:
            trace = Runner(Session(self.backend, self.data, options)).run(self.scenario)
            options = attrs.evolve(options, execution=trace.execution)
            losses = dict(trace.losses)
        self._session = Session(self.backend, self.data, options)
        self._session.set_up(self.scenario)
        self._run = SectionRun(self._session, self.scenario, quiet, whole=False, on_taps=_unheard)
        self._pieces.clear()
        return Opened(self._run.execution, self._steps(), self._run.taps, losses)

    def _steps(self) -> int:
        """How many steps the scenario takes, at most as many as asked."""
        dataset = self._session.dataset(self.scenario, self.scenario.loop.dataset)
        loop, asked = self.scenario.loop, self.options.steps
        steps = loop.steps(dataset.batches) * (self.options.epochs or loop.epochs)
        return steps if asked is None else min(asked, steps)

    def start(self, out: Path) -> None:
        """Writes the initial variables."""
        write_arrays(
            out,
            {
                f"{STATE}{name}": value
                for name, value in self._session.variables(self.scenario).items()
            },
        )

    def train(self) -> None:
        """Trains what the scenario continues, at its whole length."""
        for earlier in self.scenario.trains_first:
            SectionRun(self._session, earlier, quiet, whole=True).all_epochs()
            self._session.trained.append(earlier.id)

    def step(self, index: int, out: Path, begin: Path | None = None) -> None:
        """Takes one step through the compiled stepper, as a segment of its own."""
        if begin is not None:
            with_state = ArrayFile(begin)
            self._session.set_variables(self.scenario, with_state.state())
            with_state.close()
        self._segment = self._batch(index)
        self._before = self._session.variables(self.scenario)
        self._taps = self._once()
        state = {f"{STATE}{name}": value for name, value in self._before.items()}
        write_arrays(out, {**self._taps, **state})

    def noise(self, size: float, draws: Sequence[int]) -> Mapping[str, float]:
        """The last step again from perturbed variables; afterwards everything is as it was."""
        # The repeats train as well: what they change is set back below, as if nobody had looked.
        after = self._session.variables(self.scenario)
        moved = dict.fromkeys(self._taps, 0.0)
        for draw in draws:
            self._session.set_variables(self.scenario, perturbed(self._before, size, draw))
            for name, value in self._once().items():
                moved[name] = max(moved[name], difference(self._taps[name], value))
        self._session.set_variables(self.scenario, after)
        return moved

    def inputs(self) -> dict[str, Array]:
        """What the last step was given: its batch, draws and dropout masks, by name."""
        arrays = self._session.dataset(self.scenario, self.scenario.loop.dataset).arrays
        rows = self._segment.indices[0]
        batch = zip(self.scenario.loop.batch, (arrays.x, arrays.y), strict=False)
        fed = {name: np.asarray(array[0]) for name, array in self._segment.fed.items()}
        return {name: np.asarray(array[rows]) for name, array in batch} | fed

    def close(self) -> None:
        """Nothing is held outside this process."""

    def _once(self) -> dict[str, Array]:
        session = self._session
        stepper = self._run.steppers.training(self._run.execution)
        result, session.state = stepper.run(self._segment, session.state)
        return {name: np.asarray(value[0]) for name, value in result.taps.items()}

    def _batch(self, index: int) -> Segment:
        dataset = self._session.dataset(self.scenario, self.scenario.loop.dataset)
        steps = self.scenario.loop.steps(dataset.batches)
        if not steps:
            raise ExecutionError(
                "the loop takes no step",
                where=self.scenario.id,
                expected="a step to look at",
                remedy="compare another section",
            )
        epoch, step = divmod(index, steps)
        if epoch not in self._pieces:
            order = dataset.order(self._session.draws(self.scenario), epoch)
            self._pieces = {epoch: batches(order, dataset.batch)}
        return self._run.segment(epoch, range(step, step + 1), self._pieces[epoch])
