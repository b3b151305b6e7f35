"""The declared keras.io guide against its own published cells: the same losses, bit for bit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.backends.registry import process_environment
from core.runner import RunOptions
from core.worker import Job, run_jobs
from tests.conftest import REPOSITORY, SMALL_TRAIN, published

SEED = 7
SUPERVISED = ("keras_io_tf/first_loop", "keras_io_tf/metrics", "keras_io_tf/compiled")


@pytest.fixture(scope="module")
def by_hand(small_npz: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[float]]:
    """The losses of the published cells, run in one process, seeded once."""
    guide = published("keras_io_tf.md")
    folder = tmp_path_factory.mktemp("cells")
    program = REPOSITORY / "tests" / "scenarios" / "published_cells.py"
    subprocess.run(
        [sys.executable, str(program), str(guide), str(small_npz), str(SEED), str(SMALL_TRAIN)],
        cwd=folder,
        env=process_environment("tensorflow"),
        check=True,
        capture_output=True,
    )
    noted: dict[str, list[float]] = json.loads((folder / "noted.json").read_text())
    return noted


def test_every_loss_equals_the_published_cells_bit_for_bit(
    by_hand: dict[str, list[float]], small_npz: Path
) -> None:
    job = Job(
        name="declared",
        backend="tensorflow",
        scenarios=(*SUPERVISED, "keras_io_tf/gan"),
        options=RunOptions(seed=SEED),
        data=str(small_npz),
        repository=str(REPOSITORY),
    )
    (outcome,) = run_jobs([job], workers=1)
    assert outcome.failure is None
    traces = outcome.traces
    supervised = [loss for name in SUPERVISED for loss in traces[name].losses["loss"]]
    assert 7 * 101 == len(supervised)
    assert by_hand["loss"] == supervised
    gan = traces["keras_io_tf/gan"].losses
    assert 12 == len(gan["d_loss"])
    assert by_hand["d_loss"] == list(gan["d_loss"])
    assert by_hand["g_loss"] == list(gan["g_loss"])
