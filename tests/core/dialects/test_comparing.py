"""What a program did against the runner's trace: everything that a trace holds counts."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from core.dialects.running.comparing import compare, compare_fit, means
from core.dialects.running.program_run import Ran
from core.dialects.running.recorded import Batch
from core.trace import Trace
from tests.example_traces import TRACE


def same() -> Ran:
    return Ran(
        losses=TRACE.losses,
        metrics=TRACE.metrics,
        log=tuple(line.text for line in TRACE.log),
        finished=True,
        digest=TRACE.final_digest,
        images={image.name: image.pixels for image in TRACE.images},
    )


def test_a_program_that_did_the_same_agrees() -> None:
    found = compare(same(), TRACE)
    assert (250, 250, True) == (found.steps, found.same_steps, found.identical)


LOSSES, LINES = dict(TRACE.losses), tuple(line.text for line in TRACE.log)
OTHERS = {
    "loss at step 249": attrs.evolve(same(), losses=LOSSES | {"loss": (*LOSSES["loss"][:-1], 7.0)}),
    "9 steps, the runner": attrs.evolve(same(), losses=LOSSES | {"loss": LOSSES["loss"][:9]}),
    "val_acc: ()": attrs.evolve(same(), metrics={"train_acc": (0.8, 0.9)}),
    "printed 'other'": attrs.evolve(same(), log=("other", *LINES[1:])),
    "0 printed lines": attrs.evolve(same(), log=()),
    "the final weights differ": attrs.evolve(same(), digest="other"),
    "has other pixels": attrs.evolve(same(), images={}),
}


@pytest.mark.parametrize("words", OTHERS)
def test_any_difference_is_named(words: str) -> None:
    found = compare(OTHERS[words], TRACE)
    assert not found.identical
    assert any(words in difference for difference in found.differences), found.differences


def test_a_program_that_was_stopped_has_no_final_weights_to_compare() -> None:
    stopped = attrs.evolve(same(), finished=False, digest="")
    assert compare(stopped, TRACE).identical


def test_means_are_weighted_by_the_size_of_batches_in_single_precision() -> None:
    found = means([1.0, 2.0, 4.0], [2, 1])
    assert [1.0, float(np.float32(4) / np.float32(3)), 4.0] == found


def test_fit_is_compared_by_the_means_that_it_reports() -> None:
    trace = attrs.evolve(TRACE, losses={"loss": (1.0, 3.0)}, metrics={})
    assert compare_fit(_fitted(trace, 1.0, 2.0), trace, [4, 4]).identical
    found = compare_fit(_fitted(trace, 1.0, 3.0), trace, [4, 4])
    assert (2, 1) == (found.steps, found.same_steps)
    assert "mean loss after step 1" in found.differences[0]
    assert compare_fit(_fitted(trace, 1.0), trace, [4, 4]).differences[0].startswith("1 steps")


def _fitted(trace: Trace, *reported: float) -> Ran:
    batches = tuple(Batch(0, value) for value in reported)
    return Ran({}, {}, (), finished=True, digest=trace.final_digest, means=batches)
