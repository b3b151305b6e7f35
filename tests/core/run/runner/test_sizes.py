"""Which random arrays a step needs, and of what shape."""

from __future__ import annotations

import pytest

from core.run.runner.sizes import Masks, Needed, mask_name, needed
from core.spec import ops
from core.spec.kinds import Op
from tests.example_scenarios import DRAWING_STEP

MASKS = {"model": Masks(layers=(((28, 4), 0.5), ((7,), 0.25)))}


def _shapes(*sequence: Op, batch: int = 16, **sizes: int) -> dict[str, tuple[int, ...]]:
    return {need.name: need.shape for need in needed(sequence, sizes, batch, MASKS)}


def test_the_constant_batch_stays_and_a_tensors_batch_follows_a_smaller_last_one() -> None:
    sequence = (
        ops.Draw("constant", ops.Normal(), shape=(ops.Batch(), 4)),
        ops.Draw("dynamic", ops.Normal(), shape=(ops.BatchOf("real"), 4)),
        ops.Draw("fixed", ops.Normal(), shape=(5, 6, 7)),
    )
    assert {"constant": (16, 4), "dynamic": (3, 4), "fixed": (5, 6, 7)} == _shapes(
        *sequence, real=3
    )


def test_sizes_follow_fills_joins_scalings_calls_and_draws() -> None:
    sequence = (
        ops.Fill("ones", 1.0, shape=(ops.BatchOf("real"), 1)),
        ops.Draw("latent", ops.Normal(), shape=(ops.Batch(), 4)),
        ops.Call("fake", model="other", x="latent"),
        ops.Concat("both", parts=("fake", "ones", "real")),
        ops.Affine("scaled", x="both", scale=2.0),
        ops.Draw("noise", ops.Normal(), shape=(ops.BatchOf("scaled"), 1)),
    )
    assert (16 + 3 + 3, 1) == _shapes(*sequence, real=3)["noise"]


@pytest.mark.parametrize("training", [None, False])
def test_a_call_that_does_not_train_needs_no_masks(training: bool | None) -> None:
    assert {} == _shapes(ops.Call("out", model="model", x="x", training=training), x=3)


def test_a_training_call_needs_a_mask_for_each_dropout_layer_with_its_batch() -> None:
    call = ops.Call("out", model="model", x="x", training=True)
    expected = [
        Needed("out/mask/0", (3, 28, 4), call, 0.5),
        Needed("out/mask/1", (3, 7), call, 0.25),
    ]
    assert expected == list(needed((call,), {"x": 3}, 16, MASKS))
    assert "out/mask/1" == mask_name("out", 1)


def test_a_model_without_dropout_needs_no_masks() -> None:
    assert {} == _shapes(ops.Call("out", model="plain", x="x", training=True), x=3)


def test_two_calls_of_one_model_need_masks_of_their_own() -> None:
    sequence = tuple(ops.Call(f"out{i}", model="model", x="x", training=True) for i in range(2))
    assert 4 == len(_shapes(*sequence, x=3))


def test_a_scopes_body_is_searched_and_its_sizes_are_known_after_it() -> None:
    scope = ops.GradScope(
        ("tape",),
        body=(
            ops.Call("out", model="model", x="x", training=True),
            ops.Loss("loss", loss="l", target="out", prediction="out"),
        ),
    )
    after = ops.Draw("after", ops.Normal(), shape=(ops.BatchOf("out"), 2))
    shapes = _shapes(scope, after, x=3)
    assert ["out/mask/0", "out/mask/1", "after"] == list(shapes)
    assert (3, 2) == shapes["after"]


def test_a_sum_of_tensors_keeps_their_size_and_a_sum_of_losses_has_none() -> None:
    total = ops.Sum("total", parts=("x", "x"))
    after = ops.Draw("after", ops.Normal(), shape=(ops.BatchOf("total"), 2))
    assert {"after": (3, 2)} == _shapes(total, after, x=3)
    assert {} == _shapes(ops.Sum("total", parts=("loss", "loss2")), x=3)


def test_a_call_on_a_tensor_of_unknown_size_is_no_obstacle_to_draws_of_known_size() -> None:
    # `on_log` may call a model on what the step returned.
    again = ops.Call("again", model="plain", x="returned")
    assert {"more": (2, 4)} == _shapes(again, ops.Draw("more", ops.Normal(), shape=(2, 4)))


def test_a_whole_step_is_walked_in_order() -> None:
    assert ["latent", "noise", "verdicts/mask/0", "verdicts/mask/1"] == list(
        _shapes(*DRAWING_STEP, real=16)
    )
