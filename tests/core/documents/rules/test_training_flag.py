from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.rules.training_flag import training_flag_missing
from core.sandbox.guest.events import Calls, Event, Fit, LayerSeen, ModelSeen, Updates
from tests.core.documents.rules.handmade import document, found, record

LOOP = """
```python
scores = model(x)
```
"""
UPDATES = Updates(0, 3, "optimizer-1", None, 1, (1,), ((0.5,),))


def model(*kinds: str, name: str = "model-1", kind: str = "Sequential") -> ModelSeen:
    layers = tuple(LayerSeen(f"inner-{k}", k, (None, 2), 0, None) for k in kinds)
    return ModelSeen(0, name, f"inner-{name}", kind, True, 8, 8, layers)


def call(training: str = "unset", *, gradient: bool = True) -> Calls:
    return Calls(0, 2, "model-1", training, gradient, False, 3)


@pytest.mark.parametrize("layer", ["Dropout", "BatchNormalization", "GaussianNoise"])
@pytest.mark.parametrize("training", ["unset", "none"])
def test_a_model_trained_without_the_flag(tmp_path: Path, layer: str, training: str) -> None:
    read = document(tmp_path, LOOP)
    ran = record(read, model("Dense", layer), call(training), UPDATES)
    assert (("training-flag-missing", 2),) == found(training_flag_missing, read, ran)


@pytest.mark.parametrize(
    "seen",
    [
        (model("Dense", "LayerNormalization"), call(), UPDATES),
        (model("Dropout"), call("true"), UPDATES),
        (model("Dropout"), call("false"), UPDATES),
        (model("Dropout"), call(gradient=False), UPDATES),
        (model("Dropout"), call()),
    ],
    ids=["no such layer", "given", "frozen on purpose", "in use", "no update, a saliency map"],
)
def test_where_it_does_not_matter(tmp_path: Path, seen: tuple[Event, ...]) -> None:
    read = document(tmp_path, LOOP)
    assert () == found(training_flag_missing, read, record(read, *seen))


def test_a_model_inside_a_model(tmp_path: Path) -> None:
    read = document(tmp_path, LOOP)
    outer = ModelSeen(
        0,
        "model-1",
        "outer",
        "Functional",
        True,
        8,
        8,
        (LayerSeen("inner-model-2", "Sequential", None, 4, None),),
    )
    ran = record(read, outer, model("Dropout", name="model-2"), call(), UPDATES)
    assert (("training-flag-missing", 2),) == found(training_flag_missing, read, ran)


CUSTOM = """
```python
class Mine(keras.Model):
    def train_step(self, data):
        x, y = data
        return loss(y, self({given}))
```
"""


@pytest.mark.parametrize(
    ("given", "missing"), [("x", True), ("x, training=True", False), ("x, **options", False)]
)
def test_a_train_step_that_fit_drives(tmp_path: Path, given: str, missing: bool) -> None:
    read = document(tmp_path, CUSTOM.format(given=given))
    fit = Fit(0, 9, "model-1", 3, False, 0.1, None, None, None)
    ran = record(read, model("Dropout", kind="Mine"), fit)
    expected = (("training-flag-missing", 5),) if missing else ()
    assert expected == found(training_flag_missing, read, ran)


STATELESS = """
```python
def compute(weights, others, x):
    return model.stateless_call(weights, others, x{given})

{used}
```
"""


@pytest.mark.parametrize(
    ("given", "used", "missing"),
    [
        ("", "grads = jax.value_and_grad(compute, has_aux=True)", True),
        (", training=True", "grads = jax.value_and_grad(compute)", False),
        ("", "scores = compute(weights, others, x)", False),
    ],
)
def test_a_stateless_call(tmp_path: Path, given: str, used: str, missing: bool) -> None:
    read = document(tmp_path, STATELESS.format(given=given, used=used))
    expected = (("training-flag-missing", 3),) if missing else ()
    assert expected == found(training_flag_missing, read, record(read, model("Dropout")))
