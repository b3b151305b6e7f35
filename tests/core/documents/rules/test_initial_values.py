from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.rules.initial_values import seed_without_effect, shared_initializers
from tests.core.documents.rules.handmade import document, found, record

LAYERS = """
```python
import random
import keras
import tensorflow as tf
from keras import layers
from tensorflow.keras.initializers import HeNormal

{made}
model = keras.Sequential([
    layers.Dense(4, kernel_initializer=init),
    layers.Dense(4, kernel_initializer={second}),
])
```
"""
MADE = 8


@pytest.mark.parametrize(
    "made",
    [
        "init = keras.initializers.RandomNormal(stddev=0.02)",
        "init = tf.keras.initializers.GlorotUniform(seed=3)",
        "init = HeNormal()",
    ],
)
def test_one_random_initializer_for_two_weights(tmp_path: Path, made: str) -> None:
    read = document(tmp_path, LAYERS.format(made=made, second="init"))
    assert (("shared-initializer", MADE),) == found(shared_initializers, read)


@pytest.mark.parametrize(
    ("made", "second"),
    [
        ("init = keras.initializers.RandomNormal()", "keras.initializers.RandomNormal()"),
        ("init = keras.initializers.RandomNormal()", "'he_normal'"),
        ("init = keras.initializers.Zeros()", "init"),
        ("init = HeNormal(seed=keras.random.SeedGenerator(1))", "init"),
        ("init = HeNormal()\ninit = HeNormal(seed=keras.random.SeedGenerator(1))", "init"),
        ("init = 'he_normal'", "init"),
    ],
)
def test_initializers_that_do_not_repeat_themselves(tmp_path: Path, made: str, second: str) -> None:
    read = document(tmp_path, LAYERS.format(made=made, second=second))
    assert () == found(shared_initializers, read)


def seeded(folder: Path, code: str, keras: str = "3.15.1") -> tuple[tuple[str, int | None], ...]:
    read = document(folder, LAYERS.format(made=code, second="'zeros'"))
    return found(seed_without_effect, read, record(read, versions={"keras": keras}))


def test_a_seed_of_tensorflow_alone(tmp_path: Path) -> None:
    assert (("seed-without-effect", MADE),) == seeded(tmp_path, "tf.random.set_seed(42)")


@pytest.mark.parametrize(
    "code",
    [
        "keras.utils.set_random_seed(1)",
        "tf.random.set_seed(1)\nkeras.utils.set_random_seed(1)",
        "tf.random.set_seed(1)\ntf.keras.utils.set_random_seed(1)",
        "random.seed(1)\ntf.random.set_seed(1)",
        "pass",
    ],
)
def test_seeds_that_reach_keras(tmp_path: Path, code: str) -> None:
    assert () == seeded(tmp_path, code)


def test_keras_2_draws_weights_from_tensorflow(tmp_path: Path) -> None:
    assert () == seeded(tmp_path, "tf.random.set_seed(42)", keras="2.15.0")
