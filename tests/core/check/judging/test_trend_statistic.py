"""One statistic of a native run: open, cleared or an alarm."""

from __future__ import annotations

from attrs import evolve

from core.check.judging.trend_statistic import Statistic, statistics_of
from core.check.trends.recorded import Kind, SeedRun
from core.trace.finding import FindingCode
from tests.example_traces import TRACE

RECORDED = [
    SeedRun(seed, "tensorflow", {"loss": (2.0 + seed / 100, 1.0)}, {"acc": (0.5, 0.6)})
    for seed in range(40)
]


def run(first: float, *, epochs: int = 2) -> SeedRun:
    """A fresh run whose first window has a mean loss."""
    return SeedRun(99, "tensorflow", {"loss": (first, 1.0)}, {"acc": (0.5, 0.6)[:epochs]})


def loss_of(first: float) -> Statistic:
    """The statistic of its loss."""
    return next(s for s in statistics_of(run(first), RECORDED) if s.kind is Kind.LOSSES)


def test_a_run_has_a_statistic_for_each_loss_metric_and_change() -> None:
    found = [(s.kind, s.name, len(s.recorded)) for s in statistics_of(run(2.2), RECORDED)]
    wanted = [(Kind.LOSSES, "loss"), (Kind.METRICS, "acc"), (Kind.CHANGES, "acc")]
    assert [(*each, 40) for each in wanted] == found


def test_what_is_longer_or_shorter_than_recorded_has_none() -> None:
    found = [(s.kind, s.name) for s in statistics_of(run(2.2, epochs=1), RECORDED)]
    assert [(Kind.LOSSES, "loss")] == found
    assert not loss_of(2.2).add(SeedRun(1, "tensorflow", {"loss": (2.0,)}, {}))


def test_a_run_inside_is_decided_at_once() -> None:
    statistic = loss_of(2.2)
    assert not statistic.open
    assert statistic.finding(TRACE) is None


def test_a_run_outside_stays_open_until_its_repeats_clear_it() -> None:
    statistic = loss_of(9.0)
    was_open = statistic.open
    assert statistic.add(run(2.2))
    assert (True, False) == (was_open, statistic.open)
    assert statistic.finding(TRACE) is None


def test_an_alarm_says_what_lies_where_and_how_likely_that_is() -> None:
    statistic = loss_of(9.0)
    while statistic.open:
        assert statistic.add(run(9.0))
    finding = statistic.finding(evolve(TRACE, randomness="native"))
    assert finding is not None
    assert FindingCode.GOLDEN_MISMATCH is finding.code
    assert finding.where.endswith("(native): losses.loss[0:100]")
    again = len(statistic.fresh) - 1
    assert f"loss lies above what 40 recorded seeds show, with {again} fresh" in finding.message
    chance = f"false alarm at most {statistic.rule.chance:.1e}"
    for said in ("9.0000", "recorded 2.0000 to 2.3900, median 2.1950", "in 0 of", chance):
        assert said in finding.evidence
