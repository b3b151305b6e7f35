from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.backends.registry import process_environment
from core.control.hook import VARIABLE
from core.upgrade.documents import control_folder

PROGRAM = Path(__file__).with_name("controlled_program.py")
Parts = dict[str, list[float]]


@functools.cache
def drawn(framework: str, seed: int = 1, nudge: int = 0) -> Parts:
    """What the program drew in a fresh process."""
    pytest.importorskip(framework, reason=f"pip install '.[{framework}]' to test its control")
    variables = process_environment(framework) | {
        "PYTHONPATH": str(control_folder()),
        VARIABLE: json.dumps({"seed": seed, "nudge": nudge}),
    }
    done = subprocess.run(
        [sys.executable, "-P", str(PROGRAM), framework],
        capture_output=True,
        text=True,
        env=dict(os.environ) | variables,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    found: Parts = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_same_loop_draws_the_same_numbers_eagerly_and_compiled() -> None:
    parts = drawn("tensorflow")
    assert parts["eager"][0] != parts["eager"][1]
    assert set(map(str, parts["eager"])).isdisjoint(map(str, parts["graph"]))


def test_another_process_draws_the_same_and_another_seed_does_not() -> None:
    one, other = drawn("tensorflow"), drawn("tensorflow", seed=2)
    drawn.cache_clear()
    again = drawn("tensorflow")
    assert one == again
    for name in ("eager", "kernel", "uniform", "order"):
        assert one[name] != other[name]


def test_kernels_follow_their_initializer_and_a_shared_one_repeats_itself() -> None:
    parts = drawn("tensorflow")
    limit = np.sqrt(6.0 / (5 + 3))
    assert np.abs(np.asarray(parts["kernel"])).max() <= limit
    assert parts["shared"][0] == parts["shared"][1]
    assert np.sqrt(2.0 / 400) == pytest.approx(parts["he_std"], rel=0.02)


def test_a_nudge_moves_kernels_by_one_unit_and_nothing_else() -> None:
    plain, moved = drawn("tensorflow"), drawn("tensorflow", nudge=1)
    kernels = [np.asarray(p["kernel"], dtype=np.float32).view(np.int32) for p in (plain, moved)]
    assert {1} == set(np.abs(kernels[0] - kernels[1]).ravel().tolist())
    assert plain["eager"] == moved["eager"]
    assert plain["order"] == moved["order"]


def test_uniform_draws_shuffles_and_dropout_keep_their_meaning() -> None:
    parts = drawn("tensorflow")
    assert -2.0 <= min(parts["uniform"]) < -1.9
    assert 3.9 < max(parts["uniform"]) <= 4.0
    assert list(range(20)) == sorted(parts["order"]) != parts["order"]
    assert list(range(9)) == parts["shuffle"]
    assert [0.0, 1.33333] == parts["kept"]
    assert 0.75 == pytest.approx(parts["share"], abs=0.03)
    assert [1.0] * 5 == parts["rest"]


def test_a_draw_that_is_not_controlled_is_told_of() -> None:
    assert ["uncontrolled draw: tf.random.gamma"] == drawn("tensorflow")["told"]


def test_torchs_plain_draws_are_addressed() -> None:
    one = drawn("torch")
    drawn.cache_clear()
    assert one == drawn("torch")
    assert [3, 2] == one["like"]
    assert list(range(7)) == one["order"]


def test_a_process_that_is_not_asked_for_control_is_left_alone() -> None:
    variables = dict(os.environ) | {"PYTHONPATH": str(control_folder())}
    variables.pop(VARIABLE, None)
    code = "import sys, numpy; print(len(sys.meta_path), numpy.random.default_rng.__module__)"
    plain = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, env=variables
    )
    assert "" == plain.stderr
    assert "_parity" not in plain.stdout
