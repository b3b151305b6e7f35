"""What JAX and torch promise by themselves, each asked in a process of its own."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Mapping

import pytest

from core.extras import install_command
from core.run.backends.registry import installed, process_environment
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.xdist_group("backends")


@functools.cache
def answers(backend: str) -> Mapping[str, object]:
    """What the promises program prints on a backend."""
    if backend not in installed():
        pytest.skip(f"not installed: {backend}; get it with: {install_command(backend)}")
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.run.backends.promises", backend],
        env=process_environment(backend),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_torch_order_is_that_of_a_loader_of_small_batches() -> None:
    """Two passes, and the draws between them, consume the generator as a guide's loop would."""
    found = answers("torch")
    assert found["order"] == found["plain order"]


def test_jax_order_is_a_permutation_from_the_generator_of_numpy() -> None:
    """Each pass takes `numpy.random.permutation` after the one seeding."""
    found = answers("jax")
    assert found["order"] == found["plain order"]


def test_torch_draws_what_randn_and_rand_draw() -> None:
    """Native draws are those of torch's global generator."""
    found = answers("torch")
    assert _flat(found["draws"]) == pytest.approx(_flat(found["plain draws"]), rel=1e-6, abs=1e-6)


def test_jax_splits_one_key_per_draw() -> None:
    """Native draws follow the documented key, also after the framework is seeded again."""
    found = answers("jax")
    assert found["draws"] == found["plain draws"]


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_jax_transposed_convolution_keeps_its_value_and_gradients(padding: str) -> None:
    """Value and input gradient are bit-identical, the kernel gradient up to rounding."""
    found = answers("jax")["transposed convolution"]
    assert isinstance(found, dict)
    value, inputs, kernel = found[padding]
    assert (value, inputs) == (0.0, 0.0)
    assert 0.0 < kernel < 1e-5


@pytest.mark.parametrize(("backend", "expected"), [("jax", 1.0), ("torch", 0.2)])
def test_leaky_relu_slope_at_zero_is_the_backends_own(backend: str, expected: float) -> None:
    """Why JAX leaves the other backends at the first step of a GAN.

    Black patches under a bias of zero are exactly zero before the activation. There JAX's
    derivative is 1; TensorFlow's and torch's is the negative slope. The bias gradients differ.
    """
    assert answers(backend)["slope at zero"] == pytest.approx(expected)


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_every_variable_comes_back_from_a_snapshot(backend: str) -> None:
    """A step changes weights, moments, iterations and metric; restoring brings back all."""
    found = answers(backend)
    changed = found["changed"]
    assert isinstance(changed, int)
    assert changed >= 6 + 12 + 1 + 1
    assert found["came back"] is True


def _flat(value: object) -> list[float]:
    if isinstance(value, list):
        return [number for part in value for number in _flat(part)]
    assert isinstance(value, float)
    return [value]
