"""Prints, as JSON, what a backend's loss makes of sigmoid outputs that it is told are logits.

Run as a program: `python loss_readings.py BACKEND`. It builds, through the backend protocol, a
dense layer with a sigmoid, with the sigmoid behind a reshape, and without one, over one input.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from core.run.backends.registry import open_backend
from core.spec import layers
from core.spec.parts import BinaryCrossentropy, ModelSpec

KERNEL = np.array([[0.5], [-1.25], [2.0]], np.float32)
X = np.array([[1.0, 0.5, -0.25], [0.25, 1.0, 1.5], [-2.0, 0.75, 0.5]], np.float32)
TARGET = np.array([[1.0], [0.0], [1.0]], np.float32)
MODELS: dict[str, tuple[layers.Layer, ...]] = {
    "sigmoid": (layers.Dense(1, activation="sigmoid", use_bias=False),),
    "sigmoid, reshaped": (
        layers.Dense(1, activation="sigmoid", use_bias=False),
        layers.Reshape((1,)),
    ),
    "logits": (layers.Dense(1, use_bias=False),),
}


def main() -> None:
    """Computes the three losses."""
    backend = open_backend(sys.argv[1], "float32")
    backend.seed(1)
    loss = backend.make_loss(BinaryCrossentropy(from_logits=True))
    found: dict[str, float] = {}
    for name, stack in MODELS.items():
        model = backend.build_model(name, ModelSpec(layers.Input((3,)), stack), masks_fed=False)
        state = backend.set_weights(model, {(0, "kernel"): KERNEL}, None)
        outputs, state = backend.call(model, backend.put(X), False, (), state)
        found[name] = float(backend.get(backend.loss(loss, backend.put(TARGET), outputs)))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
