from __future__ import annotations

import math

import attrs

from core.diff.courses import Course, Courses, course, curve
from tests.example_traces import TRACE

A = Course("a", {"loss": (4.0, 2.0, 1.0, 0.5)}, {"train_acc": (0.5, 0.75)}, 2)


def test_equal_runs_say_so() -> None:
    both = Courses(A, attrs.evolve(A, name="b"))
    assert both.first is None
    assert "a and b: bit-identical losses over 4 steps" == both.sentence


def test_the_first_loss_that_differs_is_found_by_step() -> None:
    other = Course("b", {"loss": (4.0, 2.0, 1.25, 0.5)}, {}, 2)
    both = Courses(A, other)
    assert both.first is not None
    assert ("loss", 2, 1.0, 1.25) == (both.first.loss, both.first.step, both.first.a, both.first.b)
    assert 0.2 == both.first.relative
    assert "a and b: loss differs from step 2 on, by 2.0e-01 of itself there" == both.sentence


def test_runs_of_other_lengths_are_not_called_equal() -> None:
    short = Course("b", {"loss": (4.0, 2.0)}, {}, 2)
    assert Courses(A, short).sentence.endswith("but 4 steps against 2")


def test_an_accuracy_that_differs_is_named() -> None:
    other = attrs.evolve(A, name="b", metrics={"train_acc": (0.5, 0.625)})
    assert Courses(A, other).sentence.endswith("; train_acc differs")


def test_a_run_without_steps_is_not_compared() -> None:
    assert "takes no training step" in Courses(A, Course("b", {"loss": ()})).sentence


def test_losses_of_other_names_are_paired_in_order() -> None:
    assert [("loss", "cost")] == Courses(A, Course("b", {"cost": (1.0,)})).pairs


def test_the_table_has_curves_epoch_means_and_accuracies() -> None:
    rows = list(Courses(A, attrs.evolve(A, name="b", metrics={"training metric": (0.5,)})).rows())
    assert ("loss, mean of epoch 1", "3.0000", "3.0000") in rows
    assert ("loss, mean of epoch 2", "0.7500", "0.7500") in rows
    assert ("train_acc, epoch 1", "0.5000", "0.5000") in rows
    assert ("train_acc, epoch 2", "0.7500", "–") in rows


def test_of_means_so_far_an_epoch_s_last_counts() -> None:
    so_far = Course("a", {"mean": (4.0, 3.0, 1.0, 0.75)}, {}, 2, so_far=True)
    assert [3.0, 0.75] == so_far.epoch_means("mean")


def test_a_curve_is_logarithmic_and_survives_what_is_no_number() -> None:
    assert "█▆▃▁" == curve((1000.0, 100.0, 10.0, 1.0))
    assert "▁×" == curve((1.0, math.nan))
    assert "▁▁" == curve((1.0, 1.0))
    assert "" == curve(())
    assert 32 == len(curve(tuple(range(1, 1001))))


def test_the_runner_s_trace_is_a_course() -> None:
    found = course(TRACE, "toy")
    assert ("toy", 250, 125) == (found.name, found.steps, found.steps_per_epoch)
    assert TRACE.metrics == found.metrics
