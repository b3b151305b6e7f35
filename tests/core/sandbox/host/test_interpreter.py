"""What an interpreter lacks is said of it, and not of the document."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

from core.errors import UsageError
from core.sandbox.host.interpreter import check_interpreter


def speaking(folder: Path, answer: str) -> Path:
    """A program that answers in place of an interpreter."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_interpreter_that_runs_this_will_do() -> None:
    check_interpreter(Path(sys.executable))


def test_without_numpy_the_remedy_installs_it_there(tmp_path: Path) -> None:
    venv.create(tmp_path, with_pip=False, symlinks=True)
    python = tmp_path / "bin" / "python"
    with pytest.raises(UsageError, match="NumPy is not installed") as caught:
        check_interpreter(python)
    assert f"--python {python}" == caught.value.where
    assert f"{python} -m pip install numpy" == caught.value.remedy


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Python 3\.9") as caught:
        check_interpreter(speaking(tmp_path, "echo 3 9 1"))
    assert "Python 3.11 or newer" in caught.value.expected


@pytest.mark.parametrize("answer", ["exit 3", "echo no Python"])
def test_a_program_that_is_no_interpreter_is_refused(tmp_path: Path, answer: str) -> None:
    with pytest.raises(UsageError, match="cannot be run"):
        check_interpreter(speaking(tmp_path, answer))


def test_a_program_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be run"):
        check_interpreter(tmp_path / "nowhere")
