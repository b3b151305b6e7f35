"""A run from a station judged field by field: beyond its limit it fails, inside it passes."""

from __future__ import annotations

import math

import pytest
from attrs import evolve

from core.check.horizon.envelope import Envelope
from core.check.horizon.measure import FLOOR
from core.check.judging.stations import judge_station
from core.trace.finding import Finding
from core.trace.station import StationTrace, Variable
from tests.example_stations import ENVELOPE, LIMIT, REFERENCE_TRACE, STATION_TRACE, STEPS

HITS = "train_acc hits"
KERNEL = "model/0/kernel"
CHAOS = evolve(ENVELOPE, losses={**ENVELOPE.losses, "loss": (0.0,) * 30 + (1.0,) * 34})


def _judged(run: StationTrace, envelope: Envelope = ENVELOPE) -> tuple[Finding, ...]:
    return judge_station(run, REFERENCE_TRACE, envelope)


def _places(run: StationTrace, envelope: Envelope = ENVELOPE) -> list[str]:
    found = _judged(run, envelope)
    assert all(finding.fails and "golden-mismatch" == finding.code for finding in found)
    return [finding.where.partition(": ")[2] for finding in found]


def _loss(step: int, value: float) -> StationTrace:
    losses = list(STATION_TRACE.losses["loss"])
    losses[step] = value
    return evolve(STATION_TRACE, losses={**STATION_TRACE.losses, "loss": tuple(losses)})


def _counted(name: str, *values: int) -> StationTrace:
    """A run that counted otherwise, and whose metric says so."""
    counters = {**STATION_TRACE.counters, name: values}
    metrics = dict(STATION_TRACE.metrics)
    metric = name.partition(" ")[0]
    if metric in metrics and len(values) == len(metrics[metric]):
        pairs = zip(counters[f"{metric} hits"], counters[f"{metric} samples"], strict=False)
        metrics[metric] = tuple(hits / samples for hits, samples in pairs)
    return evolve(STATION_TRACE, counters=counters, metrics=metrics)


def _ends(norm: float = 1.0, projection: float = 0.0) -> StationTrace:
    """A kernel whose norm is that many times the reference's, moved along as a share of it."""
    wanted = REFERENCE_TRACE.variables[KERNEL]
    moved = Variable(wanted.norm * norm, wanted.projection + projection * wanted.norm)
    return evolve(STATION_TRACE, variables={**STATION_TRACE.variables, KERNEL: moved})


def test_a_run_that_equals_its_reference_is_honest() -> None:
    assert () == _judged(STATION_TRACE)


@pytest.mark.parametrize("step", [0, 31, STEPS - 1])
def test_a_loss_is_held_to_the_limit_of_its_step(step: int) -> None:
    wanted = REFERENCE_TRACE.losses["loss"][step]
    for sign in (1, -1):
        assert [] == _places(_loss(step, wanted * (1 + sign * 0.9 * LIMIT)))
        assert [f"losses.loss[{step}]"] == _places(_loss(step, wanted * (1 + sign * 1.1 * LIMIT)))
    (finding,) = _judged(_loss(step, 2 * wanted))
    assert f"found {2 * wanted!r}, expected {wanted!r}" in finding.evidence
    assert f"loss of step {step} from here" in finding.message
    assert 'parity record toy/first --reason "…"' in finding.remedy


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_no_number_fails(value: float) -> None:
    run = _loss(3, value)
    assert ["losses.loss[3]"] == _places(run)


def test_a_step_too_few_or_too_many_fails() -> None:
    whole = STATION_TRACE.losses
    for values in (whole["loss"][:-1], (*whole["loss"], 1.0), ()):
        assert ["losses.loss"] == _places(evolve(STATION_TRACE, losses={**whole, "loss": values}))


def test_losses_missing_and_besides_fail() -> None:
    other = {"loss": STATION_TRACE.losses["loss"], "other": STATION_TRACE.losses["penalty"]}
    assert ["losses.penalty", "losses.other"] == _places(evolve(STATION_TRACE, losses=other))


def test_beyond_the_horizon_losses_and_what_follows_from_them_are_not_compared() -> None:
    chaotic = evolve(_loss(STEPS - 1, 7.0), variables={})
    assert [] == _places(evolve(chaotic, variables=STATION_TRACE.variables), CHAOS)
    assert [] == _places(_ends(norm=2.0), CHAOS)
    assert [] == _places(_counted(HITS, 9), CHAOS)
    assert ["losses.loss[0]"] == _places(_loss(0, 7.0), CHAOS)


@pytest.mark.parametrize("name", ["steps", "samples", "optimizer/iteration", "train_acc samples"])
def test_counters_are_exact_within_the_horizon_and_beyond(name: str) -> None:
    (wanted,) = REFERENCE_TRACE.counters[name]
    for run in (_counted(name, wanted + 1), _counted(name, wanted - 1)):
        for envelope in (ENVELOPE, CHAOS):
            assert [f"counters.{name}[0]"] == _places(run, envelope)
    assert [f"counters.{name}"] == _places(_counted(name))
    assert [f"counters.{name}"] == _places(_counted(name, wanted, wanted))


def test_counters_missing_and_besides_fail() -> None:
    rest = {n: v for n, v in STATION_TRACE.counters.items() if n != "samples"}
    run = evolve(STATION_TRACE, counters={**rest, "another": (1,)})
    assert ["counters.samples", "counters.another"] == _places(run)


def test_hits_may_differ_by_the_samples_that_rounding_may_decide_either_way() -> None:
    # Two samples lie within the margins' horizon of 1e-4, the third at 0.3.
    for hits in (73, 74, 76, 77):
        assert [] == _places(_counted(HITS, hits))
    for hits in (72, 78):
        (finding,) = _judged(_counted(HITS, hits))
        assert f"counters.{HITS}[0]" in finding.where
        assert "rule: at most 2 off, the samples that close" in finding.evidence


def test_hits_of_samples_that_are_far_from_a_decision_are_exact() -> None:
    (finding,) = _judged(_counted("val_acc hits", 51))
    assert "found 51, expected 50; rule: equal" == finding.evidence


@pytest.mark.parametrize("values", [(), (0.75, 0.75)])
def test_a_metric_read_less_or_more_often_fails(values: tuple[float, ...]) -> None:
    run = evolve(STATION_TRACE, metrics={**STATION_TRACE.metrics, "train_acc": values})
    assert ["metrics.train_acc"] == _places(run)


def test_a_metric_missing_and_one_besides_fail() -> None:
    renamed = evolve(STATION_TRACE, metrics={"accuracy": (0.75,), "val_acc": (0.5,)})
    assert ["metrics.accuracy", "metrics.train_acc"] == _places(renamed)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_norm_of_a_variable_is_held_to_its_limit(sign: int) -> None:
    assert [] == _places(_ends(norm=1 + sign * 0.9 * LIMIT))
    (finding,) = _judged(_ends(norm=1 + sign * 1.1 * LIMIT))
    assert finding.where.endswith(f": variables.{KERNEL}")
    assert "norm" in finding.message


@pytest.mark.parametrize("sign", [1, -1])
def test_the_projection_of_a_variable_is_held_to_its_limit(sign: int) -> None:
    assert [] == _places(_ends(projection=sign * 0.9 * LIMIT))
    (finding,) = _judged(_ends(projection=sign * 1.1 * LIMIT))
    assert finding.where.endswith(f": variables.{KERNEL}")
    assert "projection" in finding.message


@pytest.mark.parametrize("ends", [Variable(math.nan, 0.25), Variable(5.5, math.nan)])
def test_a_variable_that_is_no_number_fails(ends: Variable) -> None:
    run = evolve(STATION_TRACE, variables={**STATION_TRACE.variables, KERNEL: ends})
    assert [f"variables.{KERNEL}"] == _places(run)


def test_variables_missing_and_besides_fail() -> None:
    bias = STATION_TRACE.variables["model/0/bias"]
    run = evolve(STATION_TRACE, variables={"model/0/bias": bias, "model/1/bias": bias})
    assert [f"variables.{KERNEL}", "variables.model/1/bias"] == _places(run)


def test_a_variable_whose_spread_was_not_measured_is_allowed_rounding_alone() -> None:
    unmeasured = evolve(ENVELOPE, norms={}, projections={})
    assert [] == _places(_ends(norm=1 + 0.9 * FLOOR), unmeasured)
    assert [f"variables.{KERNEL}"] == _places(_ends(norm=1 + 1.1 * FLOOR), unmeasured)


def test_where_a_loss_is_wrong_the_variables_say_nothing_new() -> None:
    wrong = evolve(_ends(norm=2.0), losses=_loss(0, 7.0).losses)
    assert ["losses.loss[0]"] == _places(wrong)
