"""A run with an output folder can be killed and resumed without changing a later loss."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from core.processes import program
from tests.conftest import REPOSITORY
from tests.tools.parity import parity

EPOCHS = "40"


def arguments(folder: Path, out: Path, epochs: str = EPOCHS) -> list[str]:
    """A controlled run of the tiny guide over many epochs."""
    return [
        *("run", "tiny", "--scenarios", str(folder), "--backend", "tensorflow"),
        *("--randomness", "controlled", "--epochs", epochs, "--out", str(out), "--json"),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario folder with the tiny guide."""
    made = tmp_path_factory.mktemp("guides")
    shutil.copytree(REPOSITORY / "tests" / "guides" / "tiny", made / "tiny")
    return made


def recorded(document: Mapping[str, object]) -> tuple[object, object, object]:
    """What must not change: losses, metrics and the digest of the final weights."""
    trace = document["trace"]
    assert isinstance(trace, dict)
    return trace["losses"], trace["metrics"], trace["final_digest"]


def killed_after_an_epoch(folder: Path, out: Path) -> int:
    """Starts the run and kills it, with its workers, once a checkpoint is there; epochs done."""
    process = subprocess.Popen(
        program("tools.cli", *arguments(folder, out)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    checkpoint = out / "tiny.loop@tensorflow" / "checkpoint.npz"
    for _ in range(600):
        if checkpoint.exists() or process.poll() is not None:
            break
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with np.load(checkpoint) as saved:
        assert "meta" in saved.files
    return process.returncode


def test_a_killed_run_resumes_without_changing_a_single_later_loss(
    folder: Path, tmp_path: Path
) -> None:
    assert -signal.SIGKILL == killed_after_an_epoch(folder, tmp_path / "killed")
    resumed = parity(*arguments(folder, tmp_path / "killed"), "--resume")
    whole = parity(*arguments(folder, tmp_path / "whole"))
    assert (0, 0) == (resumed.code, whole.code), resumed.err + whole.err
    assert recorded(whole.document()) == recorded(resumed.document())


def test_a_checkpoint_of_another_run_is_refused(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert 0 == parity(*arguments(folder, out, "1")).code
    called = parity(*arguments(folder, out, "2"), "--seed", "9", "--resume")
    assert (2, "run") == (called.code, called.document()["verb"])
    assert "seed 12, now 9" in called.err


def test_resume_without_a_folder_is_wrong_usage() -> None:
    called = parity("run", "keras_io_tf/gan", "--resume")
    assert (2, "") == (called.code, called.out)
    assert "--out" in called.err
