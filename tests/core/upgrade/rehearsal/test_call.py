from __future__ import annotations

from core.upgrade.rehearsal.call import ADVERSARIAL_STEPS, DOCUMENT_STEPS, STEPS, Call
from core.upgrade.rehearsal.subjects import Subject
from tests.core.upgrade.rehearsal.runs import HORIZON


def test_native_runs_are_short_and_controlled_ones_as_long_as_asked() -> None:
    subject = Subject("a/b", "e", ("jax",), horizons={"jax": HORIZON})
    for asked, steps in ((0, None), (3, 3), (1, 1)):
        call = Call((), "digits", 7, asked, 2)
        controlled, native = call.controlled(subject), call.native(subject)
        assert (steps, min(2, steps or 2)) == (controlled.steps, native.steps)
        assert (7, 7) == (controlled.seed, native.seed)
    assert HORIZON is subject.horizons["jax"]


def test_a_step_that_trains_two_models_is_dear_and_gets_fewer() -> None:
    call = Call((), "digits", 7)
    one, two, document = (
        call.controlled(Subject("a/b", "e", ("jax",), updates_per_step=n)).steps for n in (1, 2, 0)
    )
    assert (STEPS, ADVERSARIAL_STEPS, DOCUMENT_STEPS) == (one, two, document)
    for steps in (STEPS, ADVERSARIAL_STEPS, DOCUMENT_STEPS):
        assert str(steps) in call.length_words
    assert "own length" in Call((), "digits", 7, 0).length_words
    assert "after 5 " in Call((), "digits", 7, 5).length_words
