"""Laws of comparing traces: what every comparison keeps, whatever the traces."""

from __future__ import annotations

import math
from collections.abc import Callable

import attrs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from core.check.compare.tolerance import Tolerance
from core.check.compare.traces import compare, compare_trend
from core.check.golden.horizon import Horizon
from core.trace import Image, LayerRow, LogLine, ModelSummary, Trace, WeightNorm
from tests.example_traces import HORIZON, TRACE, horizons, traces
from tests.laws.perturbations import COMPARED, NOT_COMPARED, NOT_COMPARED_INSIDE

TOLERANCE = Tolerance(numeric_steps=10, numeric_relative=1e-5)
ratios = st.floats(1e-9, 10.0)
tolerances = st.builds(
    Tolerance,
    numeric_steps=st.integers(0, 15),
    numeric_relative=ratios,
    window=st.integers(1, 15),
    trend_relative=ratios,
    trend_absolute=ratios,
    spike=ratios,
    metric_absolute=ratios,
    exact_start=st.booleans(),
    norm_relative=ratios,
    image_levels=st.integers(0, 255),
)


@settings(max_examples=60)
@given(traces(), tolerances)
def test_a_trace_equals_itself(trace: Trace, tolerance: Tolerance) -> None:
    # A spike factor below 1 would refuse the golden itself.
    assert [] == compare(trace, trace, evolve(tolerance, spike=max(1.0, tolerance.spike)))


@settings(max_examples=60)
@given(traces(), tolerances)
def test_a_trace_keeps_its_own_trend(trace: Trace, tolerance: Tolerance) -> None:
    assert [] == compare_trend(trace, trace, tolerance)


def test_every_field_of_a_trace_is_compared_or_left_out_for_a_reason() -> None:
    fields = {each.name for each in attrs.fields(Trace)}
    assert fields == COMPARED.keys() | NOT_COMPARED.keys()
    assert not COMPARED.keys() & NOT_COMPARED.keys()
    assert all(NOT_COMPARED.values())


@pytest.mark.parametrize(
    ("holder", "prefix", "kind"),
    [
        ("models", "", ModelSummary),
        ("models", "layers.", LayerRow),
        ("images", "", Image),
        ("final_weights", "", WeightNorm),
        ("log", "", LogLine),
    ],
)
def test_every_field_inside_a_trace_is_compared_or_left_out_for_a_reason(
    holder: str, prefix: str, kind: type[attrs.AttrsInstance]
) -> None:
    named = {
        "layers": "layer dropped",
        "height": "height and width",
        "width": "height and width",
        "text": "a word",
    }
    for each in attrs.fields(kind):
        if (kind.__name__, each.name) not in NOT_COMPARED_INSIDE:
            assert named.get(each.name, f"{prefix}{each.name}") in COMPARED[holder], each.name


CHANGES = [(field, name) for field, changes in COMPARED.items() for name in changes]


@pytest.mark.parametrize(("field", "name"), CHANGES)
def test_a_trace_changed_beyond_tolerance_in_any_field_fails(field: str, name: str) -> None:
    changed = COMPARED[field][name](TRACE)
    assert getattr(changed, field) != getattr(TRACE, field)
    findings = compare(changed, TRACE, TOLERANCE)
    assert findings
    assert all(finding.fails for finding in findings)


@pytest.mark.parametrize(("field", "name"), CHANGES)
def test_a_trace_changed_beyond_its_measured_horizon_in_any_field_fails(
    field: str, name: str
) -> None:
    findings = compare(COMPARED[field][name](TRACE), TRACE, HORIZON)
    assert findings
    assert all(finding.fails for finding in findings)


@settings(max_examples=60)
@given(traces(), horizons)
def test_a_trace_lies_within_every_horizon_of_its_own(trace: Trace, horizon: Horizon) -> None:
    # A spike factor below 1 would refuse the golden itself; measured ones start at 1.
    above = {name: max(1.0, value) for name, value in horizon.spikes.items()}
    assert [] == compare(trace, trace, evolve(horizon, spikes=above))


@pytest.mark.parametrize(("field", "name"), CHANGES)
def test_a_golden_changed_beyond_tolerance_in_any_field_fails(field: str, name: str) -> None:
    assert compare(TRACE, COMPARED[field][name](TRACE), TOLERANCE)


@pytest.mark.parametrize("field", NOT_COMPARED)
def test_a_field_that_is_left_out_changes_nothing(field: str) -> None:
    changed = {
        "seed": evolve(TRACE, seed=2),
        "data_name": evolve(TRACE, data_name="mnist"),
        "data_sha256": evolve(TRACE, data_sha256="00"),
        "sequence": evolve(TRACE, sequence=("toy/zero", "toy/first")),
        "seconds": evolve(TRACE, seconds=99.0),
        "final_digest": evolve(TRACE, final_digest="00"),
        "replay": evolve(TRACE, replay=None),
        "environment": evolve(TRACE, environment={}),
    }[field]
    assert getattr(changed, field) != getattr(TRACE, field)
    assert [] == compare(changed, TRACE, TOLERANCE)


@given(st.data())
def test_a_loss_beyond_tolerance_fails_at_any_numeric_step(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TRACE.losses)))
    step = data.draw(st.integers(0, 9))
    factor = 1 + data.draw(st.sampled_from([-1.0, 1.0])) * data.draw(st.floats(1.1e-5, 1e3))
    assert compare(_scaled(TRACE, name, range(step, step + 1), factor), TRACE, TOLERANCE)


@given(st.data())
def test_a_spike_fails_at_any_step(data: st.DataObject) -> None:
    step = data.draw(st.integers(0, 249))
    start = step - step % TOLERANCE.window
    window = TRACE.losses["loss"][start : start + TOLERANCE.window]
    ceiling = TOLERANCE.spike * max(window) + TOLERANCE.trend_absolute
    above = data.draw(st.floats(1.01, 100.0)) * ceiling / TRACE.losses["loss"][step]
    assert compare(_scaled(TRACE, "loss", range(step, step + 1), above), TRACE, TOLERANCE)


@given(st.data())
def test_a_window_that_drifts_fails_wherever_it_lies(data: st.DataObject) -> None:
    # `penalty` lies between 1.0 and 1.25, so 0.1 nats and 40 % are at most half of it.
    window = data.draw(st.integers(0, 2))
    steps = range(100 * window, min(250, 100 * window + 100))
    factor = data.draw(st.floats(0.0, 0.45) | st.floats(1.55, 3.9))
    assert compare(_scaled(TRACE, "penalty", steps, factor), TRACE, TOLERANCE)


def _scaled(trace: Trace, name: str, steps: range, factor: float) -> Trace:
    values = tuple(v * factor if i in steps else v for i, v in enumerate(trace.losses[name]))
    return evolve(trace, losses={**trace.losses, name: values})


@settings(max_examples=60)
@given(traces(), st.data())
def test_a_number_that_is_none_is_always_told(trace: Trace, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(["losses", "metrics"]))
    series = {**getattr(trace, table), "more": (0.5, 0.25)}
    name = data.draw(st.sampled_from(sorted(series)).filter(lambda each: len(series[each]) > 0))
    at = data.draw(st.integers(0, len(series[name]) - 1))
    bad = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    series[name] = tuple(bad if i == at else v for i, v in enumerate(series[name]))
    sick = evolve(trace, losses=series) if table == "losses" else evolve(trace, metrics=series)
    for golden in (trace, sick):
        for findings in (compare(sick, golden, TOLERANCE), compare_trend(sick, golden, TOLERANCE)):
            assert "not-finite" in [finding.code for finding in findings if finding.fails]


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[Trace, Trace]:
    """A golden, and a trace that strays from it a little, a lot, or in structure."""
    golden = draw(traces())
    if draw(st.integers(0, 9)) == 0:
        return draw(traces()), golden
    spread = draw(st.sampled_from([0.0, 1e-6, 1e-3, 0.3, 3.0]))
    strays = st.floats(1 - spread, 1 + spread)

    def strayed(values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(value * draw(strays) for value in values)

    return evolve(
        golden,
        losses={name: strayed(values) for name, values in golden.losses.items()},
        metrics={name: strayed(values) for name, values in golden.metrics.items()},
        final_weights=tuple(evolve(w, norm=w.norm * draw(strays)) for w in golden.final_weights),
        initial_weights=draw(st.sampled_from([golden.initial_weights, "00"])),
    ), golden


Widen = Callable[[Tolerance, float], Tolerance]
WIDER: dict[str, Widen] = {
    "numeric_steps": lambda t, by: evolve(t, numeric_steps=int(t.numeric_steps / (1 + by))),
    "numeric_relative": lambda t, by: evolve(t, numeric_relative=t.numeric_relative + by),
    "trend_relative": lambda t, by: evolve(t, trend_relative=t.trend_relative + by),
    "trend_absolute": lambda t, by: evolve(t, trend_absolute=t.trend_absolute + by),
    "spike": lambda t, by: evolve(t, spike=t.spike + by),
    "metric_absolute": lambda t, by: evolve(t, metric_absolute=t.metric_absolute + by),
    "exact_start": lambda t, _: evolve(t, exact_start=False),
    "norm_relative": lambda t, by: evolve(t, norm_relative=t.norm_relative + by),
    "image_levels": lambda t, by: evolve(t, image_levels=t.image_levels + int(1 + by)),
}
NO_WIDER = {"window": "cuts the losses elsewhere: a longer window is another question"}


def test_every_field_of_a_tolerance_has_a_widening_direction_or_a_reason_for_none() -> None:
    fields = {each.name for each in attrs.fields(Tolerance)}
    assert fields == WIDER.keys() | NO_WIDER.keys()


@pytest.mark.parametrize("field", WIDER)
@settings(max_examples=40)
@given(pair=_pairs(), tolerance=tolerances, by=st.floats(0.0, 10.0))
def test_widening_a_tolerance_never_adds_a_finding(
    field: str, pair: tuple[Trace, Trace], tolerance: Tolerance, by: float
) -> None:
    trace, golden = pair
    wider = WIDER[field](tolerance, by)
    assert len(compare(trace, golden, wider)) <= len(compare(trace, golden, tolerance))
    assert len(compare_trend(trace, golden, wider)) <= len(compare_trend(trace, golden, tolerance))


@settings(max_examples=50)
@given(_pairs(), tolerances)
def test_the_trend_is_never_judged_more_strictly_than_the_numbers(
    pair: tuple[Trace, Trace], tolerance: Tolerance
) -> None:
    trace, golden = pair
    assert len(compare_trend(trace, golden, tolerance)) <= len(compare(trace, golden, tolerance))
