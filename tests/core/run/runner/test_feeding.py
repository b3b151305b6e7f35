"""Controlled draws as arrays, addressed by the op that draws."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from core.run.backends.protocol import Array
from core.run.randomness.addressed import Addressed
from core.run.runner.feeding import Feeder
from core.run.runner.sizes import Masks
from core.spec import ops
from core.spec.kinds import Op
from tests.example_scenarios import DRAWING, DRAWING_STEP

FEEDER = Feeder(Addressed(1, DRAWING.stream), 16, {"model": Masks((((4,), 0.5),))})
SIZES = {"real": 16}
NAMES = ["latent", "noise", "verdicts/mask/0"]


def _one(*sequence: Op, feeder: Feeder = FEEDER, epoch: int = 1, step: int = 3) -> dict[str, Array]:
    return feeder.one(sequence, SIZES, epoch, step)


WHOLE = _one(*DRAWING_STEP)


def test_every_draw_and_mask_of_a_step_is_fed_by_name_in_its_shape_and_type() -> None:
    found = {name: (array.shape, array.dtype) for name, array in WHOLE.items()}
    expected = {
        "latent": ((16, 4), np.dtype("float32")),
        "noise": ((32, 1), np.dtype("float32")),
        "verdicts/mask/0": ((32, 4), np.dtype("uint8")),
    }
    assert expected == found


def test_numbers_follow_the_distribution_of_their_op() -> None:
    sequence = (
        ops.Draw("n", ops.Normal(5.0, 0.1), shape=(1000,)),
        ops.Draw("u", ops.Uniform(-2.0, -1.0), shape=(1000,)),
    )
    drawn = _one(*sequence)
    assert 5.0 == pytest.approx(np.mean(drawn["n"].astype(float)), abs=0.02)
    assert 0.1 == pytest.approx(np.std(drawn["n"].astype(float)), rel=0.1)
    assert drawn["u"].astype(float).min() >= -2.0
    assert drawn["u"].astype(float).max() <= -1.0


def test_a_dropped_draw_shifts_no_other_draw() -> None:
    dropped = ("latent", "ones", "both")
    kept = tuple(op for op in DRAWING_STEP if getattr(op, "out", None) not in dropped)
    drawn = _one(ops.Fill("both", 0.0, shape=(32, 1)), *kept)
    assert {"noise", "verdicts/mask/0"} == drawn.keys()
    for name, array in drawn.items():
        assert np.array_equal(WHOLE[name], array)


@pytest.mark.parametrize("place", range(len(DRAWING_STEP)))
def test_an_added_draw_shifts_no_other_draw_wherever_it_stands(place: int) -> None:
    added = ops.Draw("more", ops.Normal(), shape=(ops.Batch(), 100))
    drawn = _one(*DRAWING_STEP[:place], added, *DRAWING_STEP[place:])
    assert {*NAMES, "more"} == drawn.keys()
    for name in NAMES:
        assert np.array_equal(WHOLE[name], drawn[name])


def test_swapped_draws_keep_their_numbers() -> None:
    one, two = ops.Draw("a", ops.Normal(), shape=(5,)), ops.Draw("b", ops.Normal(), shape=(5,))
    assert np.array_equal(_one(one, two)["a"], _one(two, one)["a"])


def test_a_renamed_draw_is_another_draw() -> None:
    one, two = ops.Draw("a", ops.Normal(), shape=(5,)), ops.Draw("b", ops.Normal(), shape=(5,))
    assert not np.any(_one(one)["a"] == _one(two)["b"])


def test_a_smaller_batch_is_the_beginning_of_the_whole_one() -> None:
    short = evolve(FEEDER, batch=5)
    assert np.array_equal(WHOLE["latent"][:5], _one(DRAWING_STEP[0], feeder=short)["latent"])


@pytest.mark.parametrize(
    "other",
    [
        _one(*DRAWING_STEP, epoch=0),
        _one(*DRAWING_STEP, step=4),
        _one(*DRAWING_STEP, feeder=evolve(FEEDER, draws=Addressed(2, DRAWING.stream))),
        _one(*DRAWING_STEP, feeder=evolve(FEEDER, draws=Addressed(1, "toy/other"))),
        _one(*DRAWING_STEP, feeder=evolve(FEEDER, prefix="on_log/")),
    ],
    ids=["epoch", "step", "seed", "stream", "phase"],
)
def test_another_epoch_step_seed_stream_or_phase_draws_otherwise(other: dict[str, Array]) -> None:
    for name in NAMES:
        assert not np.array_equal(WHOLE[name], other[name])


def test_rows_are_the_single_steps_stacked_whatever_segment_they_fall_into() -> None:
    rows = FEEDER.rows(DRAWING_STEP, SIZES, 1, range(2, 6))
    assert {name: (4, *array.shape) for name, array in WHOLE.items()} == {
        name: array.shape for name, array in rows.items()
    }
    tail = FEEDER.rows(DRAWING_STEP, SIZES, 1, range(3, 5))
    for name in NAMES:
        assert np.array_equal(WHOLE[name], rows[name][1])
        assert np.array_equal(rows[name][1:3], tail[name])


def test_a_step_that_draws_nothing_is_fed_nothing() -> None:
    call = ops.Call("out", model="plain", x="real", training=True)
    assert {} == FEEDER.rows((call,), SIZES, 0, range(3))
