"""A phase's ops in R."""

from __future__ import annotations

from attrs import define, field

from core.dialects.nesting import Nesting, Written, in_words, known_shapes, shape_of
from core.dialects.python.layers import number
from core.dialects.r.layout import r_call
from core.dialects.r.page import RPage
from core.errors import SpecError
from core.spec import ops
from core.spec.kinds import Op
from core.spec.scenario import flat

SIZE = "An epoch's last batch may be smaller."
TAPE = "Whatever runs under the tape can be differentiated afterwards."


@define
class RSteps:
    """Prints the ops of one phase.

    Attributes:
        page: where they are printed.
        phase: `step`, `evaluate` or `on_log`.
        sequence: the whole phase.
    """

    page: RPage
    phase: str
    sequence: tuple[Op, ...]
    nesting: Nesting = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.nesting = Nesting(self.sequence, in_words)

    def name(self, name: str) -> str:
        """The variable of an object or a tensor."""
        if name in self.page.scenario.setup_names:
            return self.page.name(name)
        return self.nesting.variable(name)

    def run(self, sequence: tuple[Op, ...], inside: str = "") -> None:
        """Prints ops of one level in order."""
        for written in self.nesting.statements(sequence, inside):
            self.statement(written)

    @property
    def sized(self) -> ops.BatchOf | None:
        """The batch whose own size every shape of the phase takes, where there is one."""
        dims = {
            dim
            for op in flat(self.sequence)
            if isinstance(op, ops.Draw | ops.Fill)
            for dim in op.shape
        }
        found = {ops.BatchOf(name) for name in self.page.scenario.loop.batch} & dims
        return found.pop() if len(found) == 1 and ops.Batch() not in dims else None

    def size_first(self) -> None:
        """Prints what binds the size of the batch at hand, where shapes take it."""
        if self.sized is not None:
            place = next(n for n, op in enumerate(self.sequence) if self.sized in _dims(op))
            value = f"c(batch_size, ...) %<-% op_shape({self.name(self.sized.tensor)})"
            self.page.code(value, [f"{self.phase}[{place}]"], SIZE)

    def statement(self, written: Written) -> None:
        """Prints one statement."""
        op, page = written.op, self.page
        ids = [f"{self.phase}[{place}]" for place in written.places]
        match op:
            case ops.GradScope():
                self._scope(op, written, ids)
            case ops.Gradients():
                weights = f"{self.name(op.model)}$trainable_weights"
                value = r_call(f"{op.tape}$gradient", self.name(op.loss), weights)
                page.put(self.name(op.out), value, ids)
            case ops.Apply():
                weights = f"{self.name(op.model)}$trainable_weights"
                function = f"{self.name(op.optimizer)}$apply"
                page.code(r_call(function, self.name(op.gradients), weights), ids)
            case ops.UpdateMetric():
                function = f"{self.name(op.metric)}$update_state"
                values = (self.name(op.target), self.name(op.prediction))
                page.code(r_call(function, *values), ids)
            case ops.Return():
                pass  # the loop prints what a step hands back
            case _:
                name = self.name(op.makes()[0][0])
                value = self._value(op, written)
                page.put(name, f"{name} + {value}" if written.onto else value, ids)

    def _scope(self, op: ops.GradScope, written: Written, ids: list[str]) -> None:
        page = self.page
        for tape in op.tapes:
            page.code(f"with(tf$GradientTape() %as% {tape}, {{", ids, TAPE)
            page.depth += 1
        self.run(op.body, f"{written.place}.")
        for _ in op.tapes:
            page.depth -= 1
            page.code("})", ids)

    def _operand(self, name: str, written: Written) -> str:
        nested = written.nested.get(name)
        return self.name(name) if nested is None else self._value(nested, written)

    def _value(self, op: Op, written: Written) -> str:
        """The value of an op that makes a tensor; of one that adds in place, what it adds."""
        match op:
            case ops.Draw():
                return self._draw(op)
            case ops.Fill():
                return _filled(op.value, self._shape(op.shape))
            case ops.Concat():
                parts = r_call("list", *(self._operand(part, written) for part in op.parts))
                return r_call("tf$concat", parts, axis="0L")
            case ops.Sum():
                return " + ".join(self._operand(part, written) for part in op.parts)
            case ops.Affine():
                x = self._operand(op.x, written)
                scaled = x if op.scale == 1.0 else f"{number(op.scale)} * {x}"
                onto = written.onto or op.plus is None
                return scaled if onto else f"{self.name(op.plus or '')} + {scaled}"
            case ops.AddTracked():
                total = f"Reduce(`+`, {self.name(op.model)}$losses)"
                return total if written.onto else f"{self.name(op.loss)} + {total}"
            case ops.Call():
                training = None if op.training is None else str(op.training).upper()
                return r_call(self.name(op.model), self._operand(op.x, written), training=training)
            case ops.Loss():
                return self._loss(op, written)
        raise SpecError(
            f"op = {op!r}",
            where="RSteps",
            expected="an op of the step vocabulary",
            remedy="add a case for it to core/dialects/r/steps.py",
        )

    def _loss(self, op: ops.Loss, written: Written) -> str:
        target, prediction = written.nested.get(op.target), self.name(op.prediction)
        if isinstance(target, ops.Fill) and target.shape[0] == ops.BatchOf(op.prediction):
            plain = {1.0: "tf$ones_like", 0.0: "tf$zeros_like"}.get(target.value)
            like = r_call(plain or "tf$ones_like", prediction)
            wished = like if plain else f"{number(target.value)} * {like}"
        else:
            wished = self._operand(op.target, written)
        return r_call(self.name(op.loss), wished, prediction)

    def _draw(self, op: ops.Draw) -> str:
        kind, shape = op.distribution, self._shape(op.shape)
        if isinstance(kind, ops.Normal):
            mean = None if kind.mean == 0.0 else number(kind.mean)
            stddev = None if kind.stddev == 1.0 else number(kind.stddev)
            return r_call("tf$random$normal", shape, mean=mean, stddev=stddev)
        low = None if kind.low == 0.0 else number(kind.low)
        high = None if kind.high == 1.0 else number(kind.high)
        return r_call("tf$random$uniform", shape, minval=low, maxval=high)

    def _shape(self, shape: tuple[ops.Dim, ...]) -> str:
        same = shape_of(shape, known_shapes(self.sequence))
        if same is not None:
            return f"tf$shape({self.name(same)})"
        return r_call("shape", *(self._size(dim) for dim in shape))

    def _size(self, dim: ops.Dim) -> str:
        match dim:
            case ops.Batch():
                return "batch_size"
            case ops.BatchOf():
                if dim == self.sized:
                    return "batch_size"
                return f"op_shape({self.name(dim.tensor)})[[1]]"
            case int():
                return str(dim)


def _dims(op: Op) -> tuple[ops.Dim, ...]:
    return op.shape if isinstance(op, ops.Draw | ops.Fill) else ()


def _filled(value: float, shape: str) -> str:
    plain = {1.0: "tf$ones", 0.0: "tf$zeros"}.get(value)
    return r_call(plain, shape) if plain else r_call("tf$fill", shape, number(float(value)))
