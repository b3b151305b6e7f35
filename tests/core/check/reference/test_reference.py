"""References on disk: strict, whole or not at all, the same for a translation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve

from core.check.reference.reference import FILE, folder_of, needs_state, read, write
from core.errors import GoldenError
from core.spec import Guide
from core.spec.translation import translated
from tests.example_scenarios import CLASSIFIER, CONTINUED, DRAWING
from tests.example_stations import REFERENCE_TRACE, STATIONS, located, reference_of

REFERENCE = reference_of(CLASSIFIER)
TOLD = translated(CLASSIFIER, Guide("other", "Another guide", 2020), "First")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, CLASSIFIER.id, REFERENCE)
    assert tmp_path / "reference/toy/first/numbers.json" == path
    assert (REFERENCE, path.parent) == read(tmp_path, CLASSIFIER)
    assert read(tmp_path, CONTINUED) is None


def test_a_translation_reads_its_original_s(tmp_path: Path) -> None:
    write(tmp_path, CLASSIFIER.id, REFERENCE)
    assert (REFERENCE, folder_of(tmp_path, CLASSIFIER.id)) == read(tmp_path, TOLD)
    assert REFERENCE.belongs(TOLD, 1, REFERENCE.data_sha256)


def test_the_reference_of_another_experiment_is_none(tmp_path: Path) -> None:
    write(tmp_path, CLASSIFIER.id, reference_of(CONTINUED))
    assert read(tmp_path, CLASSIFIER) is None


def test_it_belongs_to_its_experiment_seed_and_data() -> None:
    sha = REFERENCE.data_sha256
    assert REFERENCE.belongs(CLASSIFIER, 1, sha)
    assert not REFERENCE.belongs(CONTINUED, 1, sha)
    assert not REFERENCE.belongs(CLASSIFIER, 2, sha)
    assert not REFERENCE.belongs(CLASSIFIER, 1, "d2")


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"seed": "12"},
        {"more": 1},
        {"environment": None},
        {"stations": [{"station": {"name": "start", "epoch": 0, "step": 0, "steps": 64}}]},
        {
            "stations": [
                {"station": {"name": "a", "epoch": -1, "step": 0, "steps": 9}, "readings": {}}
            ]
        },
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = write(tmp_path, CLASSIFIER.id, REFERENCE)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(GoldenError, match=r"cannot be read"):
        read(tmp_path, CLASSIFIER)


def test_a_truncated_file_is_refused_with_the_way_to_record_it(tmp_path: Path) -> None:
    path = write(tmp_path, CLASSIFIER.id, REFERENCE)
    path.write_text(path.read_text()[:-10])
    with pytest.raises(GoldenError, match=r"parity record toy/first --reason") as refused:
        read(tmp_path, CLASSIFIER)
    assert str(path) == refused.value.where


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, CLASSIFIER.id, REFERENCE)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="no space"):
        write(tmp_path, CLASSIFIER.id, evolve(REFERENCE, seed=99))
    assert (REFERENCE, path.parent) == read(tmp_path, CLASSIFIER)
    assert [FILE] == [each.name for each in path.parent.iterdir()]


def test_a_fresh_model_starts_without_a_state_and_one_that_goes_on_from_one() -> None:
    start, late = STATIONS
    assert [False, True] == [needs_state(CLASSIFIER, station) for station in (start, late)]
    assert [True, True] == [needs_state(CONTINUED, station) for station in (start, late)]


def test_a_run_starts_at_every_station_and_emulated_takes_one_step_of_what_draws() -> None:
    whole = located(DRAWING, Path("here"))
    starts = whole.starts(DRAWING)
    assert [(DRAWING.id, "start", ""), (DRAWING.id, "late", "here/late.npz")] == [
        (start.scenario, start.station.name, start.state) for start in starts
    ]
    assert STATIONS == tuple(start.station for start in starts)
    assert [1, 1] == [s.station.steps for s in whole.starts(DRAWING, emulated=True)]
    assert located(CLASSIFIER).starts(CLASSIFIER) == located(CLASSIFIER).starts(
        CLASSIFIER, emulated=True
    )


def test_numbers_are_found_by_station_and_meaning() -> None:
    found = located(CLASSIFIER).numbers("late", "tensorflow")
    assert evolve(REFERENCE_TRACE, station="late") == found
