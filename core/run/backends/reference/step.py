"""One step on the reference backend, from given variables, with the taps of a backend's step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import define, field, frozen

from core.run.backends.protocol import Array, Env, Handle, State
from core.run.backends.reference.backend import ReferenceBackend
from core.run.backends.reference.convolution import Numbers
from core.run.backends.reference.model import ReferenceModel
from core.run.backends.reference.tape import array, node, replaced
from core.run.runner.interpret import Interpreter
from core.run.runner.taps import Tap, Taps, positions
from core.spec import Scenario, ops
from core.spec.kinds import Op
from core.spec.reading import READINGS, Reading


@frozen
class ReferenceStep:
    """One step of a scenario.

    Attributes:
        scenario: whose step it is.
        batch: the loop's constant batch size.
        reading: the meanings to take where frameworks differ.
    """

    scenario: Scenario
    batch: int
    reading: Reading = READINGS["torch"]

    def run(
        self,
        state: Mapping[str, Array],
        inputs: Mapping[str, Array],
        given: Mapping[str, Array] | None = None,
    ) -> dict[str, Array]:
        """Takes the step.

        Args:
            state: variables before it, by `object/variable`.
            inputs: one batch, draws and dropout masks by the names they have in the step.
            given: taps of another's step: each op continues from what that one made, so that a
                difference at one op is not seen again at the next.

        Returns:
            What is expected at every tap.
        """
        backend = ReferenceBackend(self.reading)
        handles = dict(_objects(backend, self.scenario))
        for op in self.scenario.step:
            if isinstance(op, ops.Apply):
                backend.initial_state([(handles[op.optimizer], handles[op.model])], None)
        for full, value in state.items():
            name, _, variable = full.partition("/")
            backend.set_values(handles[name], {variable: value}, None)
        counts = {
            name: len(handle.spec.dropout_rates)
            for name, handle in handles.items()
            if isinstance(handle, ReferenceModel)
        }
        following = _Following(Taps(backend, handles, self.scenario), given or {})
        interpreter = Interpreter(backend, handles, self.batch, counts, following.watch)
        interpreter.run(self.scenario.step, dict(inputs), None)
        return following.found


def _objects(backend: ReferenceBackend, scenario: Scenario) -> Iterator[tuple[str, Handle]]:
    """The objects of a scenario by name, those that it continues included."""
    for name in scenario.setup_names:
        match scenario.origin(name).op:
            case ops.BuildModel() as op:
                yield name, backend.build_model(name, op.model, masks_fed=True)
            case ops.MakeOptimizer() as op:
                yield name, backend.make_optimizer(name, op.optimizer)
            case ops.MakeLoss() as op:
                yield name, backend.make_loss(op.loss)
            case ops.MakeMetric() as op:
                yield name, backend.make_metric(name, op.metric)


@define(eq=False)
class _Following:
    """Notes every tap, then puts what another's step made in its place."""

    taps: Taps
    given: Mapping[str, Array]
    found: dict[str, Array] = field(init=False, factory=dict)
    _calls: list[tuple[str, str]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.taps.keep_layers()
        steps = positions(self.taps.scenario.step)
        self._calls = [(at, op.model) for at, op in steps if isinstance(op, ops.Call)]
        self._next_call()

    def _next_call(self) -> None:
        """Hands the next call what another's layers made in it."""
        if self._calls:
            position, name = self._calls.pop(0)
            model = self.taps.handles[name]
            assert isinstance(model, ReferenceModel)
            layers = range(len(model.spec.layers))
            names = {at: Tap(position, f"layer {at}").name for at in layers}
            model.given = {at: self.given[name] for at, name in names.items() if name in self.given}

    def watch(self, position: str, op: Op, env: Env, state: State) -> None:
        """Called after each op."""
        self.taps.watch(position, op, env, state)
        for index, part in enumerate(self.taps.parts(op)):
            name = Tap(position, part).name
            self.found[name] = np.array(array(env[name]))
            if name in self.given:
                self._put(op, index, part, np.asarray(self.given[name], dtype=np.float64), env)
        if isinstance(op, ops.Call):
            self._next_call()

    def _put(self, op: Op, index: int, part: str, value: Numbers, env: Env) -> None:
        word, _, rest = part.partition(" ")
        if isinstance(op, ops.Gradients):
            gradients = env[op.out]
            assert isinstance(gradients, list)
            gradients[index] = value
        elif isinstance(op, ops.Call | ops.Apply) and word in ("state", "weight"):
            self.taps.backend.set_values(self.taps.handles[op.model], {rest: value}, None)
        elif word == "value":
            ((out, _),) = op.makes()
            env[out] = replaced(node(env[out]), value)
