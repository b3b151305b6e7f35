"""States on disk: bfloat16 and whole numbers, written whole and read strictly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import GoldenError
from core.run.backends.protocol import Array
from core.run.runner.states import read_state, write_state


def _kept(tmp_path: Path, **state: Array) -> dict[str, Array]:
    path = tmp_path / "guide" / "section" / "late.npz"
    write_state(path, state)
    return read_state(path)


def test_numbers_are_rounded_to_eight_bits_and_come_back_in_single_precision(
    tmp_path: Path,
) -> None:
    kernel = np.random.default_rng(3).normal(size=(7, 5))
    found = _kept(tmp_path, **{"model/0/kernel": kernel})["model/0/kernel"]
    assert ("float32", kernel.shape) == (found.dtype.name, found.shape)
    apart = np.abs(np.asarray(found, dtype=np.float64) - kernel)
    assert np.all(apart <= 2.0**-8 * np.abs(kernel))
    assert not np.any(found.view(np.uint32) & 0xFFFF)  # the upper half of a float32's bits


def test_a_rounded_state_is_kept_to_the_bit(tmp_path: Path) -> None:
    once = _kept(tmp_path, w=np.random.default_rng(4).normal(size=99))["w"]
    assert np.array_equal(once, _kept(tmp_path, w=once)["w"])


@pytest.mark.parametrize("moment", [1e-12, 1e-20, 1e-37, -3.0, 0.0])
def test_the_smallest_second_moments_survive(tmp_path: Path, moment: float) -> None:
    """In float16 the first three would be 0."""
    (found,) = _kept(tmp_path, velocity=np.array([moment]))["velocity"]
    assert pytest.approx(moment, rel=2.0**-8) == float(found)


@pytest.mark.parametrize("count", [0, 1563, 2**24 + 1, 2**53 - 1])
def test_counters_are_exact(tmp_path: Path, count: int) -> None:
    found = _kept(tmp_path, **{"optimizer/iteration": np.asarray(count)})["optimizer/iteration"]
    assert ("int64", (), count) == (found.dtype.name, found.shape, int(found))
    assert count == int(_kept(tmp_path, total=np.asarray(float(count)))["total"])


def test_the_same_state_is_the_same_file(tmp_path: Path) -> None:
    state = {"w": np.arange(9.0), "n": np.asarray(3)}
    paths = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for path in paths:
        write_state(path, state)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    "damage", ["missing", "empty", "text", "array", "truncated", "folder", "flipped"]
)
def test_a_damaged_file_is_one_error(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "late.npz"
    write_state(path, {"w": np.random.default_rng(5).normal(size=500), "n": np.asarray(3)})
    whole = path.read_bytes()
    path.unlink()
    match damage:
        case "folder":
            path.mkdir()
        case "empty":
            path.write_bytes(b"")
        case "array":
            with path.open("wb") as file:
                np.save(file, np.zeros(3))
        case "text":
            path.write_text("not an npz")
        case "truncated":
            path.write_bytes(whole[: len(whole) // 2])
        case "flipped":
            path.write_bytes(bytes(b ^ (60 <= i < 400) for i, b in enumerate(whole)))
    with pytest.raises(GoldenError, match=r"cannot be read") as refused:
        read_state(path)
    assert str(path) == refused.value.where
    assert "parity record" in refused.value.remedy
