"""What a number is, told by the words around it."""

from __future__ import annotations

import pytest

from core.documents.claims.labels import labels_of
from core.documents.claims.numbers import numbers_in


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Epoch 3/10", ["epoch:epoch", "count:epochs"]),
        ("Start of epoch  1", ["epoch:epoch"]),
        ("Loss (for 1 batch) at step 0: 95.3", ["count:batches", "step:step", "loss:loss"]),
        ("Seen so far: 3232 samples", ["count:samples"]),
        ("Training acc over epoch: 0.79", ["accuracy:train_acc"]),
        ("Validation acc: 0.88", ["accuracy:val_acc"]),
        ("test accuracy = 91.5%", ["accuracy:test_acc"]),
        ("Time taken: 46.06s", ["time:time"]),
        ("Time difference of 0.54 secs", ["time:time"]),
        ("discriminator loss at step 0: 0.69", ["step:step", "loss:d_loss"]),
        ("Starting epoch 1 with 2143 batches...", ["epoch:epoch", "count:batches"]),
        ("Losses after mini-batch 50: generator 0.6, discriminator 1.2",
         ["step:step", "loss:g_loss", "loss:d_loss"]),
        ("5/5 ━━ 1s 12ms/step - accuracy: 0.5 - loss: 2.3 - val_loss: 2.1",
         ["count:batches", "count:batches", "time:time", "time:step", "accuracy:train_acc",
          "loss:loss", "loss:val_loss"]),
        ("kl_loss: 0.1, reconstruction loss 2.5", ["loss:kl_loss", "loss:reconstruction_loss"]),
        ("[Epoch 2] [Batch 10] loss=0.25", ["epoch:epoch", "step:step", "loss:loss"]),
        ("epoch 2, loss 3", ["epoch:epoch", "loss:loss"]),
        ("step 100 of 1000", ["step:step", "count:steps"]),
        ("perplexity: 12.5", ["figure:perplexity"]),
        ("42", ["figure:value"]),
    ],
)  # fmt: skip
def test_rows_of_all_kinds(row: str, expected: list[str]) -> None:
    numbers = numbers_in(row)
    labels = labels_of(row, numbers, [None] * len(numbers))
    assert expected == [f"{label.kind.value}:{label.name}" for label in labels]


def test_the_code_behind_a_number_tells_what_foreign_words_do_not() -> None:
    row = "损失: 0.5"
    (label,) = labels_of(row, numbers_in(row), ["float(loss_value)"])
    assert ("loss", "loss") == (label.kind.value, label.name)
