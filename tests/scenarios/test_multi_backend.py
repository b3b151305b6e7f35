"""The older guide: its constants, and its published cells against the declared run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.run.backends.registry import process_environment
from core.run.runner import RunOptions
from core.run.worker import Job, run_jobs
from core.spec import layers, ops
from core.spec.parts import SGD, Adam
from core.trace import Trace
from core.trace.claims import Claim, ClaimKind
from core.trace.published import load_published
from scenarios import keras_io_tf
from scenarios.multi_backend import SCENARIOS
from scenarios.multi_backend.compiled import COMPILED
from scenarios.multi_backend.gan import GAN
from scenarios.multi_backend.metrics import METRICS
from scenarios.multi_backend.tracked_losses import TRACKED_LOSSES
from tests.conftest import REPOSITORY, SMALL_TRAIN, published

SEED = 7
SUPERVISED = ("multi_backend/first_loop", "multi_backend/metrics", "multi_backend/compiled")
BATCHES = -(-(SMALL_TRAIN - 10_000) // 64)


@pytest.fixture(scope="module")
def traces(small_npz: Path) -> Mapping[str, Trace]:
    """Every section, in the guide's order."""
    job = Job(
        name="declared",
        backend="tensorflow",
        scenarios=tuple(scenario.id for scenario in SCENARIOS),
        options=RunOptions(seed=SEED),
        data=str(small_npz),
        repository=str(REPOSITORY),
    )
    (outcome,) = run_jobs([job], workers=1)
    assert outcome.failure is None
    return outcome.traces


def test_every_loss_equals_the_published_cells_bit_for_bit(
    traces: Mapping[str, Trace], small_npz: Path, tmp_path: Path
) -> None:
    program = REPOSITORY / "tests" / "scenarios" / "published_cells.py"
    guide = published("multi_backend.md")
    subprocess.run(
        [sys.executable, str(program), str(guide), str(small_npz), str(SEED), str(SMALL_TRAIN)],
        cwd=tmp_path,
        env=process_environment("tensorflow"),
        check=True,
        capture_output=True,
    )
    noted = json.loads((tmp_path / "noted.json").read_text())
    supervised = [loss for name in SUPERVISED for loss in traces[name].losses["loss"]]
    assert 6 * BATCHES == len(supervised)
    assert noted["loss"] == supervised
    gan = traces["multi_backend/gan"].losses
    assert 12 == len(gan["d_loss"])
    assert noted["d_loss"] == list(gan["d_loss"])
    assert noted["g_loss"] == list(gan["g_loss"])


def test_summaries_are_the_published_ones(traces: Mapping[str, Trace]) -> None:
    claims = load_published("multi_backend", REPOSITORY / "golden" / "published")
    rows = [claim for claim in claims.claims if claim.kind is ClaimKind.LAYER]
    assert 6 == len(rows)
    models = {model.name: model for model in traces["multi_backend/gan"].models}
    found = [
        (row.name, row.kind, row.output_shape, row.params) for row in models["discriminator"].layers
    ]
    assert [(row.name, row.layer, row.output_shape, row.params) for row in rows] == found
    assert _total(claims.claims) == models["discriminator"].total_params


def _total(claims: tuple[Claim, ...]) -> float | None:
    (total,) = [c.value for c in claims if c.kind is ClaimKind.PARAMS and c.name == "total"]
    return total


def test_the_metrics_section_names_its_hidden_layers(traces: Mapping[str, Trace]) -> None:
    names = {
        section: [row.name for row in traces[f"multi_backend/{section}"].models[0].layers[1:]]
        for section in ("first_loop", "metrics", "compiled")
    }
    assert ["dense", "dense_1", "predictions"] == names["first_loop"]
    assert ["dense_1", "dense_2", "predictions"] == names["metrics"]
    assert names["metrics"] == names["compiled"]


def test_lines_read_as_the_guide_prints_them(traces: Mapping[str, Trace]) -> None:
    first = traces["multi_backend/first_loop"]
    lines = [line.text for line in first.log]
    assert ["", "Start of epoch 0"] == lines[:2]
    assert f"Training loss (for one batch) at step 0: {first.losses['loss'][0]:.4f}" == lines[2]
    assert "Seen so far: 64 samples" == lines[3]
    gan = traces["multi_backend/gan"]
    d_loss, g_loss = gan.losses["d_loss"][0], gan.losses["g_loss"][0]
    assert [
        "",
        "Start epoch 0",
        f"discriminator loss at step 0: {d_loss:.2f}",
        f"adversarial loss at step 0: {g_loss:.2f}",
    ] == [line.text for line in gan.log]
    assert ["generated_img0.png"] == [image.name for image in gan.images]


def test_the_constants_are_the_guides() -> None:
    assert [(2, 200), (2, 200), (2, 200), (1, 200), (1, 200)] == [
        (scenario.loop.epochs, scenario.loop.log_every) for scenario in SCENARIOS
    ]
    assert {64} == {
        scenario.maker(scenario.loop.dataset, ops.OpenDataset).batch for scenario in SCENARIOS
    }
    rates = [op.optimizer for s in SCENARIOS for op in s.setup if isinstance(op, ops.MakeOptimizer)]
    assert [SGD(1e-3)] * 3 + [Adam(3e-4), Adam(4e-4)] == rates
    assert 12 == GAN.loop.steps(1094)
    layer = TRACKED_LOSSES.model_spec("model").layers[1]
    assert layers.ActivityRegularization(1e-2, "sum", registered=True) == layer


def test_the_compiled_section_continues_the_metrics_section() -> None:
    assert (METRICS,) == COMPILED.continues
    assert (METRICS,) == COMPILED.trains_first
    assert () == TRACKED_LOSSES.trains_first


def test_the_gan_trains_by_the_newer_guides_step() -> None:
    newer = keras_io_tf.SCENARIOS[-1]
    assert newer.step is GAN.step
    assert newer.model_spec("generator") is GAN.model_spec("generator")
