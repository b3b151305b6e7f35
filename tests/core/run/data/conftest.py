from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from core.run.data.digits import generate_digits
from core.run.data.images import ImageData, UInt8Array


def save(path: Path, arrays: Mapping[str, npt.NDArray[np.uint8 | np.int16 | np.float64]]) -> None:
    """Write arrays as `numpy.savez` does."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
                np.lib.format.write_array(stream, np.asarray(array))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PARITY_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def digits() -> ImageData:
    """The embedded data set, generated once."""
    return generate_digits()


@pytest.fixture
def layout(digits: ImageData) -> dict[str, UInt8Array]:
    """The smallest arrays that a user's npz may hold: 10,001 training images."""
    return {
        "x_train": digits.x_train[:10_001],
        "y_train": digits.y_train[:10_001],
        "x_test": digits.x_test[:50],
        "y_test": digits.y_test[:50],
    }


@pytest.fixture
def npz(tmp_path: Path, layout: dict[str, UInt8Array]) -> Path:
    """A user's npz file that breaks no rule."""
    path = tmp_path / "own.npz"
    save(path, layout)
    return path
