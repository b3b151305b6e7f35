"""A scenario: one section of one guide, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from attrs import field, frozen

from core.spec import ops, rules
from core.spec.check import check_scenario
from core.spec.kinds import Kind, Op
from core.spec.parts import ModelSpec

OpT = TypeVar("OpT", bound=Op)
PHASES = ("setup", "step", "evaluate", "on_log", "on_epoch_end")
BACKENDS = ("tensorflow", "jax", "torch")


@frozen
class Guide:
    """The published document a scenario comes from."""

    id: str = field(validator=rules.identifier)
    title: str = field(validator=rules.text)
    year: int = field(validator=rules.count)
    language: str = field(default="en", validator=rules.one_of("en", "zh"))


@frozen
class Loop:
    """The epochs and steps around the step, and how the guide counts and logs them.

    Attributes:
        dataset: the dataset iterated over.
        batch: names of what one batch holds: images, then labels where the guide keeps them.
        epochs: how often.
        log_every: the `on_log` phase runs where the step's number is a multiple of this.
        first_epoch: the number the guide gives its first epoch.
        first_step: the number the guide gives the first step of an epoch.
        break_above: the epoch ends after the first step whose number is above this.
        announce: printed at the start of each epoch.
        closing: printed once, after the last epoch.
        cap: training steps in all that a run takes unless it is asked for another length: of a
            guide that trains for hours, the part that a check can afford.
        exhausted: the guide iterates an iterator that an earlier loop used up: no step runs.
    """

    dataset: str = field(validator=rules.name)
    batch: tuple[str, ...] = field(validator=rules.distinct_names)
    epochs: int = field(validator=rules.count)
    log_every: int = field(validator=rules.count)
    first_epoch: int = field(default=0, validator=rules.one_of(0, 1))
    first_step: int = field(default=0, validator=rules.one_of(0, 1))
    break_above: int | None = field(default=None, validator=rules.optional(rules.natural))
    announce: tuple[ops.Log, ...] = field(default=(), validator=rules.each(ops.Log))
    closing: tuple[ops.Log, ...] = field(default=(), validator=rules.each(ops.Log))
    cap: int | None = field(default=None, validator=rules.optional(rules.count))
    exhausted: bool = field(default=False, validator=rules.flag)

    def __attrs_post_init__(self) -> None:
        if len(self.batch) > 2:
            raise rules.broken(self, "batch", self.batch, "images, then at most the labels")

    def number(self, index: int) -> int:
        """The guide's number for the 0-based step `index` of an epoch."""
        return index + self.first_step

    def logs(self, index: int) -> bool:
        """Whether `on_log` runs after the 0-based step `index` of an epoch."""
        return self.number(index) % self.log_every == 0

    def steps(self, batches: int) -> int:
        """Training steps in an epoch over a dataset of `batches` batches."""
        if self.exhausted:
            return 0
        if self.break_above is None:
            return batches
        return min(batches, self.break_above - self.first_step + 2)


@frozen
class Scenario:
    """One section of one guide: five phases of ops, and the loop that runs them.

    Everything is checked on construction; a broken rule raises `SpecError` with the phase, the
    op's position, the value and the rule.

    Attributes:
        section: the section's id, `name` or `name~variant`.
        title: the section's heading, in our words.
        execution: how the guide runs its step: `eager` or `graph`.
        after: the guide's earlier sections in order; their setups construct things first.
        backends: where this section makes sense.
        lineage: the name that addresses controlled draws; scenarios that share it share draws.
    """

    guide: Guide = field(validator=rules.a(Guide))
    section: str = field(validator=rules.identifier)
    title: str = field(validator=rules.text)
    setup: tuple[Op, ...] = field(validator=rules.each(Op))
    step: tuple[Op, ...] = field(validator=rules.each(Op))
    loop: Loop = field(validator=rules.a(Loop))
    execution: str = field(validator=rules.one_of("eager", "graph"))
    evaluate: tuple[Op, ...] = field(default=(), validator=rules.each(Op))
    on_log: tuple[Op, ...] = field(default=(), validator=rules.each(Op))
    on_epoch_end: tuple[Op, ...] = field(default=(), validator=rules.each(Op))
    after: tuple[Scenario, ...] = field(default=(), repr=lambda v: repr([s.id for s in v]))
    backends: tuple[str, ...] = field(default=("tensorflow",))
    lineage: str = field(default="", validator=rules.text)

    def __attrs_post_init__(self) -> None:
        unknown = [name for name in self.backends if name not in BACKENDS]
        if unknown or not self.backends:
            rule = f"a non-empty tuple out of {', '.join(BACKENDS)}"
            raise rules.broken(self, "backends", self.backends, rule)
        earlier = rules.each(Scenario)
        if not earlier.holds(self.after):
            raise rules.broken(self, "after", self.after, earlier.text)
        check_scenario(self)

    @property
    def id(self) -> str:
        """`guide/section`."""
        return f"{self.guide.id}/{self.section}"

    @property
    def stream(self) -> str:
        """The name that addresses this scenario's controlled draws."""
        return self.lineage or self.id

    @property
    def continues(self) -> tuple[Scenario, ...]:
        """The sections this one continues, without repeats."""
        return tuple(dict.fromkeys(op.section for op in self.setup if isinstance(op, ops.Continue)))

    @property
    def trains_first(self) -> tuple[Scenario, ...]:
        """Sections whose training this one depends on: those it takes a model or optimizer from."""
        found: dict[Scenario, None] = {}
        for op in self.setup:
            if isinstance(op, ops.Continue):
                kinds = {op.section.setup_names[name] for name in op.names}
                if kinds & {Kind.MODEL, Kind.OPTIMIZER}:
                    found.update(dict.fromkeys(op.section.trains_first))
                    found[op.section] = None
        return tuple(found)

    @cached_property
    def setup_names(self) -> Mapping[str, Kind]:
        """Every name the setup makes, with its kind."""
        return {name: kind for op in self.setup for name, kind in op.makes()}

    @property
    def returned(self) -> ops.Return:
        """The step's `Return`."""
        last = self.step[-1]
        if not isinstance(last, ops.Return):  # check_scenario refuses such a step
            raise rules.broken(self, "step", last, "a step that ends with Return")
        return last

    @property
    def step_draws(self) -> bool:
        """Whether a training step draws random numbers, dropout masks included."""
        if any(isinstance(op, ops.Draw) for op in flat(self.step)):
            return True
        called = {name for op in flat(self.step) for name, kind in op.uses() if kind is Kind.MODEL}
        return any(self.model_spec(name).dropout_rates for name in called)

    def origin(self, name: str) -> Origin:
        """The section and the op that made what a name of the setup stands for.

        Args:
            name: a name that the setup makes, itself or by continuing an earlier section, which
                may continue another in its turn.

        Raises:
            SpecError: the setup makes no such name.
        """
        for op in self.setup:
            if any(name == made for made, _ in op.makes()):
                return op.section.origin(name) if isinstance(op, ops.Continue) else Origin(self, op)
        raise rules.broken(self, "setup", name, "a name that this setup makes")

    def maker(self, name: str, kind: type[OpT]) -> OpT:
        """The op of a class that made what a name of the setup stands for.

        Raises:
            SpecError: no op of that class made it.
        """
        op = self.origin(name).op
        if not isinstance(op, kind):
            raise rules.broken(self, "setup", name, f"a name made by {kind.__name__}")
        return op

    def model_spec(self, name: str) -> ModelSpec:
        """The spec of the model called `name`, in whichever section built it."""
        return self.maker(name, ops.BuildModel).model

    def phase(self, name: str) -> tuple[Op, ...]:
        """The ops of one of the five phases."""
        phases: Mapping[str, tuple[Op, ...]] = {
            "setup": self.setup,
            "step": self.step,
            "evaluate": self.evaluate,
            "on_log": self.on_log,
            "on_epoch_end": self.on_epoch_end,
        }
        return phases[name]


@frozen
class Origin:
    """What made an object.

    Attributes:
        section: the section whose setup made it.
        op: the op of that setup.
    """

    section: Scenario
    op: Op


def flat(sequence: tuple[Op, ...]) -> Iterator[Op]:
    """Every op in order, with a gradient scope's body in its place."""
    for op in sequence:
        if isinstance(op, ops.GradScope):
            yield from flat(op.body)
        yield op
