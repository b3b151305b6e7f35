"""The fit dialect, on TensorFlow: the guides' own datasets, without the guides' loops."""

from __future__ import annotations

from typing import ClassVar

from core.dialects.fit.shape import supervised, trained_models
from core.dialects.layout import Group, call
from core.dialects.plan import Event
from core.dialects.program import Watch
from core.dialects.python.layers import LayerWords
from core.dialects.python.page import Page
from core.dialects.tensorflow import TensorFlowDialect
from core.spec import Scenario
from core.spec.ops.log import ReadMetric, Validate
from core.spec.ops.setup import MakeMetric
from core.spec.ops.step import UpdateMetric

RESETS = "fit resets its metrics itself, before each epoch and before each validation."
XLA = "Without XLA the sums run in the loop's order."
ON = "Compiled above already: weights, slots and all go on."


class FitDialect(TensorFlowDialect):
    """`compile` and `fit` in place of a loop."""

    id: ClassVar[str] = "fit"
    name: ClassVar[str] = "compile and fit"
    words: ClassVar[LayerWords] = LayerWords(
        "keras.layers", "negative_slope", {"sum": "keras.ops.sum", "mean": "keras.ops.mean"}
    )

    def refusal(self, scenario: Scenario) -> str | None:
        """`fit` trains one model by one loss."""
        if supervised(scenario) is not None:
            return None
        models = trained_models(scenario) or "what it trains"
        return f"fit trains one model on images and labels, and this step treats {models} otherwise"

    def prints_time(self, events: tuple[Event, ...]) -> bool:
        """`fit` prints its own times."""
        del events
        return False

    def keeps(self, scenario: Scenario, op: MakeMetric) -> bool:
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
        validation = [op for op in scenario.on_epoch_end if isinstance(op, Validate)]
        fitted = call(
            f"{model}.fit",
            page.name(scenario.loop.dataset),
            epochs=str(scenario.loop.epochs),
            validation_data=page.name(validation[0].dataset) if validation else None,
            verbose="2",
        )
        evaluated = [f"evaluate[{index}]" for index in range(len(scenario.evaluate))]
        ops = ["loop.epochs", "loop.batch", *step, *evaluated]
        ops += [f"on_epoch_end[{index}]" for index in range(len(scenario.on_epoch_end))]
        position = len(page.statements)
        page.assign("history", fitted, ops, comment, gap=True)
        return Watch(
            begin=0,
            epoch=position,
            batch=position,
            after_step=position,
            losses={},
            models={found.model: model},
            metrics=_readings(scenario, found.metrics),
        )


def _readings(scenario: Scenario, trained: tuple[str, ...]) -> dict[str, str]:
    """Where `fit` reports what the loop reads: the how manieth metric of `train` or `val`."""
    evaluated = [op.metric for op in scenario.evaluate if isinstance(op, UpdateMetric)]
    found = {}
    for op in scenario.on_epoch_end:
        if isinstance(op, ReadMetric) and op.metric in trained:
            found[op.out] = f"train {trained.index(op.metric)}"
        elif isinstance(op, ReadMetric) and op.metric in evaluated:
            found[op.out] = f"val {evaluated.index(op.metric)}"
    return found
