from __future__ import annotations

from core.run.backends.registry import LEGACY_VARIABLE, legacy_switch, legacy_variables


def test_keras_before_3_needs_no_other_package() -> None:
    """Told to use legacy Keras, TensorFlow 2.15 looks for tf_keras: `tensorflow.keras` is gone."""
    assert {LEGACY_VARIABLE: "keras"} == legacy_variables("keras")
    assert {LEGACY_VARIABLE: "tf_keras", "TF_USE_LEGACY_KERAS": "1"} == legacy_variables("tf_keras")
    assert {} == legacy_variables("")


def test_tensorflow_is_sent_to_tf_keras_only_where_that_is_the_package() -> None:
    assert {"TF_USE_LEGACY_KERAS": "1"} == legacy_switch("tf_keras")
    assert {} == legacy_switch("keras") == legacy_switch("")
