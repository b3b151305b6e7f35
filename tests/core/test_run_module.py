"""Our modules run as programs wherever somebody stands, and whatever lies there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from core.processes import program
from tests.conftest import REPOSITORY

OURS = ("core", "tools", "scenarios", "golden")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Somebody's project, whose folders have the names of ours."""
    for name in OURS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise RuntimeError('their {name}')\n")
    return tmp_path


@pytest.mark.parametrize("path", ["", "."], ids=["no PYTHONPATH", "PYTHONPATH=."])
def test_our_packages_come_before_those_of_the_folder_and_of_the_path(
    project: Path, path: str
) -> None:
    done = subprocess.run(
        program("tools.cli", "list"),
        cwd=project,
        env=dict(os.environ) | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert "keras_io_tf/first_loop" in done.stdout


def test_the_module_is_the_main_one_and_gets_the_rest_as_its_arguments(tmp_path: Path) -> None:
    given = ["--compact", "--sort-keys"]
    done = subprocess.run(
        program("json.tool", *given),
        input='{"b": 1, "a": 2}',
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '{"a":2,"b":1}\n' == done.stdout


def test_the_path_begins_with_the_folder_that_holds_core(tmp_path: Path) -> None:
    (tmp_path / "shown.py").write_text("import sys\nprint(sys.path[0])\n")
    done = subprocess.run(
        program("shown"),
        cwd=tmp_path,
        env=dict(os.environ) | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{REPOSITORY}\n" == done.stdout
