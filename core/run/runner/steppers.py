"""The compiled steps of a scenario: of training and of evaluation, in each execution mode."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field

from core.run.backends.protocol import Handle, Names, StepFn, Stepper, StepperSpec, Value
from core.run.runner.interpret import Interpreter
from core.run.runner.session import Dataset, Session
from core.run.runner.sizes import Masks
from core.spec import Scenario, ops
from core.spec.kinds import Kind, Op
from core.spec.scenario import flat


def dropout_masks(session: Session, scenario: Scenario) -> dict[str, Masks]:
    """The Dropout layers of every model: input shapes without batch, and rates."""
    found: dict[str, Masks] = {}
    for name in session.names(scenario, Kind.MODEL):
        spec = scenario.model_spec(name)
        if spec.dropout_rates:
            rows = session.backend.summary(session.handle(scenario, name), name)
            kept = [row for row in rows.layers if row.kind == "Dropout"]
            found[name] = Masks(
                tuple(
                    (tuple(size or 0 for size in row.output_shape[1:]), rate)
                    for row, rate in zip(kept, spec.dropout_rates, strict=True)
                )
            )
    return found


@define(eq=False)
class Steppers:
    """Makes steps, each once.

    Attributes:
        session: the objects and options.
        scenario: what runs.
        interpreter: carries out the ops of a step.
        tapped: the same, telling the taps; for training alone.
        taps: the names of those taps, in execution order.
    """

    session: Session
    scenario: Scenario
    interpreter: Interpreter
    tapped: Interpreter
    taps: tuple[str, ...]
    _made: dict[str, Stepper] = field(init=False, factory=dict)

    def training(self, execution: str) -> Stepper:
        """The training step in an execution mode."""
        loop, returned = self.scenario.loop, self.scenario.returned
        if execution not in self._made:
            names = Names(returned.losses, returned.tensors, self.taps)
            step = self.tapped.step(self.scenario.step)
            dataset = self.session.dataset(self.scenario, loop.dataset)
            fields = self._fields(dataset, loop.batch)
            handles = self._touched(self.scenario.step)
            self._made[execution] = self._stepper(step, fields, handles, names, execution)
        return self._made[execution]

    def evaluating(self, op: ops.Validate, execution: str) -> Stepper:
        """The evaluation step of a data set in an execution mode."""
        key = f"evaluate {op.dataset} {execution}"
        if key not in self._made:
            step = self.interpreter.step(self.scenario.evaluate)
            fields = self._fields(self.session.dataset(self.scenario, op.dataset), op.batch)
            handles = self._touched(self.scenario.evaluate)
            self._made[key] = self._stepper(step, fields, handles, Names(()), execution)
        return self._made[key]

    def _stepper(
        self,
        step: StepFn,
        fields: Mapping[str, Value],
        handles: tuple[Handle, ...],
        names: Names,
        execution: str,
    ) -> Stepper:
        precision = self.session.options.precision
        spec = StepperSpec(step, fields, handles, names, execution, precision)
        return self.session.backend.stepper(spec)

    def _fields(self, dataset: Dataset, names: tuple[str, ...]) -> Mapping[str, Value]:
        arrays = (dataset.arrays.x, dataset.arrays.y)
        return {name: self.session.put(array) for name, array in zip(names, arrays, strict=False)}

    def _touched(self, sequence: tuple[Op, ...]) -> tuple[Handle, ...]:
        """The objects with a state that ops use."""
        kinds = (Kind.MODEL, Kind.OPTIMIZER, Kind.METRIC)
        used = dict.fromkeys(
            name for op in flat(sequence) for name, kind in op.uses() if kind in kinds
        )
        return tuple(self.interpreter.handles[name] for name in used)
