"""A step as a pure function: state goes in, and what became of it comes out."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from core.dialects.jax.state import KEY, StateNames
from core.dialects.layout import Expr, Group, bare, before, call
from core.dialects.nesting import MayNest, Written, fills_only
from core.dialects.python.layers import number
from core.dialects.python.steps import StepPrinter, TensorWords
from core.spec import ops
from core.spec.kinds import Kind, Op
from core.spec.scenario import flat as flat_ops

FORWARD = "JAX differentiates functions: the loss comes first, all else rides along."
PULLBACK = "One pass forward, and one pullback for each loss."
SPLIT = "A key is used once: one half is drawn with, the other kept."


class JaxWords(TensorWords):
    """JAX's operations on arrays."""

    def draw(self, kind: ops.Normal | ops.Uniform, shape: Expr) -> Expr:
        """`jax.random`, with a key split off just before."""
        if isinstance(kind, ops.Normal):
            value = call("jax.random.normal", "drawn", shape)
            if kind.stddev != 1.0:
                value = Group(f"{number(kind.stddev)} * {value.head}", value.items)
            if kind.mean != 0.0:
                value = Group(f"{number(kind.mean)} + {value.head}", value.items)
            return value
        low = None if kind.low == 0.0 else number(kind.low)
        high = None if kind.high == 1.0 else number(kind.high)
        return call("jax.random.uniform", "drawn", shape, minval=low, maxval=high)

    def fill(self, value: float, shape: Expr) -> Expr:
        """`jnp.ones`, `jnp.zeros` or `jnp.full`."""
        plain = {1.0: "jnp.ones", 0.0: "jnp.zeros"}.get(value)
        return call(plain, shape) if plain else call("jnp.full", shape, number(float(value)))

    def fill_like(self, value: float, tensor: str) -> Expr:
        """`jnp.ones_like`, `jnp.zeros_like` or `jnp.full_like`."""
        plain = {1.0: "jnp.ones_like", 0.0: "jnp.zeros_like"}.get(value)
        return call(plain, tensor) if plain else call("jnp.full_like", tensor, number(value))

    def concat(self, parts: Sequence[Expr]) -> Expr:
        """`jnp.concatenate`."""
        return call("jnp.concatenate", Group("[", tuple(parts), "]"))


@define
class JaxSteps(StepPrinter):
    """Prints stateless calls.

    Attributes:
        returns_state: whether a call's new state is kept; in evaluation nothing changes.
    """

    may_nest: MayNest = fills_only
    returns_state: bool = True
    _scopes: int = field(default=0, init=False)

    @property
    def state(self) -> StateNames:
        """The variables of objects' states."""
        return StateNames(self.page, self.page.scenario)

    def tensor(self, written: Written, ids: list[str]) -> None:
        """Prints a statement that makes an array."""
        op = written.op
        if isinstance(op, ops.Call):
            self._call(op, ids)
            return
        if isinstance(op, ops.Draw):
            self.page.line(f"{KEY}, drawn = jax.random.split({KEY})", ids, SPLIT)
        super().tensor(written, ids)

    def _call(self, op: ops.Call, ids: list[str]) -> None:
        state, page = self.state, self.page
        tracked = any(
            isinstance(o, ops.AddTracked) and o.model == op.model for o in self._siblings(op)
        )
        value = call(
            f"{self.name(op.model)}.stateless_call",
            state.weights(op.model),
            state.others(op.model),
            self.name(op.x),
            training=None if op.training is None else str(op.training),
            return_losses="True" if tracked else None,
        )
        others = state.others(op.model) if self.returns_state else "_"
        names = [self.name(op.out), others, *(["tracked"] if tracked else [])]
        page.line(before(f"{', '.join(names)} = ", value), ids)

    def _siblings(self, op: Op) -> tuple[Op, ...]:
        for other in self.sequence:
            if isinstance(other, ops.GradScope) and op in other.body:
                return other.body
        return self.sequence

    def added(self, written: Written) -> Expr:
        """Tracked losses come out of the call."""
        return "sum(tracked)" if isinstance(written.op, ops.AddTracked) else super().added(written)

    def expression(self, op: Op, written: Written) -> Expr:
        """The value of an op that makes an array."""
        if isinstance(op, ops.AddTracked):
            return f"{self.name(op.loss)} + sum(tracked)"
        return super().expression(op, written)

    def apply(self, op: ops.Apply, ids: list[str]) -> None:
        """Prints `stateless_apply`."""
        state = self.state
        weights, slots = state.weights(op.model), state.slots(op.optimizer)
        value = call(
            f"{self.name(op.optimizer)}.stateless_apply",
            slots,
            self.name(op.gradients),
            weights,
        )
        self.page.line(before(f"{weights}, {slots} = ", value), ids)

    def update(self, op: ops.UpdateMetric, ids: list[str]) -> None:
        """Prints `stateless_update_state`."""
        counts = self.state.counts(op.metric)
        values = (counts, self.name(op.target), self.name(op.prediction))
        value = call(f"{self.name(op.metric)}.stateless_update_state", *values)
        self.page.assign(counts, value, ids)

    def gradients(self, op: ops.Gradients, ids: list[str]) -> None:
        """Gradients of one loss come with it; of several each has its pullback."""
        scope, wanted = self._wanted(op.tape)
        losses = list(dict.fromkeys(g.loss for g in wanted))
        if len(wanted) == 1:
            return
        models = list(dict.fromkeys(g.model for g in wanted))
        ones = ", ".join("one" if loss == op.loss else "zero" for loss in losses)
        held = ", ".join(self.name(op.out) if model == op.model else "_" for model in models)
        comma = "," if len(models) == 1 else ""
        self.page.line(f"{held}{comma} = pullback(({ones}))", ids)
        del scope

    def _wanted(self, tape: str) -> tuple[ops.GradScope, list[ops.Gradients]]:
        scope = next(o for o in self.sequence if isinstance(o, ops.GradScope) and tape in o.tapes)
        wanted = [
            o for o in self.sequence if isinstance(o, ops.Gradients) and o.tape in scope.tapes
        ]
        return scope, wanted

    def scope(self, op: ops.GradScope, written: Written) -> None:
        """Prints the scope as a function and its differentiation."""
        _, wanted = self._wanted(op.tapes[0])
        ids = self.ids(written)
        taken = [self.state.weights(g.model) for g in wanted]
        changed = list(self.state.changed(op.body))
        self._scopes += 1
        several = sum(isinstance(o, ops.GradScope) for o in self.sequence) > 1
        name = f"{wanted[0].loss}_of" if several else "forward"
        losses = list(dict.fromkeys(g.loss for g in wanted))
        arguments = list(dict.fromkeys([*taken, *changed]))
        beside = [*self._used_later(op, losses), *changed]
        page = self.page
        page.line(Group(f"def {name}(", tuple(arguments), "):"), ids, FORWARD)
        with page.block():
            self.run(op.body, f"{written.place}.")
            first = [self.name(loss) for loss in losses]
            head = first[0] if len(first) == 1 else f"({', '.join(first)})"
            aside = beside[0] if len(beside) == 1 else f"({', '.join(beside)})"
            page.line(before("return ", bare(head, aside)), ids)
        if len(wanted) == 1:
            self._value_and_grad(name, wanted[0], arguments, aside, written)
        else:
            self._vjp(name, wanted, (taken, changed), head, aside, written)

    def _value_and_grad(
        self, name: str, wanted: ops.Gradients, arguments: list[str], aside: str, written: Written
    ) -> None:
        place = next(n for n, o in enumerate(self.sequence) if o is wanted)
        ids = [*self.ids(written), f"{self.phase}[{place}]"]
        made = call("jax.value_and_grad", name, has_aux="True")
        loss, out = self.name(wanted.loss), self.name(wanted.out)
        self.page.line(before("differentiate = ", made), ids, gap=True)
        value = call("differentiate", *arguments)
        self.page.line(before(f"({loss}, {aside}), {out} = ", value), ids)

    def _vjp(
        self,
        name: str,
        wanted: list[ops.Gradients],
        arguments: tuple[list[str], list[str]],
        losses: str,
        aside: str,
        written: Written,
    ) -> None:
        taken, changed = arguments
        ids = self.ids(written)
        weights = list(dict.fromkeys(taken))
        page = self.page
        page.line(Group("def losses_of(", tuple(weights), "):"), ids, PULLBACK)
        with page.block():
            page.line(before("return ", call(name, *dict.fromkeys([*weights, *changed]))), ids)
        value = call("jax.vjp", "losses_of", *weights, has_aux="True")
        page.line(before(f"{losses}, pullback, {aside} = ", value), ids)
        first = self.name(wanted[0].loss)
        page.line(f"one, zero = jnp.ones_like({first}), jnp.zeros_like({first})", ids)

    def _used_later(self, scope: ops.GradScope, losses: list[str]) -> list[str]:
        """Arrays that the body makes and ops after it use, the differentiated losses aside."""
        made = [
            name for o in flat_ops(scope.body) for name, kind in o.makes() if kind is Kind.TENSOR
        ]
        after = self.sequence[self.sequence.index(scope) + 1 :]
        used = {name for o in flat_ops(after) for name, _ in o.uses()}
        return list(dict.fromkeys(self.name(n) for n in made if n in used and n not in losses))
