"""What a loop prints and saves: log lines from templates, sample images from tensors."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.run.backends.protocol import Array
from core.spec import ops
from core.trace import Image, LogLine


def lines(op: ops.Log, numbers: Mapping[str, float]) -> list[LogLine]:
    """The lines a Log op prints."""
    text = op.template.format_map(numbers)
    return [LogLine(part, timed=op.timed) for part in text.split("\n")]


def _encoded(name: str, epoch: int, step: int, pixels: NDArray[np.uint8]) -> Image:
    height, width = pixels.shape
    text = base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode("ascii")
    return Image(name=name, epoch=epoch, step=step, height=height, width=width, pixels=text)


def decoded(image: Image) -> NDArray[np.uint8]:
    """The pixels of a trace's image, shape (height, width)."""
    raw = base64.b64decode(image.pixels)
    return np.frombuffer(raw, dtype=np.uint8).reshape(image.height, image.width)


def first_image(
    op: ops.SaveImage, images: Array, numbers: Mapping[str, float], epoch: int, step: int
) -> Image:
    """The first image of a batch of shape (n, height, width, 1).

    `keras.utils.array_to_img(…, scale=False)` cuts to whole grey levels towards zero; so do we.
    """
    values = np.asarray(images[0, :, :, 0], dtype=np.float64) * op.scale + op.offset
    pixels = np.clip(np.trunc(values), 0, 255).astype(np.uint8)
    return _encoded(op.file.format_map(numbers), epoch, step, pixels)


def sheet(
    op: ops.Sheet, images: Array, numbers: Mapping[str, float], epoch: int, step: int
) -> Image:
    """A sheet of the first images, each stretched from its own darkest to brightest value."""
    chosen = np.asarray(images[: op.rows * op.columns, :, :, 0], dtype=np.float64)
    low = chosen.min(axis=(1, 2), keepdims=True)
    span = np.maximum(chosen.max(axis=(1, 2), keepdims=True) - low, 1e-12)
    pixels = np.rint((chosen - low) / span * 255.0).astype(np.uint8)
    _, height, width = pixels.shape
    grid = pixels.reshape(op.rows, op.columns, height, width).swapaxes(1, 2)
    whole = grid.reshape(op.rows * height, op.columns * width)
    return _encoded(op.file.format_map(numbers), epoch, step, whole)
