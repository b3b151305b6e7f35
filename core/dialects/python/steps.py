"""A phase's ops as a plain sequence of statements: what TensorFlow and torch have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from attrs import define, field

from core.dialects.layout import Expr, Group, before, call, flat
from core.dialects.nesting import MayNest, Nesting, Written, in_words, known_shapes, shape_of
from core.dialects.python.layers import number
from core.dialects.python.page import Page
from core.errors import SpecError
from core.spec import ops
from core.spec.kinds import Op


class TensorWords(ABC):
    """How a framework writes operations on tensors."""

    @abstractmethod
    def draw(self, kind: ops.Normal | ops.Uniform, shape: Expr) -> Expr:
        """Random numbers."""

    @abstractmethod
    def fill(self, value: float, shape: Expr) -> Expr:
        """A tensor of one value."""

    @abstractmethod
    def fill_like(self, value: float, tensor: str) -> Expr:
        """A tensor of one value in another's shape."""

    @abstractmethod
    def concat(self, parts: Sequence[Expr]) -> Expr:
        """Joined along the first axis."""


@define
class StepPrinter(ABC):
    """Prints the ops of one phase.

    Attributes:
        page: where they are printed.
        phase: `step`, `evaluate` or `on_log`.
        sequence: the whole phase.
        tensors: the framework's words.
        may_nest: which ops may be written inside others.
    """

    page: Page
    phase: str
    sequence: tuple[Op, ...]
    tensors: TensorWords
    may_nest: MayNest = in_words
    nesting: Nesting = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.nesting = Nesting(self.sequence, self.may_nest)

    def ids(self, written: Written) -> list[str]:
        """The ids of what a statement prints."""
        return [f"{self.phase}[{place}]" for place in written.places]

    def name(self, name: str) -> str:
        """The variable of an object of the setup, or of a tensor."""
        if name in self.page.scenario.setup_names:
            return self.page.name(name)
        return self.nesting.variable(name)

    def run(self, sequence: Sequence[Op], inside: str = "") -> None:
        """Prints ops of one level in order."""
        for written in self.nesting.statements(sequence, inside):
            self.statement(written)

    def statement(self, written: Written) -> None:
        """Prints one statement."""
        op, ids = written.op, self.ids(written)
        match op:
            case ops.GradScope():
                self.scope(op, written)
            case ops.Gradients():
                self.gradients(op, ids)
            case ops.Apply():
                self.apply(op, ids)
            case ops.UpdateMetric():
                self.update(op, ids)
            case ops.Return():
                pass  # the loop prints what a step hands back
            case _:
                self.tensor(written, ids)

    def tensor(self, written: Written, ids: list[str]) -> None:
        """Prints a statement that makes a tensor."""
        name = self.name(written.op.makes()[0][0])
        if written.onto is not None:
            self.page.line(self.in_place(name, self.added(written)), ids)
        else:
            self.page.assign(name, self.expression(written.op, written), ids)

    def in_place(self, name: str, added: Expr) -> Expr:
        """`name += added`."""
        return before(f"{name} += ", added)

    @abstractmethod
    def scope(self, op: ops.GradScope, written: Written) -> None:
        """Prints what is recorded for differentiation."""

    @abstractmethod
    def gradients(self, op: ops.Gradients, ids: list[str]) -> None:
        """Prints a differentiation."""

    def apply(self, op: ops.Apply, ids: list[str]) -> None:
        """Prints an optimizer's step."""
        optimizer, weights = self.name(op.optimizer), f"{self.name(op.model)}.trainable_weights"
        self.page.line(call(f"{optimizer}.apply", self.name(op.gradients), weights), ids)

    def update(self, op: ops.UpdateMetric, ids: list[str]) -> None:
        """Prints a metric's update."""
        metric = self.name(op.metric)
        values = (self.name(op.target), self.name(op.prediction))
        self.page.line(call(f"{metric}.update_state", *values), ids)

    def added(self, written: Written) -> Expr:
        """What a statement adds in place."""
        match written.op:
            case ops.AddTracked() as op:
                return f"sum({self.name(op.model)}.losses)"
            case ops.Affine() as op:
                return self._scaled(op, written)
        raise self.unknown(written.op, "added")

    def _scaled(self, op: ops.Affine, written: Written) -> Expr:
        x = self.operand(op.x, written)
        return x if op.scale == 1.0 else before(f"{number(op.scale)} * ", x)

    def operand(self, name: str, written: Written) -> Expr:
        """A tensor: its variable, or the expression nested for it."""
        nested = written.nested.get(name)
        return self.name(name) if nested is None else self.expression(nested, written)

    def expression(self, op: Op, written: Written) -> Expr:
        """The value of an op that makes a tensor."""
        match op:
            case ops.Draw():
                return self.tensors.draw(op.distribution, self.shape(op.shape))
            case ops.Fill():
                return self.tensors.fill(op.value, self.shape(op.shape))
            case ops.Concat():
                return self.tensors.concat([self.operand(part, written) for part in op.parts])
            case ops.Sum():
                return " + ".join(flat(self.operand(part, written)) for part in op.parts)
            case ops.Affine():
                scaled = self._scaled(op, written)
                return scaled if op.plus is None else before(f"{self.name(op.plus)} + ", scaled)
            case ops.AddTracked():
                return f"{self.name(op.loss)} + sum({self.name(op.model)}.losses)"
            case ops.Call():
                return self.called(op, self.operand(op.x, written))
            case ops.Loss():
                return self.loss(op, written)
        raise self.unknown(op, "expression")

    def called(self, op: ops.Call, x: Expr) -> Expr:
        """A model's output."""
        training = None if op.training is None else str(op.training)
        return call(self.name(op.model), x, training=training)

    def loss(self, op: ops.Loss, written: Written) -> Expr:
        """A loss function's value."""
        target = written.nested.get(op.target)
        prediction = self.name(op.prediction)
        if isinstance(target, ops.Fill) and target.shape[0] == ops.BatchOf(op.prediction):
            wished = self.tensors.fill_like(target.value, prediction)
        else:
            wished = self.operand(op.target, written)
        return call(self.name(op.loss), wished, prediction)

    def shape(self, shape: tuple[ops.Dim, ...]) -> Expr:
        """A shape: another tensor's, or a tuple of sizes."""
        same = shape_of(shape, known_shapes(self.sequence))
        if same is not None:
            return f"{self.name(same)}.shape"
        sizes = tuple(self.size(dim) for dim in shape)
        return f"({sizes[0]},)" if len(sizes) == 1 else Group("(", sizes)

    def size(self, dim: ops.Dim) -> str:
        """One size."""
        match dim:
            case ops.Batch():
                return "batch_size"
            case ops.BatchOf():
                return f"{self.name(dim.tensor)}.shape[0]"
            case int():
                return str(dim)

    def unknown(self, op: Op, what: str) -> SpecError:
        """The error for an op that the printer does not know."""
        return SpecError(
            f"op = {op!r}",
            where=f"{type(self).__name__}.{what}",
            expected="an op of the step vocabulary",
            remedy="add a case for it to the dialect's printer",
        )
