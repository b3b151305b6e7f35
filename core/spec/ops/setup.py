"""Setup ops: what a section constructs before its loop, in the guide's order.

The order matters: initial weights and shuffles are drawn as things are constructed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from core.spec import rules
from core.spec.kinds import Kind, Op, Reference
from core.spec.parts import LossSpec, MetricSpec, ModelSpec, OptimizerSpec

if TYPE_CHECKING:
    from core.spec.scenario import Scenario


@frozen
class BuildModel(Op):
    """Builds a model and draws its initial weights."""

    words: ClassVar[str] = "build a model"
    out: str = field(validator=rules.name)
    model: ModelSpec = field(validator=rules.a(ModelSpec))

    def makes(self) -> tuple[Reference, ...]:
        """The model."""
        return ((self.out, Kind.MODEL),)


@frozen
class MakeOptimizer(Op):
    """Creates an optimizer; its slots appear when it is first applied."""

    words: ClassVar[str] = "create an optimizer"
    out: str = field(validator=rules.name)
    optimizer: OptimizerSpec = field(validator=rules.a(OptimizerSpec))

    def makes(self) -> tuple[Reference, ...]:
        """The optimizer."""
        return ((self.out, Kind.OPTIMIZER),)


@frozen
class MakeLoss(Op):
    """Creates a loss function."""

    words: ClassVar[str] = "create a loss function"
    out: str = field(validator=rules.name)
    loss: LossSpec = field(validator=rules.a(LossSpec))

    def makes(self) -> tuple[Reference, ...]:
        """The loss function."""
        return ((self.out, Kind.LOSS),)


@frozen
class MakeMetric(Op):
    """Creates a metric with its state at zero."""

    words: ClassVar[str] = "create a metric"
    out: str = field(validator=rules.name)
    metric: MetricSpec = field(validator=rules.a(MetricSpec))

    def makes(self) -> tuple[Reference, ...]:
        """The metric."""
        return ((self.out, Kind.METRIC),)


@frozen
class LoadImages(Op):
    """Loads images and labels.

    Attributes:
        parts: `("train",)`, or `("train", "test")` joined in that order.
        layout: `flat` gives (n, 784), `image` gives (n, 28, 28, 1).
        dtype: `uint8` and `int32` keep raw pixels 0…255; `float32` computes
            `(pixel - offset) / divisor` in single precision.
    """

    words: ClassVar[str] = "load the images"
    out: str = field(validator=rules.name)
    parts: tuple[str, ...] = field(validator=rules.one_of(("train",), ("train", "test")))
    layout: str = field(validator=rules.one_of("flat", "image"))
    dtype: str = field(default="uint8", validator=rules.one_of("uint8", "int32", "float32"))
    offset: float = field(default=0.0, validator=rules.real)
    divisor: float = field(default=1.0, validator=rules.positive)

    def __attrs_post_init__(self) -> None:
        if self.dtype != "float32" and (self.offset, self.divisor) != (0.0, 1.0):
            raise rules.broken(self, "dtype", self.dtype, "float32 where pixels are scaled")

    def makes(self) -> tuple[Reference, ...]:
        """The arrays."""
        return ((self.out, Kind.ARRAYS),)


@frozen
class SplitData(Op):
    """Sets samples aside for validation.

    `how` is `last` (the last `reserve` samples) or `r_sample_int` (a random draw as R's
    `sample.int(n, reserve)` makes it; the rest keeps its order).
    """

    words: ClassVar[str] = "set validation samples aside"
    train: str = field(validator=rules.name)
    validation: str = field(validator=rules.name)
    source: str = field(validator=rules.name)
    reserve: int = field(validator=rules.count)
    how: str = field(default="last", validator=rules.one_of("last", "r_sample_int"))

    def uses(self) -> tuple[Reference, ...]:
        """The arrays to split."""
        return ((self.source, Kind.ARRAYS),)

    def makes(self) -> tuple[Reference, ...]:
        """Training and validation arrays."""
        return ((self.train, Kind.ARRAYS), (self.validation, Kind.ARRAYS))


@frozen
class OpenDataset(Op):
    """Opens a dataset: batches of `batch` samples, shuffled through a buffer where given.

    A shuffled dataset draws its shuffle seed here and another order at each pass over it.
    """

    words: ClassVar[str] = "open a dataset"
    out: str = field(validator=rules.name)
    source: str = field(validator=rules.name)
    batch: int = field(validator=rules.count)
    shuffle: int | None = field(default=None, validator=rules.optional(rules.count))

    def uses(self) -> tuple[Reference, ...]:
        """The arrays to batch."""
        return ((self.source, Kind.ARRAYS),)

    def makes(self) -> tuple[Reference, ...]:
        """The dataset."""
        return ((self.out, Kind.DATASET),)


@frozen
class Continue(Op):
    """Goes on with named objects of an earlier section, in the state that section left them."""

    words: ClassVar[str] = "continue from an earlier section"
    section: Scenario = field(repr=lambda value: repr(value.id))
    names: tuple[str, ...] = field(validator=rules.distinct_names)

    def __attrs_post_init__(self) -> None:
        from core.spec.scenario import Scenario

        if not isinstance(self.section, Scenario):
            raise rules.broken(self, "section", self.section, "a Scenario")
        known = self.section.setup_names
        for given in self.names:
            if given not in known:
                rule = f"a name that the setup of {self.section.id} makes: {', '.join(known)}"
                raise rules.broken(self, "names", given, rule)

    def makes(self) -> tuple[Reference, ...]:
        """The same names with the same kinds as in the earlier section."""
        known = self.section.setup_names
        return tuple((given, known[given]) for given in self.names)


@frozen
class SeedFramework(Op):
    """Seeds the framework's own generator (`tf.random.set_seed`), and nothing else."""

    words: ClassVar[str] = "seed the framework"
    seed: int = field(validator=rules.natural)
