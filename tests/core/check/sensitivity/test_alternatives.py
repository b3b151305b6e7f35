"""Other tools' rules, on small traces."""

from __future__ import annotations

import math

import pytest
from attrs import evolve

from core.check.sensitivity.alternatives import ALTERNATIVES, Judged, as_written, within
from core.check.trends.recorded import SeedRun
from core.trace import LogLine, Trace
from tests.example_traces import TRACE

SOUND = evolve(
    TRACE,
    log=(
        LogLine("loss at step 0: 100.0000"),
        LogLine("loss at step 100: 1.0000"),
        LogLine("Seen so far: 32 samples"),
        LogLine("Time taken: 1.25s", timed=True),
    ),
    losses={"loss": tuple(100.0 / (1 + step) for step in range(250))},
    metrics={"train_acc": (0.8, 0.9), "val_acc": (0.85, 0.91)},
)
SEEDS = tuple(
    SeedRun(seed, "tensorflow", {"loss": (5.0, 0.7 + worse, 0.4 + worse)}, {"val_acc": (0.8, acc)})
    for seed, worse, acc in ((1, 0.1, 0.90), (2, 0.05, 0.92))
)


def _catching(found: Trace) -> set[str]:
    judged = Judged(found, SOUND, SEEDS)
    return {name for name, one in ALTERNATIVES.items() if one.catches(judged)}


def test_a_sound_run_is_called_wrong_by_none() -> None:
    later = evolve(SOUND, log=(*SOUND.log[:3], LogLine("Time taken: 9.5s", timed=True)))
    assert set() == _catching(SOUND) == _catching(later)


@pytest.mark.parametrize(
    ("step", "caught"),
    [
        ("1.0001", {"exact output", "rtol 1e-5", "columns"}),
        ("1.0003", {"exact output", "printed digits", "rtol 1e-5", "columns"}),
        ("1.0300", {"exact output", "printed digits", "rtol 1e-5", "rtol 1e-2", "columns"}),
    ],
)
def test_how_far_a_printed_number_may_lie(step: str, caught: set[str]) -> None:
    line = LogLine(f"loss at step 100: {step}")
    found = evolve(SOUND, log=(SOUND.log[0], line, *SOUND.log[2:]))
    assert caught == _catching(found)


def test_a_count_is_compared_as_it_stands_but_by_columns_as_a_number() -> None:
    found = evolve(SOUND, log=(*SOUND.log[:2], LogLine("Seen so far: 33 samples"), SOUND.log[3]))
    assert {"exact output", "printed digits", "rtol 1e-5", "rtol 1e-2", "columns"} == _catching(
        found
    )


def test_a_line_with_a_time_has_its_words_and_its_place() -> None:
    other = evolve(SOUND, log=(*SOUND.log[:3], LogLine("Time needed: 1.25s", timed=True)))
    gone = evolve(SOUND, log=SOUND.log[:3])
    lines = {"exact output", "printed digits", "rtol 1e-5", "rtol 1e-2"}
    assert lines == _catching(other) == _catching(gone)


def test_a_line_that_is_missing_is_not_missed_among_columns() -> None:
    found = evolve(SOUND, log=(*SOUND.log[:2], SOUND.log[3]))
    assert {"exact output", "printed digits", "rtol 1e-5", "rtol 1e-2"} == _catching(found)


def test_a_worse_end_is_below_the_threshold_and_a_better_one_is_not() -> None:
    assert {"final threshold"} == _catching(evolve(SOUND, metrics={"val_acc": (0.85, 0.89)}))
    assert set() == _catching(evolve(SOUND, metrics={"val_acc": (0.85, 0.999)}))


def test_without_metrics_the_loss_has_the_threshold() -> None:
    seeds = tuple(evolve(seed, metrics={}) for seed in SEEDS)
    rule = ALTERNATIVES["final threshold"].catches
    sound = evolve(SOUND, metrics={})
    worse = evolve(sound, losses={"loss": (5.0,) * 250})
    assert [False, True] == [rule(Judged(t, SOUND, seeds)) for t in (sound, worse)]


def test_a_loss_that_never_gets_there_does_not_converge() -> None:
    worse = evolve(SOUND, losses={"loss": (5.0,) * 250})
    assert {"convergence"} == _catching(worse)
    better = evolve(SOUND, losses={"loss": (0.0,) * 250})
    assert set() == _catching(better)


def test_a_rule_over_seeds_says_nothing_where_none_are_recorded() -> None:
    worse = evolve(SOUND, losses={"loss": (5.0,) * 250}, metrics={})
    assert {False} == {
        ALTERNATIVES[name].catches(Judged(worse, SOUND))
        for name in ("final threshold", "convergence")
    }


def test_no_number_is_close_to_one() -> None:
    close = within(1.0, 1.0)
    assert not close("nan", "1.0")
    assert close("nan", "nan")
    assert not close(str(math.inf), "1.0")
    assert as_written("1.26e-05", "1.25e-05")
    assert not as_written("1.27e-05", "1.25e-05")
