from collections.abc import Mapping
from pathlib import Path

import pytest

from core.upgrade.why.api import ApiChange, api_changes
from core.upgrade.why.source import Source
from core.upgrade.why.usage import usage_of
from tests.core.upgrade.why.packages import packages

CODE = """
import keras
from keras import layers

model = [layers.Dense(4, use_bias=False), layers.LeakyReLU()]
optimizer = keras.optimizers.Adam(beta=0.5)
optimizer.apply_gradients([])
metric.reset_states()
"""


def _changes(
    folder: Path, changed: Mapping[str, tuple[str, str]], code: str = CODE
) -> list[ApiChange]:
    old = Source(packages(folder / "old", {}))
    new = Source(packages(folder / "new", changed))
    return api_changes(old, new, usage_of([code]))


def test_the_same_packages_have_no_changes(tmp_path: Path) -> None:
    assert [] == _changes(tmp_path, {})


def test_a_changed_default_is_found_behind_re_exports(tmp_path: Path) -> None:
    (change,) = _changes(tmp_path, {"keras/src/dense.py": ("slope=0.3", "slope=0.01")})
    words = "keras.layers.LeakyReLU: negative_slope=0.3 becomes negative_slope=0.01"
    assert (words, False) == (change.words, change.loud)


def test_a_changed_default_of_an_inherited_constructor_is_found(tmp_path: Path) -> None:
    (change,) = _changes(tmp_path, {"keras/src/base.py": ("beta=0.9", "beta=0.95")})
    assert ("keras.optimizers.Adam", "default changed", True) == (
        change.name,
        change.kind,
        change.passed,
    )


def test_a_removed_parameter_that_is_passed_is_loud(tmp_path: Path) -> None:
    (change,) = _changes(tmp_path, {"keras/src/base.py": (", beta=0.9", "")})
    assert change.loud
    assert "keras.optimizers.Adam no longer takes beta, which is passed here" == change.words


def test_a_removed_parameter_that_is_swallowed_is_not_loud(tmp_path: Path) -> None:
    (change,) = _changes(tmp_path, {"keras/src/dense.py": (", use_bias=True", "")})
    assert ("parameter removed", False) == (change.kind, change.loud)


def test_an_added_parameter_is_told(tmp_path: Path) -> None:
    (change,) = _changes(tmp_path, {"keras/src/dense.py": ("use_bias=True", "use_bias=True, q=1")})
    assert "keras.layers.Dense takes q=1" == change.words


def test_parameters_in_another_order_are_told(tmp_path: Path) -> None:
    (change,) = _changes(
        tmp_path, {"keras/src/dense.py": ("units, use_bias=True", "use_bias=True, units=None")}
    )[1:]
    assert "order changed" == change.kind


def test_a_removed_class_is_loud(tmp_path: Path) -> None:
    changed = {"keras/api/layers/__init__.py": ("from keras.src.dense import Dense as Dense\n", "")}
    (change,) = _changes(tmp_path, changed)
    assert ("keras.layers.Dense is removed", True) == (change.words, change.loud)


def test_a_removed_method_is_loud(tmp_path: Path) -> None:
    (change,) = _changes(tmp_path, {"keras/src/base.py": ("reset_states", "reset_state")})
    assert ("metrics.Metric.reset_states is removed", True) == (change.words, change.loud)


def test_what_the_code_does_not_use_is_not_told(tmp_path: Path) -> None:
    changed = {"keras/src/base.py": ("def result(self)", "def result(self, more=1)")}
    assert [] == _changes(tmp_path, changed)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import keras\nkeras.layers.Dense(1)", "keras.layers.Dense"),
        ("from tensorflow import keras\nkeras.layers.Dense(1)", "keras.layers.Dense"),
        ("import tensorflow as tf\ntf.keras.layers.Dense(1)", "keras.layers.Dense"),
        ("from tensorflow.keras.layers import Dense\nDense(1)", "keras.layers.Dense"),
        ("import tensorflow.keras as K\nK.layers.Dense(1)", "keras.layers.Dense"),
        ("import tf_keras\ntf_keras.layers.Dense(1)", "keras.layers.Dense"),
        ("from keras import layers as L\nL.Dense(1)", "keras.layers.Dense"),
    ],
)
def test_names_are_the_same_however_they_are_imported(code: str, name: str) -> None:
    assert name in usage_of([code]).names


def test_attributes_of_other_modules_are_no_methods() -> None:
    usage = usage_of(["import os\nos.path.join('a')\nmodel.save('b', overwrite=True)"])
    assert {"save": frozenset({"overwrite"})} == dict(usage.methods)


def test_a_cell_that_is_no_python_is_passed_over() -> None:
    assert {"fit"} == set(usage_of(["!pip install keras", "model.fit()"]).methods)
