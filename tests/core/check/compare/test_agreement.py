"""Agreement between backends: what is compared, how far, and what a disagreement says."""

from __future__ import annotations

import attrs
import pytest

from core.check.compare.agreement import Agreement, agreements, before_any_update, limits
from core.spec import Scenario
from core.trace import Trace
from scenarios.dcgan_article import SCENARIOS as ARTICLE
from scenarios.keras_io_tf import SCENARIOS as ADAM
from scenarios.multi_backend import SCENARIOS as SGD
from tests.example_traces import TRACE

FIRST, METRICS, COMPILED, TRACKED, GAN = ADAM
PAIR = ("tensorflow", "torch")


@pytest.mark.parametrize(
    ("scenario", "pair", "expected"),
    [
        (FIRST, PAIR, [(50, 1e-5)]),
        (SGD[0], PAIR, [(5, 5e-5)]),
        (GAN, PAIR, [(1, 1e-6), (12, 1e-5)]),
        (GAN, ("tensorflow", "jax"), [(1, 1e-6), (12, 2e-3)]),
        (COMPILED, PAIR, []),
        (ARTICLE[0], PAIR, []),
        (ARTICLE[0], ("jax", "torch"), [(1, 1e-6), (12, 2e-3)]),
        (ARTICLE[1], PAIR, [(1, 1e-6), (12, 1e-5)]),
    ],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_limits_follow_optimizer_convolution_continuation_and_reading(
    scenario: Scenario, pair: tuple[str, str], expected: list[tuple[int, float]]
) -> None:
    assert expected == [(limit.steps, limit.relative) for limit in limits(scenario, pair)]


def test_only_losses_before_the_first_update_are_held_to_one_forward_pass() -> None:
    assert {"d_loss"} == before_any_update(GAN)
    assert {"d_loss", "g_loss"} == before_any_update(ARTICLE[0])


def on(backend: str, losses: tuple[float, ...]) -> Trace:
    """A trace on a backend with one loss."""
    return attrs.evolve(TRACE, backend=backend, losses={"loss": losses})


def measured(other: tuple[float, ...]) -> Agreement:
    """TensorFlow's ones against another backend's losses."""
    traces = {"tensorflow": on("tensorflow", (1.0,) * 60), "torch": on("torch", other)}
    (found,) = agreements(FIRST, traces)
    return found


def test_equal_losses_agree_with_a_largest_difference_of_zero() -> None:
    found = measured((1.0,) * 60)
    assert (True, 0.0, 50) == (found.holds, found.largest, found.steps)


def test_the_largest_difference_is_found_with_its_step_and_fails_beyond_the_limit() -> None:
    found = measured((1.0,) * 30 + (1.00002,) + (1.0,) * 29)
    assert (False, 30) == (found.holds, found.step)
    assert pytest.approx(2e-5, rel=1e-3) == found.largest
    finding = found.finding()
    assert ("backend-drift", True) == (finding.code, finding.fails)
    assert "step 30" in finding.evidence


def test_steps_beyond_the_limit_are_not_compared() -> None:
    assert measured((1.0,) * 50 + (2.0,) * 10).holds


def test_a_loss_that_is_not_finite_disagrees() -> None:
    assert not measured((float("nan"),) + (1.0,) * 59).holds


def test_three_backends_give_three_pairs() -> None:
    traces = {name: on(name, (1.0,)) for name in ("tensorflow", "jax", "torch")}
    assert 3 == len(list(agreements(FIRST, traces)))
