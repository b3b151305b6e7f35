"""Charts of a section's goldens: the numbers drawn are the numbers recorded."""

from __future__ import annotations

from functools import cache

import pytest

from core.site.charts.accuracy import accuracy_charts
from core.site.charts.agreement import agreement_charts, pairs
from core.site.charts.losses import loss_charts
from core.site.recorded import Recorded, Records
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace.difference import relative_difference
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)


@cache
def found(name: str) -> tuple[Scenario, Recorded]:
    (section,) = CATALOG.select([name])
    return section, Records().of(CATALOG.entry(section), section)


def test_a_long_training_is_shown_as_means_of_the_golden_s_windows() -> None:
    _, recorded = found("keras_io_tf/metrics")
    (chart,) = loss_charts(recorded)
    losses = recorded.traces["jax"].losses["loss"]
    assert ("50", f"{sum(losses[:100]) / 100:.4f}") == (chart.rows[0][0], chart.rows[0][2])
    assert ["tensorflow", "jax", "torch", "band", "published"] == [word for word, _ in chart.legend]


def test_a_short_training_is_shown_step_by_step() -> None:
    _, recorded = found("keras_io_tf/gan")
    charts = list(loss_charts(recorded))
    assert ["loss-d-loss", "loss-g-loss"] == [chart.name for chart in charts]
    losses = recorded.traces["torch"].losses["g_loss"]
    assert [f"{value:.4f}" for value in losses] == [row[3] for row in charts[1].rows]


def test_the_difference_of_two_backends_is_the_largest_inside_the_horizon() -> None:
    section, recorded = found("keras_io_tf/metrics")
    pair = next(p for p in pairs(section, recorded) if ("tensorflow", "jax") == (p.first, p.second))
    horizon = recorded.controlled["jax"].horizon
    assert horizon is not None
    steps = len(horizon.losses["loss"])
    ours, theirs = (recorded.traces[b].losses["loss"][:steps] for b in ("tensorflow", "jax"))
    differences = [relative_difference(y, x) for x, y in zip(ours, theirs, strict=True)]
    assert (steps, max(differences), True) == (pair.steps, pair.largest, pair.alike)
    assert differences.count(0.0) == pair.equal


def test_backends_that_read_a_loss_otherwise_are_not_said_to_differ_by_rounding() -> None:
    section, recorded = found("dcgan_article/dcgan")
    alike = {(p.first, p.second): p.alike for p in pairs(section, recorded) if p.loss == "g_loss"}
    assert {
        ("tensorflow", "jax"): False,
        ("tensorflow", "torch"): False,
        ("jax", "torch"): True,
    } == alike
    assert [] == list(agreement_charts(section, recorded))


def test_a_section_without_a_horizon_is_not_compared_step_by_step() -> None:
    section, recorded = found("keras_io_tf/compiled")
    assert ([], []) == (list(pairs(section, recorded)), list(agreement_charts(section, recorded)))
    assert 1 == len(list(loss_charts(recorded)))


def test_accuracies_stand_beside_the_published_ones() -> None:
    _, recorded = found("keras_io_tf/metrics")
    charts = list(accuracy_charts(recorded))
    assert ["accuracy-train-acc", "accuracy-val-acc"] == [chart.name for chart in charts]
    value = recorded.traces["tensorflow"].metrics["val_acc"][1]
    assert ("2", f"{value:.4f}") == charts[1].rows[1][:2]
    assert "0.9094" == charts[1].rows[1][-1]


@pytest.mark.parametrize("name", ["r_style/compiled"])
def test_a_section_that_takes_no_step_has_no_curve(name: str) -> None:
    _, recorded = found(name)
    assert [] == list(loss_charts(recorded))
