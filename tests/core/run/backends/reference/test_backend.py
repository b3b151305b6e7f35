"""The reference backend computes what the frameworks compute, and the same with any thread count.

The frameworks' side is what their goldens hold, so that no framework runs here.
"""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from core.check.golden.golden import Key
from core.check.golden.store import Store
from core.run.backends.arithmetic import Arithmetic
from core.run.backends.reference.backend import ReferenceBackend
from core.run.backends.registry import REFERENCE
from core.run.data import load_data
from core.run.runner import Runner, RunOptions, Session
from core.run.runner.options import execution_of
from core.run.worker import Job, run_jobs
from core.spec import BACKENDS, Scenario
from core.spec.catalog import Catalog
from core.spec.reading import READINGS
from core.trace import Trace
from core.trace.difference import differences
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY, [])
FRESH = ("keras_io_tf/first_loop", "multi_backend/first_loop", "r_style/first_loop")
OPTIONS = RunOptions(seed=12, randomness="controlled", precision="float64", steps=10)


def _scenario(name: str) -> Scenario:
    (found,) = CATALOG.select([name])
    return found


def _golden(scenario: Scenario, backend: str) -> Trace:
    execution = execution_of(scenario, RunOptions(randomness="controlled"))
    key = Key(scenario.guide.id, scenario.section, backend, "controlled", execution, "float32")
    golden = Store(REPOSITORY / "golden").read(key)
    assert golden is not None
    return golden.trace


@pytest.fixture(scope="module")
def traces() -> dict[str, Trace]:
    found = {}
    for name in FRESH:
        session = Session(ReferenceBackend(READINGS["tensorflow"]), load_data("digits"), OPTIONS)
        found[name] = Runner(session).run(_scenario(name))
    return found


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", FRESH)
def test_a_first_loss_is_a_framework_s_up_to_the_rounding_of_its_sums(
    traces: dict[str, Trace], name: str, backend: str
) -> None:
    """One forward pass sums 784, 64 and 64 products: 912 roundings of half a unit at the most."""
    expected = _golden(_scenario(name), backend).losses["loss"][0]
    (apart,) = differences(traces[name].losses["loss"][:1], [expected])
    assert apart < 912 * float(np.finfo(np.float32).eps) / 2


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", FRESH)
def test_the_next_losses_agree_with_every_framework_far_better_than_with_another_update(
    traces: dict[str, Trace], name: str, backend: str
) -> None:
    """A thousandth of the learning rate would be seen: it moves the second loss by more."""
    mine = traces[name].losses["loss"][:5]
    largest = max(differences(mine, _golden(_scenario(name), backend).losses["loss"][:5]))
    assert largest < 1e-3 * abs(mine[1] - mine[0]) / mine[0]


def test_counts_and_shapes_are_the_golden_s(traces: dict[str, Trace]) -> None:
    for name in FRESH:
        golden = _golden(_scenario(name), "tensorflow")
        for mine, theirs in zip(traces[name].models, golden.models, strict=True):
            assert theirs.total_params == mine.total_params
            assert theirs.trainable_params == mine.trainable_params
            assert [(r.kind, r.output_shape, r.params) for r in theirs.layers] == [
                (r.kind, r.output_shape, r.params) for r in mine.layers
            ]


def test_other_thread_counts_give_the_same_losses_within_1e_9() -> None:
    job = Job(
        name="pinned",
        backend=REFERENCE,
        scenarios=("keras_io_tf/first_loop",),
        options=attrs.evolve(OPTIONS, steps=64),
        data="digits",
        repository=str(REPOSITORY),
    )
    one = attrs.evolve(job, name="one thread", arithmetic=Arithmetic(threads=1))
    outcomes = run_jobs([job, one], workers=1)
    first, second = (outcome.traces["keras_io_tf/first_loop"] for outcome in outcomes)
    assert 64 == first.steps
    assert max(differences(first.losses["loss"], second.losses["loss"])) < 1e-9
