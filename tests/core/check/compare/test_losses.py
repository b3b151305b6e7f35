"""Comparing losses: numbers first, then the trend."""

from __future__ import annotations

import math

import pytest
from attrs import evolve

from core.check.compare.against import Compared
from core.check.compare.losses import compare_losses, not_finite
from core.check.compare.tolerance import Tolerance
from core.trace import Trace
from core.trace.finding import Finding
from tests.example_traces import TRACE

TOLERANCE = Tolerance(numeric_steps=10, numeric_relative=1e-5)
GOLDEN = evolve(TRACE, losses={"loss": tuple(2.0 for _ in range(250))})


def _with(changes: dict[int, float]) -> Trace:
    losses = tuple(changes.get(step, value) for step, value in enumerate(GOLDEN.losses["loss"]))
    return evolve(GOLDEN, losses={"loss": losses})


def _findings(changes: dict[int, float], tolerance: Tolerance = TOLERANCE) -> list[Finding]:
    return list(compare_losses(Compared(_with(changes), GOLDEN), tolerance))


def test_equal_losses_have_no_finding() -> None:
    assert [] == _findings({})


def test_a_number_beyond_tolerance_is_reported_at_the_first_such_step() -> None:
    (finding,) = _findings({3: 2.0001, 7: 2.5})
    assert "golden-mismatch" == finding.code
    assert "toy/first@tensorflow (controlled): losses.loss[3]" == finding.where
    assert "found 2.0001, expected 2.0, relative difference 5.00e-05" in finding.evidence
    assert "at most 1.0e-05 at this step, inside a horizon of 10" in finding.evidence
    assert 'parity record toy/first --reason "…"' in finding.remedy


@pytest.mark.parametrize(("step", "count"), [(9, 1), (10, 0)])
def test_numbers_are_compared_inside_the_numeric_steps_only(step: int, count: int) -> None:
    assert count == len(_findings({step: 2.01}))


def test_a_number_within_tolerance_passes() -> None:
    assert [] == _findings({3: 2.0 * (1 + 0.9e-5)})


@pytest.mark.parametrize("factor", [0.3, 1.7])
def test_a_windows_mean_that_leaves_the_trend_is_reported_with_its_steps(factor: float) -> None:
    (finding,) = _findings(dict.fromkeys(range(100, 200), 2.0 * factor))
    assert "losses.loss[100:200]" in finding.where
    assert "mean over steps 100 to 199" in finding.evidence
    assert "within 0.9" in finding.evidence


def test_the_last_window_may_be_short_and_counts_as_well() -> None:
    (finding,) = _findings(dict.fromkeys(range(200, 250), 0.5))
    assert "losses.loss[200:250]" in finding.where


def test_scatter_whose_mean_keeps_the_trend_passes() -> None:
    assert [] == _findings({step: 2.0 + (-1) ** step for step in range(10, 250)})


@pytest.mark.parametrize("value", [8.2, -8.2])
def test_a_single_loss_that_stands_out_is_reported(value: float) -> None:
    (finding,) = _findings({150: value})
    assert "losses.loss[150]" in finding.where
    assert "at most 8.1000 over steps 100 to 199" in finding.evidence


def test_a_single_loss_at_the_spikes_limit_passes() -> None:
    assert [] == _findings({150: 8.0})


def test_a_run_cut_short_is_judged_by_the_steps_it_took() -> None:
    short = evolve(GOLDEN, losses={"loss": GOLDEN.losses["loss"][:150]})
    assert [] == list(compare_losses(Compared(short, GOLDEN), TOLERANCE))
    off = evolve(GOLDEN, losses={"loss": (2.0,) * 120 + (9.0,) * 30})
    (finding,) = compare_losses(Compared(off, GOLDEN), TOLERANCE)
    assert "losses.loss[100:150]" in finding.where


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("step", [0, 5, 50, 249])
def test_a_loss_that_is_no_number_is_reported_as_such(value: float, step: int) -> None:
    findings = _findings({step: value})
    assert "not-finite" == findings[0].code
    assert f"losses.loss[{step}]" in findings[0].where
    assert f"loss is {value}" == findings[0].message
    assert f"value {step} of 250" in findings[0].evidence


def test_only_the_first_value_that_is_no_number_is_reported_for_each_name() -> None:
    losses = {"a": (1.0, math.nan, math.nan), "b": (math.inf, 1.0), "c": (1.0,)}
    trace = evolve(TRACE, losses=losses, metrics={"acc": (0.5, math.nan)})
    places = [finding.where.partition(": ")[2] for finding in not_finite(trace)]
    assert ["losses.a[1]", "losses.b[0]", "metrics.acc[1]"] == places


def test_a_golden_that_is_no_number_matches_nothing() -> None:
    golden = evolve(GOLDEN, losses={"loss": (2.0, math.nan, *GOLDEN.losses["loss"][2:])})
    assert list(compare_losses(Compared(GOLDEN, golden), TOLERANCE))
    assert list(compare_losses(Compared(GOLDEN, golden), evolve(TOLERANCE, numeric_steps=0)))
