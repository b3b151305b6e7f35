"""The step in NumPy: its slopes are those of finite differences, its updates those by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.run.backends.protocol import Array
from core.run.backends.reference.step import ReferenceStep
from core.spec.reading import Reading
from tests.core.diff.microscope.every_op import EVERY, images

Numbers = NDArray[np.float64]
SHAPES = {
    "critic/0/kernel": (5, 5, 1, 3),
    "critic/0/bias": (3,),
    "critic/2/gamma": (3,),
    "critic/2/beta": (3,),
    "critic/2/moving_mean": (3,),
    "critic/2/moving_variance": (3,),
    "critic/5/kernel": (3, 4),
    "critic/5/bias": (4,),
    "critic/7/kernel": (4, 1),
    "critic/7/bias": (1,),
    "painter/0/kernel": (4, 49),
    "painter/0/bias": (49,),
    "painter/2/kernel": (5, 5, 1, 1),
    "painter/2/bias": (1,),
    "reader/1/kernel": (784, 10),
    "reader/1/bias": (10,),
    "accuracy/total": (),
    "accuracy/count": (),
}
TRAINED = {
    "critic": ("8.2|value", "9|gradient", [n for n in SHAPES if n.startswith("critic")]),
    "painter": ("12.4|value", "13|gradient", [n for n in SHAPES if n.startswith("painter")]),
}


def _state() -> dict[str, Numbers]:
    rng = np.random.default_rng(1)
    state = {name: rng.uniform(0.1, 0.6, shape) for name, shape in SHAPES.items()}
    trained = [name for name in TRAINED["critic"][2] if "moving" not in name]
    for index, name in enumerate(trained):
        state[f"c_optimizer/momentum/{index}"] = rng.normal(0.0, 0.1, SHAPES[name])
        state[f"c_optimizer/velocity/{index}"] = rng.uniform(0.0, 0.1, SHAPES[name])
    state["c_optimizer/iteration"] = np.array(4.0)
    return state


def _inputs() -> dict[str, Array]:
    rng = np.random.default_rng(2)
    data = images(8)
    return {
        "real": data.x_train.reshape(8, 28, 28, 1) / 255.0,
        "y": data.y_train,
        "latent": rng.normal(size=(8, 4)),
        "noise": rng.uniform(size=(16, 1)),
        "predictions/mask/0": rng.random((16, 7, 7, 3)) > 0.3,
    }


def _run(state: dict[str, Numbers]) -> dict[str, Array]:
    return ReferenceStep(EVERY, 8).run(state, _inputs())


@pytest.fixture(scope="module")
def taps() -> dict[str, Array]:
    return _run(_state())


@pytest.mark.parametrize(
    ("model", "name"),
    [(m, n) for m, (_, _, names) in TRAINED.items() for n in names if "moving" not in n],
)
def test_gradients_are_those_of_finite_differences(
    taps: dict[str, Array], model: str, name: str
) -> None:
    """Along one direction in each weight, with the critic as its update left it."""
    changed = ("10|weight", "8.0|state")
    updated = {tap: value for tap, value in taps.items() if tap.startswith(changed)}
    loss, gradient, _ = TRAINED[model]
    direction = np.random.default_rng(3).normal(size=SHAPES[name])
    size = 1e-6
    values = []
    for sign in (1.0, -1.0):
        state = _state()
        state[name] = state[name] + sign * size * direction
        values.append(float(ReferenceStep(EVERY, 8).run(state, _inputs(), updated)[loss]))
    numeric = (values[0] - values[1]) / (2 * size)
    found = taps[f"{gradient} {name.partition('/')[2]}"].astype(np.float64)
    assert pytest.approx(numeric, rel=1e-5, abs=1e-8) == float(np.sum(found * direction))


def test_adam_moves_by_its_formula(taps: dict[str, Array]) -> None:
    state, name = _state(), "7/kernel"
    gradient = taps[f"9|gradient {name}"].astype(np.float64)
    index = 6
    first = 0.9 * state[f"c_optimizer/momentum/{index}"] + 0.1 * gradient
    second = 0.999 * state[f"c_optimizer/velocity/{index}"] + 0.001 * gradient**2
    hat = (first / (1 - 0.9**5)) / (np.sqrt(second / (1 - 0.999**5)) + 1e-7)
    assert np.allclose(taps[f"10|momentum {name}"], first, rtol=1e-12)
    assert np.allclose(taps[f"10|velocity {name}"], second, rtol=1e-12)
    expected = state[f"critic/{name}"] - 1e-3 * hat
    assert np.allclose(taps[f"10|weight {name}"], expected, rtol=1e-8)


def test_gradient_descent_moves_by_rate_times_gradient(taps: dict[str, Array]) -> None:
    gradient = taps["13|gradient 0/kernel"].astype(np.float64)
    expected = _state()["painter/0/kernel"] - 0.1 * gradient
    assert np.allclose(taps["14|weight 0/kernel"], expected, rtol=1e-13)


def test_moving_statistics_move_once_in_training_and_not_in_inference(
    taps: dict[str, Array],
) -> None:
    before = _state()["critic/2/moving_mean"]
    trained = taps["8.0|state 2/moving_mean"]
    assert not np.allclose(trained, before)
    assert np.array_equal(trained, taps["12.1|state 2/moving_mean"])


def test_the_metric_counts_hits(taps: dict[str, Array]) -> None:
    hits = taps["15|value"].argmax(axis=1) == _inputs()["y"]
    assert _state()["accuracy/total"] + hits.sum() == taps["17|total"]
    assert _state()["accuracy/count"] + 8 == taps["17|count"]


def test_an_op_goes_on_from_what_another_step_made(taps: dict[str, Array]) -> None:
    """A difference at one op is not seen again at the next."""
    given = dict(taps) | {"8.0|layer 0": taps["8.0|layer 0"].astype(np.float64) * 1.5}
    again = ReferenceStep(EVERY, 8).run(_state(), _inputs(), given)
    assert np.array_equal(again["8.0|layer 0"], taps["8.0|layer 0"])
    assert not np.allclose(again["8.0|layer 1"], taps["8.0|layer 1"])
    assert np.allclose(again["8.0|layer 2"], taps["8.0|layer 2"])


def test_a_sigmoid_read_as_logits_is_taken_back_to_them() -> None:
    plain, back = (
        ReferenceStep(EVERY, 8, Reading(back_to_logits=way)).run(_state(), _inputs())
        for way in (False, True)
    )
    assert np.array_equal(plain["8.1|value"], back["8.1|value"])  # the critic ends in a Dense
