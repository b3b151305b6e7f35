"""Measured horizons on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.check.golden.horizon import Horizon
from core.check.horizon.store import FORMAT, Measured, path_of, read, write
from core.errors import GoldenError
from core.spec.experiment import experiment_digest
from tests.example_scenarios import CLASSIFIER, CONTINUED
from tests.example_traces import HORIZON, horizons

MEASURED = Measured(
    format=FORMAT,
    command="parity horizon",
    recorded="2026-02-03",
    experiment=experiment_digest(CLASSIFIER),
    seed=3,
    data_sha256="d1",
    environment={"python": "3.11"},
    backends={"tensorflow": HORIZON},
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(found=st.dictionaries(st.sampled_from(["tensorflow", "jax"]), horizons))
def test_what_is_written_is_read(tmp_path: Path, found: dict[str, Horizon]) -> None:
    measured = evolve(MEASURED, backends=found)
    write(tmp_path, CLASSIFIER, measured)
    assert measured == read(tmp_path, CLASSIFIER)


def test_it_lies_beside_the_goldens(tmp_path: Path) -> None:
    path = write(tmp_path, CLASSIFIER, MEASURED)
    assert tmp_path / "toy" / "first" / "horizon.json" == path == path_of(tmp_path, CLASSIFIER)
    assert read(tmp_path, CONTINUED) is None


def test_it_belongs_to_its_experiment_seed_and_data() -> None:
    assert MEASURED.belongs(CLASSIFIER, 3, "d1")
    assert not MEASURED.belongs(CLASSIFIER, 4, "d1")
    assert not MEASURED.belongs(CLASSIFIER, 3, "d2")
    assert not MEASURED.belongs(CONTINUED, 3, "d1")


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"seed": "3"},
        {"more": 1},
        {"backends": {"jax": {}}},
        {"environment": None},
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = write(tmp_path, CLASSIFIER, MEASURED)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(GoldenError, match=r"cannot be read"):
        read(tmp_path, CLASSIFIER)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, CLASSIFIER, MEASURED)
    path.write_text(path.read_text()[:-10])
    with pytest.raises(GoldenError, match=r"parity horizon toy/first"):
        read(tmp_path, CLASSIFIER)
