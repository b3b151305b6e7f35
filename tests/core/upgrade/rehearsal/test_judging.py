from __future__ import annotations

import math

import attrs
import pytest

from core.check.golden.horizon import Horizon
from core.trace import WeightNorm
from core.trace.finding import Severity
from core.upgrade.rehearsal.judging import judge
from core.upgrade.rehearsal.run import RunStatus
from core.upgrade.rehearsal.verdict import Kind, Observed, Verdict
from tests.core.upgrade.rehearsal.runs import (
    HORIZON,
    LOSSES,
    changed,
    evolved,
    failed,
    observed,
    ran,
    trace,
)

BASE = observed()


def verdict(
    candidate: Observed, *, again: Observed = BASE, horizon: Horizon | None = HORIZON
) -> Verdict:
    return judge(BASE, again, candidate, horizon, updates_per_step=2)


def test_the_same_to_the_bit_is_identical_and_counts_its_updates() -> None:
    found = verdict(observed())
    assert Kind.IDENTICAL == found.kind
    assert 80 == found.updates
    assert found.first_difference is None


def test_a_difference_inside_the_horizon_is_rounding_with_its_first_step() -> None:
    found = verdict(observed(changed(3, 5e-7)))
    assert Kind.ROUNDING == found.kind
    assert found.first_difference is not None
    assert 3 == found.first_difference.step
    assert found.first_difference.relative == pytest.approx(5e-7)


def test_beyond_the_horizon_the_trend_is_judged_and_still_rounding() -> None:
    assert Kind.ROUNDING == verdict(observed(changed(10, 1e-3))).kind


def test_a_number_beyond_its_steps_limit_diverges_however_good_the_trend() -> None:
    found = verdict(observed(changed(3, 2e-6)))
    assert Kind.DIVERGED == found.kind
    assert found.findings[0].fails


def test_a_trend_that_is_left_beyond_the_horizon_diverges() -> None:
    assert Kind.DIVERGED == verdict(observed(changed(10, 3.0))).kind


def test_a_metric_beyond_its_limit_diverges() -> None:
    assert Kind.DIVERGED == verdict(evolved(BASE, metrics={"val_acc": (0.85,)})).kind


def test_a_weight_that_ends_elsewhere_diverges_even_where_no_loss_shows_it() -> None:
    moved = (WeightNorm("model/0/kernel", (4, 4), 2.01),)
    found = verdict(evolved(BASE, final_weights=moved, final_digest="other"))
    assert Kind.DIVERGED == found.kind
    assert "final_weights.model/0/kernel" in found.evidence


def test_weights_that_round_otherwise_are_rounding() -> None:
    assert Kind.ROUNDING == verdict(evolved(BASE, final_digest="other")).kind


def test_a_loss_that_is_not_finite_diverges() -> None:
    losses = (*LOSSES[:5], math.nan, *LOSSES[6:])
    found = verdict(observed(losses))
    assert Kind.DIVERGED == found.kind
    assert found.first_difference is not None
    assert (5, math.inf) == (found.first_difference.step, found.first_difference.relative)


def test_fewer_steps_diverge() -> None:
    found = verdict(observed(LOSSES[:30]))
    assert Kind.DIVERGED == found.kind
    assert "30 steps of loss, 40 in the baseline" in found.evidence
    assert found.first_difference is not None
    assert 30 == found.first_difference.step


def test_a_metric_that_is_no_longer_read_diverges() -> None:
    assert Kind.DIVERGED == verdict(evolved(BASE, metrics={})).kind


def test_equal_controlled_runs_and_other_native_losses_are_another_random_stream() -> None:
    found = verdict(observed(native=changed(0, 0.1, LOSSES[:4])))
    assert Kind.RANDOM_STREAM == found.kind
    assert "other draws" in found.evidence


def test_other_initial_weights_of_the_native_run_are_another_random_stream() -> None:
    native = attrs.evolve(trace(LOSSES[:4], randomness="native"), initial_weights="b2" * 32)
    other = attrs.evolve(BASE, native=attrs.evolve(ran(), trace=native))
    assert Kind.RANDOM_STREAM == verdict(other).kind


def test_rounding_in_the_native_run_alone_is_rounding() -> None:
    assert Kind.ROUNDING == verdict(observed(native=changed(1, 1e-7, LOSSES[:4]))).kind


def test_rounding_and_other_draws_are_another_random_stream() -> None:
    found = verdict(observed(changed(3, 5e-7), changed(0, 0.1, LOSSES[:4])))
    assert Kind.RANDOM_STREAM == found.kind


def test_native_runs_that_do_not_repeat_in_the_baseline_say_nothing() -> None:
    again = observed(native=changed(0, 0.2, LOSSES[:4]))
    found = verdict(observed(native=changed(0, 0.1, LOSSES[:4])), again=again)
    assert Kind.IDENTICAL == found.kind
    assert "does not repeat" in found.evidence


def test_without_a_horizon_the_trend_is_all_that_can_be_said() -> None:
    assert Kind.SAME_TREND == verdict(observed(changed(3, 1e-3)), horizon=None).kind
    assert Kind.DIVERGED == verdict(observed(changed(3, 9.0)), horizon=None).kind
    assert Kind.IDENTICAL == verdict(observed(), horizon=None).kind


def test_a_horizon_of_no_step_leaves_the_trend() -> None:
    chaotic = attrs.evolve(HORIZON, losses={"loss": ()})
    assert Kind.SAME_TREND == verdict(observed(changed(0, 1e-3)), horizon=chaotic).kind
    assert Kind.DIVERGED == verdict(observed(changed(0, 3.0)), horizon=chaotic).kind


def test_noise_of_the_baseline_is_never_reported_as_a_change() -> None:
    noisy = observed(changed(3, 8e-7))
    found = verdict(observed(changed(3, 1.5e-6)), again=noisy)
    assert Kind.ROUNDING == found.kind
    assert "the baseline differs from itself, too" in found.evidence


def test_a_baseline_that_leaves_the_horizon_by_itself_decides_nothing() -> None:
    assert Kind.UNDECIDED == verdict(observed(), again=observed(changed(3, 1e-3))).kind


def test_a_candidate_that_raises_is_broken_with_the_line() -> None:
    found = verdict(Observed(failed(), failed()))
    assert Kind.BROKEN == found.kind
    assert "reset_states" in found.evidence
    assert "loop.py:3" == found.findings[0].where


def test_what_is_raised_is_told_without_the_environments_folder_and_addresses() -> None:
    said = "ImportError: no 'export' in <module at 0x7f3a> (/a/lib/site-packages/jax/__init__.py)"
    assert "ImportError: no 'export' in <module at 0x…> (…/jax/__init__.py)" == failed(said).words


def test_a_native_run_that_raises_is_broken_too() -> None:
    assert Kind.BROKEN == verdict(Observed(ran(), failed())).kind


def test_running_out_of_memory_is_broken_and_names_the_limit() -> None:
    found = verdict(Observed(failed("MemoryError", RunStatus.MEMORY), None))
    assert Kind.BROKEN == found.kind
    assert "out of memory" in found.evidence


@pytest.mark.parametrize("who", ["baseline", "control", "candidate"])
def test_a_run_that_is_not_done_in_time_is_a_timeout(who: str) -> None:
    late = Observed(failed("Timeout", RunStatus.TIMEOUT), None)
    runs = {"baseline": BASE, "control": BASE, "candidate": observed()} | {who: late}
    found = judge(runs["baseline"], runs["control"], runs["candidate"], HORIZON)
    assert Kind.TIMEOUT == found.kind


def test_a_process_that_was_killed_decides_nothing() -> None:
    assert Kind.UNDECIDED == verdict(Observed(failed("killed", RunStatus.KILLED), None)).kind


def test_a_baseline_that_does_not_run_decides_nothing() -> None:
    found = judge(Observed(failed(), None), BASE, observed(), HORIZON)
    assert Kind.UNDECIDED == found.kind
    assert "baseline" in found.evidence


def test_a_loop_without_a_step_is_unobserved() -> None:
    empty = observed((), ())
    assert Kind.UNOBSERVED == judge(empty, empty, empty, HORIZON).kind
    assert Kind.UNOBSERVED == verdict(empty).kind


def test_equal_native_runs_need_no_controlled_run() -> None:
    bare = Observed(None, ran(randomness="native"))
    assert Kind.IDENTICAL == judge(bare, bare, bare, None).kind


def test_other_numbers_without_a_controlled_run_are_undecided() -> None:
    bare = Observed(None, ran(randomness="native"))
    native = ran(changed(0, 0.1, LOSSES[:4]), randomness="native")
    other = Observed(None, native, ("tf.random.normal",))
    found = judge(bare, bare, other, None)
    assert Kind.UNDECIDED == found.kind
    assert "tf.random.normal" in found.evidence


def test_names_and_warnings_are_notes_that_change_no_verdict() -> None:
    found = verdict(evolved(BASE, warnings=("UserWarning: new",)))
    assert Kind.IDENTICAL == found.kind
    assert ["new-warning"] == [finding.code for finding in found.findings]
    assert {Severity.NOTE} == {finding.severity for finding in found.findings}


def test_a_shorter_run_is_not_judged_by_the_mean_of_a_whole_window() -> None:
    long = tuple(1.0 for _ in range(250))
    base = observed(long)
    horizon = attrs.evolve(HORIZON, losses={"loss": (1e-6,) * 10}, trends={"loss": (1e-3,) * 5})
    mine = observed(changed(210, 2e-3, long))
    assert Kind.ROUNDING == judge(base, base, mine, horizon).kind
    whole = attrs.evolve(horizon, trends={"loss": (1e-3,) * 3})
    assert Kind.DIVERGED == judge(base, base, mine, whole).kind


def test_verdicts_are_ordered_and_fail_from_diverged_on() -> None:
    passing = (Kind.IDENTICAL, Kind.ROUNDING, Kind.RANDOM_STREAM, Kind.SAME_TREND)
    assert passing == tuple(kind for kind in Kind if not kind.fails)
    assert [Kind.IDENTICAL, Kind.ROUNDING] == [k for k in Kind if k.rounding_or_better]
