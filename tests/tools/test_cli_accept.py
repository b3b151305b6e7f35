"""`validate` over a folder: accepted findings, JUnit XML, annotations, kept results."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from attrs import frozen
from junitparser import JUnitXml

from core.processes import program

UNUSED = "# Unused\n\n```python\ndef unused():\n    return 1\n```\n"
GOOD = "# Good\n\n```python\nprint(1)\n```\n"
ACCEPTED = """accept:
  - {code: never-called, document: known.md, reason: for the exercise, expires: 2999-12-31}
  - {code: never-called, document: expired.md, reason: it was to go, expires: 2020-01-31}
"""


@frozen
class Said:
    """What a call printed, and how it ended."""

    code: int
    out: str
    err: str


def call(folder: Path) -> Said:
    """Validates the folder's documents."""
    more = ("--accept", "accepted.yml", "--junit", "out/result.xml", "--github", "--jobs", "2")
    done = subprocess.run(
        program("tools.cli", "validate", "docs", *more),
        cwd=folder,
        env=dict(os.environ) | {"PARITY_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "docs").mkdir()
    for name, text in {"good": GOOD, "known": UNUSED, "expired": UNUSED}.items():
        (folder / "docs" / f"{name}.md").write_text(text)
    (folder / "accepted.yml").write_text(ACCEPTED)
    return folder


@pytest.fixture(scope="module")
def said(folder: Path) -> Said:
    return call(folder)


def test_one_sentence_on_top_and_a_line_for_each_document(said: Said) -> None:
    assert [
        "2 of 3 hold",
        "✗ expired.md has 1 finding: 1 cell ran",
        "✓ good.md holds: 1 cell ran",
        "✓ known.md holds: 1 cell ran, 1 accepted",
    ] == said.out.splitlines()[:4]


def test_an_accepted_finding_does_not_fail_and_one_that_ran_out_does(said: Said) -> None:
    assert 1 == said.code
    assert "reason: for the exercise" in said.out
    assert "acceptance-expired" in said.out
    assert "it was to go" in said.out


def test_annotations_mark_the_lines(said: Said) -> None:
    rows = [row for row in said.err.splitlines() if row.startswith("::")]
    assert [
        "::warning file=docs/expired.md,line=4,title=never-called",
        "::notice file=docs/known.md,line=4,title=never-called",
    ] == [row.rpartition("::")[0] for row in rows]


def test_the_junit_file_has_the_same_outcome(folder: Path, said: Said) -> None:
    parsed = JUnitXml.fromfile(str(folder / "out" / "result.xml"))
    assert said.code == parsed.failures
    assert 3 == parsed.tests


def test_a_second_call_takes_up_what_is_there(folder: Path, said: Said) -> None:
    (folder / "docs" / "good.md").write_text(GOOD + "\nMore words.\n")
    again = call(folder)
    assert said.out == again.out
    rows = sorted(row.partition("] ")[2] for row in again.err.splitlines() if row.startswith("["))
    assert [True, False, True] == [row.endswith("(kept)") for row in rows]
