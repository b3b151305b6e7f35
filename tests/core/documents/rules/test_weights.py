from __future__ import annotations

from pathlib import Path

from core.documents.rules.weights import weights_unchanged
from core.sandbox.guest.events import (
    Calls,
    Event,
    Fit,
    Gradients,
    ModelSeen,
    OptimizerSeen,
    Trained,
    Updates,
    Weights,
)
from tests.core.documents.rules.handmade import document, found, record

LOOP = """
```python
optimizer = keras.optimizers.SGD(0.1)
for x, y in data:
    optimizer.apply(gradients(x, y), model.trainable_variables)
```
"""
UPDATES = Updates(0, 4, "optimizer-1", None, 1, (1, 2), ((0.5,), (0.4,)))
OPTIMIZER = OptimizerSeen(0, "optimizer-1", "SGD", "sgd", 0.1)


def trained(*unchanged: str, variables: int = 4) -> Trained:
    return Trained(0, "optimizer-1", variables, unchanged)


def layers(unchanged: tuple[str, ...]) -> Weights:
    names = ("a/kernel", "a/bias", "b/kernel", "b/bias")
    changed = tuple(name for name in names if name not in unchanged)
    return Weights(0, "model-1", False, changed, unchanged, ())


def test_updates_that_change_nothing(tmp_path: Path) -> None:
    read = document(tmp_path, LOOP)
    ran = record(read, OPTIMIZER, UPDATES, trained("a", "b", "c", "d"))
    assert (("weights-unchanged", 4),) == found(weights_unchanged, read, ran)


def test_updates_that_change_everything(tmp_path: Path) -> None:
    read = document(tmp_path, LOOP)
    assert () == found(weights_unchanged, read, record(read, OPTIMIZER, UPDATES, trained()))


def test_a_layer_that_stays(tmp_path: Path) -> None:
    read = document(tmp_path, LOOP)
    still = ("b/kernel", "b/bias")
    ran = record(read, OPTIMIZER, UPDATES, layers(still), trained(*still))
    assert (("weights-unchanged", 4),) == found(weights_unchanged, read, ran)


def test_a_bias_that_stays_is_no_layer(tmp_path: Path) -> None:
    read = document(tmp_path, LOOP)
    ran = record(read, OPTIMIZER, UPDATES, layers(("b/bias",)), trained("b/bias"))
    assert () == found(weights_unchanged, read, ran)


def test_a_cell_that_failed_says_nothing(tmp_path: Path) -> None:
    read = document(tmp_path, LOOP)
    ran = record(read, OPTIMIZER, UPDATES, trained("a", "b", "c", "d"), failed=[0])
    assert () == found(weights_unchanged, read, ran)


def fitted(*more: Event, steps: int = 3) -> tuple[Event, ...]:
    model = ModelSeen(0, "model-1", "sequential", "Sequential", True, 5, 0, ())
    fit = Fit(0, 2, "model-1", steps, False, 0.1, None, "mse", None)
    return (model, fit, *more)


def test_fit_that_changes_nothing(tmp_path: Path) -> None:
    read = document(tmp_path, "```python\nmodel.fit(x, y)\n```\n")
    assert (("weights-unchanged", 2),) == found(weights_unchanged, read, record(read, *fitted()))
    assert () == found(weights_unchanged, read, record(read, *fitted(layers(()))))
    assert () == found(weights_unchanged, read, record(read, *fitted(steps=0)))


UNAPPLIED = """
```python
optimizer = keras.optimizers.SGD(0.1)
for x, y in data:
    gradients = tape.gradient(loss, model.trainable_variables)
```
"""
GRADIENTS = Gradients(0, 4, None, 1, (1, 2), ((0.5,), (0.5,)))
CALLS = Calls(0, 4, "model-1", "true", True, False, 2)


def test_gradients_that_nobody_applies(tmp_path: Path) -> None:
    read = document(tmp_path, UNAPPLIED)
    ran = record(read, GRADIENTS, CALLS)
    assert (("weights-unchanged", 4),) == found(weights_unchanged, read, ran)


def test_gradients_of_a_document_without_an_optimizer_are_its_purpose(tmp_path: Path) -> None:
    read = document(tmp_path, UNAPPLIED.replace("keras.optimizers.SGD(0.1)", "None"))
    assert () == found(weights_unchanged, read, record(read, GRADIENTS, CALLS))


def test_gradients_that_the_code_applies_itself(tmp_path: Path) -> None:
    read = document(tmp_path, UNAPPLIED.replace("\n```\n", "\n    model.w.assign_sub(g)\n```\n"))
    assert () == found(weights_unchanged, read, record(read, GRADIENTS, CALLS))
