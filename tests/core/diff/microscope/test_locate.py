"""Localisation between two sides whose faults are known."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import pytest

from core.diff.microscope.difference import EPSILON
from core.diff.microscope.ledger import Leak, Ledger
from core.diff.microscope.locate import locate
from core.diff.microscope.look import FACTOR, Compared
from core.diff.microscope.result import Located
from core.spec import Scenario
from tests.core.diff.microscope.fake_side import FakeSide, Fault, Numbers
from tests.example_scenarios import CLASSIFIER

STEP = tuple(op for op in CLASSIFIER.step if type(op).__name__ != "UpdateMetric")
SCENARIO = attrs.evolve(CLASSIFIER, step=STEP)
BOTH = ("float64", "float64")
DENSE = Leak("torch", "Dense", 1e-7, "output", "a test")
ADAM = Leak("tensorflow", "Adam", 1e-6, "weight", "a test")


def _off(size: float, *, since: int = 0) -> Fault:
    """Another fault in every second element, of a relative size."""
    signs = np.where(np.arange(50) % 2, 1.0, -1.0)

    def fault(step: int, value: Numbers) -> Numbers:
        factors = 1.0 + size * signs[: value.size].reshape(value.shape)
        return value * factors if step >= since else value

    return fault


def _located(
    folder: Path,
    b: FakeSide,
    *,
    a: FakeSide | None = None,
    precisions: tuple[str, str] = BOTH,
    leaks: tuple[Leak, ...] = (),
    other: Scenario = SCENARIO,
) -> Located:
    a = a or FakeSide()
    compared = Compared(SCENARIO, other, ("tensorflow", "torch"), precisions, Ledger(leaks))
    return locate(a, b, compared, (a.open(), b.open()), folder)


def test_equal_sides_are_identical(tmp_path: Path) -> None:
    found = _located(tmp_path, FakeSide())
    assert ("identical", None, 5, True) == (
        found.verdict,
        found.place,
        found.steps,
        found.undisturbed,
    )


def test_rounding_is_named_with_the_place_of_the_first_bits(tmp_path: Path) -> None:
    found = _located(tmp_path, FakeSide({"0.0|value": _off(2e-16, since=2)}))
    assert "rounding" == found.verdict
    assert found.place is not None
    assert ("Call logits", 2, "value") == (found.place.op, found.place.step, found.place.tensor)
    assert 0.0 < found.share <= 1.0


@pytest.mark.parametrize(
    ("tap", "op", "tensor"),
    [
        ("0.0|layer 0", "Call logits", "layer 0"),
        ("0.1|value", "Loss loss", "value"),
        ("1|gradient 0/kernel", "Gradients grads", "gradient 0/kernel"),
        ("2|weight 0/kernel", "Apply optimizer to model", "weight 0/kernel"),
    ],
)
def test_a_fault_is_found_at_its_op_and_step(
    tmp_path: Path, tap: str, op: str, tensor: str
) -> None:
    found = _located(tmp_path, FakeSide({tap: _off(1e-9, since=3)}))
    place = found.unexplained
    assert place is not None
    assert (op, 3, tensor) == (place.op, place.step, place.tensor)
    assert pytest.approx(1e-9, rel=0.1) == place.difference
    assert 4 == found.steps  # nothing is looked at after it


def test_what_a_step_amplifies_is_rounding(tmp_path: Path) -> None:
    """A hundred thousand units are no more than this side itself moves by."""
    fault = FakeSide({"0.0|layer 0": _off(1e5 * EPSILON["float64"])})
    assert "beyond rounding" == _located(tmp_path, fault).verdict
    quiet = FakeSide(noise_by=1e5)
    assert "rounding" == _located(tmp_path, fault, a=quiet).verdict


def test_a_unit_almost_at_its_kink_is_rounding(tmp_path: Path) -> None:
    """One weight lies two units below the kink: side A jumps too, where it is moved a little."""
    weight = np.linspace(0.5, 1.5, 50)
    weight[20] = 1.0 - 2.2e-16

    def flipped(_: int, value: Numbers) -> Numbers:
        value = value.copy()
        value[20] = 2.0 * value[20]
        return value

    a = FakeSide(initial=weight)
    b = FakeSide({"1|gradient 0/kernel": flipped}, initial=weight, steps=1)
    assert "rounding" == _located(tmp_path, b, a=a).verdict
    far = np.linspace(0.5, 1.5, 50)
    b = FakeSide({"1|gradient 0/kernel": flipped}, initial=far, steps=1)
    assert "beyond rounding" == _located(tmp_path, b, a=FakeSide(initial=far)).verdict


def test_a_leak_accounts_for_its_size_at_its_op_and_for_what_follows(tmp_path: Path) -> None:
    b = FakeSide({"0.0|layer 0": _off(8e-8)})
    found = _located(tmp_path, b, leaks=(DENSE,))
    assert "leak" == found.verdict
    assert found.place is not None
    assert ("Call logits", "layer 0", ("torch/Dense",)) == (
        found.place.op,
        found.place.tensor,
        found.place.leaks,
    )
    assert found.unexplained is None


def test_a_leak_accounts_for_no_more_than_moving_the_inputs_by_its_size(tmp_path: Path) -> None:
    b = FakeSide({"0.0|layer 0": _off(10 * FACTOR * DENSE.size)})
    assert "beyond rounding" == _located(tmp_path, b, leaks=(DENSE,)).verdict


def test_nothing_below_the_floor_of_double_precision_is_asked_about(tmp_path: Path) -> None:
    assert "rounding" == _located(tmp_path, FakeSide({"0.1|value": _off(5e-13)})).verdict
    assert "beyond rounding" == _located(tmp_path, FakeSide({"0.1|value": _off(1e-11)})).verdict


def test_a_leak_accounts_for_nothing_before_it(tmp_path: Path) -> None:
    found = _located(tmp_path, FakeSide({"1|gradient 0/kernel": _off(1e-9)}), leaks=(ADAM,))
    assert found.unexplained is not None
    assert "Gradients grads" == found.unexplained.op


def test_leaks_count_in_double_precision_only(tmp_path: Path) -> None:
    large = attrs.evolve(DENSE, size=1e-4)
    b = FakeSide({"0.0|layer 0": _off(2e-4)})
    assert "leak" == _located(tmp_path, b, leaks=(large,)).verdict
    single = _located(tmp_path, b, precisions=("float32", "float64"), leaks=(large,))
    assert "beyond rounding" == single.verdict


def test_a_fault_behind_a_leak_is_found(tmp_path: Path) -> None:
    b = FakeSide({"0.0|layer 0": _off(8e-8), "1|gradient 0/kernel": _off(1e-4)})
    found = _located(tmp_path, b, leaks=(DENSE,))
    assert found.unexplained is not None
    assert "Gradients grads" == found.unexplained.op
    assert ["torch/Dense"] == [name for seen in found.explained for name in seen.leaks][:1]


def test_other_initial_weights_are_found_before_the_first_step(tmp_path: Path) -> None:
    found = _located(tmp_path, FakeSide(initial=np.linspace(0.5, 1.6, 50)))
    assert found.unexplained is not None
    assert ("setup of model", "0/kernel") == (found.unexplained.op, found.unexplained.tensor)
    assert 0 == found.steps


def test_a_missing_tensor_is_structure(tmp_path: Path) -> None:
    names = tuple(name for name in FakeSide().names if "layer" not in name)
    found = _located(tmp_path, FakeSide(names=names))
    assert found.unexplained is not None
    assert "layer 0 only in A" == found.unexplained.structure


def test_a_missing_op_is_structure_after_the_ops_before_it(tmp_path: Path) -> None:
    without = attrs.evolve(SCENARIO, step=(*STEP[:2], STEP[3]))
    found = _located(tmp_path, FakeSide(), other=without)
    assert found.unexplained is not None
    assert ("Apply optimizer to model", "only in A") == (
        found.unexplained.op,
        found.unexplained.structure,
    )
    early = FakeSide({"0.1|value": _off(1e-3)})
    found = _located(tmp_path, early, other=without)
    assert found.unexplained is not None
    assert "Loss loss" == found.unexplained.op


def test_only_side_a_trains_what_came_before(tmp_path: Path) -> None:
    a, b = FakeSide(), FakeSide()
    _located(tmp_path, b, a=a)
    assert (True, False) == (a.trained, b.trained)


def test_side_b_is_never_moved(tmp_path: Path) -> None:
    a, b = FakeSide(), FakeSide({"0.0|value": _off(1e-11)})
    _located(tmp_path, b, a=a)
    assert a.asked
    assert not b.asked
