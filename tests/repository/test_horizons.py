"""The committed goldens hold the committed measurements."""

from __future__ import annotations

import pytest

from core.check.golden.store import Store
from core.check.horizon import store as horizon_files
from core.check.judging.orphans import expected_keys
from core.spec import Scenario
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY, [])


@pytest.mark.parametrize("scenario", CATALOG.scenarios, ids=lambda scenario: scenario.id)
def test_each_controlled_golden_holds_the_horizon_measured_of_its_experiment(
    scenario: Scenario,
) -> None:
    root = CATALOG.entry(scenario).golden
    measured = horizon_files.read(root, scenario)
    assert measured is not None
    for key in expected_keys(scenario):
        golden = Store(root).read(key)
        assert golden is not None
        if key.randomness == "controlled":
            assert measured.belongs(scenario, golden.trace.seed, golden.trace.data_sha256)
            assert measured.backends[key.backend] == golden.horizon
        else:
            assert golden.horizon is None


def test_every_backend_that_computes_the_same_pools_its_samples() -> None:
    measured = horizon_files.read(REPOSITORY / "golden", CATALOG.scenarios[3])
    assert measured is not None
    for horizon in measured.backends.values():
        assert 12 == len(horizon.samples)  # three variations on three backends, three pairs
