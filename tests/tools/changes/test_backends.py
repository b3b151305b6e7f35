from __future__ import annotations

import numpy as np
import pytest

from core.upgrade.why.meanings.readings import readings
from tools.changes.backends import apart, table

LED_BACK, TAKEN = "the logits behind it", "its values, as if they were logits"


def _answer(reading: str, extra: dict[str, object] | None = None) -> dict[str, object]:
    number = readings("sigmoid-from-logits", "eager")[reading].tolist()
    return {
        "sigmoid-from-logits": {"eager": number} | (extra or {}),
        "dropout": {"stream, seed=7": [float(len(reading))]},
    }


def test_a_call_is_listed_where_its_meaning_depends_on_the_backend() -> None:
    answers = {
        "tensorflow": _answer(LED_BACK, {"tf.function": [1.0]}),
        "jax": _answer(TAKEN),
        "torch": _answer(LED_BACK),
    }
    (row,) = apart(answers)
    assert ("sigmoid-from-logits", "eager") == (row.probe, row.setting)
    assert {"tensorflow": LED_BACK, "jax": TAKEN, "torch": LED_BACK} == row.words
    assert [
        "| call | tensorflow | jax | torch |",
        "|---|---|---|---|",
        f"| sigmoid-from-logits, eager | {LED_BACK} | {TAKEN} | {LED_BACK} |",
    ] == list(table([row], tuple(answers)))


def test_backends_that_agree_have_no_rows() -> None:
    assert [] == apart({"jax": _answer(TAKEN), "torch": _answer(TAKEN)})


def test_a_saturated_sigmoid_is_clipped_at_the_next_number_of_single_precision() -> None:
    found = readings("saturated-sigmoid", "eager")
    single = found["clipped at the number of single precision next to 1 - 1e-7"]
    assert [pytest.approx(23 * np.log(2.0))] == single.tolist()  # 1 - 2**-23 is that number
