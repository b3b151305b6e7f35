from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.documents.rules.logits import logits_ambiguity
from core.documents.rules.look import Look
from core.sandbox.guest.events import Event, Fit, LossSeen
from core.trace.finding import Finding
from tests.core.documents.rules.handmade import document, record

LOSS = LossSeen(
    cell=0,
    line=2,
    loss="loss-1",
    kind="BinaryCrossentropy",
    from_logits=True,
    activation="sigmoid",
    logits_kept=True,
    made_by=None,
    traced=False,
    lowest=0.1,
    highest=0.9,
)
FIT = Fit(0, 2, "model-1", 3, False, 0.1, "linear", "sparse_categorical_crossentropy", False)


def findings(folder: Path, *seen: Event, backend: str = "tensorflow") -> list[Finding]:
    read = document(folder, "```python\nloss = loss_fn(y, model(x))\n```\n")
    return list(logits_ambiguity(Look(read, record(read, *seen, backend=backend))))


def test_a_sigmoid_and_from_logits_says_which_reading_was_used(tmp_path: Path) -> None:
    (kept,) = findings(tmp_path, LOSS)
    (twice,) = findings(tmp_path, replace(LOSS, logits_kept=False), backend="jax")
    assert "went back to the logits" in kept.evidence
    assert "applied twice" in twice.evidence
    assert ["logits-ambiguity"] * 2 == [kept.code, twice.code]


def test_a_graph_that_ends_in_a_sigmoid(tmp_path: Path) -> None:
    seen = replace(LOSS, activation=None, logits_kept=False, made_by="Sigmoid", traced=True)
    assert 1 == len(findings(tmp_path, seen))


def test_each_loss_is_told_once(tmp_path: Path) -> None:
    assert 1 == len(findings(tmp_path, LOSS, LOSS, LOSS))


@pytest.mark.parametrize(
    "seen",
    [
        replace(LOSS, from_logits=False),
        replace(LOSS, activation="linear", logits_kept=False, lowest=-3.0, highest=4.0),
        replace(LOSS, from_logits=None, activation=None),
        replace(LOSS, from_logits=False, activation=None, lowest=0.0, highest=1.0 + 1e-7),
        replace(LOSS, kind="MeanSquaredError", from_logits=False, activation="linear", lowest=-3.0),
    ],
    ids=["probabilities", "logits", "not said", "rounding", "no cross-entropy"],
)
def test_losses_that_fit(tmp_path: Path, seen: LossSeen) -> None:
    assert [] == findings(tmp_path, seen)


def test_numbers_that_are_no_probabilities(tmp_path: Path) -> None:
    seen = replace(LOSS, from_logits=False, activation="linear", lowest=-3.0, highest=4.0)
    assert ["logits-ambiguity"] == [one.code for one in findings(tmp_path, seen)]


@pytest.mark.parametrize(
    ("fit", "count"),
    [
        (FIT, 1),
        (replace(FIT, activation="softmax"), 0),
        (replace(FIT, activation="softmax", from_logits=True), 1),
        (replace(FIT, from_logits=True), 0),
        (replace(FIT, loss="mse"), 0),
        (replace(FIT, activation=None), 0),
        (replace(FIT, loss=None, from_logits=None), 0),
    ],
)
def test_losses_of_fit(tmp_path: Path, fit: Fit, count: int) -> None:
    assert count == len(findings(tmp_path, fit))
