"""The epochs and batches around a step, what is logged, and what ends an epoch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext

from attrs import define, field

from core.dialects.layout import Expr, Group, bare, before, call, flat
from core.dialects.program import Watch
from core.dialects.python import saving
from core.dialects.python.logging import Numbers
from core.dialects.python.page import Page
from core.spec import Scenario, ops
from core.spec.kinds import Op


class Between:
    """What a dialect may print between the parts of a loop; nothing unless it says so."""

    def before_epochs(self) -> None:
        """Prints what stands before the loop over epochs."""

    def after_epochs(self) -> None:
        """Prints what stands after the loop over epochs."""

    def before_batches(self) -> None:
        """Prints what stands before the loop over batches."""

    def after_batches(self) -> None:
        """Prints what stands after the loop over batches."""

    def before_log(self) -> None:
        """Prints what stands before what a loop logs."""

    def after_log(self) -> None:
        """Prints what stands after what a loop logs."""

    def before_saving(self, model: str) -> None:
        """Prints what makes a model ready to be saved."""


@define
class LoopPrinter(Between, ABC):
    """Prints one section's loop.

    Attributes:
        page: where it is printed.
        scenario: the section.
    """

    page: Page
    scenario: Scenario
    numbers: Numbers = field(init=False)

    def __attrs_post_init__(self) -> None:
        loop = self.scenario.loop
        self.numbers = Numbers(loop, self.batches(self.page.name(loop.dataset)))

    def batches(self, dataset: str) -> str:
        """The number of batches in a pass."""
        return f"len({dataset})"

    @abstractmethod
    def define(self) -> None:
        """Prints the functions that the loop calls."""

    @abstractmethod
    def step(self) -> None:
        """Prints one training step inside the loop."""

    @abstractmethod
    def validation_step(self, op: ops.Validate, place: str) -> None:
        """Prints one evaluation step inside the loop over a validation set."""

    @abstractmethod
    def on_log_op(self, op: Op) -> None:
        """Prints a draw or a model's call of the logging phase."""

    @abstractmethod
    def read(self, op: ops.ReadMetric, place: str) -> None:
        """Prints the reading of a metric."""

    @abstractmethod
    def reset(self, op: ops.ResetMetric, place: str) -> None:
        """Prints a metric's reset."""

    def validating(self) -> AbstractContextManager[None]:
        """What a validation pass stands inside."""
        return nullcontext()

    def pass_over(self, dataset: str, batch: Expr, sequence: list[str]) -> None:
        """Prints the header of a validation pass over a dataset in its own order."""
        self.page.line(f"for {flat(batch)} in {dataset}:", sequence, gap=True)

    def print(self) -> Watch:
        """Prints everything and says what of a run is to be compared."""
        page, loop = self.page, self.scenario.loop
        opened = self.scenario.maker(loop.dataset, ops.OpenDataset)
        if page.batch_size != opened.batch:
            page.assign("batch_size", str(opened.batch), ["loop.batch_size"], gap=True)
            page.batch_size = opened.batch
        self.define()
        dataset = self._iterated()
        self.before_epochs()
        closing = [line for line in loop.closing if line.timed]
        gap = True
        if closing:
            page.assign("loop_start", "time.time()", ["loop.time"], gap=True)
            gap = False
        page.assign("epochs", str(loop.epochs), ["loop.epochs"], gap=gap)
        first = loop.first_epoch
        epochs = f"range({first}, epochs + {first})" if first else "range(epochs)"
        page.line(f"for epoch in {epochs}:", ["loop.epochs"])
        with page.block():
            watch = self._epoch(dataset)
        for index, line in enumerate(loop.closing):
            numbers = Numbers(loop, self.numbers.batches, "loop_start")
            page.line(numbers.printed(line.template), [f"loop.closing[{index}]"], gap=index == 0)
        self.after_epochs()
        return watch

    def _iterated(self) -> str:
        """What the loop goes over: the dataset, or an iterator that nothing is left of."""
        page, loop = self.page, self.scenario.loop
        dataset = page.name(loop.dataset)
        if not loop.exhausted:
            return dataset
        page.assign(
            "iterator",
            f"iter({dataset})",
            ["loop.exhausted"],
            "An earlier loop has used this iterator up: nothing below is trained.",
            gap=True,
        )
        page.line("for _ in iterator:", ["loop.exhausted"])
        with page.block():
            page.line("pass", ["loop.exhausted"])
        return "iterator"

    def _epoch(self, dataset: str) -> Watch:
        page, loop, scenario = self.page, self.scenario.loop, self.scenario
        for index, line in enumerate(loop.announce):
            page.line(self.numbers.printed(line.template), [f"loop.announce[{index}]"])
        if any(isinstance(op, ops.Log) and op.timed for op in scenario.on_epoch_end):
            page.assign("start_time", "time.time()", ["loop.time"])
        self.before_batches()
        counted: list[Expr] = [dataset]
        if loop.first_step:
            counted.append(f"start={loop.first_step}")
        held = loop.batch[0] if len(loop.batch) == 1 else f"({', '.join(loop.batch)})"
        header = Group(f"for step, {self.held(held)} in enumerate(", tuple(counted), "):")
        page.line(header, ["loop.batch"], gap=page.statements[-1].ops != ("step.pack",))
        with page.block():
            self.step()
            self._log()
            if loop.break_above is not None:
                page.line(
                    f"if step > {loop.break_above}:",
                    ["loop.break"],
                    "A taste only: without these two lines the epoch is trained to its end.",
                    gap=True,
                )
                with page.block():
                    page.line("break", ["loop.break"])
        self.after_batches()
        for index, op in enumerate(scenario.on_epoch_end):
            self._end_of_epoch(op, f"on_epoch_end[{index}]", first=index == 0)
        return Watch(
            begin=0,
            losses=tuple(scenario.returned.losses),
            models={
                name: page.name(name)
                for name, kind in scenario.setup_names.items()
                if kind.value == "model"
            },
            metrics={
                op.out: op.out for op in scenario.on_epoch_end if isinstance(op, ops.ReadMetric)
            },
        )

    def held(self, names: str) -> str:
        """What one batch is taken apart into, from its names."""
        return names

    def _log(self) -> None:
        page, scenario, loop = self.page, self.scenario, self.scenario.loop
        if not scenario.on_log:
            return
        page.line(f"if step % {loop.log_every} == 0:", ["loop.log"], gap=True)
        with page.block():
            self.before_log()
            for index, op in enumerate(scenario.on_log):
                place = f"on_log[{index}]"
                match op:
                    case ops.Log():
                        page.line(self.numbers.printed(op.template), [place])
                    case ops.SaveImage():
                        saving.image(page, op, place, self.numbers)
                    case ops.Sheet():
                        saving.sheet(page, op, place, self.numbers)
                    case _:
                        self.on_log_op(op)
            self.after_log()

    def _end_of_epoch(self, op: Op, place: str, *, first: bool) -> None:
        page = self.page
        match op:
            case ops.ReadMetric():
                self.read(op, place)
            case ops.ResetMetric():
                self.reset(op, place)
            case ops.Validate():
                with self.validating():
                    self.pass_over(page.name(op.dataset), bare(*op.batch), [place])
                    with page.block():
                        self.validation_step(op, place)
            case ops.SaveModel():
                self.before_saving(op.model)
                saving.model(page, op, place, self.numbers)
            case ops.Log():
                page.line(self.numbers.printed(op.template), [place], gap=first)


def returned(scenario: Scenario) -> tuple[str, ...]:
    """Names of what a step hands back."""
    back = scenario.returned
    return (*back.losses, *back.tensors)


def results(name: str, function: str, arguments: tuple[str, ...]) -> Expr:
    """A call whose results are taken apart."""
    return before(f"{name} = ", call(function, *arguments))
