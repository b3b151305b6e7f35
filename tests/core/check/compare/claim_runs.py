"""Traces as the guides' runs leave them, drawn from measured curves instead of trained.

The loss follows the level that a run of the guide's classifier was measured to have (median of 20
seeds) with the scatter that single batches were measured to have about it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import evolve, frozen

from core.trace import LayerRow, LogLine, ModelSummary, Trace

Curve = Sequence[tuple[int, float]]


@frozen
class Setting:
    """One guide's classifier runs: batch, logging, and the measured level and scatter."""

    batch: int
    cadence: int
    one_based: bool
    sigma: float
    curve: Curve
    accuracy: tuple[tuple[float, ...], tuple[float, ...]]
    first_loop_epochs: int = 3

    @property
    def steps(self) -> int:
        return math.ceil(50_000 / self.batch)


ADAM_32 = ((0, 109.2), (10, 26.7), (50, 6.56), (100, 4.06), (200, 2.53), (400, 1.42), (800, 0.78))
ADAM_64 = ((0, 108.5), (10, 20.8), (50, 5.13), (100, 3.02), (200, 1.85), (400, 1.01), (800, 0.52))
SGD_64 = ((0, 108.5), (10, 10.7), (50, 3.39), (100, 2.09), (200, 1.45), (400, 1.02), (800, 0.70))
FAINT_32 = ((0, 90.7), (10, 22.9), (50, 6.24), (100, 3.59), (200, 2.13), (400, 1.32), (800, 0.84))
FAINT_64 = ((0, 90.3), (10, 20.3), (50, 4.85), (100, 2.78), (200, 1.65), (400, 1.02), (800, 0.59))
FAINT_SGD = ((0, 90.3), (10, 3.91), (50, 2.32), (100, 2.20), (200, 2.07), (400, 1.85), (800, 1.53))

MNIST = {
    "keras_io_tf": Setting(
        32, 100, False, 0.85,
        (*ADAM_32, (1563, 0.42), (3126, 0.263), (4689, 0.221), (6252, 0.21)),
        ((0.83, 0.90, 0.92, 0.93), (0.89, 0.92, 0.93, 0.94)),
    ),
    "r_style": Setting(
        64, 200, True, 0.55,
        (*ADAM_64, (1563, 0.32), (2345, 0.25), (3128, 0.21)),
        ((0.81, 0.90, 0.92, 0.93), (0.88, 0.92, 0.93, 0.93)),
    ),
    "multi_backend": Setting(
        64, 200, False, 0.35,
        (*SGD_64, (1563, 0.51), (2345, 0.42), (3128, 0.38)),
        ((0.71, 0.84, 0.87, 0.89), (0.82, 0.87, 0.89, 0.90)), 2,
    ),
}  # fmt: skip
FAINT_DIGITS = {
    "keras_io_tf": Setting(
        32, 100, False, 0.61,
        (*FAINT_32, (1563, 0.59), (3126, 0.40), (4689, 0.31), (6252, 0.29)),
        ((0.75, 0.86, 0.89, 0.90), (0.83, 0.87, 0.89, 0.91)),
    ),
    "r_style": Setting(
        64, 200, True, 0.44,
        (*FAINT_64, (1563, 0.40), (2345, 0.31), (3128, 0.28)),
        ((0.73, 0.86, 0.89, 0.91), (0.83, 0.88, 0.90, 0.91)),
    ),
    "multi_backend": Setting(
        64, 200, False, 0.15,
        (*FAINT_SGD, (1563, 1.21), (2345, 1.02), (3128, 0.9)),
        ((0.34, 0.54, 0.62, 0.68), (0.48, 0.59, 0.65, 0.70)), 2,
    ),
}  # fmt: skip

SECTIONS = {"first_loop": (0, 3), "metrics": (0, 2), "compiled": (2, 2)}
"""Epochs trained before the section, and in it."""

CLASSIFIER_SECTIONS = tuple(
    (guide, section)
    for guide in MNIST
    for section in SECTIONS
    if (guide, section) != ("r_style", "compiled")
)

EMPTY = Trace(
    scenario="guide/section",
    backend="tensorflow",
    randomness="native",
    execution="fused",
    precision="float32",
    seed=1,
    data_name="mnist",
    data_sha256="",
    sequence=(),
    models=(),
    losses={},
    metrics={},
    steps_per_epoch=0,
    log=(),
    warnings=(),
    images=(),
    seconds=1.0,
    initial_weights="",
    final_weights=(),
    final_digest="",
)


def classifier_run(setting: Setting, section: str, *, seed: int = 0, epochs: int = 0) -> Trace:
    """A run of a classifier section; `epochs` overrides the guide's number of them."""
    before, own = SECTIONS[section]
    own = epochs or (setting.first_loop_epochs if section == "first_loop" else own)
    steps = np.arange(before * setting.steps, (before + own) * setting.steps)
    at = [step for step, _ in setting.curve]
    level = np.interp(steps, at, [math.log(loss) for _, loss in setting.curve])
    noise = np.random.default_rng(seed).normal(0, setting.sigma, len(steps))
    if before == 0:
        noise[0] *= 0.3 / setting.sigma  # a first loss hangs on the weights, not on the batch
    losses = tuple(float(loss) for loss in np.exp(level + noise))
    train, validation = (acc[before : before + own] for acc in setting.accuracy)
    return evolve(
        EMPTY,
        losses={"loss": losses},
        metrics={} if section == "first_loop" else {"train_acc": train, "val_acc": validation},
        steps_per_epoch=setting.steps,
        log=classifier_log(setting, losses, own),
    )


def classifier_log(setting: Setting, losses: Sequence[float], epochs: int) -> tuple[LogLine, ...]:
    """The lines that report epochs, losses and samples."""
    first = 1 if setting.one_based else 0
    lines = []
    for epoch in range(epochs):
        lines.append(f"\nStart of epoch {epoch + first}")
        for step in range(setting.steps):
            number, index = step + first, epoch * setting.steps + step
            if number % setting.cadence == 0 and index < len(losses):
                lines.append(f"Training loss at step {number}: {losses[index]:.4f}")
                lines.append(f"Seen so far: {(step + 1) * setting.batch} samples")
    return tuple(LogLine(line) for line in lines)


def changed_losses(trace: Trace, change: Callable[[float, int], float]) -> Trace:
    """The trace with each loss replaced by a function of itself and its index."""
    losses: Mapping[str, tuple[float, ...]] = {
        name: tuple(change(value, index) for index, value in enumerate(values))
        for name, values in trace.losses.items()
    }
    return evolve(trace, losses=losses)


def _summary(name: str, rows: Sequence[tuple[str, str, tuple[int, ...], int]]) -> ModelSummary:
    layers = tuple(LayerRow(n, kind, (None, *shape), params) for n, kind, shape, params in rows)
    total = sum(row.params for row in layers)
    return ModelSummary(name, total, total, layers)


DISCRIMINATOR = _summary(
    "discriminator",
    [
        ("conv2d", "Conv2D", (14, 14, 64), 640),
        ("leaky_re_lu", "LeakyReLU", (14, 14, 64), 0),
        ("conv2d_1", "Conv2D", (7, 7, 128), 73_856),
        ("leaky_re_lu_1", "LeakyReLU", (7, 7, 128), 0),
        ("global_max_pooling2d", "GlobalMaxPooling2D", (128,), 0),
        ("dense_6", "Dense", (1,), 129),
    ],
)
GENERATOR = _summary(
    "generator",
    [
        ("dense_7", "Dense", (6272,), 809_088),
        ("leaky_re_lu_2", "LeakyReLU", (6272,), 0),
        ("reshape", "Reshape", (7, 7, 128), 0),
        ("conv2d_transpose", "Conv2DTranspose", (14, 14, 128), 262_272),
        ("leaky_re_lu_3", "LeakyReLU", (14, 14, 128), 0),
        ("conv2d_transpose_1", "Conv2DTranspose", (28, 28, 128), 262_272),
        ("leaky_re_lu_4", "LeakyReLU", (28, 28, 128), 0),
        ("conv2d_2", "Conv2D", (28, 28, 1), 6_273),
    ],
)


def gan_run() -> Trace:
    """The keras.io guide's twelve GAN steps."""
    return evolve(
        EMPTY,
        models=(DISCRIMINATOR, GENERATOR),
        losses={"d_loss": (0.7071, *[0.5] * 11), "g_loss": (0.7249, *[0.4] * 11)},
        steps_per_epoch=12,
        log=tuple(
            LogLine(line)
            for line in (
                "Start epoch 0",
                "discriminator loss at step 0: 0.71",
                "adversarial loss at step 0: 0.72",
            )
        ),
    )
