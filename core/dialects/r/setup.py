"""A section's setup in R: models by pipes, data by R's own arrays."""

from __future__ import annotations

from attrs import define, field

from core.dialects.plan import SetUp
from core.dialects.python.layers import number, quoted
from core.dialects.r import layers as r_layers
from core.dialects.r.layout import piped, r_call, vector
from core.dialects.r.page import RPage
from core.errors import SpecError
from core.spec import layers, ops
from core.spec.kinds import Op
from core.spec.parts import ModelSpec

FRESH = "A fresh model, with weights of its own."
SPLIT = "sample.int draws from R's own generator, which the seed above set as well."


@define
class RSetup:
    """Prints setups.

    Attributes:
        page: where they are printed.
        repeated: models that get a function.
        labelled: whether a dataset's batches hold labels, by variable.
    """

    page: RPage
    repeated: tuple[ModelSpec, ...]
    labelled: dict[str, bool]
    _functions: dict[ModelSpec, str] = field(factory=dict)
    _defined: set[str] = field(factory=set)
    _images: set[str] = field(factory=set)

    def print(self, event: SetUp) -> None:
        """Prints the ops of a section's setup that the program needs."""
        tools = False
        for position in event.positions:
            op = event.scenario.setup[position]
            tool = isinstance(op, ops.MakeOptimizer | ops.MakeLoss | ops.MakeMetric)
            self._op(op, f"setup[{position}]", gap=not (tool and tools))
            tools = tool

    def _op(self, op: Op, place: str, *, gap: bool) -> None:
        page = self.page
        match op:
            case ops.BuildModel():
                self._build(op, place)
            case ops.MakeOptimizer():
                page.put(page.name(op.out), r_layers.optimizer(op.optimizer), [place], gap=gap)
            case ops.MakeLoss():
                page.put(page.name(op.out), r_layers.loss(op.loss), [place], gap=gap)
            case ops.MakeMetric():
                page.put(page.name(op.out), r_layers.METRIC, [place], gap=gap)
            case ops.LoadImages():
                self._load(op, place)
            case ops.SplitData():
                self._split(op, place)
            case ops.OpenDataset():
                self._open(op, place)
            case ops.SeedFramework():
                page.code(f"tf$random$set_seed({op.seed}L)", [place], gap=True)
            case ops.Log():
                text = op.template.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
                page.code(f'cat("{text}\\n")', [place], gap=True)
            case _:
                raise SpecError(
                    f"op = {op!r}",
                    where="RSetup",
                    expected="an op of the setup vocabulary",
                    remedy="add a case for it to core/dialects/r/setup.py",
                )

    def _build(self, op: ops.BuildModel, place: str) -> None:
        page, target = self.page, self.page.name(op.out)
        self._definitions(op.model, place)
        again = any(s.code.startswith(f"{target} <- ") for s in page.statements)
        if op.model not in self.repeated:
            self._model(op.model, place, target, FRESH if again else "")
            return
        if op.model not in self._functions:
            name = "get_model" if not self._functions else f"get_{op.out}"
            self._functions[op.model] = name
            page.code(f"{name} <- function() {{", [place], gap=True)
            page.depth += 1
            self._model(op.model, place, "", "")
            page.depth -= 1
            page.code("}", [place])
        page.put(
            target, f"{self._functions[op.model]}()", [place], FRESH if again else "", gap=True
        )

    def _model(self, spec: ModelSpec, place: str, target: str, comment: str) -> None:
        page = self.page
        rows = [r_layers.layer(layer) for layer in spec.layers]
        indent = 2 * page.depth
        name = quoted(spec.name)
        if spec.style == "sequential":
            first = r_call(
                "keras_model_sequential", input_shape=vector(spec.input.shape), name=name
            )
            pipe = piped(first, rows, indent)
            page.code(f"{target} <- {pipe}" if target else pipe, [place], comment, gap=True)
            return
        given = r_call("keras_input", shape=vector(spec.input.shape), name=quoted(spec.input.name))
        page.put("inputs", given, [f"{place}.input"], comment, gap=bool(target))
        where = [f"{place}.{number_}" for number_ in range(len(rows))]
        page.code(f"outputs <- {piped('inputs', rows, indent)}", where)
        made = r_call("keras_model", inputs="inputs", outputs="outputs", name=name)
        page.code(f"{target} <- {made}" if target else made, [place])

    def _definitions(self, spec: ModelSpec, place: str) -> None:
        page = self.page
        for layer in spec.layers:
            made = getattr(layer, "kernel_initializer", None)
            if (
                isinstance(made, layers.RandomNormal)
                and made.shared
                and made.shared not in self._defined
            ):
                self._defined.add(made.shared)
                page.put(
                    made.shared, r_layers.random_normal(made), [f"{place}.{made.shared}"], gap=True
                )
            if (
                isinstance(layer, layers.ActivityRegularization)
                and repr(layer) not in self._defined
            ):
                self._defined.add(repr(layer))
                total = f"{number(layer.factor)} * {r_layers.TOTALS[layer.reduction]}(inputs)"
                page.code(
                    f"{r_layers.ACTIVITY_LAYER} <- Layer(\n"
                    '  "ActivityRegularizationLayer",\n'
                    "  call = function(inputs) {\n"
                    f"    self$add_loss({total})\n"
                    "    inputs\n"
                    "  }\n"
                    ")",
                    [f"{place}.layer"],
                    gap=True,
                )

    def _load(self, op: ops.LoadImages, place: str) -> None:
        page, x, y = self.page, f"x_{op.out}", f"y_{op.out}"
        joined = len(op.parts) > 1
        first = ("x_train", "y_train") if joined else (x, y)
        if page.options.data is None:
            train = f"c({first[0]}, {first[1]})"
            page.code(f"c({train}, c(x_test, y_test)) %<-% dataset_mnist()", [place], gap=True)
        else:
            page.put(
                "images",
                f'reticulate::import("numpy")$load("{page.options.data}")',
                [place],
                gap=True,
            )
            parts = [(first[0], "x_train"), (first[1], "y_train")]
            parts += [("x_test", "x_test"), ("y_test", "y_test")] if joined else []
            for name, key in parts:
                page.put(name, f'images$f[["{key}"]]', [place])
        if joined:
            page.put(x, "op_concatenate(list(x_train, x_test))", [place])
            page.put(y, "op_concatenate(list(y_train, y_test))", [place])
        shape = "c(-1, 784)" if op.layout == "flat" else "c(-1, 28, 28, 1)"
        reshape = "op_reshape" if joined or op.dtype == "float32" else "array_reshape"
        page.put(x, f"{reshape}({x}, {shape})", [place])
        if op.layout == "image":
            self._images.add(op.out)
        if op.dtype == "float32":
            value = f'op_cast({x}, "float32")'
            value = f"({value} - {number(op.offset)})" if op.offset else value
            value = f"{value} / {number(op.divisor)}" if op.divisor != 1.0 else value
            page.put(x, value, [place])

    def _split(self, op: ops.SplitData, place: str) -> None:
        page, x, y = self.page, f"x_{op.source}", f"y_{op.source}"
        if op.how == "last":
            page.put("val_i", f"seq(to = nrow({x}), length.out = {op.reserve})", [place], gap=True)
        else:
            page.put("val_i", f"sample.int(nrow({x}), {op.reserve})", [place], SPLIT, gap=True)
        rest = ", , , drop = FALSE]" if op.source in self._images else "]"
        page.put(f"x_{op.validation}", f"{x}[val_i, {rest}", [place])
        page.put(f"y_{op.validation}", f"{y}[val_i]", [place])
        page.put(f"x_{op.train}", f"{x}[-val_i, {rest}", [place])
        page.put(f"y_{op.train}", f"{y}[-val_i]", [place])

    def _open(self, op: ops.OpenDataset, place: str) -> None:
        page, x, y = self.page, f"x_{op.source}", f"y_{op.source}"
        size = "batch_size"
        looped = page.scenario.loop.dataset == op.out
        if page.batch_size != op.batch:
            if looped or page.batch_size is None:
                page.put("batch_size", str(op.batch), [f"{place}.batch"], gap=True)
                page.batch_size = op.batch
            else:
                size = str(op.batch)
        target = page.name(op.out)
        steps = ["tensor_slices_dataset()"]
        if op.shuffle:
            steps.append(f"dataset_shuffle(buffer_size = {op.shuffle})")
        steps.append(f"dataset_batch({size})")
        first = f"list({x}, {y})" if self.labelled.get(target, True) else x
        page.code(f"{target} <- {piped(first, steps, 2 * page.depth)}", [place])
