"""Results that are kept: whole, and only for the same document, options and packages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve

from core.documents.resuming import Basis, decoded, encoded, keep, kept, key_of
from core.sandbox.host.record import Ending
from tests.core.documents.reports.reports import report_in

KEY = {"document": "its hash"}
BASIS = Basis({"seed": "0"}, "hash of the images", "/nowhere/python", "hash of the code")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.documents.resuming.store.cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(
        "core.documents.resuming.key._packages", lambda python: f"packages of {python}"
    )


def test_a_report_comes_back_as_it_was(tmp_path: Path) -> None:
    report = report_in(tmp_path)
    without = evolve(report, accepted=())  # what is accepted is decided again each time
    again = decoded(encoded(report), report.path)
    assert (without.findings, without.cells) == (again.findings, again.cells)
    assert (without.decision, without.seconds) == (again.decision, again.seconds)


def test_a_kept_report_is_found_by_its_key(tmp_path: Path) -> None:
    report = report_in(tmp_path)
    assert kept(KEY, report.path) is None
    keep(KEY, report)
    found = kept(KEY, report.path)
    assert found is not None
    assert report.findings == found.findings
    assert kept({"document": "another"}, report.path) is None


def test_a_report_of_a_document_that_a_limit_ended_is_not_kept(tmp_path: Path) -> None:
    report = evolve(report_in(tmp_path), ending=Ending.TIMEOUT)
    keep(KEY, report)
    assert kept(KEY, report.path) is None


def test_a_file_that_is_broken_is_no_result(tmp_path: Path) -> None:
    report = report_in(tmp_path)
    keep(KEY, report)
    (file,) = (tmp_path / "cache" / "validate").rglob("*.json")
    file.write_text(file.read_text()[:40])
    assert kept(KEY, report.path) is None


def test_the_key_changes_with_whatever_a_result_depends_on(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    path = report_in(folder).path
    key = key_of(path, BASIS)
    assert key == key_of(path, BASIS)
    others = [
        key_of(path, evolve(BASIS, options={"seed": "1"})),
        key_of(path, evolve(BASIS, data="another hash")),
        key_of(path, evolve(BASIS, python="/elsewhere/python")),
        key_of(path, evolve(BASIS, program="hash of other code")),
    ]
    (folder / "table.csv").write_text("1,2\n")
    others.append(key_of(path, BASIS))
    path.write_text(path.read_text() + "\nMore.\n")
    others.append(key_of(path, BASIS))
    assert 7 == len({json.dumps(each) for each in (key, *others)})


def test_another_document_beside_it_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    path = report_in(folder).path
    key = key_of(path, BASIS)
    (folder / "another.md").write_text("# Other\n")
    assert key == key_of(path, BASIS)
