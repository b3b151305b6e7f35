"""Envelopes of honest runs from a station, and the limits they give."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from core.check.horizon.envelope import (
    LARGEST,
    SAFETY,
    Envelope,
    apart,
    factor_needed,
    largest_of_variables,
    levelled,
    pooled,
)
from core.check.horizon.measure import FLOOR, LOOK_AHEAD, LOOK_AHEAD_STEPS
from core.trace.station import Variable, first_steps
from tests.example_stations import REFERENCE_TRACE, STATION_TRACE, STEPS

HITS = "train_acc hits"
small = st.just(0.0) | st.floats(1e-30, 1e-3)
series = st.lists(small, min_size=1, max_size=40)
tables = st.dictionaries(st.sampled_from(["a", "b"]), small)
envelopes = st.builds(
    Envelope,
    losses=st.dictionaries(st.sampled_from(["loss", "penalty"]), series.map(tuple)),
    norms=tables,
    projections=tables,
    margins=tables,
)


def _losses(*values: float) -> Envelope:
    return Envelope(losses={"loss": values})


@given(series)
def test_limits_never_fall_and_are_never_below_what_was_seen_or_the_floor(
    found: list[float],
) -> None:
    envelope = _losses(*found)
    limits = envelope.loss_limits("loss")
    assert envelope.compared_steps == len(limits)
    assert all(before <= after for before, after in pairwise(limits))
    assert all(limit >= max(SAFETY * v, FLOOR) for v, limit in zip(found, limits, strict=False))


def test_a_limit_looks_ahead_to_what_may_happen_earlier_elsewhere() -> None:
    flip = 25
    limits = _losses(*(1e-5 if step == flip else 0.0 for step in range(40))).loss_limits("loss")
    first = math.ceil((flip - LOOK_AHEAD_STEPS) / LOOK_AHEAD)
    assert [FLOOR] * first == list(limits[:first])
    assert [SAFETY * 1e-5] * (40 - first) == list(limits[first:])


def test_steps_are_compared_until_a_limit_is_too_large_to_see_defects() -> None:
    just, beyond = LARGEST / SAFETY, 1.01 * LARGEST / SAFETY
    assert 40 == _losses(*(just,) * 40).compared_steps
    cut = _losses(*(0.0,) * 30, *(beyond,) * 10)
    assert 13 == cut.compared_steps  # 2 · 13 + 5 is past step 30
    assert not cut.whole
    assert _losses(*(just,) * 40).whole
    assert 0 == _losses(beyond).compared_steps


def test_the_loss_that_ends_first_ends_the_comparison_of_all() -> None:
    both = Envelope(losses={"loss": (0.0,) * 9, "penalty": (1.0,) * 9})
    assert (0, False, []) == (both.compared_steps, both.whole, list(both.loss_limits("loss")))


def test_norms_projections_and_margins_are_widened_and_never_below_the_floor() -> None:
    envelope = Envelope({}, {"kernel": 1e-4}, {"kernel": 1e-3}, {HITS: 1e-2})
    assert (SAFETY * 1e-4, FLOOR) == (envelope.norm_limit("kernel"), envelope.norm_limit("bias"))
    assert (SAFETY * 1e-3, FLOOR) == (
        envelope.projection_limit("kernel"), envelope.projection_limit("bias"),
    )  # fmt: skip
    near = SAFETY * 1e-2
    assert 2 == envelope.hits_limit(HITS, (0.0, near, 1.01 * near))
    assert 1 == envelope.hits_limit("val_acc hits", (FLOOR, 2 * FLOOR))
    assert 0 == envelope.hits_limit(HITS, ())


def test_a_run_equal_to_its_reference_is_nowhere_apart_from_it() -> None:
    found = apart(STATION_TRACE, REFERENCE_TRACE)
    assert dict.fromkeys(REFERENCE_TRACE.losses, (0.0,) * STEPS) == found.losses
    for table in (found.norms, found.projections, found.margins):
        assert {0.0} == set(table.values())
    assert REFERENCE_TRACE.variables.keys() == found.norms.keys() == found.projections.keys()


def test_how_far_a_run_lies_is_measured_in_every_field() -> None:
    kernel = Variable(norm=5.5 * 1.001, projection=0.25 + 0.055)
    run = evolve(
        STATION_TRACE,
        losses={"loss": (100.1, *REFERENCE_TRACE.losses["loss"][1:])},
        variables={"model/0/kernel": kernel},
        counters={**STATION_TRACE.counters, HITS: (77,)},
    )
    found = apart(run, REFERENCE_TRACE)
    assert pytest.approx(0.1 / 100.1) == found.losses["loss"][0]
    assert {0.0} == set(found.losses["loss"][1:])
    assert (math.inf,) * STEPS == found.losses["penalty"]
    assert {"model/0/kernel": pytest.approx(1e-3)} == found.norms
    assert {"model/0/kernel": pytest.approx(1e-2)} == found.projections
    assert {HITS: 2e-5, "val_acc hits": 0.0} == found.margins  # the farther of two samples


def test_more_hits_than_samples_whose_margin_is_known_need_the_farthest_of_these() -> None:
    run = evolve(STATION_TRACE, counters={**STATION_TRACE.counters, HITS: (0,)})
    assert 0.3 == apart(run, REFERENCE_TRACE).margins[HITS]


def test_a_norm_of_nothing_allows_nothing() -> None:
    zero = evolve(REFERENCE_TRACE, variables={"bias": Variable(0.0, 0.0)})
    tiny = evolve(STATION_TRACE, variables={"bias": Variable(1e-12, 0.0)})
    assert ({"bias": 1.0}, {"bias": 0.0}) == (
        apart(tiny, zero).norms,
        apart(tiny, zero).projections,
    )


@given(st.lists(envelopes, min_size=1, max_size=4))
def test_no_part_of_a_pool_lies_outside_it(parts: list[Envelope]) -> None:
    together = pooled(parts)
    for part in parts:
        for name, values in part.losses.items():
            assert all(a <= b for a, b in zip(values, together.losses[name], strict=False))
        for mine, all_of in (
            (part.norms, together.norms),
            (part.projections, together.projections),
            (part.margins, together.margins),
        ):
            assert all(value <= all_of[name] for name, value in mine.items())
    assert together == pooled([*parts, *parts])


def test_a_run_that_stopped_earlier_is_pooled_as_far_as_it_went() -> None:
    whole = _losses(1e-6, 2e-6, 3e-6)
    together = pooled([whole, _losses(5e-6)])
    assert (5e-6, 2e-6, 3e-6) == together.losses["loss"]


def test_the_factor_needed_is_what_the_others_would_have_had_to_be_widened_by() -> None:
    others = _losses(*(1e-5,) * 20)
    assert pytest.approx(3.0) == factor_needed(_losses(*(3e-5,) * 20), others)
    assert 0.0 == factor_needed(_losses(*(FLOOR,) * 20), others)  # the floor lets it pass anyway
    tables = Envelope(norms={"w": 1e-4}, projections={"w": 4e-4}, margins={HITS: 1e-4})
    doubled = Envelope(norms={"w": 2e-4}, projections={"w": 2e-4}, margins={HITS: 1e-4})
    assert pytest.approx(2.0) == factor_needed(doubled, tables)
    assert pytest.approx(1e-3 / (FLOOR / SAFETY)) == factor_needed(
        Envelope(norms={"other": 1e-3}), tables
    )


def test_no_factor_is_asked_beyond_what_is_compared() -> None:
    others = Envelope(losses={"loss": (0.0,) * 20 + (1.0,) * 20}, norms={"w": 0.0})
    far = Envelope(losses={"loss": (0.0,) * 30 + (9.0,) * 10}, norms={"w": 0.5})
    assert 0.0 == factor_needed(far, others)


def test_a_run_cut_short_has_only_its_losses_measured() -> None:
    cut = first_steps(STATION_TRACE, 1)
    found = apart(cut, first_steps(REFERENCE_TRACE, 1))
    assert {"loss": (0.0,), "penalty": (0.0,)} == found.losses
    assert ({}, {}, {}) == (found.norms, found.projections, found.margins)


def test_a_flip_in_one_variable_is_allowed_to_all() -> None:
    measured = Envelope(norms={"a": 1e-6, "b": 2e-3}, projections={"a": 1e-7, "b": 1e-3})
    every = levelled(measured, 1e-4)
    assert {"a": 2e-3, "b": 2e-3} == every.norms == every.projections
    assert {"a": 5e-3, "b": 5e-3} == levelled(measured, 5e-3).norms
    assert 2e-3 == largest_of_variables(measured)
    assert 0.0 == largest_of_variables(Envelope())
