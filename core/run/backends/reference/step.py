"""A whole step in NumPy, with the taps that a backend's step has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import define, field

from core.run.backends.arithmetic_kinds import after_sigmoid
from core.run.backends.protocol import Array
from core.run.backends.reference.convolution import Numbers
from core.run.backends.reference.layers import Passed, pass_through
from core.run.backends.reference.training import loss, update
from core.run.runner.sizes import mask_name
from core.run.runner.taps import Tap, positions
from core.spec import Scenario, layers, ops
from core.spec.kinds import Op
from core.spec.parts import BinaryCrossentropy

Slopes = dict[str, Numbers]  # by value or by `model/layer/weight`


@define(eq=False)
class ReferenceStep:
    """One step of a scenario.

    Attributes:
        scenario: whose step it is.
        batch: the loop's constant batch size.
        back_to_logits: a cross-entropy told that a sigmoid's outputs are logits takes the logits
            behind them, as TensorFlow does.
        slope_at_zero: LeakyReLU's derivative at exactly 0; None is its negative slope.
    """

    scenario: Scenario
    batch: int
    back_to_logits: bool = False
    slope_at_zero: float | None = None
    taps: dict[str, Array] = field(init=False, factory=dict)
    _values: dict[str, Numbers] = field(init=False, factory=dict)
    _state: dict[str, Numbers] = field(init=False, factory=dict)
    _tracked: dict[str, list[tuple[float, str, Numbers]]] = field(init=False, factory=dict)
    _given: Mapping[str, Array] = field(init=False, factory=dict)
    _tape: list[Callable[[Slopes], None]] = field(init=False, factory=list)

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
            given: taps of another's step: each op goes on from what that one made, so that a
                difference at one op is not seen again at the next.

        Returns:
            What is expected at every tap.
        """
        self._given = given or {}
        self._tape.clear()
        self._state = {name: np.asarray(v, dtype=np.float64) for name, v in state.items()}
        self._values = {name: np.asarray(v, dtype=np.float64) for name, v in inputs.items()}
        self.taps = {}
        for position, op in positions(self.scenario.step):
            self._one(position, op)
        return self.taps

    def _one(self, position: str, op: Op) -> None:
        match op:
            case ops.Draw():
                self._make(position, op.out, self._values[op.out], {})
            case ops.Fill():
                shape = tuple(self._size(dim) for dim in op.shape)
                self._make(position, op.out, np.full(shape, op.value), {})
            case ops.Concat():
                self._concat(position, op)
            case ops.Affine():
                backs: dict[str, float] = {op.x: op.scale} | ({op.plus: 1.0} if op.plus else {})
                value = op.scale * self._values[op.x]
                value = value if op.plus is None else self._values[op.plus] + value
                self._make(position, op.out, value, backs)
            case ops.Sum():
                value = sum((self._values[part] for part in op.parts), np.zeros(()))
                self._make(position, op.out, value, dict.fromkeys(op.parts, 1.0))
            case ops.Call():
                self._call(position, op)
            case ops.Loss():
                self._loss(position, op)
            case ops.AddTracked():
                self._add_tracked(position, op)
            case ops.Gradients():
                self._gradients(position, op)
            case ops.Apply():
                self._apply(position, op)
            case ops.UpdateMetric():
                self._metric(position, op)
            case ops.GradScope() | ops.Return():
                pass
            case _:
                raise ValueError(f"no reference for {op!r}")

    def _size(self, dim: ops.Dim) -> int:
        match dim:
            case ops.Batch():
                return self.batch
            case ops.BatchOf():
                return len(self._values[dim.tensor])
            case _:
                return dim

    def _tap(self, position: str, part: str, value: Numbers) -> Numbers:
        """Notes what is expected at a tap; returns what to go on with."""
        name = Tap(position, part).name
        self.taps[name] = np.asarray(value)
        return np.asarray(self._given[name], dtype=np.float64) if name in self._given else value

    def _make(self, position: str, out: str, value: Numbers, factors: Mapping[str, float]) -> None:
        """A value that is a sum of others, each times a factor."""
        self._values[out] = self._tap(position, "value", value)

        def back(slopes: Slopes) -> None:
            if out in slopes:
                for name, factor in factors.items():
                    _add(slopes, name, factor * slopes[out])

        self._tape.append(back)

    def _concat(self, position: str, op: ops.Concat) -> None:
        parts = [self._values[name] for name in op.parts]
        self._values[op.out] = self._tap(position, "value", np.concatenate(parts))
        ends = np.cumsum([len(part) for part in parts])

        def back(slopes: Slopes) -> None:
            if op.out in slopes:
                for name, slope in zip(op.parts, np.split(slopes[op.out], ends[:-1]), strict=True):
                    _add(slopes, name, slope)

        self._tape.append(back)

    def _call(self, position: str, op: ops.Call) -> None:
        spec = self.scenario.model_spec(op.model)
        x, passed, masks = self._values[op.x], list[Passed](), 0
        self._tracked[op.model] = []
        for at, layer in enumerate(spec.layers):
            mask = None
            if isinstance(layer, layers.Dropout) and op.training:
                mask = self._values[mask_name(op.out, masks)]
                masks += 1
            made = pass_through(
                layer,
                x,
                self._weights(op.model, at),
                training=bool(op.training),
                mask=mask,
                slope_at_zero=self.slope_at_zero,
            )
            for name, value in made.state.items():
                self._state[f"{op.model}/{at}/{name}"] = value
            if made.tracked is not None:
                added, slope = made.tracked
                self._tracked[op.model].append((added, f"{op.out}/layer/{at}", slope))
            passed.append(made)
            last = at == len(spec.layers) - 1
            x = self._tap(position, "value" if last else f"layer {at}", made.y)
        self._values[op.out] = x
        for name in self._state:
            model, _, weight = name.partition("/")
            if model == op.model and weight.partition("/")[2].startswith("moving_"):
                self._state[name] = self._tap(position, f"state {weight}", self._state[name])
        self._tape.append(lambda slopes: self._back_through(op, passed, slopes))

    def _back_through(self, op: ops.Call, passed: list[Passed], slopes: Slopes) -> None:
        g = slopes.get(op.out, np.zeros(passed[-1].y.shape))
        for at in reversed(range(len(passed))):
            g, weights = passed[at].back(g)
            for name, slope in weights.items():
                _add(slopes, f"{op.model}/{at}/{name}", slope)
            if (tracked := f"{op.out}/layer/{at}") in slopes:
                g = g + slopes[tracked]
        _add(slopes, op.x, g)

    def _weights(self, model: str, layer: int) -> dict[str, Numbers]:
        return _below(self._state, f"{model}/{layer}")

    def _loss(self, position: str, op: ops.Loss) -> None:
        spec = self.scenario.maker(op.loss, ops.MakeLoss).loss
        prediction = self._values[op.prediction]
        back_to_logits = self.back_to_logits and after_sigmoid(self.scenario, op.prediction)
        if isinstance(spec, BinaryCrossentropy) and back_to_logits:
            logits = np.log(prediction) - np.log1p(-prediction)
            value, slope = loss(BinaryCrossentropy(True), self._values[op.target], logits)
            slope = slope / (prediction * (1.0 - prediction))
        else:
            value, slope = loss(spec, self._values[op.target], prediction)
        self._values[op.out] = self._tap(position, "value", np.array(value))

        def back(slopes: Slopes) -> None:
            if op.out in slopes:
                _add(slopes, op.prediction, slopes[op.out] * slope)

        self._tape.append(back)

    def _add_tracked(self, position: str, op: ops.AddTracked) -> None:
        tracked = self._tracked[op.model]
        value = self._values[op.loss] + sum(value for value, _, _ in tracked)
        self._values[op.out] = self._tap(position, "value", value)

        def back(slopes: Slopes) -> None:
            if op.out in slopes:
                _add(slopes, op.loss, slopes[op.out])
                for _, name, slope in tracked:
                    _add(slopes, name, float(np.sum(slopes[op.out])) * slope)

        self._tape.append(back)

    def _gradients(self, position: str, op: ops.Gradients) -> None:
        slopes: Slopes = {op.loss: np.ones(self._values[op.loss].shape)}
        for back in reversed(self._tape):
            back(slopes)
        for name, value in self._state.items():
            model, _, weight = name.partition("/")
            if model == op.model and not weight.partition("/")[2].startswith("moving_"):
                gradient = slopes.get(name, np.zeros(value.shape))
                made = self._tap(position, f"gradient {weight}", gradient)
                self._values[f"{op.out}/{weight}"] = made

    def _apply(self, position: str, op: ops.Apply) -> None:
        spec = self.scenario.maker(op.optimizer, ops.MakeOptimizer).optimizer
        counter = f"{op.optimizer}/iteration"
        step = int(self._state.get(counter, np.zeros(()))) + 1
        self._state[counter] = np.array(float(step))
        start = f"{op.gradients}/"
        gradients = {
            n.removeprefix(start): v for n, v in self._values.items() if n.startswith(start)
        }
        for index, (weight, gradient) in enumerate(gradients.items()):
            names = {slot: f"{op.optimizer}/{slot}/{index}" for slot in ("momentum", "velocity")}
            slots = {slot: self._state[n] for slot, n in names.items() if n in self._state}
            name = f"{op.model}/{weight}"
            value, after = update(spec, self._state[name], gradient, slots, step)
            self._state[name] = self._tap(position, f"weight {weight}", value)
            for slot, value in after.items():
                self._state[names[slot]] = value
                self._tap(position, f"{slot} {weight}", value)

    def _metric(self, position: str, op: ops.UpdateMetric) -> None:
        hits = self._values[op.prediction].argmax(axis=1) == self._values[op.target].reshape(-1)
        for name, more in (("total", float(hits.sum())), ("count", float(hits.size))):
            full = f"{op.metric}/{name}"
            self._state[full] = self._state[full] + more
            self._tap(position, name, self._state[full])


def _below(values: Mapping[str, Numbers], name: str) -> dict[str, Numbers]:
    """Values whose names go on from a name and a slash, by the rest of their names."""
    start = f"{name}/"
    return {key.removeprefix(start): v for key, v in values.items() if key.startswith(start)}


def _add(slopes: Slopes, name: str, slope: Numbers) -> None:
    slopes[name] = slopes[name] + slope if name in slopes else slope
