"""The published keras.io guide, executed and recorded, is bit-identical to the declared one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.documents.program import program_of
from core.documents.reading.reader import read_document
from core.run.backends.registry import process_environment
from core.run.data import ImageData
from core.run.runner import RunOptions
from core.run.worker import Job, run_jobs
from core.sandbox.guest.events import MetricReading, Updates
from core.sandbox.host import ExecutionRecord, Limits, run
from core.sandbox.host.record import Ending
from core.trace import Trace
from tests.conftest import REPOSITORY, published

pytestmark = pytest.mark.timeout(1800)  # three processes that import TensorFlow

SEED = 7
SUPERVISED = ("keras_io_tf/first_loop", "keras_io_tf/metrics", "keras_io_tf/compiled")
GAN = "keras_io_tf/gan"
GAN_STEPS = 3
BATCHES = 9  # of an epoch; the supervised sections have seven epochs
TRAIN = 10_000 + (BATCHES - 1) * 32 + 10
FIRST_LOOP = 4  # cells up to the end of the first loop


@pytest.fixture(scope="module")
def few_images(digits: ImageData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real handwriting for short epochs: 10,000 images for validation, and a few batches."""
    path = tmp_path_factory.mktemp("data") / "few.npz"
    np.savez(
        path,
        x_train=digits.x_train[:TRAIN],
        y_train=digits.y_train[:TRAIN],
        x_test=digits.x_test[:200],
        y_test=digits.y_test[:200],
    )
    return path


@pytest.fixture(scope="module")
def record(few_images: Path) -> ExecutionRecord:
    """The guide's cells, recorded to their end."""
    document = read_document(published("keras_io_tf.md"))
    return run(program_of(document), Limits(), seed=SEED, data=few_images)


@pytest.fixture(scope="module")
def declared(few_images: Path, record: ExecutionRecord) -> dict[str, Trace]:
    """The declared scenarios under the same seed; of the adversarial one a few steps are enough."""
    assert Ending.COMPLETED is record.ending
    jobs = [
        Job(
            name="declared",
            backend="tensorflow",
            scenarios=ids,
            options=RunOptions(seed=SEED, steps=steps),
            data=str(few_images),
            repository=str(REPOSITORY),
        )
        for ids, steps in ((SUPERVISED, None), ((GAN,), GAN_STEPS))
    ]
    traces: dict[str, Trace] = {}
    for outcome in run_jobs(jobs, workers=1):
        assert outcome.failure is None
        traces |= outcome.traces
    return traces


def losses_by_optimizer(record: ExecutionRecord) -> dict[str, list[float | None]]:
    """Every update's loss, by optimizer in the order of their first update."""
    found: dict[str, list[float | None]] = {}
    for update in record.of(Updates):
        found.setdefault(update.optimizer, []).extend(loss for (loss,) in update.losses)
    return found


def test_every_supervised_loss(record: ExecutionRecord, declared: dict[str, Trace]) -> None:
    expected = [loss for name in SUPERVISED for loss in declared[name].losses["loss"]]
    first, second, *_ = losses_by_optimizer(record).values()
    assert 7 * BATCHES == len(expected)
    assert expected == first + second


def test_the_recorder_reads_the_losses_that_the_cells_have(
    record: ExecutionRecord, few_images: Path, tmp_path: Path
) -> None:
    program = REPOSITORY / "tests" / "scenarios" / "published_cells.py"
    guide = published("keras_io_tf.md")
    given = (guide, few_images, SEED, TRAIN, FIRST_LOOP)
    subprocess.run(
        [sys.executable, str(program), *map(str, given)],
        cwd=tmp_path,
        env=process_environment("tensorflow"),
        check=True,
        capture_output=True,
    )
    noted: dict[str, list[float]] = json.loads((tmp_path / "noted.json").read_text())
    first, *_ = losses_by_optimizer(record).values()
    assert 3 * BATCHES == len(noted["loss"])
    assert noted["loss"] == first[: 3 * BATCHES]


def test_every_loss_of_the_gan(record: ExecutionRecord, declared: dict[str, Trace]) -> None:
    _, _, d_loss, g_loss = losses_by_optimizer(record).values()
    gan = declared[GAN].losses
    assert GAN_STEPS == len(gan["d_loss"])
    assert list(gan["d_loss"]) == d_loss[:GAN_STEPS]
    assert list(gan["g_loss"]) == g_loss[:GAN_STEPS]


def test_every_metric(record: ExecutionRecord, declared: dict[str, Trace]) -> None:
    expected = [
        value
        for name in SUPERVISED[1:]
        for pair in zip(*declared[name].metrics.values(), strict=True)
        for value in pair
    ]
    readings = [m.value for m in record.of(MetricReading) if m.action == "result"]
    assert 8 == len(expected)
    assert expected == readings
