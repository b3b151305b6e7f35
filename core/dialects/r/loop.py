"""A loop in R: an iterator per epoch, steps counted from 1."""

from __future__ import annotations

from attrs import define, field

from core.dialects.python.loop import returned
from core.dialects.r.layout import r_call
from core.dialects.r.page import RPage
from core.dialects.r.printing import RNumbers
from core.dialects.r.steps import RSteps
from core.spec import Scenario, ops
from core.spec.kinds import Op

GRAPH = "Traced once for each shape of batch, and run as a graph from then on."
RESET = "Without a reset, the next epoch would add to what this one counted."
BREAK = "A taste only: without these lines the epoch is trained to its end."
USED_UP = "An earlier loop has used this iterator up: nothing below is trained."
SHEET = """\
save_sheet <- function(images, rows, columns, file) {
  tiles <- as.array(images)[seq_len(rows * columns), , , 1]
  gray <- function(tile) (tile - min(tile)) / max(max(tile) - min(tile), 1e-12)
  tiles <- lapply(seq_len(rows * columns), function(i) gray(tiles[i, , ]))
  sheet_rows <- split(tiles, rep(seq_len(rows), each = columns))
  sheet <- do.call(rbind, lapply(sheet_rows, function(row) do.call(cbind, row)))
  image_array_save(array_reshape(sheet * 255, c(dim(sheet), 1)), file)
}"""


@define
class RLoop:
    """Prints one section's loop."""

    page: RPage
    scenario: Scenario
    numbers: RNumbers = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.numbers = RNumbers(self.scenario.loop, self.page.name(self.scenario.loop.dataset))

    @property
    def _compiled(self) -> bool:
        return self.scenario.execution == "graph"

    def print(self) -> None:
        """Prints functions and loop."""
        page, scenario, loop = self.page, self.scenario, self.scenario.loop
        opened = scenario.maker(loop.dataset, ops.OpenDataset)
        if page.batch_size != opened.batch:
            page.put("batch_size", str(opened.batch), ["loop.batch_size"], gap=True)
            page.batch_size = opened.batch
        if self._compiled:
            self._functions()
        if loop.exhausted:
            page.put(
                "iterator",
                f"as_iterator({page.name(loop.dataset)})",
                ["loop.exhausted"],
                USED_UP,
                gap=True,
            )
            page.code("while (!is.null(iter_next(iterator))) {}", ["loop.exhausted"])
        timed = any(line.timed for line in loop.closing)
        page.put("epochs", str(loop.epochs), ["loop.epochs"], gap=True)
        if timed:
            page.put("loop_start", "Sys.time()", ["loop.time"])
        page.code("for (epoch in seq_len(epochs)) {", ["loop.epochs"])
        page.depth += 1
        self._epoch()
        page.depth -= 1
        page.code("}", ["loop.epochs"])
        closing = RNumbers(loop, self.numbers.dataset, "loop_start")
        for index, line in enumerate(loop.closing):
            page.code(closing.printed(line.template), [f"loop.closing[{index}]"])

    def _functions(self) -> None:
        scenario = self.scenario
        self._function("train_step", "step", scenario.loop.batch, "step")
        for index, op in enumerate(scenario.on_epoch_end):
            if isinstance(op, ops.Validate):
                self._function("test_step", "evaluate", op.batch, f"on_epoch_end[{index}]")

    def _function(self, name: str, phase: str, arguments: tuple[str, ...], place: str) -> None:
        page = self.page
        header = f"{name} <- tf_function(function({', '.join(arguments)}) {{"
        page.code(header, [f"{place}.function"], GRAPH, gap=True)
        page.depth += 1
        steps = RSteps(page, phase, self.scenario.phase(phase))
        steps.size_first()
        steps.run(steps.sequence)
        if phase == "step":
            names = [steps.name(name) for name in returned(self.scenario)]
            value = names[0] if len(names) == 1 else r_call("list", *names)
            page.code(value, [f"step[{len(self.scenario.step) - 1}]"])
        page.depth -= 1
        page.code("})", [f"{place}.function"])

    def _epoch(self) -> None:
        page, scenario, loop = self.page, self.scenario, self.scenario.loop
        for index, line in enumerate(loop.announce):
            page.code(self.numbers.printed(line.template), [f"loop.announce[{index}]"])
        if any(isinstance(op, ops.Log) and op.timed for op in scenario.on_epoch_end):
            page.put("start_time", "Sys.time()", ["loop.time"])
        if not loop.exhausted:
            dataset = page.name(loop.dataset)
            page.put("iterator", f"as_iterator({dataset})", ["loop.batch"])
        page.put("step", "0", ["loop.batch"])
        single = len(loop.batch) == 1
        held = loop.batch[0] if single else "batch"
        page.code(f"while (!is.null({held} <- iter_next(iterator))) {{", ["loop.batch"])
        page.depth += 1
        if not single:
            page.code(f"c({', '.join(loop.batch)}) %<-% batch", ["loop.batch"])
        page.put("step", "step + 1", ["loop.batch"])
        self._step()
        self._log()
        if loop.break_above is not None:
            page.code(
                f"if ({self.numbers.step} > {loop.break_above}) break".replace("(step)", "step"),
                ["loop.break"],
                BREAK,
                gap=True,
            )
        page.depth -= 1
        page.code("}", ["loop.batch"])
        for index, op in enumerate(scenario.on_epoch_end):
            self._end(op, f"on_epoch_end[{index}]", first=index == 0)

    def _step(self) -> None:
        page, scenario = self.page, self.scenario
        steps = RSteps(page, "step", scenario.step)
        if not self._compiled:
            steps.run(steps.sequence)
            return
        names = [steps.name(name) for name in returned(scenario)]
        called = r_call("train_step", *scenario.loop.batch)
        if len(names) == 1:
            page.put(names[0], called, ["step.call"])
        else:
            page.code(f"c({', '.join(names)}) %<-% {called}", ["step.call"])

    def _log(self) -> None:
        page, scenario, loop = self.page, self.scenario, self.scenario.loop
        if not scenario.on_log:
            return
        condition = f"if ({self.numbers.step} %% {loop.log_every} == 0) {{"
        page.code(condition, ["loop.log"], gap=True)
        page.depth += 1
        for index, op in enumerate(scenario.on_log):
            place = f"on_log[{index}]"
            match op:
                case ops.Log():
                    page.code(self.numbers.printed(op.template), [place])
                case ops.SaveImage():
                    pixels = f"as.array({op.images})[1, , , , drop = FALSE] * {op.scale:g}"
                    pixels += f" + {op.offset:g}" if op.offset else ""
                    page.put("image", pixels, [place])
                    page.put("image", "array_reshape(image, dim(image)[-1])", [place])
                    page.code(
                        r_call(
                            "image_array_save", "image", self.numbers.text(op.file), scale="FALSE"
                        ),
                        [place],
                    )
                case ops.Sheet():
                    file = self.numbers.text(op.file)
                    page.code(
                        r_call("save_sheet", op.images, f"{op.rows}", f"{op.columns}", file),
                        [place],
                    )
                case _:
                    self._sample(op)
        page.depth -= 1
        page.code("}", ["loop.log"])

    def _sample(self, op: Op) -> None:
        steps = RSteps(self.page, "on_log", self.scenario.on_log)
        for written in steps.nesting.statements(steps.sequence):
            if written.op is op:
                steps.statement(written)

    def _end(self, op: Op, place: str, *, first: bool) -> None:
        page = self.page
        match op:
            case ops.ReadMetric():
                page.put(op.out, f"{page.name(op.metric)}$result()", [place], gap=first)
            case ops.ResetMetric():
                page.code(f"{page.name(op.metric)}$reset_state()", [place], RESET)
            case ops.Validate():
                self._validate(op, place)
            case ops.SaveModel():
                file = self.numbers.text(op.file)
                page.code(r_call("save_model", page.name(op.model), file), [place])
            case ops.Log():
                page.code(self.numbers.printed(op.template), [place], gap=first)

    def _validate(self, op: ops.Validate, place: str) -> None:
        page = self.page
        page.code(f"iterate({page.name(op.dataset)}, function(val_batch) {{", [place], gap=True)
        page.depth += 1
        page.code(f"c({', '.join(op.batch)}) %<-% val_batch", [place])
        if self._compiled:
            page.code(r_call("test_step", *op.batch), [f"{place}.call"])
        else:
            steps = RSteps(page, "evaluate", self.scenario.evaluate)
            steps.run(steps.sequence)
        page.depth -= 1
        page.code("})", [place])
