"""How close the decisions of an accuracy are."""

from __future__ import annotations

import numpy as np
import pytest

from core.run.backends.reference.backend import KEPT_MARGINS, ReferenceBackend
from core.run.backends.reference.objects import margins
from core.spec.parts import SparseCategoricalAccuracy
from core.spec.reading import READINGS


def test_a_margin_is_how_far_the_label_s_output_is_from_the_best_other_one() -> None:
    outputs = np.array([[4.0, 1.0, 3.0], [4.0, 1.0, 3.0], [-8.0, -2.0, -1.0], [0.0, 0.0, 0.0]])
    found = margins(np.array([0, 2, 1, 1]), outputs)
    # Right by 1 of 4, wrong by 1 of 4, wrong by 1 of 8, and a tie.
    assert [0.25, 0.25, 0.125, 0.0] == found.tolist()


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_a_margin_is_a_share_whatever_the_outputs_size(scale: float) -> None:
    outputs = np.array([[4.0, 1.0, 3.0]])
    assert pytest.approx(0.25) == float(margins(np.array([0]), scale * outputs)[0])


def test_a_label_changes_sides_where_its_margin_is_crossed() -> None:
    rng = np.random.default_rng(1)
    labels, outputs = rng.integers(0, 5, 200), rng.normal(size=(200, 5))
    right = outputs.argmax(axis=1) == labels
    apart = margins(labels, outputs) * np.abs(outputs).max(axis=1)
    for factor, changed in ((0.999, False), (1.001, True)):
        moved = outputs.copy()
        moved[np.arange(200), labels] += np.where(right, -1, 1) * factor * apart
        assert np.all((moved.argmax(axis=1) == labels) == (right != changed))


def test_a_metric_keeps_its_closest_margins_and_forgets_them_when_reset() -> None:
    backend = ReferenceBackend(READINGS["tensorflow"])
    metric = backend.make_metric("key", SparseCategoricalAccuracy())
    state = backend.initial_state([], None)
    rng = np.random.default_rng(2)
    batches = [(rng.integers(0, 5, 50), rng.normal(size=(50, 5))) for _ in range(3)]
    for labels, outputs in batches:
        state = backend.update(metric, backend.put(labels), backend.put(outputs), state)
    found = backend.values(metric, state)
    every = np.sort(np.concatenate([margins(labels, outputs) for labels, outputs in batches]))
    assert every[:KEPT_MARGINS].tolist() == backend.get(found["margins"]).tolist()
    assert 150 == float(backend.get(found["count"]))
    state = backend.reset(metric, state)
    found = backend.values(metric, state)
    assert [] == backend.get(found["margins"]).tolist()
    assert "margins" not in backend.variables(metric)  # no part of a state
