from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.run.backends.registry import process_environment
from core.sandbox.guest.control.draws import Draws
from core.sandbox.guest.control.hook import VARIABLE
from core.sandbox.host.guest import guest_folder

PROGRAM = Path(__file__).with_name("controlled_program.py")
SEED = 1
DRAWS = Draws(SEED)


@functools.cache
def drawn(framework: str) -> dict[str, list[float]]:
    """What the program drew in a fresh process, with kernels nudged by one unit."""
    pytest.importorskip(framework, reason=f"make setup installs {framework}")
    variables = process_environment(framework) | {
        "PYTHONPATH": str(guest_folder(controlled=True)),
        VARIABLE: json.dumps({"seed": SEED, "nudge": 1}),
    }
    done = subprocess.run(
        [sys.executable, "-P", str(PROGRAM), framework],
        capture_output=True,
        text=True,
        env=dict(os.environ) | variables,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def rows(name: str) -> list[list[float]]:
    """A part that holds rows of numbers."""
    found: list[list[float]] = np.asarray(drawn("tensorflow")[name]).tolist()
    return found


def test_a_draw_is_that_of_its_address_and_count_eagerly_and_compiled() -> None:
    for part, address in (("eager", "normal/draw/(4,)/0"), ("graph", "normal/draw/(4,)/0")):
        first = 0 if part == "eager" else 2  # the graph's draws come after the eager ones
        wanted = [
            (1 + 2 * DRAWS.at(address, first + count).standard_normal(4).astype(np.float32))
            for count in range(2)
        ]
        assert np.asarray(wanted) == pytest.approx(np.asarray(rows(part)), rel=1e-6)


def test_kernels_follow_their_initializer_and_a_nudge_moves_each_by_one_unit() -> None:
    limit = np.sqrt(6.0 / (5 + 3))
    drawn_here = DRAWS.at("initializer/GlorotUniform/(5, 3)/0", 0).uniform(-limit, limit, (5, 3))
    plain = drawn_here.astype(np.float32).view(np.int32)
    moved = np.asarray(rows("kernel"), dtype=np.float32).view(np.int32)
    assert {1} == set(np.abs(plain - moved).ravel().tolist())
    assert np.sqrt(2.0 / 400) == pytest.approx(drawn("tensorflow")["he_std"], rel=0.02)


def test_an_initializer_that_is_shared_repeats_itself() -> None:
    first, second = rows("shared")
    assert first == second


def test_uniform_draws_shuffles_and_dropout_keep_their_meaning() -> None:
    parts = drawn("tensorflow")
    assert -2.0 <= min(parts["uniform"]) < -1.9
    assert 3.9 < max(parts["uniform"]) <= 4.0
    assert list(range(20)) == sorted(parts["order"]) != parts["order"]
    assert list(range(9)) == parts["shuffle"]
    assert [0.0, 4 / 3] == pytest.approx(parts["kept"], rel=1e-5)
    assert 0.75 == pytest.approx(parts["share"], abs=0.03)
    assert [1.0] * 5 == parts["rest"]


def test_a_draw_that_is_not_controlled_is_told_of() -> None:
    told: object = drawn("tensorflow")["told"]
    assert ["uncontrolled draw: tf.random.gamma"] == told


def test_torchs_plain_draws_are_addressed() -> None:
    found = drawn("torch")
    wanted = DRAWS.at("torch.randn/on_torch/(3,)", 0).standard_normal(3).astype(np.float32)
    assert wanted.tolist() == found["randn"]
    uniform = DRAWS.at("torch.rand/on_torch/(2, 2)", 0).random((2, 2)).astype(np.float32)
    assert uniform.tolist() == found["rand"]
    assert [3, 2] == found["like"]
    assert list(range(7)) == found["order"]


def test_torchs_layers_start_from_addressed_weights_and_a_nudge_moves_them() -> None:
    bound = 1 / np.sqrt(4)
    values = DRAWS.at("torch.uniform_/(3, 4)", 0).uniform(-bound, bound, (3, 4))
    plain = values.astype(np.float32).view(np.int32)
    moved = np.asarray(drawn("torch")["kernel"], dtype=np.float32).view(np.int32)
    assert {1} == set(np.abs(plain - moved).ravel().tolist())
    normal = 1.0 + 2.0 * DRAWS.at("torch.normal_/(2, 2)", 0).standard_normal((2, 2))
    assert normal == pytest.approx(np.asarray(drawn("torch")["normal"]), rel=1e-6)


def test_torchs_dropout_keeps_its_meaning_and_other_draws_are_told_of() -> None:
    parts = drawn("torch")
    assert [0.0, 4 / 3] == pytest.approx(parts["kept"], rel=1e-5)
    assert 0.75 == pytest.approx(parts["share"], abs=0.03)
    assert [1.0] * 5 == parts["rest"]
    told: object = parts["told"]
    assert ["uncontrolled draw: torch.Tensor.random_"] == told


def test_a_process_that_is_not_asked_for_control_is_left_alone() -> None:
    variables = dict(os.environ) | {"PYTHONPATH": str(guest_folder(controlled=True))}
    variables.pop(VARIABLE, None)
    code = "import sys, numpy; print(len(sys.meta_path), numpy.random.default_rng.__module__)"
    plain = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, env=variables
    )
    assert "" == plain.stderr
    assert "_parity" not in plain.stdout
