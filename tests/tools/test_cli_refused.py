"""What the system refuses is one error and exit code 2, not a traceback."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from core.processes import program
from tools.cli import verb_bench
from tools.cli.main import OK, USAGE, run


def test_a_working_folder_that_is_gone_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    code = run(["run", "keras_io_tf/gan", "--steps", "1", "--out", "here"])
    assert USAGE == code
    said = capsys.readouterr().err
    assert "working folder" in said
    assert "remedy:" in said


def test_a_benchmark_that_cannot_be_saved_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(data: str, *, whole: bool) -> dict[str, dict[str, float]]:
        del data, whole
        return {"per_step": {verb_bench.REFERENCE: 1.0}}

    monkeypatch.setattr(verb_bench, "_measure", measured)
    file = tmp_path / "file"
    file.touch()
    assert USAGE == run(["bench", "--quick", "--out", str(file / "bench.json")])
    assert f"error: --out {file / 'bench.json'}: cannot be written" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_failure() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        done = subprocess.run(
            program("tools.cli", "list"), stdout=theirs, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(theirs)
    assert (OK, b"") == (done.returncode, done.stderr)
