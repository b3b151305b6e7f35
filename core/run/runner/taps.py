"""Taps: what every op of a step makes, as extra outputs of the same step that runs without them.

Nothing is wrapped and no execution mode is replaced. After each op its results, which exist anyway,
get a second name in the step's environment, and the compiled step returns them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from core.run.backends.protocol import Backend, Env, Handle, State, Value
from core.spec import Scenario, ops
from core.spec.kinds import Op

COUNTER = "iteration"  # of an optimizer; the one variable that is no float


@frozen
class Tap:
    """One tensor that a step makes.

    Attributes:
        op: position of the op in the step: `4`, or `4.1` inside a gradient scope.
        part: which of its results: `value`, `layer 0`, `gradient 0/kernel`, `weight 0/kernel`,
            `velocity 0/kernel`, `state 1/moving_mean`, `total`.
    """

    op: str
    part: str

    @property
    def name(self) -> str:
        """Its name in the step's environment, which no op can make."""
        return f"{self.op}|{self.part}"

    @classmethod
    def named(cls, name: str) -> Tap:
        """The tap of a name."""
        op, _, part = name.partition("|")
        return cls(op, part)


def positions(sequence: tuple[Op, ...], inside: str = "") -> Iterator[tuple[str, Op]]:
    """Every op with its position, in execution order; a scope comes after its body."""
    for index, op in enumerate(sequence):
        if isinstance(op, ops.GradScope):
            yield from positions(op.body, f"{inside}{index}.")
        yield f"{inside}{index}", op


@frozen
class Taps:
    """The taps of a scenario's step.

    Attributes:
        backend: reads variables.
        handles: models, optimizers and metrics by name.
        scenario: whose step it is.
    """

    backend: Backend
    handles: Mapping[str, Handle]
    scenario: Scenario

    def keep_layers(self) -> None:
        """Lets the models that the step calls leave their layers' outputs; before compilation."""
        called = [op.model for _, op in positions(self.scenario.step) if isinstance(op, ops.Call)]
        for name in dict.fromkeys(called):
            self.backend.keep_layers(self.handles[name])

    @property
    def all(self) -> tuple[Tap, ...]:
        """Every tap, in execution order."""
        return tuple(
            Tap(position, part)
            for position, op in positions(self.scenario.step)
            for part in self.parts(op)
        )

    def parts(self, op: Op) -> tuple[str, ...]:
        """The results of one op, in the order in which it makes them."""
        backend, handles = self.backend, self.handles
        match op:
            case ops.Call():
                inner = len(self.scenario.model_spec(op.model).layers) - 1
                others = (f"state {name}" for name in self._others(op.model))
                return (*(f"layer {at}" for at in range(inner)), "value", *others)
            case ops.Gradients():
                return tuple(f"gradient {name}" for name in backend.trainable(handles[op.model]))
            case ops.Apply():
                return tuple(self._updated(op))
            case ops.UpdateMetric():
                return backend.variables(handles[op.metric])
            case ops.GradScope() | ops.Return():
                return ()
            case _:
                return ("value",)

    def _others(self, model: str) -> tuple[str, ...]:
        """A model's moving statistics."""
        handle = self.handles[model]
        weights = self.backend.trainable(handle)
        return tuple(name for name in self.backend.variables(handle) if name not in weights)

    def _updated(self, op: ops.Apply) -> dict[str, tuple[Handle, str]]:
        """What an update changes: (object, variable) by part. Slots carry their weight's name."""
        model, optimizer = self.handles[op.model], self.handles[op.optimizer]
        weights = self.backend.trainable(model)
        found = {f"weight {name}": (model, name) for name in weights}
        for name in self.backend.variables(optimizer):
            slot, _, index = name.partition("/")
            if slot != COUNTER:
                found[f"{slot} {weights[int(index)]}"] = (optimizer, name)
        return found

    def watch(self, position: str, op: Op, env: Env, state: State) -> None:
        """Gives what an op made a tap's name."""
        for part, value in self._made(op, env, state).items():
            env[Tap(position, part).name] = value

    def _made(self, op: Op, env: Env, state: State) -> Mapping[str, Value]:
        backend, handles = self.backend, self.handles
        match op:
            case ops.Call():
                layers = backend.layers(handles[op.model])
                values = backend.values(handles[op.model], state)
                return (
                    {f"layer {at}": layers[at] for at in range(len(layers) - 1)}
                    | {"value": env[op.out]}
                    | {f"state {name}": values[name] for name in self._others(op.model)}
                )
            case ops.Gradients():
                gradients = env[op.out]
                assert isinstance(gradients, Sequence)
                return dict(zip(self.parts(op), gradients, strict=True))
            case ops.Apply():
                both = (handles[op.model], handles[op.optimizer])
                after = {id(handle): backend.values(handle, state) for handle in both}
                return {part: after[id(h)][name] for part, (h, name) in self._updated(op).items()}
            case ops.UpdateMetric():
                return backend.values(handles[op.metric], state)
            case ops.GradScope() | ops.Return():
                return {}
            case _:
                (out,) = (name for name, _ in op.makes())
                return {"value": env[out]}
