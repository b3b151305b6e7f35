"""Ops that belong together: by what they make, in order."""

from __future__ import annotations

import attrs

from core.diff.microscope.alignment import align, placed
from core.spec import Scenario
from tests.core.diff.microscope.every_op import EVERY
from tests.example_scenarios import CLASSIFIER


def _words(a: Scenario, b: Scenario) -> dict[str, str]:
    return {p.op.title: p.structure for p in align(placed(a), placed(b)) if p.structure}


def _changed(**fields: object) -> Scenario:
    first = attrs.evolve(EVERY.step[0], **fields)
    return attrs.evolve(EVERY, step=(first, *EVERY.step[1:]))


def test_a_step_aligns_with_itself() -> None:
    pairs = align(placed(EVERY), placed(EVERY))
    assert all(pair.a == pair.b for pair in pairs)
    assert not any(pair.structure or pair.changed for pair in pairs)


def test_ops_of_a_scope_stand_before_it_in_execution_order() -> None:
    titles = [item.title for item in placed(CLASSIFIER)]
    assert ["Call logits", "Loss loss", "GradScope", "Gradients grads"] == titles[:4]
    assert ["0.0", "0.1", "0", "1"] == [item.position for item in placed(CLASSIFIER)][:4]


def test_a_dropped_op_is_missing_on_one_side() -> None:
    without = attrs.evolve(CLASSIFIER, step=(*CLASSIFIER.step[:3], CLASSIFIER.step[4]))
    assert {"UpdateMetric accuracy": "only in A"} == _words(CLASSIFIER, without)
    assert {"UpdateMetric accuracy": "only in B"} == _words(without, CLASSIFIER)


def test_ops_that_changed_places_are_moved() -> None:
    step = (*EVERY.step[:3], EVERY.step[4], EVERY.step[3], *EVERY.step[5:])
    words = _words(EVERY, attrs.evolve(EVERY, step=step))
    assert {"moved"} == set(words.values())
    assert set(words) < {"Fill ones", "Fill zeros"}


def test_another_field_of_an_op_is_a_change_in_words_and_no_structure() -> None:
    other = _changed(shape=(*EVERY.step[0].shape[:1], 5))  # type: ignore[attr-defined]
    pairs = [pair for pair in align(placed(EVERY), placed(other)) if pair.changed]
    assert ["Draw latent"] == [pair.op.title for pair in pairs]
    assert "shape: (Batch(), 4) in A, (Batch(), 5) in B" == pairs[0].changed[0]
    assert "" == pairs[0].structure


def test_returning_something_else_is_structure() -> None:
    last = attrs.evolve(EVERY.returned, tensors=())
    words = _words(EVERY, attrs.evolve(EVERY, step=(*EVERY.step[:-1], last)))
    assert {"Return": "tensors: ('painted',) in A, () in B"} == words
