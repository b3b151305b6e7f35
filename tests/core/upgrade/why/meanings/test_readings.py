import itertools

import numpy as np
import pytest

from core.sandbox.guest.programs.inputs import GRADIENTS, START
from core.upgrade.why.meanings.changes import TOLERANCE
from core.upgrade.why.meanings.readings import readings
from core.upgrade.why.meanings.updates import adam, rmsprop, sgd

JUDGED = (
    ("sigmoid-from-logits", "eager, float32 layer"),
    ("softmax-from-logits", "eager, float32 layer"),
    ("saturated-sigmoid", "eager"),
    ("loss-reduction", "BinaryCrossentropy"),
    ("loss-reduction", "SparseCategoricalCrossentropy"),
    ("loss-reduction", "MeanSquaredError"),
    ("leaky-relu-slope", "LeakyReLU()"),
    ("leaky-relu-slope", "LeakyReLU(0.2)"),
    ("optimizer-defaults", "Adam()"),
    ("optimizer-defaults", "SGD()"),
    ("optimizer-defaults", "SGD(momentum=0.9)"),
    ("optimizer-defaults", "RMSprop()"),
    ("batch-normalization", "moving mean"),
    ("batch-normalization", "moving variance"),
    ("training-flag", "Sequential, training=True"),
    ("training-flag", "model in a model, no flag"),
    ("dropout", "scale"),
    ("regularizers", "ActivityRegularization(l2=0.5)"),
    ("metrics", "Mean"),
)


@pytest.mark.parametrize(("probe", "setting"), JUDGED)
def test_meanings_can_be_told_apart(probe: str, setting: str) -> None:
    offered = readings(probe, setting)
    assert len(offered) >= 2
    widest = next(value for word, value in TOLERANCE.items() if word in setting)
    for one, other in itertools.combinations(offered.values(), 2):
        if one.shape == other.shape:
            scale = max(float(np.abs(one).max()), float(np.abs(other).max()))
            assert float(np.abs(one - other).max()) > 4 * widest * scale


@pytest.mark.parametrize("probe", ["sigmoid-from-logits", "softmax-from-logits"])
def test_half_precision_meanings_can_be_told_apart(probe: str) -> None:
    one, other = readings(probe, "eager, float16 layer").values()
    assert abs(float(one[0] - other[0])) > 4 * TOLERANCE["float16"] * float(max(one[0], other[0]))


def test_adam_moves_by_the_learning_rate_at_first() -> None:
    first = adam(START, GRADIENTS)[:3]
    np.testing.assert_allclose(np.abs(first - np.array(START)), 0.001, rtol=1e-4)


def test_sgd_with_momentum_keeps_its_velocity() -> None:
    path = sgd((0.0,), ((1.0,), (0.0,), (0.0,)), rate=1.0, momentum=0.5)
    assert [-1.0, -1.5, -1.75] == path.tolist()


def test_nesterov_looks_ahead() -> None:
    path = sgd((0.0,), ((1.0,),), rate=1.0, momentum=0.5, nesterov=True)
    assert [-1.5] == path.tolist()


def test_rmsprop_divides_by_the_root_of_the_mean_square() -> None:
    (moved,) = rmsprop((0.0,), ((2.0,),), rate=1.0, rho=0.75, epsilon=0.0)
    assert -2.0 == moved
