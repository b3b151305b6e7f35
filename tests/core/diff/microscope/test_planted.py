"""A planted difference in any op is found at that op, on every backend."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Mapping

import pytest

from core.extras import install_command
from core.run.backends.registry import installed, process_environment
from core.spec import BACKENDS, ops
from core.spec.check import ALLOWED
from core.spec.scenario import flat
from tests.conftest import REPOSITORY
from tests.core.diff.microscope.every_op import EVERY
from tests.core.diff.microscope.mutations import MUTATIONS, Mutation

pytestmark = pytest.mark.xdist_group("planted")


@functools.cache
def found(backend: str) -> Mapping[str, list[object]]:
    """What the planted program prints on a backend."""
    if backend not in installed():
        pytest.skip(f"not installed: {backend}; get it with: {install_command(backend)}")
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.diff.microscope.planted", backend],
        env=process_environment(backend),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: Mapping[str, list[object]] = json.loads(done.stdout.splitlines()[-1])
    return answers


def test_every_kind_of_op_is_changed_at_least_once() -> None:
    kinds = {kind.__name__ for kind in ALLOWED["step"]} - {ops.GradScope.__name__}
    assert kinds == {planted.kind for planted in MUTATIONS}
    assert kinds == {type(op).__name__ for op in flat(EVERY.step)} - {ops.GradScope.__name__}


@pytest.mark.parametrize("planted", MUTATIONS, ids=lambda planted: f"{planted.kind} {planted.what}")
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_planted_difference_is_found_at_its_op(backend: str, planted: Mutation) -> None:
    place = found(backend)[f"{planted.kind} {planted.what}"]
    op, tensor, step = place
    assert op in planted.op.split(", ")
    assert str(tensor).startswith(planted.part)
    assert step == 0


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_run_is_identical_to_itself(backend: str) -> None:
    assert ["identical", 3, 0.0] == found(backend)["same"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_execution_modes_differ_by_rounding_at_most(backend: str) -> None:
    """Every tap of three steps; at most the whole of what rounding was measured to do."""
    for modes in ("graph against fused", "eager against graph"):
        verdict, steps, share = found(backend)[modes]
        assert verdict in ("identical", "rounding")
        assert 3 == steps
        assert isinstance(share, float)
        assert share <= 1.0
