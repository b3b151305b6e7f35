"""A translation is not run again."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.check.judging.sharing import with_shared
from core.spec import Guide
from core.spec.catalog import Catalog, GuideEntry
from core.spec.translation import translated
from tests.core.check.judging.example_checks import FIRST, finished, planned, stopped
from tests.example_scenarios import CLASSIFIER, CONTINUED, GUIDE

OTHER = Guide("other", "Another guide", 2020)
TOLD = translated(CLASSIFIER, OTHER, "First")
TOLD_AGAIN = translated(CONTINUED, OTHER, "Second", (TOLD,))


def _catalog(folder: Path) -> Catalog:
    return Catalog(
        (
            GuideEntry(GUIDE, (CLASSIFIER, CONTINUED), (), folder),
            GuideEntry(OTHER, (TOLD, TOLD_AGAIN), (), folder),
        )
    )


def test_a_translation_shares_the_original_s_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(_catalog(tmp_path), monkeypatch)
    assert ["toy", "toy"] == [job.name.partition("@")[0] for job in plan.jobs]
    assert [
        ("other@tensorflow (stations)", "toy@tensorflow (stations)"),
        ("other@tensorflow (native)", "toy@tensorflow (native)"),
    ] == [(job.name, source.name) for job, source in plan.shared]


def test_a_translation_asked_for_alone_runs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(_catalog(tmp_path), monkeypatch, asked=(TOLD, TOLD_AGAIN))
    assert {"other"} == {job.name.partition("@")[0] for job in plan.jobs}
    assert () == plan.shared


def test_another_selection_of_sections_is_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(_catalog(tmp_path), monkeypatch, asked=(CLASSIFIER, CONTINUED, TOLD))
    assert () == plan.shared
    assert 4 == len(plan.jobs)


def test_shared_traces_carry_their_own_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(_catalog(tmp_path), monkeypatch)
    outcomes = with_shared(plan, finished(plan))
    assert 4 == len(outcomes)
    last = outcomes[-1]
    assert ("toy@tensorflow (native)", None) == (last.shares, last.failure)
    assert [TOLD.id, TOLD_AGAIN.id] == list(last.traces)
    for name, trace in last.traces.items():
        assert name == trace.scenario
        assert not any(earlier.startswith("toy/") for earlier in trace.sequence)
    stations = outcomes[-2].stations
    assert [TOLD.id] * 2 + [TOLD_AGAIN.id] * 2 == [trace.scenario for trace in stations]
    assert ["start", "late"] * 2 == [trace.station for trace in stations]


def test_a_failure_is_shared_under_the_translation_s_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(_catalog(tmp_path), monkeypatch)
    outcomes = with_shared(plan, [stopped(outcome, FIRST) for outcome in finished(plan)])
    failure = outcomes[-1].failure
    assert failure is not None
    assert TOLD.id == failure.scenario
    assert {} == outcomes[-1].traces
