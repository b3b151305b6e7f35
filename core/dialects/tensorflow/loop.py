"""A loop on TensorFlow: the step in the loop where it runs eagerly, else a compiled function."""

from __future__ import annotations

from typing import ClassVar

from attrs import define

from core.dialects.layout import bare, before, call
from core.dialects.nesting import Nesting, in_words
from core.dialects.python.loop import LoopPrinter, returned
from core.dialects.tensorflow.steps import TensorFlowSteps, TensorFlowWords
from core.spec import ops
from core.spec.kinds import Op

GRAPH = "Traced once for each shape of batch, and run as a graph from then on."
RESET = "Without a reset, the next epoch would add to what this one counted."


@define
class TensorFlowLoop(LoopPrinter):
    """Prints a section's loop on TensorFlow."""

    steps: ClassVar[type[TensorFlowSteps]] = TensorFlowSteps
    reset_method: ClassVar[str] = "reset_state"

    @property
    def compiled(self) -> bool:
        """Whether the guide compiles its step."""
        return self.scenario.execution == "graph"

    def printer(self, phase: str) -> TensorFlowSteps:
        """Prints a phase's ops."""
        return self.steps(self.page, phase, self.scenario.phase(phase), TensorFlowWords())

    def define(self) -> None:
        """Prints `train_step` and `test_step` where the guide compiles them."""
        if not self.compiled:
            return
        page, scenario = self.page, self.scenario
        self._function("train_step", "step", scenario.loop.batch, "step")
        for index, op in enumerate(scenario.on_epoch_end):
            if isinstance(op, ops.Validate):
                self._function("test_step", "evaluate", op.batch, f"on_epoch_end[{index}]")
        del page

    def _function(self, name: str, phase: str, arguments: tuple[str, ...], place: str) -> None:
        page, scenario = self.page, self.scenario
        page.line("@tf.function", [f"{place}.function"], GRAPH, gap=True)
        page.line(f"def {name}({', '.join(arguments)}):", [f"{place}.function"])
        with page.block():
            printer = self.printer(phase)
            printer.run(printer.sequence)
            if phase == "step":
                names = [printer.name(n) for n in returned(scenario)]
                where = [f"step[{len(scenario.step) - 1}]"]
                page.line(before("return ", bare(*names)), where)

    def step(self) -> None:
        """Prints the step itself, or the call of its function."""
        if not self.compiled:
            printer = self.printer("step")
            printer.run(printer.sequence)
            return
        nesting = Nesting(self.scenario.step, in_words)
        names = ", ".join(nesting.variable(n) for n in returned(self.scenario))
        value = call("train_step", *self.scenario.loop.batch)
        self.page.assign(names, value, ["step.call"])

    def validation_step(self, op: ops.Validate, place: str) -> None:
        """Prints an evaluation step, or the call of its function."""
        if self.compiled:
            self.page.line(call("test_step", *op.batch), [f"{place}.call"])
            return
        printer = self.printer("evaluate")
        printer.run(printer.sequence)

    def on_log_op(self, op: Op) -> None:
        """Prints a draw or a call for a sample image."""
        printer = self.printer("on_log")
        written = [w for w in printer.nesting.statements(printer.sequence) if w.op is op]
        for one in written:
            printer.statement(one)

    def read(self, op: ops.ReadMetric, place: str) -> None:
        """Prints `metric.result()`."""
        gap = place.endswith("[0]")
        self.page.assign(op.out, f"{self.page.name(op.metric)}.result()", [place], gap=gap)

    def reset(self, op: ops.ResetMetric, place: str) -> None:
        """Prints the metric's reset."""
        self.page.line(f"{self.page.name(op.metric)}.{self.reset_method}()", [place], RESET)
