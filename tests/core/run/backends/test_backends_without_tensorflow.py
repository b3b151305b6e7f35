"""JAX and torch scenarios run where TensorFlow is not installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.run.backends.registry import process_environment
from tests.conftest import REPOSITORY


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_scenario_runs_without_tensorflow(backend: str, small_npz: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.core.run.backends.without_tensorflow",
            backend,
            str(small_npz),
        ],
        cwd=REPOSITORY,
        env=process_environment(backend),
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    losses = json.loads(done.stdout.splitlines()[-1])
    assert 2 == len(losses["loss"])
