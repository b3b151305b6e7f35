"""The interpreter: a tuple of ops over (env, state), for any backend.

It runs inside `tf.function`, `jax.jit` and plain Python alike, so it must not look inside values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from core.errors import SpecError
from core.run.backends.protocol import Backend, Env, Handle, State, StepFn, Value
from core.run.runner.sizes import mask_name
from core.spec import ops
from core.spec.kinds import Op

Watch = Callable[[str, Op, Env, State], None]


@frozen
class Interpreter:
    """Interprets step ops.

    Attributes:
        backend: does the arithmetic.
        handles: models, optimizers, losses and metrics by name.
        batch: the loop's constant batch size.
        masks: how many Dropout layers of each model take fed masks.
        watch: called after each op with the op's position (`4`, or `4.1` in a scope), the op, env
            and state; it may add names to env and change nothing else.
    """

    backend: Backend
    handles: Mapping[str, Handle]
    batch: int
    masks: Mapping[str, int]
    watch: Watch | None = None

    def step(self, sequence: tuple[Op, ...], inside: str = "") -> StepFn:
        """The ops as a function over (env, state); `inside` is the position of their scope."""

        def run(env: Env, state: State) -> tuple[Env, State]:
            return self.run(sequence, env, state, inside)

        return run

    def run(
        self, sequence: tuple[Op, ...], env: Env, state: State, inside: str = ""
    ) -> tuple[Env, State]:
        """Runs ops in order; the result holds every name they made."""
        for index, op in enumerate(sequence):
            position = f"{inside}{index}"
            if isinstance(op, ops.GradScope):
                env, state = self._scope(op, position, sequence, env, state)
            elif not isinstance(op, ops.Gradients | ops.Return):
                # the scope makes gradients; the stepper reads what is returned
                env, state = self._one(op, env, state)
            if self.watch is not None:
                self.watch(position, op, env, state)
        return env, state

    def _scope(
        self, scope: ops.GradScope, position: str, sequence: tuple[Op, ...], env: Env, state: State
    ) -> tuple[Env, State]:
        # All gradients of a scope come from one pass over its body: a pass for each loss would draw
        # a generator's dropout and update its BatchNorm twice.
        wanted = [
            (op, self.handles[op.model])
            for op in sequence
            if isinstance(op, ops.Gradients) and op.tape in scope.tapes
        ]
        return self.backend.grad_scope(
            scope, wanted, self.step(scope.body, f"{position}."), env, state
        )

    def _one(self, op: Op, env: Env, state: State) -> tuple[Env, State]:
        backend = self.backend
        handles = self.handles
        match op:
            case ops.Draw():
                if op.out not in env:  # controlled draws are fed in under the draw's name
                    shape = self._shape(op.shape, env)
                    env[op.out], state = backend.draw(op.distribution, shape, state)
            case ops.Fill():
                env[op.out] = backend.fill(op.value, self._shape(op.shape, env))
            case ops.Concat():
                env[op.out] = backend.concat([env[part] for part in op.parts])
            case ops.Affine():
                plus = None if op.plus is None else env[op.plus]
                env[op.out] = backend.affine(env[op.x], op.scale, plus)
            case ops.Sum():
                env[op.out] = backend.add([env[part] for part in op.parts])
            case ops.Call():
                # Dropout draws in training alone: a call in inference takes no mask.
                count = self.masks.get(op.model, 0) if op.training else 0
                masks = [env[mask_name(op.out, position)] for position in range(count)]
                env[op.out], state = backend.call(
                    handles[op.model], env[op.x], op.training, masks, state
                )
            case ops.Loss():
                env[op.out] = backend.loss(handles[op.loss], env[op.target], env[op.prediction])
            case ops.AddTracked():
                tracked = backend.tracked(handles[op.model], state)
                env[op.out] = backend.add([env[op.loss], backend.add(tracked)])
            case ops.Apply():
                state = backend.apply(
                    handles[op.optimizer], env[op.gradients], handles[op.model], state
                )
            case ops.UpdateMetric():
                state = backend.update(
                    handles[op.metric], env[op.target], env[op.prediction], state
                )
            case _:
                raise SpecError(
                    f"op = {op!r}",
                    where="interpreter",
                    expected="an op of the step vocabulary",
                    remedy="add a case for it to core/run/runner/interpret.py",
                )
        return env, state

    def _shape(self, shape: tuple[ops.Dim, ...], env: Env) -> tuple[Value, ...]:
        return tuple(self._size(dim, env) for dim in shape)

    def _size(self, dim: ops.Dim, env: Env) -> Value:
        match dim:
            case ops.Batch():
                return self.batch
            case ops.BatchOf():
                return self.backend.batch_of(env[dim.tensor])
            case _:
                return dim
