"""Setup ops: what a section constructs before its loop, in the guide's order.

The order matters: initial weights and shuffles are drawn as things are constructed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from core.spec import rules
from core.spec.kinds import Kind, Op, Reference, makes, uses
from core.spec.parts import LossSpec, MetricSpec, ModelSpec, OptimizerSpec

if TYPE_CHECKING:
    from core.spec.scenario import Scenario


@frozen
class BuildModel(Op):
    """Builds a model and draws its initial weights."""

    words: ClassVar[str] = "build a model"
    out: str = field(validator=makes(Kind.MODEL))
    model: ModelSpec = field(validator=rules.a(ModelSpec))


@frozen
class MakeOptimizer(Op):
    """Creates an optimizer; its slots appear when it is first applied."""

    words: ClassVar[str] = "create an optimizer"
    out: str = field(validator=makes(Kind.OPTIMIZER))
    optimizer: OptimizerSpec = field(validator=rules.a(OptimizerSpec))


@frozen
class MakeLoss(Op):
    """Creates a loss function."""

    words: ClassVar[str] = "create a loss function"
    out: str = field(validator=makes(Kind.LOSS))
    loss: LossSpec = field(validator=rules.a(LossSpec))


@frozen
class MakeMetric(Op):
    """Creates a metric with its state at zero."""

    words: ClassVar[str] = "create a metric"
    out: str = field(validator=makes(Kind.METRIC))
    metric: MetricSpec = field(validator=rules.a(MetricSpec))


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
    out: str = field(validator=makes(Kind.ARRAYS))
    parts: tuple[str, ...] = field(validator=rules.one_of(("train",), ("train", "test")))
    layout: str = field(validator=rules.one_of("flat", "image"))
    dtype: str = field(default="uint8", validator=rules.one_of("uint8", "int32", "float32"))
    offset: float = field(default=0.0, validator=rules.real)
    divisor: float = field(default=1.0, validator=rules.positive)

    def __attrs_post_init__(self) -> None:
        if self.dtype != "float32" and (self.offset, self.divisor) != (0.0, 1.0):
            raise rules.broken(self, "dtype", self.dtype, "float32 where pixels are scaled")


@frozen
class SplitData(Op):
    """Sets samples aside for validation.

    `how` is `last` (the last `reserve` samples) or `r_sample_int` (a random draw as R's
    `sample.int(n, reserve)` makes it; the rest keeps its order).
    """

    words: ClassVar[str] = "set validation samples aside"
    train: str = field(validator=makes(Kind.ARRAYS))
    validation: str = field(validator=makes(Kind.ARRAYS))
    source: str = field(validator=uses(Kind.ARRAYS))
    reserve: int = field(validator=rules.count)
    how: str = field(default="last", validator=rules.one_of("last", "r_sample_int"))


@frozen
class OpenDataset(Op):
    """Opens a dataset: batches of `batch` samples, shuffled through a buffer where given.

    A shuffled dataset draws its shuffle seed here and another order at each pass over it.
    """

    words: ClassVar[str] = "open a dataset"
    out: str = field(validator=makes(Kind.DATASET))
    source: str = field(validator=uses(Kind.ARRAYS))
    batch: int = field(validator=rules.count)
    shuffle: int | None = field(default=None, validator=rules.optional(rules.count))


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
