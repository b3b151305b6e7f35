"""Step ops: what one training step, or one evaluation step, computes."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from core.spec import rules
from core.spec.kinds import Kind, Op, Reference


@frozen
class Batch:
    """The constant batch size of the loop's dataset, also for a smaller last batch."""


@frozen
class BatchOf:
    """The number of samples in the named tensor: dynamic, smaller for a last, ragged batch."""

    tensor: str = field(validator=rules.name)


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


def _of_shape(shape: tuple[Dim, ...]) -> tuple[Reference, ...]:
    return tuple((dim.tensor, Kind.TENSOR) for dim in shape if isinstance(dim, BatchOf))


def _tensors(*names: str) -> tuple[Reference, ...]:
    return tuple((name, Kind.TENSOR) for name in names)


@frozen
class _MakesTensor(Op):
    out: str = field(validator=rules.name)

    def makes(self) -> tuple[Reference, ...]:
        """One tensor."""
        return _tensors(self.out)


@frozen
class Draw(_MakesTensor):
    """Draws random numbers, float32."""

    words: ClassVar[str] = "draw random numbers"
    distribution: Normal | Uniform = field(validator=rules.a(Normal | Uniform))
    shape: tuple[Dim, ...] = field(validator=_dims)

    def uses(self) -> tuple[Reference, ...]:
        """The tensors whose batch size shapes the draw."""
        return _of_shape(self.shape)


@frozen
class Fill(_MakesTensor):
    """A tensor of one value, float32."""

    words: ClassVar[str] = "fill a tensor"
    value: float = field(validator=rules.real)
    shape: tuple[Dim, ...] = field(validator=_dims)

    def uses(self) -> tuple[Reference, ...]:
        """The tensors whose batch size shapes the result."""
        return _of_shape(self.shape)


@frozen
class Concat(_MakesTensor):
    """Joins tensors along the first axis."""

    words: ClassVar[str] = "join tensors"
    parts: tuple[str, ...] = field(validator=rules.some_names)

    def uses(self) -> tuple[Reference, ...]:
        """The tensors to join."""
        return _tensors(*self.parts)


@frozen
class Affine(_MakesTensor):
    """`out = scale · x + plus`, element by element."""

    words: ClassVar[str] = "scale and add"
    x: str = field(validator=rules.name)
    scale: float = field(default=1.0, validator=rules.real)
    plus: str | None = field(default=None, validator=rules.optional(rules.name))

    def uses(self) -> tuple[Reference, ...]:
        """x, and what is added."""
        return _tensors(self.x) if self.plus is None else _tensors(self.x, self.plus)


@frozen
class Call(_MakesTensor):
    """Calls a model. `training=None` passes no argument, as a guide that leaves it out does."""

    words: ClassVar[str] = "call a model"
    model: str = field(validator=rules.name)
    x: str = field(validator=rules.name)
    training: bool | None = field(default=None, validator=rules.optional(rules.flag))

    def uses(self) -> tuple[Reference, ...]:
        """The model and its input."""
        return ((self.model, Kind.MODEL), (self.x, Kind.TENSOR))


@frozen
class Loss(_MakesTensor):
    """Applies a loss function: a scalar, the mean over the batch."""

    words: ClassVar[str] = "compute a loss"
    loss: str = field(validator=rules.name)
    target: str = field(validator=rules.name)
    prediction: str = field(validator=rules.name)

    def uses(self) -> tuple[Reference, ...]:
        """The loss function, target and prediction."""
        return ((self.loss, Kind.LOSS), *_tensors(self.target, self.prediction))


@frozen
class AddTracked(_MakesTensor):
    """Adds the sum of the losses a model tracked in its last call (`model.losses`)."""

    words: ClassVar[str] = "add the losses a model tracked"
    loss: str = field(validator=rules.name)
    model: str = field(validator=rules.name)

    def uses(self) -> tuple[Reference, ...]:
        """The loss so far and the model."""
        return ((self.loss, Kind.TENSOR), (self.model, Kind.MODEL))


@frozen
class Sum(_MakesTensor):
    """Adds tensors from left to right."""

    words: ClassVar[str] = "add tensors"
    parts: tuple[str, ...] = field(validator=rules.some_names)

    def uses(self) -> tuple[Reference, ...]:
        """The summands."""
        return _tensors(*self.parts)


@frozen
class GradScope(Op):
    """Records the ops of its body for differentiation, with one gradient tape per name in `tapes`.

    Everything the body makes exists after the scope.
    """

    words: ClassVar[str] = "record for differentiation"
    tapes: tuple[str, ...] = field(validator=rules.distinct_names)
    body: tuple[Op, ...] = field(validator=rules.each(Op))

    def __attrs_post_init__(self) -> None:
        for op in self.body:
            if isinstance(op, GradScope | Gradients | Apply | Return):
                rule = "ops of the forward pass (no nested scope, gradient, update or return)"
                raise rules.broken(self, "body", type(op).__name__, rule)

    def makes(self) -> tuple[Reference, ...]:
        """The tapes; the body's names are made by its own ops."""
        return tuple((tape, Kind.TAPE) for tape in self.tapes)


@frozen
class Gradients(Op):
    """The gradients of a loss with regard to a model's trainable weights."""

    words: ClassVar[str] = "differentiate"
    out: str = field(validator=rules.name)
    tape: str = field(validator=rules.name)
    loss: str = field(validator=rules.name)
    model: str = field(validator=rules.name)

    def uses(self) -> tuple[Reference, ...]:
        """The tape, the loss it recorded and the model."""
        return ((self.tape, Kind.TAPE), (self.loss, Kind.TENSOR), (self.model, Kind.MODEL))

    def makes(self) -> tuple[Reference, ...]:
        """The gradients, in the order of the model's trainable weights."""
        return ((self.out, Kind.GRADIENTS),)


@frozen
class Apply(Op):
    """Updates a model's trainable weights by one step of an optimizer."""

    words: ClassVar[str] = "apply gradients"
    optimizer: str = field(validator=rules.name)
    gradients: str = field(validator=rules.name)
    model: str = field(validator=rules.name)

    def uses(self) -> tuple[Reference, ...]:
        """The optimizer, the gradients and the model."""
        return (
            (self.optimizer, Kind.OPTIMIZER),
            (self.gradients, Kind.GRADIENTS),
            (self.model, Kind.MODEL),
        )


@frozen
class UpdateMetric(Op):
    """Adds a batch to a metric's state."""

    words: ClassVar[str] = "update a metric"
    metric: str = field(validator=rules.name)
    target: str = field(validator=rules.name)
    prediction: str = field(validator=rules.name)

    def uses(self) -> tuple[Reference, ...]:
        """The metric, target and prediction."""
        return ((self.metric, Kind.METRIC), *_tensors(self.target, self.prediction))


@frozen
class Return(Op):
    """What a step hands back: scalar losses, traced at every step, and tensors for logging."""

    words: ClassVar[str] = "return"
    losses: tuple[str, ...] = field(validator=rules.distinct_names)
    tensors: tuple[str, ...] = field(default=(), validator=rules.names)

    def uses(self) -> tuple[Reference, ...]:
        """Everything returned."""
        return _tensors(*self.losses, *self.tensors)
