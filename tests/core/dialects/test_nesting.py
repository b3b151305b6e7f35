from __future__ import annotations

from core.dialects.nesting import Nesting, fills_only, in_words, known_shapes, shape_of
from core.spec import ops
from scenarios.dcgan_article.dcgan import DCGAN
from scenarios.keras_io_tf.gan import GAN
from scenarios.keras_io_tf.tracked_losses import TRACKED_LOSSES


def forms(nesting: Nesting) -> list[str]:
    return [
        f"{type(written.op).__name__} {','.join(written.places)}"
        for written in nesting.statements(nesting.sequence)
    ]


def test_labels_are_filled_where_they_are_joined_and_noise_drawn_where_it_is_added() -> None:
    expected = ["Draw 0", "Call 1", "Concat 2", "Concat 3,4,5", "Affine 6,7", "GradScope 8"]
    assert expected == forms(Nesting(GAN.step, in_words))[:6]


def test_where_draws_hand_back_a_state_only_fills_are_nested() -> None:
    expected = ["Concat 3,4,5", "Draw 6", "Affine 7"]
    assert expected == forms(Nesting(GAN.step, fills_only))[3:6]


def test_what_is_added_to_shares_its_variable_with_the_sum() -> None:
    nesting = Nesting(GAN.step, in_words)
    assert "labels" == nesting.variable("clean_labels")
    assert "loss" == Nesting(TRACKED_LOSSES.step, in_words).variable("data_loss")
    (added,) = (w for w in nesting.statements(GAN.step) if isinstance(w.op, ops.Affine))
    assert "labels" == added.onto


def test_calls_that_pass_a_flag_stand_alone() -> None:
    scope = DCGAN.step[1]
    nesting = Nesting(DCGAN.step, in_words)
    places = [w.places for w in nesting.statements(getattr(scope, "body", ()), "1.")]
    assert ("1.0",) == places[0]
    assert ("1.1",) == places[1]
    assert ("1.3", "1.4") == places[3]


def test_what_is_used_twice_keeps_its_name() -> None:
    sequence = (
        ops.Fill("ones", 1.0, shape=(ops.Batch(), 1)),
        ops.Concat("both", parts=("ones", "ones")),
        ops.Sum("sum", parts=("ones", "both")),
        ops.Return(losses=("sum",)),
    )
    assert 4 == len(forms(Nesting(sequence, in_words)))


def test_two_draws_are_not_put_into_one_statement() -> None:
    sequence = (
        ops.Draw("a", ops.Normal(), shape=(ops.Batch(), 1)),
        ops.Draw("b", ops.Uniform(), shape=(ops.Batch(), 1)),
        ops.Affine("c", x="b", plus="a"),
        ops.Return(losses=("c",)),
    )
    assert ["Draw 0", "Affine 1,2", "Return 3"] == forms(Nesting(sequence, in_words))


def test_a_shape_is_another_tensors_where_all_of_it_is() -> None:
    shapes = known_shapes(GAN.step)
    assert "clean_labels" == shape_of((ops.BatchOf("clean_labels"), 1), shapes)
    assert shape_of((ops.BatchOf("real_images"), 1), shapes) is None
    assert shape_of((ops.BatchOf("clean_labels"), 2), shapes) is None
