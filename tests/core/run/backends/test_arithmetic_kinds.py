"""Kinds of arithmetic by op and tap."""

from __future__ import annotations

from core.run.backends.arithmetic_kinds import tap_kinds
from core.run.runner.taps import positions
from tests.core.diff.microscope.every_op import EVERY
from tests.example_scenarios import CONTINUED

OPS = dict(positions(EVERY.step))


def test_a_layers_output_has_the_kinds_of_the_layer() -> None:
    assert ("Conv2D",) == tap_kinds(EVERY, OPS["8.0"], "layer 0")
    assert ("Dense", "relu") == tap_kinds(EVERY, OPS["8.0"], "layer 5")
    assert ("BatchNormalization",) == tap_kinds(EVERY, OPS["8.0"], "state 2/moving_mean")
    assert ("Conv2DTranspose", "sigmoid") == tap_kinds(EVERY, OPS["1"], "value")


def test_gradients_come_from_everything_that_was_recorded() -> None:
    kinds = tap_kinds(EVERY, OPS["9"], "gradient 0/kernel")
    assert {"LeakyReLU", "BinaryCrossentropy of logits", "ActivityRegularization"} < set(kinds)
    assert "tanh" not in kinds
    assert "tanh" in tap_kinds(EVERY, OPS["13"], "gradient 0/kernel")


def test_updates_and_losses_have_the_kind_of_their_spec() -> None:
    assert ("Adam",) == tap_kinds(EVERY, OPS["10"], "weight 0/kernel")
    assert ("SGD",) == tap_kinds(EVERY, OPS["14"], "weight 0/kernel")
    assert ("BinaryCrossentropy of logits",) == tap_kinds(EVERY, OPS["8.1"], "value")


def test_a_section_finds_what_an_earlier_one_made() -> None:
    ops = dict(positions(CONTINUED.step))
    assert ("Adam",) == tap_kinds(CONTINUED, ops["2"], "weight 0/kernel")
    assert ("SparseCategoricalCrossentropy of logits",) == tap_kinds(CONTINUED, ops["0.1"], "value")
