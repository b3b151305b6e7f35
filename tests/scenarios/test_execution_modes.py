"""TensorFlow's three execution modes give the same numbers for the guides' classifier."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.check.judging.record import without_times
from core.run.runner import RunOptions
from core.run.worker import Job, run_jobs
from core.trace import Trace
from tests.conftest import REPOSITORY

SCENARIO = "keras_io_tf/metrics"


def job(name: str, data: Path, execution: str | None, randomness: str = "native") -> Job:
    """One epoch of the metrics section, its ragged last batch and validation included."""
    return Job(
        name=name,
        backend="tensorflow",
        scenarios=(SCENARIO,),
        options=RunOptions(seed=3, randomness=randomness, execution=execution, epochs=1),
        data=str(data),
        repository=str(REPOSITORY),
    )


@pytest.fixture(scope="module")
def traces(small_npz: Path) -> dict[str, Trace]:
    """One epoch in each mode, and repetitions in the same process and in another one."""
    modes = [job(mode, small_npz, mode) for mode in ("eager", "graph", "fused")]
    again = [job("again", small_npz, "fused"), job("default", small_npz, None)]
    controlled = [
        job(f"controlled {mode}", small_npz, mode, "controlled")
        for mode in ("eager", "graph", "fused")
    ]
    same_process = run_jobs([*modes, *again, *controlled], workers=1)
    other_process = run_jobs([job("elsewhere", small_npz, "fused")], workers=1)
    outcomes = [*same_process, *other_process]
    assert [None] * len(outcomes) == [outcome.failure for outcome in outcomes]
    return {outcome.job.name: outcome.traces[SCENARIO] for outcome in outcomes}


@pytest.mark.parametrize("prefix", ["", "controlled "])
@pytest.mark.parametrize("mode", ["graph", "fused"])
def test_losses_metrics_and_final_weights_equal_eager_bit_for_bit(
    traces: dict[str, Trace], prefix: str, mode: str
) -> None:
    eager, other = traces[f"{prefix}eager"], traces[f"{prefix}{mode}"]
    assert 101 == eager.steps
    assert eager.losses == other.losses
    assert {"train_acc", "val_acc"} == eager.metrics.keys()
    assert eager.metrics == other.metrics
    assert eager.final_digest == other.final_digest


def test_a_section_declared_eager_is_replayed_fused_after_a_spot_check(
    traces: dict[str, Trace],
) -> None:
    replay = traces["default"].replay
    assert replay is not None
    assert ("eager", "fused", 5, 0.0) == (
        replay.declared,
        replay.used,
        replay.checked_steps,
        replay.max_relative,
    )
    assert traces["eager"].losses == traces["default"].losses


def test_equal_seeds_give_equal_traces_in_one_process_and_across_processes(
    traces: dict[str, Trace],
) -> None:
    assert without_times(traces["fused"]) == without_times(traces["again"])
    assert without_times(traces["fused"]) == without_times(traces["elsewhere"])


def test_native_and_controlled_runs_draw_different_weights(traces: dict[str, Trace]) -> None:
    assert traces["fused"].initial_weights != traces["controlled fused"].initial_weights
