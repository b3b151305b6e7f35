"""Models as Python statements: layers called one after the other, or a list of them."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

from core.dialects.layout import Expr, Group, after, call
from core.dialects.plan import Event, SetUp
from core.dialects.python.layers import ACTIVITY_LAYER, LayerWords, number, quoted, sizes
from core.dialects.python.page import Page
from core.spec import layers, ops
from core.spec.parts import ModelSpec


def built_more_than_once(events: tuple[Event, ...]) -> tuple[ModelSpec, ...]:
    """Models that a program builds several times, which get a function of their own."""
    specs = [
        op.model
        for event in events
        if isinstance(event, SetUp)
        for position in event.positions
        if isinstance(op := event.scenario.setup[position], ops.BuildModel)
    ]
    return tuple(dict.fromkeys(spec for spec in specs if specs.count(spec) > 1))


@define
class ModelPrinter:
    """Prints the models of one program.

    Attributes:
        page: where they are printed.
        words: how this dialect writes layers.
        repeated: models that get a function.
    """

    page: Page
    words: LayerWords
    repeated: tuple[ModelSpec, ...]
    _functions: dict[ModelSpec, str] = field(factory=dict)
    _shared: set[str] = field(factory=set)
    _classes: set[tuple[float, str, bool]] = field(factory=set)

    def build(self, op: ops.BuildModel, place: str, comment: str) -> None:
        """Prints what builds a model."""
        page = self.page
        self._definitions(op.model, place)
        target = page.name(op.out)
        if op.model not in self.repeated:
            self._model(op.model, place, target, comment)
            return
        if op.model not in self._functions:
            name = "get_model" if not self._functions else f"get_{op.out}"
            self._functions[op.model] = name
            page.line(f"def {name}():", [place], gap=True)
            with page.block():
                self._model(op.model, place, "", "")
        page.assign(target, f"{self._functions[op.model]}()", [place], comment, gap=True)

    def _model(self, spec: ModelSpec, place: str, target: str, comment: str) -> None:
        """The statements of one model; without a target it is returned."""
        page = self.page
        name = quoted(spec.name)
        given = call("keras.Input", shape=sizes(spec.input.shape), name=quoted(spec.input.name))
        stack = [
            (f"{place}.{n}", self.words.layer(layer, self._initializer))
            for n, layer in enumerate(spec.layers)
        ]
        if spec.style == "sequential":
            items = (given, *(layer for _, layer in stack))
            listed = Group("[", items, "]")
            model = Group("keras.Sequential(", (listed,))
            if name is not None:
                model = call("keras.Sequential", listed, name=name)
            if target:
                page.assign(target, model, [place], comment, gap=True)
            else:
                page.line(Group("return keras.Sequential(", model.items), [place])
            return
        page.assign("inputs", given, [f"{place}.input"], comment, gap=bool(target))
        value = "inputs"
        for (where, layer), last in _marked_last(stack):
            result = "outputs" if last else "x"
            page.assign(result, after(layer, f"({value})"), [where])
            value = result
        model = call("keras.Model", inputs="inputs", outputs="outputs", name=name)
        if target:
            page.assign(target, model, [place])
        else:
            page.line(Group(f"return {model.head}", model.items), [place])

    def _definitions(self, spec: ModelSpec, place: str) -> None:
        """Shared initializers and layer classes that the model needs, before it."""
        for layer in spec.layers:
            made = getattr(layer, "kernel_initializer", None)
            if (
                isinstance(made, layers.RandomNormal)
                and made.shared
                and made.shared not in self._shared
            ):
                self._shared.add(made.shared)
                self.page.assign(
                    made.shared,
                    _random_normal(made),
                    [f"{place}.{made.shared}"],
                    "One instance keeps one seed: kernels of one shape start out alike.",
                    gap=True,
                )
            if isinstance(layer, layers.ActivityRegularization):
                self._activity(layer, place)

    def _initializer(self, spec: layers.RandomNormal) -> Expr:
        return spec.shared if spec.shared else _random_normal(spec)

    def _activity(self, layer: layers.ActivityRegularization, place: str) -> None:
        wanted = (layer.factor, layer.reduction, layer.registered)
        if wanted in self._classes:
            return
        self._classes.add(wanted)
        page = self.page
        where = [f"{place}.layer"]
        if layer.registered:
            page.line("@keras.saving.register_keras_serializable()", where, gap=True)
        base = f"{self.words.module}.Layer"
        page.line(f"class {ACTIVITY_LAYER}({base}):", where, gap=True)
        with page.block():
            page.line("def call(self, inputs):", where)
            with page.block():
                total = self.words.total[layer.reduction]
                page.line(f"self.add_loss({number(layer.factor)} * {total}(inputs))", where)
                page.line("return inputs", where)


def _random_normal(spec: layers.RandomNormal) -> Group:
    return call("keras.initializers.RandomNormal", stddev=number(spec.stddev))


def _marked_last(
    stack: list[tuple[str, Expr]],
) -> Iterator[tuple[tuple[str, Expr], bool]]:
    for index, layer in enumerate(stack):
        yield layer, index == len(stack) - 1
