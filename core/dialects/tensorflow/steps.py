"""A step under gradient tapes."""

from __future__ import annotations

from collections.abc import Sequence

from core.dialects.layout import Expr, Group, call, flat
from core.dialects.nesting import Written
from core.dialects.python.layers import number
from core.dialects.python.steps import StepPrinter, TensorWords
from core.spec import ops

TAPE = "Whatever runs under the tape can be differentiated afterwards."


class TensorFlowWords(TensorWords):
    """TensorFlow's operations on tensors."""

    def draw(self, kind: ops.Normal | ops.Uniform, shape: Expr) -> Expr:
        """`tf.random`."""
        if isinstance(kind, ops.Normal):
            mean, stddev = (
                None if value == usual else number(value)
                for value, usual in ((kind.mean, 0.0), (kind.stddev, 1.0))
            )
            return call("tf.random.normal", shape=shape, mean=mean, stddev=stddev)
        low = None if kind.low == 0.0 else number(kind.low)
        high = None if kind.high == 1.0 else number(kind.high)
        return call("tf.random.uniform", shape, minval=low, maxval=high)

    def fill(self, value: float, shape: Expr) -> Expr:
        """`tf.ones`, `tf.zeros` or `tf.fill`."""
        plain = {1.0: "tf.ones", 0.0: "tf.zeros"}.get(value)
        return call(plain, shape) if plain else call("tf.fill", shape, number(float(value)))

    def fill_like(self, value: float, tensor: str) -> Expr:
        """`tf.ones_like`, `tf.zeros_like` or a multiple of the former."""
        plain = {1.0: "tf.ones_like", 0.0: "tf.zeros_like"}.get(value)
        if plain:
            return call(plain, tensor)
        return f"{number(float(value))} * tf.ones_like({tensor})"

    def concat(self, parts: Sequence[Expr]) -> Expr:
        """`tf.concat`."""
        return call("tf.concat", Group("[", tuple(parts), "]"), axis="0")


class TensorFlowSteps(StepPrinter):
    """Prints tapes and what is taken from them."""

    def scope(self, op: ops.GradScope, written: Written) -> None:
        """Prints the tapes and, under them, the body."""
        tapes: list[Expr] = [f"tf.GradientTape() as {tape}" for tape in op.tapes]
        header: Expr = Group("(", tuple(tapes), ")", bare=True)
        line = f"with {flat(header)}:"
        self.page.line(line, self.ids(written), TAPE)
        with self.page.block():
            self.run(op.body, f"{written.place}.")

    def gradients(self, op: ops.Gradients, ids: list[str]) -> None:
        """Prints `tape.gradient`."""
        weights = f"{self.name(op.model)}.trainable_weights"
        value = call(f"{op.tape}.gradient", self.name(op.loss), weights)
        self.page.assign(self.name(op.out), value, ids)
