"""What was measured of the seeded defects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

FILE = Path(__file__).parent / "measured.json"
WINDOW = 25
"""Training steps that one point of a curve is the mean of."""


@frozen
class Measured:
    """One run.

    Attributes:
        first: the loss of the first step.
        losses: means of windows.
        metrics: one number per epoch for each reading.
    """

    first: float
    losses: tuple[float, ...]
    metrics: Mapping[str, tuple[float, ...]]


@frozen
class Measurements:
    """All runs, and how they were made."""

    command: str
    section: str
    steps_per_epoch: int
    training_images: int
    curves: Mapping[str, Measured]


def read() -> Measurements:
    """The measurements that the repository holds."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    return Measurements(
        document["command"],
        document["section"],
        document["steps_per_epoch"],
        document["training_images"],
        {
            name: Measured(
                one["first"],
                tuple(float(value) for value in one["losses"]),
                {metric: tuple(values) for metric, values in one["metrics"].items()},
            )
            for name, one in document["curves"].items()
        },
    )
