"""Stations: where in a section's training a run starts, and how far it goes.

Two honest runs part in the first steps on raw pixels and hardly anywhere else: from a state that
has been trained, losses can be compared as numbers for tens of steps, anywhere in training.
"""

from __future__ import annotations

from attrs import field, frozen

from core.spec import Scenario, ops, rules
from core.spec.parts import SGD

STEPS = 64
GAN_STEPS = 3  # a step of a GAN on the reference takes seconds
FIRST = 20  # SGD's first steps on raw pixels double what rounding does, again and again
EARLY = 100  # with each of eight seeds that is over by here; by step 20 it is not (measured)
BEFORE_END = 32


@frozen
class Station:
    """A part of a section's training.

    Attributes:
        name: `start`, `late`, ….
        epoch: of the first step, from 0.
        step: the first step within the epoch, from 0.
        steps: how many to take, across the ends of epochs.
    """

    name: str = field(validator=rules.text)
    epoch: int = field(validator=rules.natural)
    step: int = field(validator=rules.natural)
    steps: int = field(validator=rules.count)


def stations_of(scenario: Scenario, steps_per_epoch: int) -> tuple[Station, ...]:
    """Where a section's numbers are compared.

    At the start, where it may go on with a trained model; of a fresh model under SGD, whose first
    steps are chaos, for a few steps and again once it is over; and late in
    training, shortly before the end of an epoch, so that metrics are read and reset and validation
    runs. What draws noise (the GANs) has a start of a few steps.

    Args:
        scenario: the section.
        steps_per_epoch: training steps in one of its epochs.
    """
    early = not scenario.trains_first and _descends(scenario)
    steps = GAN_STEPS if scenario.step_draws else FIRST if early else STEPS
    start = Station("start", 0, 0, steps)
    if scenario.step_draws or steps_per_epoch < EARLY + STEPS:
        return (start,)
    epochs = scenario.loop.epochs
    # In the last epoch nothing follows its end, so that all the steps come before it.
    epoch = max(epochs - 2, 0)
    before = BEFORE_END if epochs > 1 else STEPS
    late = Station("late", epoch, steps_per_epoch - before, STEPS)
    if early:
        return (start, Station("early", 0, EARLY, STEPS), late)
    return (start, late)


def _descends(scenario: Scenario) -> bool:
    """Whether an optimizer of the section is SGD."""
    makers = [op for op in scenario.setup if isinstance(op, ops.MakeOptimizer)]
    return any(isinstance(op.optimizer, SGD) for op in makers)
