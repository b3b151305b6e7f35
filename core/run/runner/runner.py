"""The runner: runs scenarios over a session, after whatever they continue.

With `core.run.runner.section` it is the repository's only training loop.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from attrs import define, field

from core.run.backends.protocol import Array, Stepper
from core.run.runner import recording
from core.run.runner.checkpoint import run_folder
from core.run.runner.options import check_promise
from core.run.runner.section import Progress, SectionRun, quiet
from core.run.runner.session import Session
from core.run.runner.station import Station
from core.spec import Scenario
from core.spec.kinds import Kind
from core.trace import Trace
from core.trace.station import StationTrace


@define(eq=False)
class Runner:
    """Runs scenarios of one guide over one session.

    Args:
        session: the objects and options.
        progress: called with (scenario id, steps done, steps in all).
        out: where a checkpoint after each epoch, and the models that a guide saves, go, in a
            folder of its own for each scenario; None saves none.
        resume: continue from the checkpoints in `out`.
    """

    session: Session
    progress: Progress = quiet
    out: Path | None = None
    resume: bool = False
    _stations: dict[str, SectionRun] = field(init=False, factory=dict)

    def run(self, scenario: Scenario) -> Trace:
        """Runs a scenario, after training whatever it continues.

        Raises:
            UsageError: options that cannot keep their promise (`check_promise`).
        """
        check_promise(scenario, self.session.options)
        # Whole, whatever --steps asks: what is continued has to be the model that the guide
        # continues.
        for earlier in scenario.trains_first:
            if earlier.id not in self.session.trained:
                self._loop(earlier, whole=True)
        return self._loop(scenario, whole=False)

    def run_station(
        self, scenario: Scenario, station: Station, state: Mapping[str, Array]
    ) -> StationTrace:
        """Runs a part of a scenario from a given state; nothing before it is trained.

        Args:
            scenario: what runs, under controlled randomness.
            station: which part.
            state: variables before its first step, by `object/variable`; those that are not given
                are as the setup leaves them.
        """
        with _caught() as caught:
            run = self._ready(scenario)
            # After the section was made ready, which builds the slots: what is not there cannot be
            # set.
            self.session.set_variables(scenario, state)
            run.at(station).all_epochs()
        return recording.station_trace(
            self.session, scenario, station, run.recorder, _words(caught)
        )

    def nothing_yet(self, scenario: Scenario) -> dict[str, Array]:
        """The state of metrics that have counted nothing: one may be an earlier section's."""
        self._ready(scenario)
        return {
            name: np.zeros_like(value)
            for name, value in self.session.variables(scenario).items()
            if name.partition("/")[0] in self.session.names(scenario, Kind.METRIC)
        }

    def steps_per_epoch(self, scenario: Scenario) -> int:
        """Training steps in an epoch of a scenario, which is made ready: slots are there."""
        self._ready(scenario)
        loop = scenario.loop
        return loop.steps(self.session.dataset(scenario, loop.dataset).batches)

    def _ready(self, scenario: Scenario) -> SectionRun:
        self.session.set_up(scenario)
        if scenario.id not in self._stations:
            run = SectionRun(self.session, scenario, self.progress, whole=False)
            self._stations[scenario.id] = run
        return self._stations[scenario.id]

    def _loop(self, scenario: Scenario, *, whole: bool) -> Trace:
        started = time.perf_counter()
        with _caught() as caught:
            self.session.set_up(scenario)
            # Here, between setup and loop, lie the weights that training starts from.
            before = recording.digest(recording.all_weights(self.session, scenario))
            out = self.out and run_folder(self.out, scenario.id, self.session.backend.name)
            run = SectionRun(
                self.session,
                scenario,
                self.progress,
                whole=whole,
                out=None if whole else out,
                resume=self.resume and not whole,
            )
            run.all_epochs()
        trace = recording.finish(
            self.session,
            scenario,
            run.recorder,
            execution=run.execution,
            before=before,
            seconds=time.perf_counter() - started,
            warned=_words(caught),
        )
        self.session.trained.append(scenario.id)
        return trace


@contextmanager
def _caught() -> Iterator[list[warnings.WarningMessage]]:
    """Inside, warnings are kept that a reader of the guide would see."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        # Python hides these from readers; they speak to authors of libraries.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        yield caught


def _words(caught: Sequence[warnings.WarningMessage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{w.category.__name__}: {w.message}" for w in caught))


def step_runner(session: Session, scenario: Scenario) -> Callable[[str], Stepper]:
    """The training step of a scenario that is set up, by execution mode."""
    session.set_up(scenario)
    return SectionRun(session, scenario, quiet, whole=False).steppers.training
