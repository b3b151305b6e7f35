"""`run`: documents, several sections in one process, saved files, interruption."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.processes import program
from tests.tools.parity import parity


def runs(document: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """The runs of a document with several."""
    found = document["runs"]
    assert isinstance(found, list)
    return found


def trace(document: Mapping[str, object]) -> dict[str, object]:
    """The trace of a document with one run."""
    found = document["trace"]
    assert isinstance(found, dict)
    return found


def test_the_gan_document_has_what_the_contract_names(tmp_path: Path) -> None:
    out = tmp_path / "out"
    called = parity(
        "run",
        "keras_io_tf/gan",
        *("--backend", "tensorflow"),
        *("--randomness", "native"),
        *("--steps", "2"),
        *("--out", out),
        "--json",
    )
    document = called.document()
    assert (0, "run", 1) == (called.code, document["verb"], document["format"])
    assert ("keras_io_tf/gan", "tensorflow", 12) == tuple(
        document[name] for name in ("scenario", "backend", "seed")
    )
    data = document["data"]
    assert isinstance(data, dict)
    assert {"name", "sha256"} == data.keys()
    found = trace(document)
    models = found["models"]
    assert isinstance(models, list)
    assert [("discriminator", 74_625), ("generator", 1_339_905)] == [
        (model["name"], model["total_params"]) for model in models
    ]
    losses = found["losses"]
    assert isinstance(losses, dict)
    assert {"d_loss": 2, "g_loss": 2} == {name: len(values) for name, values in losses.items()}
    assert {"steps_per_epoch", "log", "warnings", "images", "seconds", "metrics"} <= found.keys()
    saved = json.loads((out / "keras_io_tf.gan@tensorflow.json").read_text())
    assert found == saved["trace"]
    picture = Image.open(out / "keras_io_tf.gan@tensorflow" / "epoch0" / "generated_img_0.png")
    images = found["images"]
    assert isinstance(images, list)
    pixels = np.frombuffer(base64.b64decode(images[0]["pixels"]), np.uint8).reshape(28, 28)
    np.testing.assert_array_equal(pixels, np.asarray(picture))


def test_sections_of_a_guide_run_in_its_order_whatever_order_they_are_asked_in(
    small_npz: Path,
) -> None:
    called = parity(
        "run",
        *("keras_io_tf/compiled", "keras_io_tf/metrics"),
        *("--backend", "tensorflow"),
        *("--data", small_npz),
        *("--epochs", "1"),
        "--json",
    )
    both = runs(called.document())
    assert ["keras_io_tf/metrics", "keras_io_tf/compiled"] == [run["scenario"] for run in both]
    lines = trace(both[0])["log"]
    assert isinstance(lines, list)
    assert ["", "Start of epoch 0"] == lines[:2]
    assert "Seen so far: 3232 samples" in lines
    assert lines[-1].startswith("Time taken: ")


@pytest.fixture
def running() -> subprocess.Popen[str]:
    """A long run in a process group of its own, as a terminal would start it."""
    return subprocess.Popen(
        program("tools.cli", "check", "keras_io_tf/first_loop", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_an_interrupt_ends_every_process_and_still_answers(running: subprocess.Popen[str]) -> None:
    time.sleep(6)  # the workers have started; whether they train yet does not matter
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert 130 == running.returncode, err
    assert "Traceback" not in err
    assert "check" == json.loads(out)["verb"]
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


def test_the_reference_runs_in_double_precision_without_a_framework() -> None:
    asked = ("keras_io_tf/first_loop", "--backend", "reference", "--steps", "3", "--json")
    done = parity("run", *asked)
    document = done.document()
    trace = document["trace"]
    assert isinstance(trace, dict)
    assert (0, "reference") == (done.code, document["backend"])
    assert 3 == len(trace["losses"]["loss"])


@pytest.mark.parametrize(
    "more", [("--randomness", "native"), ("--precision", "float32")], ids=lambda more: more[0]
)
def test_what_the_reference_does_not_have_is_refused(more: tuple[str, str]) -> None:
    done = parity("run", "keras_io_tf/first_loop", "--backend", "reference", *more)
    assert 2 == done.code
    assert " ".join(more) in done.err
