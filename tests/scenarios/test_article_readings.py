"""The article's loss on every backend, against independent NumPy references and its goldens."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from core.check.golden.golden import Key
from core.check.golden.store import Store
from core.run.backends.registry import process_environment
from core.spec import BACKENDS
from core.trace import Trace
from core.trace.claims import ClaimKind
from core.trace.published import load_published
from tests.conftest import REPOSITORY
from tests.scenarios.loss_readings import KERNEL, TARGET, X

LN_2 = math.log(2)


def sigmoid(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """1 / (1 + exp(-x)) in double precision."""
    return 1.0 / (1.0 + np.exp(-values))


def cross_entropy(probabilities: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """Mean binary cross-entropy of probabilities, in double precision."""
    hit = TARGET * np.log(probabilities) + (1 - TARGET) * np.log(1 - probabilities)
    return float(-hit.mean())


LOGITS = X.astype(np.float64) @ KERNEL.astype(np.float64)
REFERENCE = {
    "logits": cross_entropy(sigmoid(LOGITS)),
    "twice": cross_entropy(sigmoid(sigmoid(LOGITS))),
}
EXPECTED = {
    "tensorflow": {"sigmoid": "logits", "sigmoid, reshaped": "twice", "logits": "logits"},
    "jax": {"sigmoid": "twice", "sigmoid, reshaped": "twice", "logits": "logits"},
    "torch": {"sigmoid": "twice", "sigmoid, reshaped": "twice", "logits": "logits"},
}


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_backend_takes_the_reading_that_numpy_computes(backend: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.scenarios.loss_readings", backend],
        cwd=REPOSITORY,
        env=process_environment(backend),
        capture_output=True,
        text=True,
        check=True,
    )
    found: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
    wanted = {name: REFERENCE[reading] for name, reading in EXPECTED[backend].items()}
    assert wanted == pytest.approx(found, rel=1e-6)
    assert abs(REFERENCE["logits"] - REFERENCE["twice"]) > 0.05


def golden(section: str, backend: str) -> Trace:
    """A controlled golden of the article."""
    key = Key("dcgan_article", section, backend, "controlled", "graph", "float32")
    found = Store(REPOSITORY / "golden").read(key)
    assert found is not None
    return found.trace


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_article_as_published_equals_its_own_reading_bit_for_bit(backend: str) -> None:
    variant = "dcgan~logits" if backend == "tensorflow" else "dcgan~twice"
    published, explicit = golden("dcgan", backend), golden(variant, backend)
    for name, values in explicit.losses.items():
        assert 12 == len(values)
        assert values == published.losses[name][:12]


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_generator_loss_with_two_sigmoids_stays_below_ln_2(backend: str) -> None:
    losses = golden("dcgan", backend).losses["g_loss"]
    assert max(losses) < LN_2


def test_the_published_generator_losses_can_only_come_from_the_logits() -> None:
    claims = load_published("dcgan_article", Path(REPOSITORY / "golden" / "published")).claims
    published = [c.value for c in claims if c.kind is ClaimKind.LOSS and c.name == "g_loss"]
    above = [value for value in published if value is not None and value > LN_2]
    assert 5 == len(above)
    assert max(golden("dcgan", "tensorflow").losses["g_loss"]) > LN_2
