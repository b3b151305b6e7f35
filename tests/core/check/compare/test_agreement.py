"""Agreement between backends: what is compared, how far, and what a disagreement says."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from core.check.compare.agreement import (
    Agreement,
    agreements,
    before_any_update,
    compared_steps,
)
from core.check.golden.golden import Key
from core.check.golden.store import Store
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace import Trace
from scenarios.dcgan_article import SCENARIOS as ARTICLE
from scenarios.keras_io_tf import SCENARIOS as ADAM
from tests.conftest import REPOSITORY
from tests.example_traces import HORIZON, TRACE

FIRST, METRICS, COMPILED, TRACKED, GAN = ADAM
PAIR = ("tensorflow", "torch")
LIMITS = (1e-7, 1e-6, 1e-5, 1e-4)


@pytest.mark.parametrize(
    ("scenario", "pair", "loss", "steps"),
    [
        (FIRST, PAIR, "loss", None),
        (COMPILED, ("tensorflow", "jax"), "loss", None),
        (GAN, PAIR, "g_loss", None),
        (GAN, ("tensorflow", "jax"), "d_loss", 1),
        (GAN, ("tensorflow", "jax"), "g_loss", 0),
        (ARTICLE[0], PAIR, "d_loss", 0),
        (ARTICLE[0], ("jax", "torch"), "g_loss", 1),
        (ARTICLE[1], PAIR, "d_loss", None),
    ],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_backends_are_compared_as_far_as_they_mean_the_same(
    scenario: Scenario, pair: tuple[str, str], loss: str, steps: int | None
) -> None:
    assert steps == compared_steps(scenario, pair, loss)


def test_only_losses_before_the_first_update_come_from_one_forward_pass() -> None:
    assert {"d_loss"} == before_any_update(GAN)
    assert {"d_loss", "g_loss"} == before_any_update(ARTICLE[0])


def on(backend: str, losses: tuple[float, ...]) -> Trace:
    """A trace on a backend with one loss."""
    return attrs.evolve(TRACE, backend=backend, losses={"loss": losses})


def measured(other: tuple[float, ...]) -> Agreement:
    """TensorFlow's ones against another backend's losses."""
    traces = {"tensorflow": on("tensorflow", (1.0,) * 60), "torch": on("torch", other)}
    horizon = attrs.evolve(HORIZON, losses={"loss": LIMITS})
    (found,) = agreements(FIRST, traces, {"tensorflow": horizon, "torch": horizon})
    return found


def test_equal_losses_agree_with_a_largest_difference_of_zero() -> None:
    found = measured((1.0,) * 60)
    assert (True, 0.0, 4) == (found.holds, found.largest, found.steps)


def test_the_difference_that_is_largest_for_its_limit_is_found_and_fails_beyond_it() -> None:
    found = measured((1.0, 1.000_002, 1.0, 1.000_01, *(1.0,) * 56))
    assert (False, 1, 1e-6) == (found.holds, found.step, found.limit)
    assert pytest.approx(2e-6, rel=1e-3) == found.largest
    finding = found.finding()
    assert ("backend-drift", True) == (finding.code, finding.fails)
    assert "step 1" in finding.evidence


def test_steps_beyond_the_horizon_are_not_compared() -> None:
    assert measured((1.0,) * 4 + (2.0,) * 56).holds


def test_a_loss_that_is_not_finite_disagrees() -> None:
    assert not measured((float("nan"),) + (1.0,) * 59).holds


def test_three_backends_give_three_pairs_and_one_without_a_horizon_none() -> None:
    traces = {name: on(name, (1.0,)) for name in ("tensorflow", "jax", "torch")}
    horizons = dict.fromkeys(traces, HORIZON)
    assert 3 == len(list(agreements(FIRST, traces, horizons)))
    del horizons["jax"]
    assert [PAIR] == [found.backends for found in agreements(FIRST, traces, horizons)]


XEON = json.loads(Path(__file__).with_name("avx512_xeon.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("scenario_id", XEON["losses"])
def test_honest_runs_on_another_processor_agree(scenario_id: str) -> None:
    """A constant of 1e-5 called two of them errors: TensorFlow and torch lay 2.6e-5 apart."""
    guide, section = scenario_id.split("/")
    store = Store(REPOSITORY / "golden")
    traces, horizons = {}, {}
    for backend, losses in XEON["losses"][scenario_id].items():
        golden = store.read(Key(guide, section, backend, "controlled", "graph", "float32"))
        assert golden is not None
        assert golden.horizon is not None
        horizons[backend] = golden.horizon
        traces[backend] = attrs.evolve(golden.trace, losses=losses)
    (scenario,) = Catalog.load(REPOSITORY, []).select([scenario_id])
    found = list(agreements(scenario, traces, horizons))
    assert {"d_loss", "g_loss"} == {one.loss for one in found}
    assert [] == [one for one in found if not one.holds]
