"""What two published loops do differently: all of it, and nothing else."""

from __future__ import annotations

import pytest

from tests.core.diff.sections import CATALOG, compared

# Read off both guides' text, line by line.
METRICS_IN_PYTHON_AND_R = [
    "pixels and labels: uint8 ↔ int32",
    "validation: the last 10,000 ↔ 10,000 at random, by R's sample.int",
    "batch size 32 ↔ 64 (train_dataset, val_dataset)",
    "logs every 100 ↔ 200 steps",
    "epochs numbered from 0 ↔ 1",
    "steps numbered from 0 ↔ 1",
    'prints: "Training loss (for 1 batch) at step {step}: {loss:.4f}" ↔ '
    '"Training loss (for one batch) at step {step}: {loss:.4f}"',
    'prints: "Seen so far: {seen} samples" ↔ "Seen so far: {seen} samples "',
    'as an epoch ends: prints "Time taken: {seconds:.2f}s" ↔ nothing',
    'prints as an epoch begins: "\\nStart of epoch {epoch}" ↔ "Start of epoch  {epoch} "',
    'prints after the last epoch: nothing ↔ "Time difference of {seconds:.7g} secs"',
]


def test_the_two_published_metrics_loops_differ_in_what_their_texts_differ_in() -> None:
    found = compared("keras_io_tf/metrics", "r_style/metrics")
    assert METRICS_IN_PYTHON_AND_R == [one.sentence for one in found.spec]


def test_the_decision_counts_what_only_prints() -> None:
    found = compared("keras_io_tf/metrics", "r_style/metrics")
    assert found.decision.endswith("differ in 11 things, 5 of them only printed")


def test_the_other_way_round_the_same_is_said_the_other_way_round() -> None:
    one = compared("keras_io_tf/metrics", "r_style/metrics").spec
    other = compared("r_style/metrics", "keras_io_tf/metrics").spec
    assert {(d.what, d.a, d.b) for d in one} == {(d.what, d.b, d.a) for d in other}


@pytest.mark.parametrize("scenario", CATALOG.scenarios, ids=lambda scenario: scenario.id)
def test_a_section_beside_itself_differs_in_nothing(scenario: object) -> None:
    name = getattr(scenario, "id", "")
    found = compared(name, name)
    assert () == found.spec
    assert all(row.same and not row.changed for row in found.rows)


def test_a_translation_says_the_same() -> None:
    found = compared("keras_io_tf/metrics", "keras_io_tf_zh/metrics")
    assert [] == [one.sentence for one in found.spec if one.kind != "printed"]


def test_the_activity_loss_reads_as_a_factor_of_a_sum_or_mean() -> None:
    found = compared("keras_io_tf/tracked_losses", "r_style/tracked_losses")
    said = [one.sentence for one in found.spec]
    assert any("activity loss" in sentence and "·" in sentence for sentence in said), said


def test_statements_of_one_op_stand_level() -> None:
    rows = compared("keras_io_tf/metrics", "r_style/metrics").rows
    level = {row.op: (row.a or "", row.b or "") for row in rows if row.a and row.b}
    assert "tf.GradientTape()" in level["step[0]"][0]
    assert "tf$GradientTape()" in level["step[0]"][1]
    assert "model(x_batch_train, training=True)" in level["step[0.0]"][0]
    assert "model(x_batch_train, training = TRUE)" in level["step[0.0]"][1]


def test_every_statement_of_both_sides_appears_once_and_in_order() -> None:
    rows = compared("keras_io_tf/compiled", "keras_io_tf/metrics").rows
    lines = [piece.line for row in rows for piece in row.b_pieces]
    assert sorted(lines) == lines
    assert len(set(lines)) == len(lines)


def test_dialects_of_one_section_differ_in_what_the_dialect_does_its_own_way() -> None:
    found = compared("keras_io_tf/metrics@tensorflow", "keras_io_tf/metrics@jax")
    assert [
        "order of a pass: shuffled through the dataset's buffer ↔ a permutation of all samples, "
        "by NumPy",
        "step runs op by op ↔ compiled, by jax.jit",
    ] == [one.sentence for one in found.spec]
