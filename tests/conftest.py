"""Fixtures that many tests share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from core.run.data import ImageData, load_data

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"
SMALL_TRAIN = 13_210  # 10,000 for validation, then 100 batches of 32 and a last one of 10
SMALL_TEST = 500

# Two busy cores make any example slow at times: no deadline, and the same examples on every run.
settings.register_profile(
    "repository",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repository")


@pytest.fixture(scope="session")
def digits() -> ImageData:
    """The embedded data set."""
    return load_data("digits")


@pytest.fixture(scope="session")
def small_npz(digits: ImageData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of real handwriting small enough for whole epochs in tests."""
    path = tmp_path_factory.mktemp("data") / "small.npz"
    np.savez(
        path,
        x_train=digits.x_train[:SMALL_TRAIN],
        y_train=digits.y_train[:SMALL_TRAIN],
        x_test=digits.x_test[:SMALL_TEST],
        y_test=digits.y_test[:SMALL_TEST],
    )
    return path


def published(name: str) -> Path:
    """A published guide, where it lies beside the repository; else the test is skipped."""
    path = SHARED / "guides" / name
    if not path.exists():
        pytest.skip(
            f"the published guide {name} is not here; put it at shared/guides/{name} beside the "
            "repository"
        )
    return path
