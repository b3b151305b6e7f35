"""Small greyscale glyphs drawn on a larger canvas, in whole numbers only.

Floating-point results may differ in the last bit between processors and NumPy builds, and
trigonometric functions do. So coordinates and grey values are fixed-point integers here, and the
same glyphs and maps give the same bytes everywhere.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import frozen

from core.run.data.images import UInt8Array

CANVAS = 28  # pixels: the side of a drawn image
ENLARGE = 4  # enlarged pixels per glyph pixel
MARGIN = 3  # empty glyph pixels around an enlarged glyph
ONE = 1 << 16  # a coordinate step of one enlarged pixel: 16 fractional bits
FULL_INK = 4095  # the brightest value of an enlarged glyph

_CHUNK = 2000  # images drawn at a time, to bound memory

IntArray: TypeAlias = npt.NDArray[np.int64]


@frozen(eq=False)
class AffineMaps:
    """One affine map, threshold and contrast per image, each an array of shape (n,).

    The enlarged glyph is read at (u, v) = (xx x + xy y + tx, yx x + yy y + ty), where (x, y) are
    pixels from the middle of the canvas and (u, v) enlarged pixels from the middle of the glyph,
    both with `ONE` for one.

    Attributes:
        source: index of the glyph that is drawn.
        xx: horizontal step in the glyph per horizontal step on the canvas.
        xy: horizontal step in the glyph per vertical step on the canvas.
        yx: vertical step in the glyph per horizontal step on the canvas.
        yy: vertical step in the glyph per vertical step on the canvas.
        tx: horizontal translation.
        ty: vertical translation.
        threshold: ink, out of `FULL_INK`, that still counts as black; larger is a thinner stroke.
        contrast: grey levels per 4096 units of ink above the threshold.
    """

    source: IntArray
    xx: IntArray
    xy: IntArray
    yx: IntArray
    yy: IntArray
    tx: IntArray
    ty: IntArray
    threshold: IntArray
    contrast: IntArray


def enlarge(glyphs: IntArray) -> IntArray:
    """Enlarge glyphs `ENLARGE` times by Catmull-Rom interpolation, with an empty margin.

    Args:
        glyphs: shape (n, s, s), values 0 to 16.

    Returns:
        Shape (n, t, t) with t = `ENLARGE` (s + 2 `MARGIN`), values 0 to `FULL_INK`.

    Source: E. Catmull and R. Rom, "A class of local interpolating splines" (1974), with the
    weights multiplied by 2 (2 `ENLARGE`)**3, so that they are whole.
    """
    padded = np.pad(glyphs, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    rows = _enlarge_last_axis(padded)
    both = _enlarge_last_axis(rows.transpose(0, 2, 1)).transpose(0, 2, 1)
    unit = (2 * (2 * ENLARGE) ** 3) ** 2
    return np.clip(both * (FULL_INK + 1) // (16 * unit), 0, FULL_INK)


def _enlarge_last_axis(images: IntArray) -> IntArray:
    size = images.shape[-1]
    padded = np.pad(images, ((0, 0), (0, 0), (2, 2)))
    out = np.zeros((*images.shape[:-1], size * ENLARGE), np.int64)
    n = 2 * ENLARGE
    for phase in range(ENLARGE):
        # The sample lies k/n of a pixel after pixel `first + 1` of the four it is made of.
        k = (2 * phase + 1 - ENLARGE) % n
        first = 1 - (2 * phase + 1 < ENLARGE)
        weights = (
            -(k**3) + 2 * n * k**2 - n**2 * k,
            3 * k**3 - 5 * n * k**2 + 2 * n**3,
            -3 * k**3 + 4 * n * k**2 + n**2 * k,
            k**3 - n * k**2,
        )
        for tap, weight in enumerate(weights):
            out[..., phase::ENLARGE] += weight * padded[..., first + tap : first + tap + size]
    return out


def draw(enlarged: IntArray, maps: AffineMaps) -> UInt8Array:
    """Draw one image per map: read the enlarged glyph bilinearly, then threshold and stretch.

    Args:
        enlarged: shape (g, t, t), values 0 to `FULL_INK`, as `enlarge` returns; its border is
            empty, and what lies beyond the border is read as the border.
        maps: n maps whose sources are below g.

    Returns:
        Shape (n, 28, 28), 0 (black) to 255 (white).
    """
    images = len(maps.source)
    out = np.empty((images, CANVAS, CANVAS), np.uint8)
    flat = enlarged.astype(np.int32).reshape(-1)
    for start in range(0, images, _CHUNK):
        stop = min(start + _CHUNK, images)
        out[start:stop] = _draw_chunk(flat, enlarged.shape[-1], maps, start, stop)
    return out


def _draw_chunk(
    flat: npt.NDArray[np.int32], side: int, maps: AffineMaps, start: int, stop: int
) -> UInt8Array:
    def column(values: IntArray) -> IntArray:
        return values[start:stop].reshape(-1, 1)

    halves = 2 * np.arange(CANVAS, dtype=np.int64) - (CANVAS - 1)  # from the middle, in half pixels
    x, y = np.tile(halves, CANVAS)[None], np.repeat(halves, CANVAS)[None]
    middle = (side - 1) * (ONE // 2)
    last = (side - 2) * ONE
    u = ((column(maps.xx) * x + column(maps.xy) * y) >> 1) + column(maps.tx) + middle
    v = ((column(maps.yx) * x + column(maps.yy) * y) >> 1) + column(maps.ty) + middle
    u = np.clip(u, 0, last).astype(np.int32)
    v = np.clip(v, 0, last).astype(np.int32)
    right, down = (u >> 8) & 255, (v >> 8) & 255  # fractions, 8 bits
    corner = (column(maps.source) * side * side).astype(np.int32) + (v >> 16) * side + (u >> 16)
    above = flat[corner] * (256 - right) + flat[corner + 1] * right
    below = flat[corner + side] * (256 - right) + flat[corner + side + 1] * right
    ink = (above * (256 - down) + below * down) >> 16
    gray = ((ink - column(maps.threshold)) * column(maps.contrast)) >> 12
    pixels: UInt8Array = np.clip(gray, 0, 255).astype(np.uint8)
    return pixels.reshape(-1, CANVAS, CANVAS)
