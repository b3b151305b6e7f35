"""The published R guide, executed by R with keras3, is bit-identical to the declared one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.documents.in_r import r_program_of, run_r
from core.documents.reading.reader import read_document
from core.run.data import ImageData
from core.run.runner import RunOptions
from core.run.worker import Job, run_jobs
from core.sandbox.guest.events import Pass, Updates
from core.sandbox.host import ExecutionRecord
from core.sandbox.host.record import Ending
from core.trace import Trace
from tests.conftest import REPOSITORY, published
from tests.core.documents.in_r.small_r import lines_of, need_keras3

SEED = 7


@pytest.fixture(scope="module")
def few_images(digits: ImageData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real handwriting for short epochs: 10,000 images for validation, and 10 batches and a bit."""
    path = tmp_path_factory.mktemp("data") / "few.npz"
    np.savez(
        path,
        x_train=digits.x_train[: 10_000 + 10 * 64 + 10],
        y_train=digits.y_train[: 10_000 + 10 * 64 + 10],
        x_test=digits.x_test[:200],
        y_test=digits.y_test[:200],
    )
    return path


@pytest.fixture(scope="module")
def record(few_images: Path) -> ExecutionRecord:
    """The guide's cells, executed by R and recorded."""
    need_keras3()
    document = read_document(published("r_keras3.txt"))
    return run_r(r_program_of(document), seed=SEED, data=few_images)


@pytest.fixture(scope="module")
def declared(few_images: Path, record: ExecutionRecord) -> dict[str, Trace]:
    """The declared scenarios under the same seed."""
    assert Ending.COMPLETED is record.ending
    job = Job(
        name="declared",
        backend="tensorflow",
        scenarios=("r_style/first_loop", "r_style/metrics", "r_style/compiled", "r_style/gan"),
        options=RunOptions(seed=SEED),
        data=str(few_images),
        repository=str(REPOSITORY),
    )
    (outcome,) = run_jobs([job], workers=1)
    assert outcome.failure is None
    return outcome.traces


def test_every_cell_runs(record: ExecutionRecord) -> None:
    assert ["ok"] * len(record.cells) == [cell.status.value for cell in record.cells]


def test_every_loss_is_the_declared_one(
    record: ExecutionRecord, declared: dict[str, Trace]
) -> None:
    found: dict[str, list[float | None]] = {}
    for update in record.of(Updates):
        found.setdefault(update.optimizer, []).extend(loss for (loss,) in update.losses)
    first, metrics, d_loss, g_loss = found.values()
    assert (3 * 11, 2 * 11, 11, 11) == (len(first), len(metrics), len(d_loss), len(g_loss))
    assert list(declared["r_style/first_loop"].losses["loss"]) == first
    assert list(declared["r_style/metrics"].losses["loss"]) == metrics
    assert list(declared["r_style/gan"].losses["d_loss"]) == d_loss
    assert list(declared["r_style/gan"].losses["g_loss"]) == g_loss


def test_the_compiled_section_uses_an_iterator_after_its_end_and_trains_nothing(
    record: ExecutionRecord,
) -> None:
    cell = record.cells[9]
    assert 0 == cell.steps
    assert "Training acc over epoch: 0.0000" in [text for _, text in lines_of(record, 9)]
    assert [(0, 1), (0, 2)] == [
        (p.batches, p.after_end) for p in record.of(Pass) if p.cell == 9 and p.after_end
    ]
