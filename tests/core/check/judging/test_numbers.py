"""The numbers of a section: its runs from all stations, and the figures they give."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.golden.golden import Golden
from core.check.horizon.pooled import SectionHorizon
from core.check.judging.numbers import Numbers, judge_numbers
from core.check.reference.reference import AtStation, Located
from core.spec import BACKENDS
from core.trace.station import StationTrace
from scenarios.keras_io_tf import SCENARIOS
from tests.core.check.judging.example_checks import FIRST, golden_of, trace_of
from tests.example_scenarios import CLASSIFIER
from tests.example_stations import LIMIT, STEPS, horizon_of, located, station_trace

GAN = SCENARIOS[-1]
GOLDEN = golden_of(trace_of(FIRST, "controlled"))
HORIZON = horizon_of(CLASSIFIER)
START, LATE = station_trace(FIRST, "start"), station_trace(FIRST, "late")


def _judged(
    *runs: StationTrace,
    horizon: SectionHorizon | None = HORIZON,
    golden: Golden | None = GOLDEN,
) -> Numbers:
    here = located(CLASSIFIER)
    starts = here.starts(CLASSIFIER)[: len(runs)]
    return judge_numbers(CLASSIFIER, "tensorflow", runs, starts, here, horizon, golden)


def _times(run: StationTrace, factor: float) -> StationTrace:
    losses = {name: tuple(factor * v for v in values) for name, values in run.losses.items()}
    return evolve(run, losses=losses)


def test_the_first_loss_is_the_start_s_and_the_last_the_last_station_s() -> None:
    found = _judged(START, _times(LATE, 1 + LIMIT / 2))
    assert [] == found.findings
    assert {"loss": 100.0, "penalty": 1.0} == found.first
    assert pytest.approx(100.0 / STEPS * (1 + LIMIT / 2)) == found.last["loss"]
    assert 100.0 / STEPS == found.reference_last["loss"]
    assert START.models == found.models
    assert 2 * STEPS == found.compared_steps
    assert pytest.approx(LIMIT / 2, rel=1e-3) == found.largest_relative
    assert pytest.approx(0.5, rel=1e-3) == found.largest_share


def test_the_largest_difference_may_lie_at_any_station() -> None:
    found = _judged(_times(START, 1 + LIMIT / 2), LATE)
    assert pytest.approx(0.5, rel=1e-3) == found.largest_share
    assert {"loss": 100.0 / STEPS, "penalty": 1.063} == found.last


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_backend_is_compared_with_what_it_means_itself(backend: str) -> None:
    """The slope of LeakyReLU at zero is another one in JAX."""
    (start, *_) = located(GAN).stations
    readings = {**start.readings, "jax": _times(start.readings["jax"], 2.0)}
    here = Located((AtStation(start.station, readings),), Path())
    horizon = horizon_of(GAN)

    def found(by: float) -> bool:
        run = _times(station_trace(GAN.id, "start", backend), by)
        return not judge_numbers(
            GAN, backend, [run], here.starts(GAN), here, horizon, None
        ).findings

    assert (backend != "jax", backend == "jax") == (found(1.0), found(2.0))


def test_without_a_horizon_nothing_is_compared_and_each_station_says_so() -> None:
    found = _judged(START, LATE, horizon=None)
    assert ["golden-missing"] * 2 == [finding.code for finding in found.findings]
    assert (None, None, 0) == (found.largest_relative, found.largest_share, found.compared_steps)


def test_without_a_golden_what_a_framework_says_is_not_compared() -> None:
    assert [] == _judged(evolve(START, models=(), warnings=("new",)), golden=None).findings


def test_a_warning_raised_at_two_stations_is_found_once() -> None:
    runs = [evolve(run, warnings=("UserWarning: another",)) for run in (START, LATE)]
    (finding,) = _judged(*runs).findings
    assert f"{FIRST}@tensorflow (stations): warnings" == finding.where


def test_a_model_too_few_is_found_by_its_name() -> None:
    (finding,) = _judged(evolve(START, models=()), LATE).findings
    assert "models.model" in finding.where
    assert "model is another model than the golden's" == finding.message
