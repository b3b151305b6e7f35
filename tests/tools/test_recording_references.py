"""Recording references: what changed is written, states first, and nothing else is touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.check.reference import reference
from core.spec import Guide
from core.spec.catalog import Catalog, GuideEntry
from core.spec.translation import translated
from tests.core.check.reference.runs import Runs
from tests.example_scenarios import CLASSIFIER, CONTINUED, GUIDE
from tools.cli import recording_references
from tools.cli.recording_references import record_references

OTHER = Guide("other", "Another guide", 2020)
TOLD = translated(CLASSIFIER, OTHER, "First")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Every job is answered at once."""
    found = Runs()
    monkeypatch.setattr("tools.cli.recording_references.run_or_stop", lambda jobs: found(jobs))
    return found


def _recorded(folder: Path, *ids: str, reason: str = "a test") -> list[str]:
    catalog = Catalog(
        (
            GuideEntry(GUIDE, (CLASSIFIER, CONTINUED), (), folder),
            GuideEntry(OTHER, (TOLD,), (), folder),
        )
    )
    return record_references(
        catalog,
        [scenario for scenario in catalog.scenarios if scenario.id in ids],
        seed=1,
        data="digits",
        repository=Path("repository"),
        folders=(),
        command="parity record toy",
        reason=reason,
    )


def _files(folder: Path) -> dict[str, bytes]:
    """What lies in a folder; the names of states without what they hold."""
    return {
        _plain(str(path.relative_to(folder))): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _plain(name: str) -> str:
    return re.sub(r"-[0-9a-f]{12}[.]npz$", ".npz", name)


def test_numbers_and_states_are_written_of_what_was_asked_for(runs: Runs, tmp_path: Path) -> None:
    assert [CONTINUED.id] == _recorded(tmp_path, CONTINUED.id)
    # What it continues is trained, but not recorded; what starts from a state, keeps it.
    folder = "reference/toy/second"
    assert [f"{folder}/{name}" for name in ("late.npz", "numbers.json", "start.npz")] == list(
        _files(tmp_path)
    )
    held = reference.read(tmp_path, CONTINUED)
    assert held is not None
    assert (1, "a test", "parity record toy") == (held[0].seed, held[0].reason, held[0].command)
    assert b"a state of toy/second late" == _files(tmp_path)[f"{folder}/late.npz"]
    assert runs.jobs


def test_a_fresh_start_needs_no_state_and_a_translation_is_its_original(
    runs: Runs, tmp_path: Path
) -> None:
    assert [CLASSIFIER.id] == _recorded(tmp_path, CLASSIFIER.id, TOLD.id)
    folder = "reference/toy/first"
    assert [f"{folder}/late.npz", f"{folder}/numbers.json"] == list(_files(tmp_path))
    assert {CLASSIFIER.id} == {name for job in runs.jobs for name in job.scenarios}


def test_what_did_not_change_keeps_its_file_and_reason(runs: Runs, tmp_path: Path) -> None:
    _recorded(tmp_path, CLASSIFIER.id)
    before = _files(tmp_path)
    assert [] == _recorded(tmp_path, CLASSIFIER.id, reason="another")
    assert before == _files(tmp_path)
    assert runs.jobs


def test_another_state_is_a_change(runs: Runs, tmp_path: Path) -> None:
    _recorded(tmp_path, CLASSIFIER.id)
    runs.states = "another state of"
    assert [CLASSIFIER.id] == _recorded(tmp_path, CLASSIFIER.id, reason="another")
    files = _files(tmp_path)
    assert b"another state of toy/first late" == files["reference/toy/first/late.npz"]
    assert b'"reason": "another"' in files["reference/toy/first/numbers.json"]


@pytest.mark.parametrize("name", ["numbers.json", "late-*.npz"])
def test_a_damaged_or_missing_file_is_written_again(runs: Runs, tmp_path: Path, name: str) -> None:
    _recorded(tmp_path, CLASSIFIER.id)
    whole = _files(tmp_path)
    (path,) = (tmp_path / "reference/toy/first").glob(name)
    for damage in (lambda: path.write_text("{"), path.unlink):
        damage()
        assert [CLASSIFIER.id] == _recorded(tmp_path, CLASSIFIER.id)
        assert whole == _files(tmp_path)
    assert runs.jobs


def test_a_state_that_no_station_starts_from_is_removed(runs: Runs, tmp_path: Path) -> None:
    _recorded(tmp_path, CLASSIFIER.id)
    whole = _files(tmp_path)
    (tmp_path / "reference/toy/first/early.npz").write_bytes(b"of a station that is no more")
    assert [CLASSIFIER.id] == _recorded(tmp_path, CLASSIFIER.id)
    assert whole == _files(tmp_path)
    assert runs.jobs


def test_numbers_are_written_when_their_states_are_there(
    runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def keep(path: Path, content: bytes) -> None:
        written.append(_plain(path.name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(recording_references, "write_atomically", keep)
    monkeypatch.setattr(recording_references, "write", lambda *_: written.append("numbers.json"))
    _recorded(tmp_path, CONTINUED.id)
    assert ["start.npz", "late.npz", "numbers.json"] == written
    assert runs.jobs
