"""A difference planted into a section's own program is explained, in one sentence, and alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.dialects import DIALECTS
from core.spec import Scenario
from tests.core.diff.documents.loops import planted, program, sentences
from tests.core.diff.sections import CATALOG

METRICS = "keras_io_tf/metrics"
CASES: dict[str, tuple[tuple[str, str], str]] = {
    "training=True is missing": (
        ("model(x_batch_train, training=True)", "model(x_batch_train)"),
        "trains with no training=True, so that layers which tell training from inference would "
        "take it for inference; this model has none, and no number changes.",
    ),
    "a metric is never reset": (
        ("    train_acc_metric.reset_state()\n", ""),
        "train_acc_metric is never reset: from the second epoch on its training accuracy is over "
        "all epochs so far, not over the epoch.",
    ),
    "the loss is averaged twice": (
        ("loss = loss_fn(y_batch_train, logits)", "loss = loss_fn(y_batch_train, logits) / 32"),
        "averages the loss twice: the loss function has averaged over the batch, and dividing by "
        "32 again makes every gradient that many times smaller.",
    ),
    "the mean of a mean": (
        (
            "loss = loss_fn(y_batch_train, logits)",
            "loss = tf.reduce_mean(loss_fn(y_batch_train, logits))",
        ),
        "averages the loss twice: the loss function has averaged over the batch, and "
        "tf.reduce_mean of that one number changes nothing.",
    ),
    "the sum is not averaged": (
        ("from_logits=True)", "from_logits=True, reduction='sum')"),
        "The loss function is told to average nothing, and the loop does not average either, so "
        "that gradients are those of the sum over the batch.",
    ),
    "another batch size": (("batch_size = 32", "batch_size = 64"), "batch size 64 ↔ 32"),
    "no shuffle": ((".shuffle(buffer_size=1024)", ""), "shuffle: none ↔ through a buffer of 1,024"),
    "another optimizer": (
        ("keras.optimizers.Adam(learning_rate=1e-3)", "keras.optimizers.SGD(1e-3)"),
        "optimizer SGD(learning_rate=0.001) ↔ Adam",
    ),
    "another epoch": (("epochs = 2", "epochs = 3"), "epochs 3 ↔ 2"),
    "a narrower layer": (
        ('x = keras.layers.Dense(64, activation="relu")(x)', "x = keras.layers.Dense(32)(x)"),
        "layers: Dense(units=32) ↔ Dense(activation=relu, units=64)",
    ),
    "scaled pixels": (
        ("x_pool = np.reshape(x_pool, (-1, 784))", "x_pool = np.reshape(x_pool, (-1, 784)) / 255"),
        "pixels divided by: 255 ↔ nothing",
    ),
    "a reading that nobody asks for": (
        ("    val_acc = val_acc_metric.result()\n", "    val_acc = 0.0\n"),
        "val_acc_metric is updated and never read.",
    ),
    "nothing is applied": (
        ("        optimizer.apply(grads, model.trainable_weights)\n", ""),
        "No step applies its gradients, so that nothing is trained.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_planted_difference_is_explained(case: str, tmp_path: Path) -> None:
    change, expected = CASES[case]
    found = sentences(tmp_path, planted(program(METRICS), change), METRICS)
    assert any(sentence.endswith(expected) for sentence in found), found
    assert len(found) <= 2
    assert all("\n" not in sentence for sentence in found)


def test_dropout_without_the_flag_is_said_to_drop_nothing(tmp_path: Path) -> None:
    found = sentences(
        tmp_path,
        planted(
            program(METRICS),
            ("outputs = keras", "x = keras.layers.Dropout(0.5)(x)\noutputs = keras"),
            ("model(x_batch_train, training=True)", "model(x_batch_train)"),
        ),
        METRICS,
    )
    assert any(text.endswith("Dropout works as in inference and drops nothing.") for text in found)


def test_a_step_that_nothing_calls_is_named(tmp_path: Path) -> None:
    source = planted(program("keras_io_tf/compiled"), ("loss = train_step(", "loss = print("))
    found = sentences(tmp_path, source, "keras_io_tf/compiled")
    assert "train_step is defined and never called: nothing is trained." in found


def test_torch_gradients_that_are_never_cleared_add_up(tmp_path: Path) -> None:
    source = planted(
        program(METRICS, "torch"),
        ("grads = torch.autograd.grad(loss, ", "grads = loss.backward("),
    )
    found = sentences(tmp_path, source, f"{METRICS}@torch")
    assert [
        "No step clears its gradients (zero_grad), so that each update descends on the sum of all "
        "gradients so far."
    ] == found


@pytest.mark.parametrize("dialect", ["tensorflow", "jax", "torch", "legacy"])
@pytest.mark.parametrize(
    "scenario",
    CATALOG.select([METRICS, "keras_io_tf/gan", "r_style/compiled", "dcgan_article/dcgan"]),
    ids=lambda scenario: scenario.id,
)
def test_a_section_s_own_program_differs_from_it_in_nothing(
    scenario: Scenario, dialect: str, tmp_path: Path
) -> None:
    own = {"legacy": "tensorflow"}.get(dialect, dialect)
    source = program(scenario.id, dialect)
    assert [] == sentences(tmp_path, source, f"{scenario.id}@{own}")
    assert DIALECTS[own].backend == own
