"""From honest runs to a horizon."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from core.check.compare.traces import compare
from core.check.golden.horizon import role
from core.check.horizon.measure import (
    CHAOS,
    FLOOR,
    LEAST_METRIC,
    SAFETY,
    TREND_SAFETY,
    Honest,
    allowed,
    envelope,
    measure,
)
from core.trace import Trace
from core.trace.difference import differences
from tests.example_traces import TRACE, image


def drifted(size: float, growth: float = 1.0, *, start: int = 0) -> Trace:
    """The example trace with a relative difference that grows from a step on."""
    losses = {
        name: tuple(
            value * (1 + (size * growth ** (step - start) if step >= start else 0.0))
            for step, value in enumerate(values)
        )
        for name, values in TRACE.losses.items()
    }
    return evolve(TRACE, losses=losses)


def samples(*runs: Trace) -> list[Honest]:
    return [Honest(f"run {index}", run, TRACE) for index, run in enumerate(runs)]


def test_equal_runs_leave_only_the_floor() -> None:
    horizon = measure(TRACE, samples(TRACE), fresh=True)
    assert 250 == horizon.numeric_steps
    assert {"loss", "penalty"} == horizon.losses.keys()
    assert all(FLOOR <= limit <= 1.1 * FLOOR for limit in horizon.losses["loss"])
    assert {"train_acc": LEAST_METRIC, "val_acc": LEAST_METRIC} == horizon.metrics
    assert (1, True) == (horizon.image_levels, horizon.exact_start)


def test_a_limit_is_the_envelope_widened() -> None:
    horizon = measure(TRACE, samples(drifted(1e-5)), fresh=True)
    assert horizon.losses["loss"][0] == pytest.approx(SAFETY * 1e-5, rel=0.1)
    assert horizon.losses["loss"][0] >= SAFETY * 1e-5


def test_the_horizon_ends_where_differences_would_be_chaos() -> None:
    horizon = measure(TRACE, samples(drifted(1e-7, 1.3)), fresh=True)
    assert 0 < horizon.numeric_steps < 60
    assert max(horizon.losses["loss"]) <= CHAOS * 1.1
    assert len(horizon.losses["loss"]) == len(horizon.losses["penalty"])


def test_a_flip_in_one_sample_widens_earlier_steps_too() -> None:
    flipped = drifted(1e-3, start=20)
    limits = measure(TRACE, samples(TRACE, flipped), fresh=True).losses["loss"]
    assert limits[0] < 1e-5
    assert limits[10] > 1e-3


def test_every_sample_passes_the_horizon_it_was_part_of() -> None:
    runs = [drifted(3e-7, 1.02), drifted(-2e-6), drifted(1e-4, start=100)]
    horizon = measure(TRACE, samples(*runs), fresh=True)
    for run in runs:
        assert [] == compare(run, TRACE, horizon)


def test_samples_of_another_backend_are_measured_from_their_own_base() -> None:
    elsewhere = drifted(0.5)
    horizon = measure(TRACE, [Honest("torch: threads", elsewhere, elsewhere)], fresh=True)
    assert 250 == horizon.numeric_steps


def test_a_section_that_goes_on_training_has_no_exact_start() -> None:
    assert not measure(TRACE, samples(TRACE), fresh=False).exact_start


def test_metrics_norms_and_pixels_are_measured() -> None:
    kernel, bias = TRACE.final_weights
    other = evolve(
        TRACE,
        metrics={"train_acc": (0.8, 0.9), "val_acc": (0.85, 0.90)},
        final_weights=(evolve(kernel, norm=kernel.norm * 1.01), bias),
        images=(image("image_0.png", bytes([3, *range(20, 240, 20)]), 3),),
    )
    horizon = measure(TRACE, samples(other), fresh=True)
    assert pytest.approx(TREND_SAFETY * 0.01, rel=0.1) == horizon.metrics["val_acc"]
    assert LEAST_METRIC == horizon.metrics["train_acc"]
    assert pytest.approx(TREND_SAFETY * 0.01, rel=0.1) == horizon.norms["kernel"]
    assert 1 + int(TREND_SAFETY * 3) == horizon.image_levels
    assert {"kernel", "bias"} == {role(weight.name) for weight in TRACE.final_weights}


def test_a_sample_says_what_factor_the_others_would_have_needed() -> None:
    near, far = drifted(1e-6), drifted(1e-5)
    first, second = measure(TRACE, samples(near, far), fresh=True).samples
    assert first.needed <= 0.2
    assert pytest.approx(10.0, rel=0.1) == second.needed
    assert (0, 0) == (first.equal_steps, second.equal_steps)


def test_no_sample_and_a_sample_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one honest run"):
        measure(TRACE, [], fresh=True)
    short = evolve(TRACE, losses={name: v[:-1] for name, v in TRACE.losses.items()})
    with pytest.raises(ValueError, match="run 0: another number of steps"):
        measure(TRACE, samples(short), fresh=True)


def test_a_run_of_no_steps_has_no_horizon() -> None:
    empty = evolve(TRACE, losses={"loss": ()})
    horizon = measure(empty, [Honest("again", empty, empty)], fresh=False)
    assert 0 == horizon.numeric_steps
    assert {"loss": ()} == horizon.trends


@given(st.lists(st.floats(0, 1e-3), min_size=1, max_size=30))
def test_limits_never_shrink_and_cover_what_was_seen(found: list[float]) -> None:
    apart = np.array(differences([1.0 + value for value in found], [1.0] * len(found)))
    limits = allowed([apart])
    assert all(a <= b for a, b in pairwise(limits))
    assert all(limit >= value for limit, value in zip(limits, apart, strict=False))
    assert len(envelope([apart])) == len(found)


def test_a_number_that_is_none_ends_the_horizon() -> None:
    sick = evolve(
        TRACE, losses={**TRACE.losses, "loss": (100.0, math.nan, *TRACE.losses["loss"][2:])}
    )
    horizon = measure(TRACE, samples(sick), fresh=True)
    assert 0 == horizon.numeric_steps
