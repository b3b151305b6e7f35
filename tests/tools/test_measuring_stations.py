"""Measuring horizons: which runs that takes, and what is kept of earlier ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.horizon import pooled
from core.check.horizon.pooled import SectionHorizon
from core.check.horizon.sampling import SEEDS
from core.check.horizon.variation import Variation, on_processor
from core.check.reference.reference import write
from core.run.backends.registry import REFERENCE
from core.run.data import load_data
from core.spec import Scenario
from core.spec.catalog import Catalog, GuideEntry
from tests.core.check.reference.runs import Runs
from tests.example_scenarios import CLASSIFIER, GUIDE
from tests.example_stations import SAMPLE, horizon_of, reference_of
from tools.cli.measuring_stations import Measuring

ON_BOTH = evolve(CLASSIFIER, backends=("tensorflow", "jax"))
SHA = load_data("digits").sha256


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Every job is answered at once."""
    found = Runs()
    monkeypatch.setattr("tools.cli.measuring_stations.run_or_stop", found)
    return found


def _measured(
    folder: Path, *backends: str, emulated: Variation | None = None, scenario: Scenario = ON_BOTH
) -> SectionHorizon:
    catalog = Catalog((GuideEntry(GUIDE, (scenario,), (), folder),))
    measuring = Measuring(
        catalog, backends, "digits", Path("repository"), (), "parity horizon toy", emulated
    )
    (found,) = measuring.measure([scenario]).values()
    assert found == pooled.read(folder, scenario)
    return found


def _before(folder: Path, sha: str = SHA) -> None:
    pooled.write(folder, ON_BOTH.id, evolve(horizon_of(ON_BOTH), data_sha256=sha))


def test_every_seed_is_compared_with_a_reference_of_its_own(runs: Runs, tmp_path: Path) -> None:
    found = _measured(tmp_path, "tensorflow", "jax")
    computed = {job.options.seed for job in runs.jobs if job.backend == REFERENCE}
    assert set(SEEDS) == computed
    assert {0.0} == {v for values in found.stations["late"].losses.values() for v in values}
    assert 2 * (8 + 3 * 2) == len(found.samples)


def test_a_recorded_reference_is_not_computed_again(runs: Runs, tmp_path: Path) -> None:
    held = reference_of(ON_BOTH)
    write(tmp_path, ON_BOTH.id, evolve(held, seed=SEEDS[0], data_sha256=SHA))
    _measured(tmp_path, "tensorflow", "jax")
    computed = {job.options.seed for job in runs.jobs if job.backend == REFERENCE}
    assert set(SEEDS[1:]) == computed


def test_measured_on_every_backend_a_horizon_stands_for_itself(runs: Runs, tmp_path: Path) -> None:
    _before(tmp_path)
    found = _measured(tmp_path, "tensorflow", "jax", "torch")
    assert SAMPLE not in found.samples
    assert {0.0} == set(found.stations["start"].norms.values())
    assert runs.jobs


@pytest.mark.parametrize("emulated", [None, on_processor("EPYC")], ids=["one backend", "emulated"])
def test_fewer_runs_only_add_to_what_is_known(
    runs: Runs, tmp_path: Path, emulated: Variation | None
) -> None:
    _before(tmp_path)
    backends = ("jax",) if emulated is None else ("tensorflow", "jax")
    found = _measured(tmp_path, *backends, emulated=emulated)
    assert SAMPLE in found.samples
    assert horizon_of(ON_BOTH).stations == found.stations
    frameworks = [job for job in runs.jobs if job.backend != REFERENCE]
    assert len(found.samples) == len(frameworks) + 1


def test_runs_on_another_data_set_add_nothing(runs: Runs, tmp_path: Path) -> None:
    _before(tmp_path, "d2")
    found = _measured(tmp_path, "jax")
    assert SAMPLE not in found.samples
    assert SHA == found.data_sha256
    assert runs.jobs
