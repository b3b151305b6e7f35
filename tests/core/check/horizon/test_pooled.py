"""Envelopes pooled over every honest run of a section, and the file that holds them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from core.check.horizon.envelope import Envelope
from core.check.horizon.pooled import (
    Run,
    SectionHorizon,
    StationSample,
    measured,
    path_of,
    read,
    write,
)
from core.errors import GoldenError
from core.spec import Guide
from core.spec.translation import translated
from tests.core.check.horizon.test_envelope import envelopes
from tests.example_scenarios import CLASSIFIER, CONTINUED
from tests.example_stations import horizon_of

HORIZON = horizon_of(CLASSIFIER)


def _run(name: str, seed: int = 12, **stations: Envelope) -> Run:
    return Run(name, seed, "a machine", stations)


def _at(*losses: float) -> Envelope:
    return Envelope(losses={"loss": losses})


def _before(stations: dict[str, Envelope], *samples: StationSample) -> SectionHorizon:
    return evolve(HORIZON, stations=stations, samples=samples)


@given(st.lists(envelopes, min_size=1, max_size=3), envelopes)
def test_widening_never_narrows_and_covers_what_ran(
    found: list[Envelope], earlier: Envelope
) -> None:
    runs = [_run(str(index), start=envelope) for index, envelope in enumerate(found)]
    together, _ = measured(runs, _before({"start": earlier}))
    after = together["start"]
    for part in (*found, earlier):
        for name, values in part.losses.items():
            assert all(a <= b for a, b in zip(values, after.losses[name], strict=False))
        for mine, all_of in (
            (part.norms, after.norms),
            (part.projections, after.projections),
            (part.margins, after.margins),
        ):
            assert all(value <= all_of[name] for name, value in mine.items())


def test_numbers_are_rounded_up_to_two_digits() -> None:
    together, (sample,) = measured([_run("jax", start=_at(1.2341e-6))], None)
    assert (1.3e-6,) == together["start"].losses["loss"]
    assert (1.3e-6, 0.0) == (sample.within, sample.needed)


def test_a_station_that_a_run_did_not_visit_stays_as_it_was() -> None:
    late = _at(1e-5)
    runs = [_run("emulated", start=_at(2e-6))]
    together, _ = measured(runs, _before({"start": _at(1e-6), "late": late}))
    assert {"start": _at(2e-6), "late": late} == together


def test_each_run_says_what_factor_the_others_would_have_needed() -> None:
    near, far = _run("near", start=_at(1e-5)), _run("far", start=_at(4e-5))
    _, samples = measured([near, far], None)
    needed = {sample.name: sample.needed for sample in samples}
    assert {"near": pytest.approx(0.25), "far": pytest.approx(4.0)} == needed


def test_an_earlier_horizon_is_one_of_the_others() -> None:
    _, (sample,) = measured([_run("far", start=_at(4e-5))], _before({"start": _at(1e-5)}))
    assert pytest.approx(4.0) == sample.needed


def test_a_second_run_of_a_sample_replaces_the_first() -> None:
    old = StationSample("jax: nudged", 12, "a machine", 1.0, 9.0)
    others = (evolve(old, seed=13), evolve(old, processor="another"), evolve(old, name="torch"))
    runs = [_run("jax: nudged", start=_at(1e-6))]
    _, samples = measured(runs, _before({"start": _at(1e-6)}, old, *others))
    assert 4 == len(samples)
    (again,) = (sample for sample in samples if sample.key == old.key)
    assert 1e-6 == again.within
    assert set(others) < set(samples)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, CLASSIFIER.id, HORIZON)
    assert tmp_path / "horizons/toy/first.json" == path == path_of(tmp_path, CLASSIFIER.id)
    assert HORIZON == read(tmp_path, CLASSIFIER)
    assert read(tmp_path, CONTINUED) is None


def test_a_translation_reads_its_original_s(tmp_path: Path) -> None:
    told = translated(CLASSIFIER, Guide("other", "Another guide", 2020), "First")
    write(tmp_path, CLASSIFIER.id, HORIZON)
    assert HORIZON == read(tmp_path, told)


def test_the_horizon_of_another_experiment_is_none(tmp_path: Path) -> None:
    write(tmp_path, CLASSIFIER.id, evolve(HORIZON, experiment="another"))
    assert read(tmp_path, CLASSIFIER) is None


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"more": 1}, {"stations": {"start": {}}}, {"samples": [{"name": "jax"}]}],
)
def test_a_damaged_file_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = write(tmp_path, CLASSIFIER.id, HORIZON)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(GoldenError, match=r"cannot be read"):
        read(tmp_path, CLASSIFIER)


def test_a_truncated_file_is_refused_with_the_way_to_measure_again(tmp_path: Path) -> None:
    path = write(tmp_path, CLASSIFIER.id, HORIZON)
    path.write_text(path.read_text()[:-10])
    with pytest.raises(GoldenError, match=r"parity horizon toy/first"):
        read(tmp_path, CLASSIFIER)
