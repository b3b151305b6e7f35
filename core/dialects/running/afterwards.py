"""What a printed program leaves behind: its models' weights and its images, told in lines of JSON.

The sandbox executes this text as a cell of its own after the program, in the program's namespace
and process, where no package of ours can be imported.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

Weights = NDArray[np.float32]
_LONGEST = 8000  # characters of a line; the sandbox cuts longer ones than 10,000


class Weight(Protocol):
    """A variable of a layer."""

    name: str


class Layer(Protocol):
    """A layer of Keras."""

    weights: Iterable[Weight]


class Model(Protocol):
    """A model of Keras."""

    layers: Iterable[Layer]


def tell(models: Mapping[str, Model]) -> None:
    """Prints the digest of the weights, then each image in pieces, as name and pixels.

    Args:
        models: the section's models, by their name in the scenario.
    """
    print(json.dumps(["", digest(models)]))  # noqa: T201 - printing is how a document tells
    for path in sorted(Path.cwd().glob("*.png")):
        text = pixels(path)
        for start in range(0, len(text), _LONGEST):
            print(json.dumps([path.name, text[start : start + _LONGEST]]))  # noqa: T201


def digest(models: Mapping[str, Model]) -> str:
    """SHA-256 over the weights of models, as `core.run.runner.recording.digest` has it."""
    total = hashlib.sha256()
    for name, model in models.items():
        layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
        for position, layer in enumerate(layers):
            for weight in layer.weights:
                value = values(weight)
                # Keras 2 says `dense/kernel:0`.
                bare = weight.name.rpartition("/")[2].partition(":")[0]
                total.update(f"{name}/{position}/{bare}{value.shape}{value.dtype}".encode())
                total.update(np.ascontiguousarray(value).tobytes())
    return total.hexdigest()


def values(weight: Weight) -> Weights:
    """A weight as an array: Keras 2's are TensorFlow's own."""
    if os.environ.get("TF_USE_LEGACY_KERAS") == "1":
        return np.asarray(weight)
    found: Weights = import_module("keras").ops.convert_to_numpy(weight)
    return found


def pixels(path: Path) -> str:
    """The grey values of an image, as a trace holds them."""
    with Picture.open(path) as picture:
        grey = np.asarray(picture.convert("L"), dtype=np.uint8)
    return base64.b64encode(np.ascontiguousarray(grey).tobytes()).decode("ascii")
