"""A step by torch's autograd."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from core.dialects.layout import Expr, Group, before, call
from core.dialects.nesting import Written
from core.dialects.python.layers import number
from core.dialects.python.steps import StepPrinter, TensorWords
from core.spec import ops
from core.spec.kinds import Op

UNRECORDED = "Nothing in here is to be differentiated."


class TorchWords(TensorWords):
    """Torch's operations on tensors."""

    def draw(self, kind: ops.Normal | ops.Uniform, shape: Expr) -> Expr:
        """`torch.randn`, `torch.rand`, or a tensor filled in place."""
        if isinstance(kind, ops.Normal):
            if (kind.mean, kind.stddev) == (0.0, 1.0):
                return call("torch.randn", shape)
            filled = call("torch.empty", shape)
            return _then(filled, f"normal_({number(kind.mean)}, {number(kind.stddev)})")
        if (kind.low, kind.high) == (0.0, 1.0):
            return call("torch.rand", shape)
        return _then(
            call("torch.empty", shape), f"uniform_({number(kind.low)}, {number(kind.high)})"
        )

    def fill(self, value: float, shape: Expr) -> Expr:
        """`torch.ones`, `torch.zeros` or `torch.full`."""
        plain = {1.0: "torch.ones", 0.0: "torch.zeros"}.get(value)
        return call(plain, shape) if plain else call("torch.full", shape, number(float(value)))

    def fill_like(self, value: float, tensor: str) -> Expr:
        """`torch.ones_like`, `torch.zeros_like` or `torch.full_like`."""
        plain = {1.0: "torch.ones_like", 0.0: "torch.zeros_like"}.get(value)
        return call(plain, tensor) if plain else call("torch.full_like", tensor, number(value))

    def concat(self, parts: Sequence[Expr]) -> Expr:
        """`torch.cat`."""
        return call("torch.cat", Group("[", tuple(parts), "]"))


def _then(made: Group, method: str) -> Group:
    return Group(made.head, made.items, f").{method}")


@define
class TorchSteps(StepPrinter):
    """Prints autograd's gradients, and what is not recorded under `torch.no_grad`."""

    _recording: bool = field(default=False, init=False)
    unrecorded: bool = False  # the whole phase already stands under no_grad

    def run(self, sequence: Sequence[Op], inside: str = "") -> None:
        """Prints ops of one level in order; neighbours that record nothing share a block."""
        statements = self.nesting.statements(sequence, inside)
        index = 0
        while index < len(statements):
            quiet = self._quiet(statements[index:])
            if not quiet:
                self.statement(statements[index])
                index += 1
                continue
            index += len(quiet)
            self.page.line("with torch.no_grad():", self.ids(quiet[0]), UNRECORDED)
            with self.page.block():
                for written in quiet:
                    self.statement(written)

    def _quiet(self, statements: Sequence[Written]) -> list[Written]:
        """The statements from the first on that should not be recorded."""
        if self._recording or self.unrecorded:
            return []
        found: list[Written] = []
        for written in statements:
            if not isinstance(written.op, ops.Apply | ops.UpdateMetric | ops.Call):
                break
            found.append(written)
        return found

    def scope(self, op: ops.GradScope, written: Written) -> None:
        """Prints the body; torch records it as it runs."""
        self._recording = True
        self.run(op.body, f"{written.place}.")
        self._recording = False

    def gradients(self, op: ops.Gradients, ids: list[str]) -> None:
        """Prints `torch.autograd.grad`, keeping the graph for a later loss of the same scope."""
        weights = f"[v.value for v in {self.name(op.model)}.trainable_weights]"
        same = [
            o
            for o in self.sequence
            if isinstance(o, ops.Gradients) and self._scope_of(o.tape) is self._scope_of(op.tape)
        ]
        again = None if same[-1] is op else "True"
        value = call("torch.autograd.grad", self.name(op.loss), weights, retain_graph=again)
        self.page.assign(self.name(op.out), value, ids)

    def _scope_of(self, tape: str) -> ops.GradScope | None:
        for op in self.sequence:
            if isinstance(op, ops.GradScope) and tape in op.tapes:
                return op
        return None

    def in_place(self, name: str, added: Expr) -> Expr:
        """`name = name + added` where autograd may need the old value."""
        if not self._recording:
            return super().in_place(name, added)
        return before(f"{name} = {name} + ", added)
