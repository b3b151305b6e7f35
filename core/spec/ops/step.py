"""Step ops: what one training step, or one evaluation step, computes."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from core.spec import rules
from core.spec.kinds import Kind, Named, Op, makes, uses


@frozen
class Batch:
    """The constant batch size of the loop's dataset, also for a smaller last batch."""


@frozen
class BatchOf(Named):
    """The number of samples in the named tensor: dynamic, smaller for a last, ragged batch."""

    tensor: str = field(validator=uses(Kind.TENSOR))


Dim = int | Batch | BatchOf
_dims = rules.Rule(
    "a non-empty tuple of whole numbers, Batch() or BatchOf(name)",
    lambda value: (
        isinstance(value, tuple)
        and len(value) > 0
        and all(isinstance(d, Batch | BatchOf) or rules.count.holds(d) for d in value)
    ),
)


@frozen
class Normal:
    """The normal distribution."""

    mean: float = field(default=0.0, validator=rules.real)
    stddev: float = field(default=1.0, validator=rules.positive)


@frozen
class Uniform:
    """The uniform distribution on [low, high)."""

    low: float = field(default=0.0, validator=rules.real)
    high: float = field(default=1.0, validator=rules.real)

    def __attrs_post_init__(self) -> None:
        if not self.low < self.high:
            raise rules.broken(self, "high", self.high, f"a number above low = {self.low!r}")


@frozen
class _MakesTensor(Op):
    out: str = field(validator=makes(Kind.TENSOR))


@frozen
class Draw(_MakesTensor):
    """Draws random numbers, float32."""

    words: ClassVar[str] = "draw random numbers"
    distribution: Normal | Uniform = field(validator=rules.a(Normal | Uniform))
    shape: tuple[Dim, ...] = field(validator=uses(Kind.TENSOR, _dims))


@frozen
class Fill(_MakesTensor):
    """A tensor of one value, float32."""

    words: ClassVar[str] = "fill a tensor"
    value: float = field(validator=rules.real)
    shape: tuple[Dim, ...] = field(validator=uses(Kind.TENSOR, _dims))


@frozen
class Concat(_MakesTensor):
    """Joins tensors along the first axis."""

    words: ClassVar[str] = "join tensors"
    parts: tuple[str, ...] = field(validator=uses(Kind.TENSOR, rules.some_names))


@frozen
class Affine(_MakesTensor):
    """`out = scale · x + plus`, element by element."""

    words: ClassVar[str] = "scale and add"
    x: str = field(validator=uses(Kind.TENSOR))
    scale: float = field(default=1.0, validator=rules.real)
    plus: str | None = field(default=None, validator=uses(Kind.TENSOR, rules.optional(rules.name)))


@frozen
class Call(_MakesTensor):
    """Calls a model. `training=None` passes no argument, as a guide that leaves it out does."""

    words: ClassVar[str] = "call a model"
    model: str = field(validator=uses(Kind.MODEL))
    x: str = field(validator=uses(Kind.TENSOR))
    training: bool | None = field(default=None, validator=rules.optional(rules.flag))


@frozen
class Loss(_MakesTensor):
    """Applies a loss function: a scalar, the mean over the batch."""

    words: ClassVar[str] = "compute a loss"
    loss: str = field(validator=uses(Kind.LOSS))
    target: str = field(validator=uses(Kind.TENSOR))
    prediction: str = field(validator=uses(Kind.TENSOR))


@frozen
class AddTracked(_MakesTensor):
    """Adds the sum of the losses a model tracked in its last call (`model.losses`)."""

    words: ClassVar[str] = "add the losses a model tracked"
    loss: str = field(validator=uses(Kind.TENSOR))
    model: str = field(validator=uses(Kind.MODEL))


@frozen
class Sum(_MakesTensor):
    """Adds tensors from left to right."""

    words: ClassVar[str] = "add tensors"
    parts: tuple[str, ...] = field(validator=uses(Kind.TENSOR, rules.some_names))


@frozen
class GradScope(Op):
    """Records the ops of its body for differentiation, with one gradient tape per name in `tapes`.

    Everything the body makes exists after the scope.
    """

    words: ClassVar[str] = "record for differentiation"
    tapes: tuple[str, ...] = field(validator=makes(Kind.TAPE, rules.distinct_names))
    body: tuple[Op, ...] = field(validator=rules.each(Op))

    def __attrs_post_init__(self) -> None:
        for op in self.body:
            if isinstance(op, GradScope | Gradients | Apply | Return):
                rule = "ops of the forward pass (no nested scope, gradient, update or return)"
                raise rules.broken(self, "body", type(op).__name__, rule)


@frozen
class Gradients(Op):
    """The gradients of a loss with regard to a model's trainable weights."""

    words: ClassVar[str] = "differentiate"
    out: str = field(validator=makes(Kind.GRADIENTS))
    tape: str = field(validator=uses(Kind.TAPE))
    loss: str = field(validator=uses(Kind.TENSOR))
    model: str = field(validator=uses(Kind.MODEL))


@frozen
class Apply(Op):
    """Updates a model's trainable weights by one step of an optimizer."""

    words: ClassVar[str] = "apply gradients"
    optimizer: str = field(validator=uses(Kind.OPTIMIZER))
    gradients: str = field(validator=uses(Kind.GRADIENTS))
    model: str = field(validator=uses(Kind.MODEL))


@frozen
class UpdateMetric(Op):
    """Adds a batch to a metric's state."""

    words: ClassVar[str] = "update a metric"
    metric: str = field(validator=uses(Kind.METRIC))
    target: str = field(validator=uses(Kind.TENSOR))
    prediction: str = field(validator=uses(Kind.TENSOR))


@frozen
class Return(Op):
    """What a step hands back: scalar losses, traced at every step, and tensors for logging."""

    words: ClassVar[str] = "return"
    losses: tuple[str, ...] = field(validator=uses(Kind.TENSOR, rules.distinct_names))
    tensors: tuple[str, ...] = field(default=(), validator=uses(Kind.TENSOR, rules.names))
