from __future__ import annotations

import math

import attrs

from core.upgrade.rehearsal.difference import first_difference, identical, running_maximum
from tests.core.upgrade.rehearsal.runs import LOSSES, changed, trace


def test_equal_traces_do_not_differ() -> None:
    assert first_difference(trace(), trace()) is None
    assert identical(trace(), trace())


def test_the_first_step_its_size_and_the_largest_are_known() -> None:
    mine = changed(20, 1e-3, changed(7, 1e-5))
    found = first_difference(trace(mine), trace())
    assert found is not None
    assert (7, "loss") == (found.step, found.loss)
    assert math.isclose(1e-5, found.relative, rel_tol=1e-6)
    assert math.isclose(1.01e-3, found.largest, rel_tol=1e-3)


def test_a_missing_step_and_a_missing_loss_are_infinitely_far() -> None:
    shorter = first_difference(trace(LOSSES[:9]), trace())
    assert shorter is not None
    assert (9, math.inf) == (shorter.step, shorter.relative)
    renamed = attrs.evolve(trace(), losses={"cost": LOSSES})
    found = first_difference(renamed, trace())
    assert found is not None
    assert (0, math.inf) == (found.step, found.relative)


def test_what_is_not_finite_in_both_is_equal() -> None:
    losses = (1.0, math.nan, math.inf)
    assert first_difference(trace(losses), trace(losses)) is None


def test_the_running_maximum_never_falls() -> None:
    apart = running_maximum(trace(changed(3, 1e-4)), trace(), "loss")
    assert apart == sorted(apart)
    assert (0.0, True) == (apart[2], apart[3] > 0)


def test_weights_metrics_and_pictures_count_names_and_times_do_not() -> None:
    base = trace()
    assert not identical(attrs.evolve(base, final_digest="other"), base)
    assert not identical(attrs.evolve(base, initial_weights="other"), base)
    assert not identical(attrs.evolve(base, metrics={"val_acc": (0.91,)}), base)
    assert not identical(attrs.evolve(base, steps_per_epoch=3), base)
    assert identical(attrs.evolve(base, models=(), warnings=("w",), seconds=9.0), base)
