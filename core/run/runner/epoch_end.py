"""What a scenario does at the end of an epoch: metrics, validation, a saved model, log lines."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from attrs import frozen

from core.run.backends.protocol import Segment, State
from core.run.randomness.order import batches
from core.run.runner import printing
from core.run.runner.recording import Recorder
from core.run.runner.session import Session
from core.run.runner.steppers import Steppers
from core.spec import Scenario, ops


@frozen(eq=False)
class EpochEnd:
    """The end of each of a scenario's epochs.

    Attributes:
        session: the objects and options.
        scenario: what runs.
        recorder: takes metrics and log lines.
        steppers: the compiled steps.
        out: where models are saved; None saves none.
    """

    session: Session
    scenario: Scenario
    recorder: Recorder
    steppers: Steppers
    out: Path | None

    def run(self, numbers: dict[str, float], started: float, execution: str) -> None:
        """Ends an epoch.

        Args:
            numbers: what log lines may name; metrics that are read come to it.
            started: when the epoch started, by `time.perf_counter`.
            execution: how the evaluation step runs.
        """
        session, handles = self.session, self.steppers.interpreter.handles
        for op in self.scenario.on_epoch_end:
            match op:
                case ops.ReadMetric():
                    value = session.backend.read(handles[op.metric], session.state)
                    numbers[op.out] = value
                    self.recorder.metrics.setdefault(op.out, []).append(value)
                    counted = session.backend.values(handles[op.metric], session.state)
                    for name, word in (("total", "hits"), ("count", "samples")):
                        number = float(session.backend.get(counted[name]))
                        self.recorder.count(f"{op.out} {word}", number)
                    closest = session.margins(handles[op.metric])
                    if closest is not None:
                        self.recorder.margins.setdefault(f"{op.out} hits", []).append(closest)
                case ops.ResetMetric():
                    session.state = session.backend.reset(handles[op.metric], session.state)
                case ops.Validate():
                    session.state = self._validate(op, session.state, execution)
                case ops.SaveModel():
                    self._save(op, numbers)
                case ops.Log():
                    numbers["seconds"] = time.perf_counter() - started
                    self.recorder.log.extend(printing.lines(op, numbers))

    def _save(self, op: ops.SaveModel, numbers: Mapping[str, float]) -> None:
        if self.out is not None:
            path = self.out / op.file.format_map(numbers)
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = self.steppers.interpreter.handles[op.model]
            self.session.backend.save_model(handle, path, self.session.state)

    def _validate(self, op: ops.Validate, state: State, execution: str) -> State:
        dataset = self.session.dataset(self.scenario, op.dataset)
        stepper = self.steppers.evaluating(op, execution)
        pieces = batches(np.arange(dataset.count, dtype=np.int64), dataset.batch)
        whole = [piece for piece in pieces if len(piece) == dataset.batch]
        for group in (whole, pieces[len(whole) :]):
            if group:
                _, state = stepper.run(Segment(np.stack(group)), state)
        return state
