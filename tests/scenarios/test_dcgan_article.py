"""The article: its constants, its published listing against the declared run, its files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from core.run.backends.registry import process_environment
from core.run.runner import RunOptions
from core.run.worker import Job, run_jobs
from core.spec import flat, layers, ops
from core.spec.parts import Adam
from core.trace import Trace
from core.trace.claims import ClaimKind
from core.trace.published import load_published
from scenarios.dcgan_article.dcgan import CAP, DCGAN
from scenarios.dcgan_article.models import DISCRIMINATOR, GENERATOR
from tests.conftest import REPOSITORY, published

SEED = 5
STEPS = 102  # past two logs, each of which draws noise


@pytest.fixture(scope="module")
def runs(small_npz: Path) -> Mapping[str, Trace]:
    """A native and a controlled run of the first steps."""
    jobs = [
        Job(
            name=randomness,
            backend="tensorflow",
            scenarios=(DCGAN.id,),
            options=RunOptions(seed=SEED, randomness=randomness, steps=steps),
            data=str(small_npz),
            repository=str(REPOSITORY),
        )
        for randomness, steps in (("native", STEPS), ("controlled", 2))
    ]
    outcomes = run_jobs(jobs, workers=1)
    assert [None, None] == [outcome.failure for outcome in outcomes]
    return {outcome.job.name: outcome.traces[DCGAN.id] for outcome in outcomes}


def test_every_loss_equals_the_published_listing_bit_for_bit(
    runs: Mapping[str, Trace], small_npz: Path, tmp_path: Path
) -> None:
    program = REPOSITORY / "tests" / "scenarios" / "published_article.py"
    article = published("dcgan_article.md")
    subprocess.run(
        [sys.executable, str(program), str(article), str(small_npz), str(SEED), str(STEPS)],
        cwd=tmp_path,
        env=process_environment("tensorflow"),
        check=True,
        capture_output=True,
    )
    noted = json.loads((tmp_path / "noted.json").read_text())
    assert STEPS == len(noted["g_loss"])
    assert noted["g_loss"] == list(runs["native"].losses["g_loss"])
    assert noted["d_loss"] == list(runs["native"].losses["d_loss"])


def test_the_run_prints_the_articles_lines_and_leaves_out_its_random_id(
    runs: Mapping[str, Trace],
) -> None:
    lines = [line.text for line in runs["native"].log]
    assert [
        "Preparing training run",
        "Training GAN ...",
        "Starting epoch 1 with 472 batches...",
    ] == lines[:3]
    number = r"\d\.\d{6}e[+-]\d\d"
    form = rf"Losses after mini-batch +(\d+): generator {number}, discriminator {number}"
    steps = [match[1] for line in lines[3:] if (match := re.fullmatch(form, line))]
    assert ["50", "100"] == steps
    assert 5 == len(lines)
    loss = runs["native"].losses["g_loss"][49]
    assert f"Losses after mini-batch    50: generator {loss:e}," in lines[3]


def test_a_sheet_of_sixteen_images_follows_each_log(runs: Mapping[str, Trace]) -> None:
    sheets = runs["native"].images
    assert [("epoch0_batch50.png", 112, 112), ("epoch0_batch100.png", 112, 112)] == [
        (sheet.name, sheet.height, sheet.width) for sheet in sheets
    ]
    assert sheets[0].pixels != sheets[1].pixels


def test_moving_statistics_are_among_the_weights_compared(runs: Mapping[str, Trace]) -> None:
    moving = {
        weight.name: weight.norm
        for weight in runs["controlled"].final_weights
        if "moving_" in weight.name
    }
    assert 6 == len(moving)
    untouched = {"moving_mean": 0.0, "moving_variance": 1.0}
    for weight in runs["controlled"].final_weights:
        start = untouched.get(weight.name.rpartition("/")[2])
        if start is not None:
            size = int(np.prod(weight.shape))
            assert abs(weight.norm - start * size**0.5) > 1e-6, weight.name


def test_the_models_have_the_parameters_that_their_shapes_imply(
    runs: Mapping[str, Trace],
) -> None:
    generator, discriminator = runs["native"].models
    kernels = 75 * 6272 + 25 * 128 * 56 + 25 * 56 * 28 + 25 * 28 * 1
    normalised = 6272 + 56 + 28
    assert kernels + 4 * normalised == generator.total_params
    assert kernels + 2 * normalised == generator.trainable_params
    assert (25 + 1) * 28 + (25 * 28 + 1) * 64 + 7 * 7 * 64 + 1 == discriminator.total_params
    assert (None, 28, 28, 1) == generator.layers[-1].output_shape
    assert (None, 1) == discriminator.layers[-1].output_shape


def test_tensorflow_says_that_it_goes_back_to_the_logits(runs: Mapping[str, Trace]) -> None:
    (warning,) = runs["native"].warnings
    assert "received `from_logits=True`, but the `output` argument was produced by a Sigmoid" in (
        warning
    )


def test_the_constants_are_the_articles() -> None:
    opened = DCGAN.maker("dataset", ops.OpenDataset)
    assert (28, 30_000) == (opened.batch, opened.shuffle)
    assert (50, 50, 1, 1) == (
        DCGAN.loop.epochs,
        DCGAN.loop.log_every,
        DCGAN.loop.first_epoch,
        DCGAN.loop.first_step,
    )
    optimizers = [getattr(op, "optimizer", None) for op in DCGAN.setup]
    assert [Adam(2e-4, beta_1=0.5, beta_2=0.999)] * 2 == [o for o in optimizers if o is not None]
    assert [42] == [op.seed for op in DCGAN.setup if isinstance(op, ops.SeedFramework)]
    assert [75, 75] == [
        op.shape[1] for op in (*DCGAN.step, *DCGAN.on_log) if isinstance(op, ops.Draw)
    ]
    assert ["generator", "discriminator"] == [
        op.model for op in DCGAN.step if isinstance(op, ops.Apply)
    ]
    (scope,) = [op for op in flat(DCGAN.step) if isinstance(op, ops.GradScope)]
    assert 2 == len(scope.tapes)


def test_both_models_share_one_initializer_and_the_defaults_of_their_layers() -> None:
    stack = (*GENERATOR.layers, *DISCRIMINATOR.layers)
    kernels = {layer.kernel_initializer for layer in stack if isinstance(layer, layers.Weighted)}
    assert {layers.RandomNormal(0.02, shared="weight_init")} == kernels
    assert {0.3} == {layer.negative_slope for layer in stack if isinstance(layer, layers.LeakyReLU)}
    assert [0.5, 0.5] == [layer.rate for layer in stack if isinstance(layer, layers.Dropout)]
    assert 3 == sum(isinstance(layer, layers.BatchNormalization) for layer in stack)


def test_the_cap_reaches_two_of_the_published_progress_lines() -> None:
    claims = load_published("dcgan_article", REPOSITORY / "golden" / "published").claims
    logged = {claim.printed_step for claim in claims if claim.kind is ClaimKind.LOSS}
    assert {50, 100} == {step for step in logged if step is not None and step <= CAP}
    assert CAP == DCGAN.loop.cap
