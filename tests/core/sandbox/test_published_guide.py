"""The published keras.io guide, executed and recorded, equals the declared one bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.data import ImageData
from core.document.reading import read_document
from core.runner import RunOptions
from core.sandbox import ExecutionRecord, program_of, run
from core.sandbox.observations import MetricReading, Updates, observed
from core.sandbox.record import Ending
from core.trace import Trace
from core.worker import Job, run_jobs
from tests.conftest import REPOSITORY, published

SEED = 7
SUPERVISED = ("keras_io_tf/first_loop", "keras_io_tf/metrics", "keras_io_tf/compiled")
GAN = "keras_io_tf/gan"


@pytest.fixture(scope="module")
def few_images(digits: ImageData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real handwriting for short epochs: 10,000 images for validation, and 20 batches and a bit."""
    path = tmp_path_factory.mktemp("data") / "few.npz"
    np.savez(
        path,
        x_train=digits.x_train[: 10_000 + 20 * 32 + 10],
        y_train=digits.y_train[: 10_000 + 20 * 32 + 10],
        x_test=digits.x_test[:200],
        y_test=digits.y_test[:200],
    )
    return path


@pytest.fixture(scope="module")
def record(few_images: Path) -> ExecutionRecord:
    """The guide's cells, recorded."""
    document = read_document(published("keras_io_tf.md"))
    return run(program_of(document), seed=SEED, data=few_images)


@pytest.fixture(scope="module")
def declared(few_images: Path, record: ExecutionRecord) -> dict[str, Trace]:
    """The declared scenarios under the same seed."""
    assert Ending.COMPLETED is record.ending
    job = Job(
        name="declared",
        backend="tensorflow",
        scenarios=(*SUPERVISED, GAN),
        options=RunOptions(seed=SEED),
        data=str(few_images),
        repository=str(REPOSITORY),
    )
    (outcome,) = run_jobs([job], workers=1)
    assert outcome.failure is None
    return outcome.traces


def losses_by_optimizer(record: ExecutionRecord) -> dict[str, list[float | None]]:
    """Every update's loss, by optimizer in the order of their first update."""
    found: dict[str, list[float | None]] = {}
    for update in observed(record, Updates):
        found.setdefault(update.optimizer, []).extend(loss for (loss,) in update.losses)
    return found


def test_every_supervised_loss(record: ExecutionRecord, declared: dict[str, Trace]) -> None:
    expected = [loss for name in SUPERVISED for loss in declared[name].losses["loss"]]
    first, second, *_ = losses_by_optimizer(record).values()
    assert 7 * 21 == len(expected)
    assert expected == first + second


def test_every_loss_of_the_gan(record: ExecutionRecord, declared: dict[str, Trace]) -> None:
    _, _, d_loss, g_loss = losses_by_optimizer(record).values()
    gan = declared[GAN].losses
    assert 12 == len(d_loss)
    assert list(gan["d_loss"]) == d_loss
    assert list(gan["g_loss"]) == g_loss


def test_every_metric(record: ExecutionRecord, declared: dict[str, Trace]) -> None:
    expected = [
        value
        for name in SUPERVISED[1:]
        for pair in zip(*declared[name].metrics.values(), strict=True)
        for value in pair
    ]
    readings = [m.value for m in observed(record, MetricReading) if m.action == "result"]
    assert 8 == len(expected)
    assert expected == readings
