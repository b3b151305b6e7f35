from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.rules.deprecated import deprecated_api
from core.documents.rules.deprecated.table import TABLE
from core.documents.rules.look import Look
from core.sandbox.guest.events import Warned
from core.trace.finding import Severity
from tests.core.documents.rules.handmade import document, record

IMPORTS = """
```python
import jax, torch
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import LeakyReLU
{code}
```
"""
LINE = 7
VERSIONS = {"keras": "3.15.1", "tensorflow": "2.21.0", "jax": "0.10.2", "torch": "2.13.0"}
VERSIONS |= {"numpy": "2.4.6"}


def severities(folder: Path, code: str, versions: dict[str, str]) -> list[Severity]:
    read = document(folder, IMPORTS.format(code=code))
    found = list(deprecated_api(Look(read, record(read, versions=versions))))
    assert all(one.where.endswith(f":{LINE}") for one in found)
    return [one.severity for one in found]


@pytest.mark.parametrize(
    "code",
    [
        "accuracy.reset_states()",
        "model.fit_generator(data)",
        "keras.optimizers.Adam(lr=0.1)",
        "tf.keras.optimizers.SGD(0.1, decay=1e-3)",
        "model.save('folder/whole.model')",
        "keras.models.save_model(model, f'{folder}/m.tf')",
        "model.save(path, save_format='tf')",
        "tf.keras.optimizers.legacy.Adam()",
        "tf.Session()",
        "jax.tree_map(f, tree)",
        "np.float(3)",
    ],
)
def test_what_is_gone(tmp_path: Path, code: str) -> None:
    assert [Severity.WARNING] == severities(tmp_path, code, VERSIONS)


@pytest.mark.parametrize(
    "code",
    [
        "LeakyReLU(alpha=0.2)",
        "model.save('whole.h5')",
        "torch.autograd.Variable(x)",
        "keras.preprocessing.image.ImageDataGenerator()",
    ],
)
def test_what_still_works(tmp_path: Path, code: str) -> None:
    assert [Severity.NOTE] == severities(tmp_path, code, VERSIONS)


def test_an_older_keras_still_has_it(tmp_path: Path) -> None:
    older = VERSIONS | {"keras": "2.15.0"}
    assert [Severity.NOTE] == severities(tmp_path, "accuracy.reset_states()", older)


@pytest.mark.parametrize(
    "code",
    [
        "accuracy.reset_state()",
        "optimizer.apply_gradients(zip(grads, weights))",
        "optimizer.apply(grads, weights)",
        "torch.optim.Adam(model.parameters(), lr=0.1)",
        "LeakyReLU(negative_slope=0.2)",
        "keras.layers.ELU(alpha=0.2)",
        "plt.plot(x, alpha=0.2)",
        "model.save('whole.keras')",
        "model.save_weights('last.weights.h5')",
        "figure.save('plot.png')",
        "np.float32(3)",
        "jax.tree.map(f, tree)",
    ],
)
def test_what_is_fine(tmp_path: Path, code: str) -> None:
    assert [] == severities(tmp_path, code, VERSIONS)


def warned(folder: Path, category: str, text: str, code: str) -> list[Severity]:
    read = document(folder, IMPORTS.format(code=code))
    ran = record(read, Warned(0, LINE, category, text))
    return [one.severity for one in deprecated_api(Look(read, ran))]


def test_a_warning_about_a_call_of_the_document(tmp_path: Path) -> None:
    text = "Argument `steps` of fit() is deprecated"
    assert [Severity.NOTE] == warned(tmp_path, "UserWarning", text, "model.fit(x, steps=2)")


def test_a_warning_about_something_inside_a_framework(tmp_path: Path) -> None:
    text = "`__array__` must implement 'dtype' and 'copy' keyword arguments"
    assert [] == warned(tmp_path, "DeprecationWarning", text, "model.fit(x, steps=2)")


def test_a_warning_about_anything_else_is_no_finding(tmp_path: Path) -> None:
    assert [] == warned(tmp_path, "UserWarning", "fit() has little data", "model.fit(x)")


def test_every_entry_names_a_replacement() -> None:
    assert [] == [
        old.name for old in TABLE if not old.new or (old.kind == "keyword" and not old.owner)
    ]
