"""What recording a trace would change."""

from __future__ import annotations

import pytest
from attrs import evolve

from core.check.judging.record import change, without_times
from core.trace import LogLine, Trace
from tests.example_traces import GOLDEN, HORIZON, TRACE


def test_a_trace_without_a_golden_is_new() -> None:
    found = change(TRACE, None, HORIZON)
    assert ("new", "250 steps", ()) == (found.kind, found.summary, found.findings)


@pytest.mark.parametrize(
    "trace",
    [
        TRACE,
        evolve(TRACE, seconds=99.0),
        evolve(TRACE, environment={"python": "3.13"}),
        evolve(TRACE, log=(*TRACE.log[:3], LogLine("Time taken: 9.99s", timed=True))),
    ],
    ids=["equal", "seconds", "environment", "timed line"],
)
def test_what_differs_from_run_to_run_changes_nothing(trace: Trace) -> None:
    found = change(trace, GOLDEN, HORIZON)
    assert ("unchanged", "bit-identical", ()) == (found.kind, found.summary, found.findings)


@pytest.mark.parametrize(
    "trace",
    [
        evolve(TRACE, seed=2),
        evolve(TRACE, final_digest="00"),
        evolve(TRACE, log=TRACE.log[:-1]),
        evolve(TRACE, log=(LogLine("another"), *TRACE.log[1:])),
        evolve(TRACE, warnings=()),
        evolve(TRACE, replay=None),
    ],
    ids=["seed", "final digest", "dropped line", "untimed line", "warnings", "replay"],
)
def test_any_other_difference_is_a_change_even_where_a_check_would_pass(trace: Trace) -> None:
    found = change(trace, GOLDEN, HORIZON)
    assert "changed" == found.kind
    assert "losses and metrics equal, other fields differ" == found.summary


def test_another_horizon_is_a_change() -> None:
    found = change(TRACE, GOLDEN, evolve(HORIZON, image_levels=3))
    assert ("changed", "bit-identical; another horizon") == (found.kind, found.summary)


def test_a_changed_loss_is_summed_up_by_its_first_step_and_largest_difference() -> None:
    loss = TRACE.losses["loss"]
    nudged = tuple(v * (1 + 1e-9) if step == 7 else v for step, v in enumerate(loss))
    found = change(evolve(TRACE, losses={**TRACE.losses, "loss": nudged}), GOLDEN, HORIZON)
    assert "changed" == found.kind
    expected = f"loss: first differs at step 7 ({loss[7]!r} → {nudged[7]!r}), largest 1.0e-09"
    assert found.summary.startswith(expected)
    assert "penalty" not in found.summary
    assert () == found.findings


def test_a_change_beyond_tolerance_comes_with_what_a_check_would_say() -> None:
    found = change(evolve(TRACE, metrics={"train_acc": (0.1, 0.2)}), GOLDEN, HORIZON)
    assert "train_acc: (0.8, 0.9) → (0.1, 0.2)" in found.summary
    assert "val_acc: (0.85, 0.91) → None" in found.summary
    assert 3 == len(found.findings)


def test_dropped_added_and_shortened_losses_are_summed_up() -> None:
    losses = {"loss": TRACE.losses["loss"][:10], "fresh": (1.0,)}
    found = change(evolve(TRACE, losses=losses), GOLDEN, HORIZON)
    assert "loss: 10 steps, were 250" in found.summary
    assert "penalty: 0 steps, were 250" in found.summary
    assert "fresh: new" in found.summary


def test_a_native_change_is_judged_by_its_trend() -> None:
    native = evolve(TRACE, randomness="native")
    near = {name: tuple(1.01 * v for v in values) for name, values in TRACE.losses.items()}
    golden = evolve(GOLDEN, trace=native, horizon=None)
    found = change(evolve(native, losses=near), golden, None)
    assert ("changed", ()) == (found.kind, found.findings)


def test_without_times_keeps_the_place_of_a_timed_line() -> None:
    stripped = without_times(TRACE)
    assert len(TRACE.log) == len(stripped.log)
    assert LogLine("", timed=True) == stripped.log[-1]
    assert (0.0, {}) == (stripped.seconds, stripped.environment)
