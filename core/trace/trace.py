"""The trace of one run: plain values, comparable, storable.

A trace is where the two roads meet: the declared one (scenario, runner) and the published one
(document, cells). Everything after it is pure.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from attrs import field, frozen


@frozen
class LayerRow:
    """One row of a model summary.

    `output_shape` has `None` for the batch dimension; `params` counts scalars.
    """

    name: str
    kind: str
    output_shape: tuple[int | None, ...]
    params: int


@frozen
class ModelSummary:
    """A model's layers and parameter counts, as `model.summary()` prints them."""

    name: str
    total_params: int
    trainable_params: int
    layers: tuple[LayerRow, ...]


@frozen
class LogLine:
    """A line the guide's code would print; `timed` marks lines that hold a wall-clock time."""

    text: str
    timed: bool = False


@frozen
class Image:
    """A sample image a run saved: greyscale, 8 bits a pixel.

    `pixels` is base64 text over `height · width` bytes, row by row; `epoch` and `step` count
    from 0.

    Raises:
        ValueError: an image without pixels, or `pixels` that hold another number of bytes.
    """

    name: str
    epoch: int
    step: int
    height: int
    width: int
    pixels: str

    def __attrs_post_init__(self) -> None:
        """Check that the pixels fill the image."""
        try:
            held = len(base64.b64decode(self.pixels, validate=True))
        except binascii.Error as error:
            raise ValueError(f"image {self.name!r}: pixels are no base64 text") from error
        if min(self.height, self.width) < 1 or held != self.height * self.width:
            raise ValueError(
                f"image {self.name!r}: {held} bytes of pixels for "
                f"{self.height} rows of {self.width}"
            )


@frozen
class WeightNorm:
    """The Euclidean norm of one weight array at the end of a run."""

    name: str
    shape: tuple[int, ...]
    norm: float


@frozen
class Replay:
    """How a section declared in one execution mode was replayed in another.

    `max_relative` is the largest relative difference between the losses of the first
    `checked_steps` steps in both modes; zero means bit-identical.
    """

    declared: str
    used: str
    checked_steps: int
    max_relative: float


@frozen
class Trace:
    """Everything one run of one scenario did.

    Attributes:
        scenario: `guide/section`.
        backend: `tensorflow`, `jax` or `torch`.
        randomness: `native` or `controlled`.
        execution: `eager`, `graph` or `fused`, as it ran.
        precision: `float32` or `float64`.
        seed: the one seed of the run.
        data_name: `digits`, `mnist` or the path's file name.
        data_sha256: hash of the image and label arrays, not of the file.
        sequence: the scenarios that ran in this process up to and including this one.
        models: summaries of the models this scenario trains, in the order they were built.
        losses: one number per training step for each loss, all epochs in order.
        metrics: one number per epoch for each metric reading.
        steps_per_epoch: training steps taken in each epoch.
        log: the lines the guide's code would print.
        warnings: Python warnings raised while running, without repeats.
        images: the sample images the guide's code would save.
        seconds: wall-clock seconds of the run, set-up of the section included.
        initial_weights: SHA-256 over the weights of `models` before the first step.
        final_weights: a norm for each weight array after the last step.
        final_digest: SHA-256 over the same arrays; equal only where runs are bit-identical.
        replay: set when the declared execution was replayed in another mode.
        environment: versions of Python, Keras and the backend, platform and processor.
    """

    scenario: str
    backend: str
    randomness: str
    execution: str
    precision: str
    seed: int
    data_name: str
    data_sha256: str
    sequence: tuple[str, ...]
    models: tuple[ModelSummary, ...]
    losses: Mapping[str, tuple[float, ...]]
    metrics: Mapping[str, tuple[float, ...]]
    steps_per_epoch: int
    log: tuple[LogLine, ...]
    warnings: tuple[str, ...]
    images: tuple[Image, ...]
    seconds: float
    initial_weights: str
    final_weights: tuple[WeightNorm, ...]
    final_digest: str
    replay: Replay | None = None
    environment: Mapping[str, str] = field(factory=dict)

    @property
    def steps(self) -> int:
        """Training steps taken, over all epochs."""
        return max((len(values) for values in self.losses.values()), default=0)
