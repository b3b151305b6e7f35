"""The fit dialect, on TensorFlow: the guides' own datasets, without the guides' loops."""

from __future__ import annotations

from typing import ClassVar

from core.dialects.fit.shape import supervised, trained_models
from core.dialects.layout import Group, call
from core.dialects.plan import Event
from core.dialects.program import Watch
from core.dialects.python.layers import LayerWords
from core.dialects.python.needs import needs_time
from core.dialects.python.page import Page
from core.dialects.tensorflow import TensorFlowDialect
from core.dialects.tensorflow.loop import TensorFlowLoop
from core.spec import Scenario, ops

RESETS = "fit resets its metrics itself, before each epoch and before each validation."
XLA = "Without XLA the sums run in the loop's order."
ON = "Compiled above already: weights, slots and all go on."


class FitDialect(TensorFlowDialect):
    """`compile` and `fit` in place of a loop.

    Attributes:
        one_iterator: whether all epochs share one iterator.
    """

    id: ClassVar[str] = "fit"
    name: ClassVar[str] = "compile and fit"
    one_iterator: ClassVar[bool] = False
    words: ClassVar[LayerWords] = LayerWords(
        "keras.layers", "negative_slope", {"sum": "keras.ops.sum", "mean": "keras.ops.mean"}
    )

    def refusal(self, scenario: Scenario) -> str | None:
        """`fit` trains one model by one loss."""
        if supervised(scenario) is not None:
            return None
        models = trained_models(scenario) or "what it trains"
        return (
            f"fit trains one model on images and labels, and this step treats {models} differently"
        )

    def prints_time(self, events: tuple[Event, ...]) -> bool:
        """`fit` prints its own times."""
        del events
        return False

    def keeps(self, scenario: Scenario, op: ops.MakeMetric) -> bool:
        """Only what training updates: validation uses the same metric."""
        found = supervised(scenario)
        return found is None or op.out in found.metrics

    def train(self, page: Page, scenario: Scenario) -> Watch:
        """Prints `compile`, once for each model and optimizer, and `fit`."""
        found = supervised(scenario)
        assert found is not None
        model, optimizer = page.name(found.model), page.name(found.optimizer)
        compiled = f"{model} {optimizer}"
        step = [f"step[{index}]" for index in range(len(scenario.step))]
        comment = ON
        if compiled not in page.known:
            page.known.add(compiled)
            listed = tuple(page.name(metric) for metric in found.metrics)
            named = call(
                f"{model}.compile",
                optimizer=optimizer,
                loss=page.name(found.loss),
                metrics=Group("[", listed, "]") if listed else None,
                jit_compile="False",
            )
            page.line(named, ["compile"], XLA, gap=True)
            comment = RESETS if listed else ""
        validation = [op for op in scenario.on_epoch_end if isinstance(op, ops.Validate)]
        dataset = page.name(scenario.loop.dataset)
        fitted = call(
            f"{model}.fit",
            self.dataset(dataset, scenario.loop.epochs),
            epochs=str(scenario.loop.epochs),
            steps_per_epoch=f"len({dataset})" if self.one_iterator else None,
            validation_data=page.name(validation[0].dataset) if validation else None,
            verbose="2",
        )
        evaluated = [f"evaluate[{index}]" for index in range(len(scenario.evaluate))]
        sequence = ["loop.epochs", "loop.batch", *step, *evaluated]
        sequence += [f"on_epoch_end[{index}]" for index in range(len(scenario.on_epoch_end))]
        page.assign("history", fitted, sequence, comment, gap=True)
        return Watch(
            begin=0,
            losses=(),
            models={found.model: model},
            metrics=_readings(scenario, found.metrics),
        )

    def dataset(self, name: str, epochs: int) -> str:
        """What `fit` goes over."""
        del epochs
        return name


class FitInOrder(FitDialect):
    """`fit` over one iterator for all epochs, which sees the orders that the loop sees.

    Earlier sections keep their loops. Not a dialect to read: the control that tells another order
    of samples from another training.
    """

    one_iterator: ClassVar[bool] = True

    def dataset(self, name: str, epochs: int) -> str:
        """All epochs in a row, of a length that Keras cannot know: it opens nothing ahead."""
        return f"{name}.repeat({epochs}).filter(lambda *_: True)"

    def prints_time(self, events: tuple[Event, ...]) -> bool:
        """Earlier sections print theirs."""
        return needs_time(events)

    def keeps(self, scenario: Scenario, op: ops.MakeMetric) -> bool:
        """Earlier sections validate as their loops do."""
        del scenario, op
        return True

    def train(self, page: Page, scenario: Scenario) -> Watch:
        """Prints earlier sections as their own loops, whose passes draw their own orders."""
        if scenario is not page.own:
            return TensorFlowLoop(page, scenario).print()
        return super().train(page, scenario)


def _readings(scenario: Scenario, trained: tuple[str, ...]) -> dict[str, str]:
    """Where `fit` reports what the loop reads: a position among the metrics of `train` or `val`."""
    evaluated = [op.metric for op in scenario.evaluate if isinstance(op, ops.UpdateMetric)]
    found = {}
    for op in scenario.on_epoch_end:
        if isinstance(op, ops.ReadMetric) and op.metric in trained:
            found[op.out] = f"train {trained.index(op.metric)}"
        elif isinstance(op, ops.ReadMetric) and op.metric in evaluated:
            found[op.out] = f"val {evaluated.index(op.metric)}"
    return found
