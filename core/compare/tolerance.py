"""How far two honest runs of one scenario may lie apart, and why.

Two runs on the same machine, backend and seed are bit-identical. A golden is also compared on
*other* machines, where instruction sets and thread counts change the order of sums: differences
start at one unit in the last place (6e-8 relative) and training amplifies them.
"""

from __future__ import annotations

import attrs
from attrs import field, frozen

from core.spec import Scenario, rules
from core.spec.layers import Conv2D, Conv2DTranspose
from core.spec.ops.setup import BuildModel, Continue, MakeOptimizer
from core.spec.parts import SGD


@frozen
class Tolerance:
    """What a comparison lets pass.

    The trend's defaults were measured on the keras.io guide, controlled, 1 thread against 2 (whose
    sums differ in order) over full length, largest of all sections: window means 23 % apart, single
    losses at most 1.8 times the window's largest, accuracies 0.008, weight norms 34 % (biases,
    which are small). Each limit is about twice what was measured.

    Attributes:
        numeric_steps: losses of this many first steps are compared as numbers.
        numeric_relative: largest relative difference of such a loss.
        window: training steps per window of the trend comparison.
        trend_relative: largest relative difference of a window's mean loss.
        trend_absolute: added to it, in nats: small losses scatter more than in proportion.
        spike: no single loss may exceed its window's largest golden loss by this factor.
        metric_absolute: largest difference of an accuracy.
        exact_start: whether the initial weights must be equal to the bit.
        norm_relative: largest relative difference of a weight's norm after training.
        image_levels: largest difference of a sample image's pixel, in gray levels of 256.
    """

    numeric_steps: int = field(validator=rules.natural)
    numeric_relative: float = field(validator=rules.positive)
    window: int = field(default=100, validator=rules.count)
    trend_relative: float = field(default=0.4, validator=rules.positive)
    trend_absolute: float = field(default=0.1, validator=rules.positive)
    spike: float = field(default=4.0, validator=rules.positive)
    metric_absolute: float = field(default=0.02, validator=rules.positive)
    exact_start: bool = field(default=True, validator=rules.flag)
    norm_relative: float = field(default=0.6, validator=rules.positive)
    image_levels: int = field(default=2, validator=rules.natural)


def training_parts(scenario: Scenario) -> tuple[bool, bool]:
    """Whether the scenario trains with SGD, and whether it convolves."""
    ops = list(scenario.setup)
    for op in ops:
        if isinstance(op, Continue):
            ops.extend(op.section.setup)
    sgd = any(isinstance(op, MakeOptimizer) and isinstance(op.optimizer, SGD) for op in ops)
    convolves = any(
        isinstance(layer, Conv2D | Conv2DTranspose)
        for op in scenario.setup
        if isinstance(op, BuildModel)
        for layer in op.model.layers
    )
    return sgd, convolves


def tolerance_for(scenario: Scenario) -> Tolerance:
    """The tolerance between two runs of a scenario with the same seed, data and backend.

    - Adam on the guides' MLP: three backends, which order their sums differently, agree to 5e-7
      over 10 steps and 5e-6 over 50 (measured); another machine with the same backend is closer
      than another backend. So 50 steps to 1e-5, and the trend beyond.
    - SGD on raw pixels amplifies rounding faster: 5e-5 by step 10 (measured). So 5 steps to 5e-5.
    - A GAN's 12 steps: TensorFlow and torch agree to 3e-6, JAX to 1e-3 (measured). One backend on
      two machines is at most as far apart as two backends with the same convolution order: 1e-4.
    - A trained model that *continues* starts from weights that already differ in the trend, so
      its initial weights and its steps are compared by their trend only.
    """
    sgd, convolves = training_parts(scenario)
    if scenario.trains_first:
        return Tolerance(numeric_steps=0, numeric_relative=1e-5, exact_start=False)
    if convolves:
        return Tolerance(numeric_steps=12, numeric_relative=1e-4)
    if sgd:
        return Tolerance(numeric_steps=5, numeric_relative=5e-5)
    return Tolerance(numeric_steps=50, numeric_relative=1e-5)


def across_seeds(tolerance: Tolerance) -> Tolerance:
    """The tolerance where seeds, data sets or random streams differ: trend only.

    Measured over seeds: window means up to 44 % apart, single losses 2.6 times the window's
    largest, accuracies 0.018. Each limit is about twice that.
    """
    return attrs.evolve(
        tolerance,
        numeric_steps=0,
        exact_start=False,
        trend_relative=max(0.9, tolerance.trend_relative),
        trend_absolute=max(0.3, tolerance.trend_absolute),
        spike=max(6.0, tolerance.spike),
        metric_absolute=max(0.04, tolerance.metric_absolute),
    )
