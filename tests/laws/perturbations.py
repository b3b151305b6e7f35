"""One change beyond every tolerance for each thing a trace holds, by field."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from attrs import evolve

from core.trace import Image, LayerRow, LogLine, ModelSummary, Trace, WeightNorm
from tests.example_traces import image

Change = Callable[[Trace], Trace]

NOT_COMPARED: Mapping[str, str] = {
    "seed": "part of the question, not of the answer: with another seed a check judges the trend",
    "data_name": "part of the question, as the seed is",
    "data_sha256": "part of the question, as the seed is",
    "sequence": "which sections ran before in the process; a section run alone gives the same",
    "seconds": "wall-clock time differs from run to run",
    "final_digest": "equal only on one machine; elsewhere rounding differs, and norms are compared",
    "replay": "how the run was made; where replaying disagrees, `execution` is another",
    "environment": "where the run was made; a golden is compared on other machines",
}
NOT_COMPARED_INSIDE: Mapping[tuple[str, str], str] = {
    ("LogLine", "timed"): "follows from the spec's template; the text is compared",
}


def model(change: Callable[[ModelSummary], ModelSummary]) -> Change:
    """A change of the first model."""
    return lambda t: evolve(t, models=(change(t.models[0]), *t.models[1:]))


def layer(change: Callable[[LayerRow], LayerRow]) -> Change:
    """A change of the last layer of the first model."""
    return model(lambda m: evolve(m, layers=(*m.layers[:-1], change(m.layers[-1]))))


def line(change: Callable[[LogLine], LogLine], at: int) -> Change:
    """A change of one printed line."""
    return lambda t: evolve(t, log=(*t.log[:at], change(t.log[at]), *t.log[at + 1 :]))


def picture(change: Callable[[Image], Image]) -> Change:
    """A change of the first image."""
    return lambda t: evolve(t, images=(change(t.images[0]), *t.images[1:]))


def weight(change: Callable[[WeightNorm], WeightNorm]) -> Change:
    """A change of the first weight."""
    return lambda t: evolve(t, final_weights=(change(t.final_weights[0]), *t.final_weights[1:]))


def losses(change: Callable[[tuple[float, ...]], tuple[float, ...]]) -> Change:
    """A change of the loss called `loss`."""
    return lambda t: evolve(t, losses={**t.losses, "loss": change(t.losses["loss"])})


def metrics(change: Callable[[tuple[float, ...]], tuple[float, ...]]) -> Change:
    """A change of the metric called `val_acc`."""
    return lambda t: evolve(t, metrics={**t.metrics, "val_acc": change(t.metrics["val_acc"])})


def one(at: int, value: float) -> Callable[[tuple[float, ...]], tuple[float, ...]]:
    """One number of a series replaced."""
    return lambda values: tuple(value if i == at else v for i, v in enumerate(values))


def without(name: str, values: Mapping[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
    """A mapping without one name."""
    return {key: value for key, value in values.items() if key != name}


COMPARED: Mapping[str, Mapping[str, Change]] = {
    "scenario": {"another": lambda t: evolve(t, scenario="toy/second")},
    "backend": {"another": lambda t: evolve(t, backend="jax")},
    "randomness": {"another": lambda t: evolve(t, randomness="native")},
    "execution": {"another": lambda t: evolve(t, execution="eager")},
    "precision": {"another": lambda t: evolve(t, precision="float64")},
    "models": {
        "dropped": lambda t: evolve(t, models=()),
        "added": lambda t: evolve(t, models=(*t.models, evolve(t.models[0], name="more"))),
        "name": model(lambda m: evolve(m, name="other")),
        "total_params": model(lambda m: evolve(m, total_params=m.total_params + 1)),
        "trainable_params": model(lambda m: evolve(m, trainable_params=m.trainable_params - 1)),
        "layer dropped": model(lambda m: evolve(m, layers=m.layers[:-1])),
        "layer added": model(lambda m: evolve(m, layers=(*m.layers, m.layers[0]))),
        "layers swapped": model(lambda m: evolve(m, layers=m.layers[::-1])),
        "layers.name": layer(lambda row: evolve(row, name="dense_9")),
        "layers.kind": layer(lambda row: evolve(row, kind="Conv2D")),
        "layers.output_shape": layer(lambda row: evolve(row, output_shape=(32, 10))),
        "layers.params": layer(lambda row: evolve(row, params=row.params + 1)),
    },
    "losses": {
        "dropped": lambda t: evolve(t, losses=without("penalty", t.losses)),
        "all dropped": lambda t: evolve(t, losses={}),
        "added": lambda t: evolve(t, losses={**t.losses, "more": t.losses["loss"]}),
        "a step less": losses(lambda values: values[:-1]),
        "a step more": losses(lambda values: (*values, values[-1])),
        "first step": losses(lambda values: one(0, values[0] * 1.001)(values)),
        "last numeric step": losses(lambda values: one(9, values[9] * 1.001)(values)),
        "single spike": losses(one(230, 50.0)),
        "window drifts up": losses(
            lambda values: (*values[:100], *(2.0 * v for v in values[100:]))
        ),
        "window drifts down": losses(lambda values: (*values[:100], *(0.0 for _ in values[100:]))),
        "learns nothing": losses(lambda values: tuple(values[0] for _ in values)),
        "NaN late": losses(one(249, math.nan)),
        "infinite": losses(one(249, math.inf)),
    },
    "metrics": {
        "dropped": lambda t: evolve(t, metrics=without("val_acc", t.metrics)),
        "added": lambda t: evolve(t, metrics={**t.metrics, "more": (0.5, 0.5)}),
        "an epoch less": metrics(lambda values: values[:-1]),
        "an epoch more": metrics(lambda values: (*values, values[-1])),
        "higher": metrics(lambda values: one(1, values[1] + 0.03)(values)),
        "lower": metrics(lambda values: one(0, values[0] - 0.03)(values)),
        "NaN": metrics(one(0, math.nan)),
    },
    "steps_per_epoch": {"fewer": lambda t: evolve(t, steps_per_epoch=t.steps_per_epoch - 1)},
    "log": {
        "first dropped": lambda t: evolve(t, log=t.log[1:]),
        "last dropped": lambda t: evolve(t, log=t.log[:-1]),
        "added": lambda t: evolve(t, log=(*t.log, LogLine("more"))),
        "repeated": lambda t: evolve(t, log=(t.log[0], *t.log)),
        "a word": line(lambda row: evolve(row, text=row.text.replace("loss", "Loss")), 1),
        "a count": line(lambda row: evolve(row, text=row.text.replace("32", "64")), 2),
    },
    "warnings": {
        "new": lambda t: evolve(t, warnings=(*t.warnings, "UserWarning: another")),
        "gone": lambda t: evolve(t, warnings=()),
        "changed": lambda t: evolve(t, warnings=("UserWarning: something else",)),
    },
    "images": {
        "dropped": lambda t: evolve(t, images=()),
        "added": lambda t: evolve(t, images=(*t.images, image("more.png", b"\0", 1))),
        "name": picture(lambda i: evolve(i, name="other.png")),
        "epoch": picture(lambda i: evolve(i, epoch=i.epoch + 1)),
        "step": picture(lambda i: evolve(i, step=i.step + 1)),
        "height and width": picture(lambda i: evolve(i, height=i.width, width=i.height)),
        "pixels": picture(lambda i: evolve(i, pixels="AAUoPFBkeIygtMjc")),
    },
    "initial_weights": {"another": lambda t: evolve(t, initial_weights="00")},
    "final_weights": {
        "dropped": lambda t: evolve(t, final_weights=t.final_weights[:-1]),
        "added": lambda t: evolve(t, final_weights=(*t.final_weights, t.final_weights[0])),
        "swapped": lambda t: evolve(t, final_weights=t.final_weights[::-1]),
        "name": weight(lambda w: evolve(w, name="other")),
        "shape": weight(lambda w: evolve(w, shape=(8, 784))),
        "norm": weight(lambda w: evolve(w, norm=3.0 * w.norm)),
        "norm vanishes": weight(lambda w: evolve(w, norm=0.0)),
        "norm is infinite": weight(lambda w: evolve(w, norm=math.inf)),
        "norm is NaN": weight(lambda w: evolve(w, norm=math.nan)),
    },
}
