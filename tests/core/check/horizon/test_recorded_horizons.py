"""The committed horizons: what they were measured from, and honest runs on another processor.

`avx512_xeon.json` holds the first losses of controlled runs with seed 12 on an Intel Xeon with
AVX-512, on every backend, of the sections that start afresh. No horizon was measured from them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.check.horizon import pooled
from core.check.horizon.envelope import SAFETY
from core.check.horizon.pooled import SectionHorizon
from core.check.horizon.sampling import SEEDS
from core.check.reference import reference
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.reading import meaning
from core.trace.difference import differences
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY, [])
GOLDEN = REPOSITORY / "golden"
BY_ID = {scenario.id: scenario for scenario in CATALOG.scenarios}
XEON = json.loads(Path(__file__).with_name("avx512_xeon.json").read_text(encoding="utf-8"))


def _horizon(scenario: Scenario) -> SectionHorizon:
    found = pooled.read(GOLDEN, scenario)
    assert found is not None
    return found


@pytest.mark.parametrize("scenario", CATALOG.scenarios, ids=lambda scenario: scenario.id)
def test_a_horizon_pools_eight_seeds_and_every_backend_at_every_station(
    scenario: Scenario,
) -> None:
    horizon = _horizon(scenario)
    held = reference.read(GOLDEN, scenario)
    assert held is not None
    assert [at.station.name for at in held[0].stations] == list(horizon.stations)
    assert held[0].data_sha256 == horizon.data_sha256
    for backend in scenario.backends:
        mine = [s for s in horizon.samples if s.name == f"{backend}: as pinned"]
        assert set(SEEDS) <= {sample.seed for sample in mine}


@pytest.mark.parametrize("scenario", CATALOG.scenarios, ids=lambda scenario: scenario.id)
def test_no_honest_run_needed_the_safety_factor_that_limits_have(scenario: Scenario) -> None:
    assert max(sample.needed for sample in _horizon(scenario).samples) < SAFETY


@pytest.mark.parametrize("scenario_id", XEON["losses"])
def test_honest_starts_on_another_processor_lie_inside(scenario_id: str) -> None:
    scenario = BY_ID[scenario_id]
    held = reference.read(GOLDEN, scenario)
    assert held is not None
    (start, *_) = held[0].stations
    envelope = _horizon(scenario).stations["start"]
    compared = 0
    for backend, losses in XEON["losses"][scenario_id].items():
        wanted = start.readings[meaning(scenario, backend)].losses
        assert wanted.keys() == losses.keys()
        for name, values in wanted.items():
            assert len(values) == len(losses[name])
            limits = envelope.loss_limits(name)
            pairs = list(zip(differences(losses[name], values), limits, strict=False))
            assert [] == [pair for pair in pairs if not pair[0] <= pair[1]]
            compared += len(pairs)
    assert compared
