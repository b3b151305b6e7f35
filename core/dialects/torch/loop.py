"""A loop on torch: nothing is compiled, and batches in order need no loader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from attrs import define

from core.dialects.layout import Expr, bare, before, call, flat
from core.dialects.nesting import Nesting, in_words
from core.dialects.python.loop import LoopPrinter, returned
from core.dialects.tensorflow.loop import RESET
from core.dialects.torch.steps import TorchSteps, TorchWords
from core.spec import ops
from core.spec.kinds import Op


@define
class TorchLoop(LoopPrinter):
    """Prints a section's loop on torch."""

    @property
    def apart(self) -> bool:
        """Whether the guide puts its step into a function."""
        return self.scenario.execution == "graph"

    def printer(self, phase: str, *, unrecorded: bool = False) -> TorchSteps:
        """Prints a phase's ops."""
        sequence = self.scenario.phase(phase)
        return TorchSteps(self.page, phase, sequence, TorchWords(), unrecorded=unrecorded)

    def define(self) -> None:
        """Prints `train_step` where the guide has one."""
        if not self.apart:
            return
        page, scenario = self.page, self.scenario
        arguments = ", ".join(scenario.loop.batch)
        page.line(f"def train_step({arguments}):", ["step.function"], gap=True)
        with page.block():
            printer = self.printer("step")
            printer.run(printer.sequence)
            names = [printer.name(n) for n in returned(scenario)]
            page.line(before("return ", bare(*names)), [f"step[{len(scenario.step) - 1}]"])

    def step(self) -> None:
        """Prints the step itself, or the call of its function."""
        if not self.apart:
            printer = self.printer("step")
            printer.run(printer.sequence)
            return
        nesting = Nesting(self.scenario.step, in_words)
        names = ", ".join(nesting.variable(n) for n in returned(self.scenario))
        self.page.assign(names, call("train_step", *self.scenario.loop.batch), ["step.call"])

    def held(self, names: str) -> str:
        """A loader over images alone yields the images themselves."""
        return names

    def validating(self) -> AbstractContextManager[None]:
        """`torch.no_grad`."""
        return self._no_grad()

    @contextmanager
    def _no_grad(self) -> Iterator[None]:
        self.page.line("with torch.no_grad():", ["evaluate.no_grad"], gap=True)
        with self.page.block():
            yield

    def pass_over(self, dataset: str, batch: Expr, sequence: list[str]) -> None:
        """Prints a pass over the batches; they were cut when the dataset was opened."""
        self.page.line(f"for {flat(batch)} in {dataset}:", sequence)

    def validation_step(self, op: ops.Validate, place: str) -> None:
        """Prints an evaluation step."""
        del op, place
        printer = self.printer("evaluate", unrecorded=True)
        printer.run(printer.sequence)

    def on_log_op(self, op: Op) -> None:
        """Prints a draw or a call for a sample image."""
        printer = self.printer("on_log")
        if isinstance(op, ops.Call):
            self.page.line("with torch.no_grad():", ["on_log.no_grad"])
            with self.page.block():
                self._one(self.printer("on_log", unrecorded=True), op)
        else:
            self._one(printer, op)

    def _one(self, printer: TorchSteps, op: Op) -> None:
        for written in printer.nesting.statements(printer.sequence):
            if written.op is op:
                printer.statement(written)

    def read(self, op: ops.ReadMetric, place: str) -> None:
        """Prints `metric.result()`."""
        gap = place.endswith("[0]")
        self.page.assign(op.out, f"{self.page.name(op.metric)}.result()", [place], gap=gap)

    def reset(self, op: ops.ResetMetric, place: str) -> None:
        """Prints the metric's reset."""
        self.page.line(f"{self.page.name(op.metric)}.reset_state()", [place], RESET)
