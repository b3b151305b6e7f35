"""The R guide: its constants, its lines, what it trains and what it does not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.run.backends.registry import process_environment
from core.run.runner import RunOptions
from core.run.worker import Job, run_jobs
from core.spec import flat, layers, ops
from core.spec.defect import by_line
from core.trace import Trace
from core.trace.claims import ClaimKind
from core.trace.published import load_published
from scenarios.r_style import DEFECTS, SCENARIOS
from scenarios.r_style.compiled import COMPILED, COMPILED_INTENDED
from scenarios.r_style.first_loop import FIRST_LOOP
from scenarios.r_style.gan import GAN, GAN_INTENDED
from scenarios.r_style.metrics import METRICS
from scenarios.r_style.tracked_losses import TRACKED_LOSSES
from tests.conftest import REPOSITORY, SMALL_TRAIN

SEED = 11
BATCHES = -(-(SMALL_TRAIN - 10_000) // 64)
Losses = Mapping[str, list[float]]


@pytest.fixture(scope="module")
def traces(small_npz: Path) -> Mapping[str, Trace]:
    """Every section and variant, in the guide's order."""
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
    return {name.partition("/")[2]: trace for name, trace in outcome.traces.items()}


def test_losses_equal_the_same_calls_by_hand_whatever_is_trained_in_between(
    traces: Mapping[str, Trace], small_npz: Path, tmp_path: Path
) -> None:
    program = REPOSITORY / "tests" / "scenarios" / "r_calls.py"
    subprocess.run(
        [sys.executable, str(program), str(small_npz), str(SEED)],
        cwd=tmp_path,
        env=process_environment("tensorflow") | {"PYTHONPATH": os.fspath(REPOSITORY)},
        check=True,
        capture_output=True,
    )
    noted: Losses = json.loads((tmp_path / "noted.json").read_text())
    assert noted["first_loop"] == list(traces["first_loop"].losses["loss"])
    assert noted["metrics"] == list(traces["metrics"].losses["loss"])
    assert noted["d_loss"] == list(traces["gan"].losses["d_loss"][:3])
    assert noted["g_loss"] == list(traces["gan"].losses["g_loss"][:3])


def test_the_compiled_section_as_published_trains_nothing(traces: Mapping[str, Trace]) -> None:
    metrics, compiled = traces["metrics"], traces["compiled"]
    assert 2 * BATCHES == metrics.steps
    assert (0, 0) == (compiled.steps, compiled.steps_per_epoch)
    assert (0.0, 0.0) == compiled.metrics["train_acc"]
    assert (metrics.metrics["val_acc"][-1],) * 2 == compiled.metrics["val_acc"]
    assert metrics.final_weights == compiled.final_weights
    accuracy = f"Validation acc: {metrics.metrics['val_acc'][-1]:.4f}"
    epoch = ["Training acc over epoch: 0.0000", accuracy]
    lines = [line.text for line in compiled.log]
    assert ["Start of epoch  1 ", *epoch, "Start of epoch  2 ", *epoch] == lines[:-1]


def test_the_compiled_section_as_intended_goes_on_from_the_metrics_section(
    traces: Mapping[str, Trace],
) -> None:
    metrics, intended = traces["metrics"], traces["compiled~intended"]
    assert 2 * BATCHES == intended.steps
    assert metrics.metrics["train_acc"][-1] < intended.metrics["train_acc"][0]


def test_the_adversarial_loop_logs_only_as_intended(traces: Mapping[str, Trace]) -> None:
    assert ["Start epoch:  1 "] == [line.text for line in traces["gan"].log]
    assert () == traces["gan"].images
    assert 11 == traces["gan"].steps
    intended = traces["gan~intended"]
    d_loss, g_loss = (intended.losses[name][9] for name in ("d_loss", "g_loss"))
    assert [
        "Start epoch:  1 ",
        f"discriminator loss at step 10: {d_loss:.2f}",
        f"adversarial loss at step 10: {g_loss:.2f}",
    ] == [line.text for line in intended.log]
    assert [("generated_img_10.png", 9)] == [(image.name, image.step) for image in intended.images]


def test_lines_carry_the_spaces_that_r_prints(traces: Mapping[str, Trace]) -> None:
    assert ["Start of epoch  1 ", "Start of epoch  2 ", "Start of epoch  3 "] == [
        line.text for line in traces["first_loop"].log
    ]
    last = traces["metrics"].log[-1]
    assert last.timed
    assert re.fullmatch(r"Time difference of \d[\d.e-]* secs", last.text)
    claims = load_published("r_style", REPOSITORY / "golden" / "published").claims
    logged = {claim.printed_step for claim in claims if claim.kind is ClaimKind.LOSS}
    steps = {FIRST_LOOP.loop.number(i) for i in range(782) if FIRST_LOOP.loop.logs(i)}
    assert {200, 400, 600} == logged == steps


def test_layer_names_differ_from_the_published_ones_only_where_the_ledger_says(
    traces: Mapping[str, Trace],
) -> None:
    known = by_line(DEFECTS)
    models = {model.name: model for model in traces["gan"].models}
    claims = load_published("r_style", REPOSITORY / "golden" / "published").claims
    rows = [claim for claim in claims if claim.kind is ClaimKind.LAYER]
    assert 14 == len(rows)
    for claim in rows:
        row = models[claim.model or ""].layers[claim.index or 0]
        assert (claim.layer, claim.output_shape, claim.params) == (
            row.kind,
            row.output_shape,
            row.params,
        )
        assert (claim.name != row.name) == (claim.line in known), claim.line


def test_the_constants_are_the_guides() -> None:
    opened = [op for op in FIRST_LOOP.setup if isinstance(op, ops.OpenDataset)]
    assert [(64, 1024), (64, None)] == [(op.batch, op.shuffle) for op in opened]
    (images,) = [op for op in FIRST_LOOP.setup if isinstance(op, ops.LoadImages)]
    assert "int32" == images.dtype
    (split,) = [op for op in FIRST_LOOP.setup if isinstance(op, ops.SplitData)]
    assert (10_000, "r_sample_int") == (split.reserve, split.how)
    assert [3, 2, 2, 2, 1, 1, 1] == [scenario.loop.epochs for scenario in SCENARIOS]
    layer = TRACKED_LOSSES.model_spec("model").layers[1]
    assert layers.ActivityRegularization(0.1, "mean") == layer
    assert 11 == GAN.loop.steps(1094)
    (noise,) = [
        op
        for op in GAN.step
        if isinstance(op, ops.Draw) and isinstance(op.distribution, ops.Uniform)
    ]
    assert ops.Uniform(0.0, 0.05) == noise.distribution


def test_every_size_in_the_adversarial_step_follows_the_batch() -> None:
    shapes = [op.shape for op in flat(GAN.step) if isinstance(op, ops.Draw | ops.Fill)]
    assert 6 == len(shapes)
    assert not [shape for shape in shapes if ops.Batch() in shape]


def test_variants_share_the_draws_of_the_section_as_published() -> None:
    assert (COMPILED.stream, GAN.stream) == (COMPILED_INTENDED.stream, GAN_INTENDED.stream)
    assert (METRICS,) == COMPILED.trains_first == COMPILED_INTENDED.trains_first
    assert GAN.step is GAN_INTENDED.step
