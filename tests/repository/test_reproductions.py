"""The reproductions of precision leaks show what they say."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from core.extras import install_command
from core.run.backends.registry import installed, process_environment
from tests.conftest import REPOSITORY


def _size(script: str, backend: str) -> tuple[list[str], float]:
    """The lines that a reproduction prints, and the size in the last one."""
    if backend not in installed():
        pytest.skip(f"not installed: {backend}; get it with: {install_command(backend)}")
    done = subprocess.run(
        [sys.executable, os.fspath(REPOSITORY / "docs" / "reproductions" / script)],
        env=process_environment(backend),
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr[-2000:]
    lines = done.stdout.splitlines()[-2:]
    return lines, float(lines[-1].split()[0])


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_batch_normalization_has_the_digits_of_float32(backend: str) -> None:
    lines, size = _size("float64_batch_normalization.py", backend)
    assert f"{backend} float32" == lines[0]
    assert 1e-8 < size < 1e-5


def test_adam_on_tensorflow_has_the_betas_of_float32() -> None:
    lines, size = _size("float64_adam_tensorflow.py", "tensorflow")
    assert lines[0].startswith("0.99900001")
    assert pytest.approx(6.7e-6, rel=0.01) == size


def test_a_reproduction_has_ten_lines_of_code() -> None:
    for path in sorted((REPOSITORY / "docs" / "reproductions").glob("*.py")):
        code = path.read_text().split('"""')[2]
        lines = [line for line in code.splitlines() if line.strip()]
        assert 10 <= len(lines) <= 13, path.name
