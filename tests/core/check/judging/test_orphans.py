"""Judging: goldens that no scenario reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.golden.golden import key_of
from core.check.golden.store import Store
from core.check.judging import CheckPlan, Status
from core.check.judging.orphans import expected_keys
from core.spec import Guide
from core.spec.catalog import Catalog, GuideEntry
from core.trace import Trace
from tests.core.check.judging.example_checks import (
    FIRST,
    catalog_at,
    finished,
    golden_of,
    judged,
    planned,
    record,
    trace_of,
)
from tests.example_scenarios import CLASSIFIER, CONTINUED, GUIDE


@pytest.mark.parametrize(
    "stray",
    [
        trace_of("toy/gone", "native"),
        evolve(trace_of(FIRST, "native"), backend="torch"),
        evolve(trace_of(FIRST, "native"), execution="eager"),
        evolve(trace_of(FIRST, "native"), precision="float64"),
        trace_of("other/first", "native"),
    ],
    ids=["section", "backend", "execution", "precision", "guide"],
)
def test_a_golden_that_no_scenario_reads_fails_the_check(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path, stray: Trace
) -> None:
    Store(tmp_path).write(golden_of(stray)).write_text("damaged")
    report = judged(plan, finished(plan), catalog)
    (finding,) = report.findings
    assert ("golden-orphan", True) == (finding.code, finding.fails)
    assert str(key_of(stray).file) in finding.where
    assert not report.passed
    assert "but there is 1 finding besides" in report.decision


def test_orphans_are_not_looked_for_where_only_part_of_a_guide_is_checked(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path).write(golden_of(trace_of("toy/gone", "native")))
    plan = planned(catalog, monkeypatch, asked=(CLASSIFIER,))
    report = judged(plan, finished(plan), catalog, asked=(CLASSIFIER,))
    assert () == report.findings
    assert report.passed


def test_goldens_of_backends_that_are_not_installed_are_no_orphans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere = evolve(CLASSIFIER, backends=("tensorflow", "torch"))
    catalog = catalog_at(tmp_path, everywhere, CONTINUED)
    record(tmp_path, everywhere, CONTINUED)
    for randomness in ("native", "controlled"):
        trace = evolve(trace_of(FIRST, randomness), backend="torch")
        Store(tmp_path).write(golden_of(trace))
    plan = planned(catalog, monkeypatch, backends=("tensorflow", "torch"))
    report = judged(plan, finished(plan), catalog)
    assert () == report.findings
    assert [Status.PASSED, Status.PASSED, Status.SKIPPED] == [r.status for r in report.results]
    assert "all 2 runs passed (2 scenarios); 1 skipped" == report.decision
    assert 4 == len(list(expected_keys(everywhere)))


def test_references_and_horizons_that_no_scenario_reads_are_orphans_too(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path
) -> None:
    for path in ("reference/toy/first", "reference/toy/gone"):
        (tmp_path / path).mkdir(parents=True)
        (tmp_path / path / "numbers.json").write_text("damaged")
    (tmp_path / "horizons/toy/gone.json").write_text("damaged")
    report = judged(plan, finished(plan), catalog)
    assert ["golden-orphan"] * 2 == [finding.code for finding in report.findings]
    assert [
        f"{tmp_path.name}/{path}" for path in ("horizons/toy/gone.json", "reference/toy/gone")
    ] == [finding.where for finding in report.findings]


def test_of_two_guides_in_one_folder_only_the_one_checked_whole_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = evolve(CLASSIFIER, guide=Guide("whole", "Checked whole", 2024))
    entries = (
        GuideEntry(GUIDE, (CLASSIFIER, CONTINUED), (), tmp_path),
        GuideEntry(whole.guide, (whole,), (), tmp_path),
    )
    catalog, asked = Catalog(entries), (CLASSIFIER, whole)
    record(tmp_path, CLASSIFIER, CONTINUED, whole)
    for scenario in ("toy/gone", "whole/gone"):
        for randomness in ("controlled", "native"):
            Store(tmp_path).write(golden_of(trace_of(scenario, randomness)))
    plan = planned(catalog, monkeypatch, asked=asked)
    report = judged(plan, finished(plan), catalog, asked=asked)
    assert [Status.PASSED, Status.PASSED] == [result.status for result in report.results]
    assert ["whole/gone"] * 2 == [
        str(Path(finding.where).parent.relative_to(tmp_path.name)) for finding in report.findings
    ]
