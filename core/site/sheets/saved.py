"""Sample images that a guide's own code saves, as its goldens hold them."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping

from attrs import field, frozen
from PIL import Image as Picture

from core.trace import Image, Trace

SHOWN = 112  # pixels across on the page


@frozen
class Saved:
    """One image on one backend.

    Attributes:
        file: its name below the site's folder of images.
        backend: where it was drawn.
        step: training steps taken until then, from 1.
        width: pixels across, as a page shows it.
        height: pixels down.
        png: the file's content.
    """

    file: str
    backend: str
    step: int
    width: int
    height: int
    png: bytes = field(repr=False)


def saved(slug: str, traces: Mapping[str, Trace]) -> Iterator[Saved]:
    """Every image of a section's traces, step by step, backend by backend.

    Args:
        slug: the section's word in file names.
        traces: its traces by backend.
    """
    images = [(image, backend) for backend, trace in traces.items() for image in trace.images]
    per_epoch = {backend: trace.steps_per_epoch for backend, trace in traces.items()}
    for image, backend in sorted(images, key=lambda pair: (pair[0].epoch, pair[0].step)):
        step = image.epoch * per_epoch[backend] + image.step + 1
        yield Saved(
            file=f"{slug}-{backend}-{step}.png",
            backend=backend,
            step=step,
            width=SHOWN,
            height=SHOWN * image.height // image.width,
            png=_png(image),
        )


def _png(image: Image) -> bytes:
    """The pixels as a PNG."""
    pixels = base64.b64decode(image.pixels)
    picture = Picture.frombytes("L", (image.width, image.height), pixels)
    content = io.BytesIO()
    picture.save(content, format="PNG", optimize=True)
    return content.getvalue()
