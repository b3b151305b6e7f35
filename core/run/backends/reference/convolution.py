"""Convolutions over (batch, height, width, channels), one offset of the kernel at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@frozen
class Window:
    """Where a kernel lies over one axis of an image.

    Attributes:
        size: of the image.
        kernel: how many pixels the kernel covers.
        stride: pixels from one place to the next.
        places: how many places there are.
        before: padding before the first pixel.
    """

    size: int
    kernel: int
    stride: int
    places: int
    before: int

    @classmethod
    def over(cls, size: int, kernel: int, stride: int, padding: str) -> Window:
        """The places of an ordinary convolution; `same` pads less before than after."""
        if padding == "valid":
            return cls(size, kernel, stride, (size - kernel) // stride + 1, 0)
        places = -(-size // stride)
        padded = max((places - 1) * stride + kernel - size, 0)
        return cls(size, kernel, stride, places, padded // 2)

    @property
    def padded(self) -> int:
        """The size with padding, as far as the kernel reaches."""
        return (self.places - 1) * self.stride + self.kernel


Windows = tuple[Window, Window]


def image_of(places: int, kernel: int, stride: int, padding: str) -> int:
    """The size of the image that a transposed convolution makes."""
    return places * stride if padding == "same" else (places - 1) * stride + max(kernel, stride)


def pad(x: Numbers, windows: Windows) -> Numbers:
    """The image with zeros around it; pixels that no kernel reaches are left out."""
    height, width = windows
    padded = np.zeros((len(x), height.padded, width.padded, x.shape[3]))
    inside = _inside(padded, windows)
    inside[...] = x[:, : inside.shape[1], : inside.shape[2]]
    return padded


def unpad(padded: Numbers, windows: Windows) -> Numbers:
    """The transpose of `pad`."""
    x = np.zeros((len(padded), windows[0].size, windows[1].size, padded.shape[3]))
    inside = _inside(padded, windows)
    x[:, : inside.shape[1], : inside.shape[2]] = inside
    return x


def _inside(padded: Numbers, windows: Windows) -> Numbers:
    """The part of a padded image, as a view, that pixels of the image lie in."""
    top, left = (window.before for window in windows)
    height, width = (min(w.size, w.padded - w.before) for w in windows)
    return padded[:, top : top + height, left : left + width]


def _under(padded: Numbers, windows: Windows) -> Iterator[tuple[int, int, Numbers]]:
    """For each pixel of the kernel, the pixels under it at every place, as a view."""
    height, width = windows
    for i in range(height.kernel):
        rows = padded[:, i : i + (height.places - 1) * height.stride + 1 : height.stride]
        for j in range(width.kernel):
            yield i, j, rows[:, :, j : j + (width.places - 1) * width.stride + 1 : width.stride]


def down(x: Numbers, kernel: Numbers, windows: Windows) -> Numbers:
    """The convolution; kernel of shape (height, width, channels, filters)."""
    made = np.zeros((len(x), windows[0].places, windows[1].places, kernel.shape[3]))
    for i, j, pixels in _under(pad(x, windows), windows):
        made += pixels @ kernel[i, j]
    return made


def up(y: Numbers, kernel: Numbers, windows: Windows) -> Numbers:
    """The transpose of `down` in the image."""
    padded = np.zeros((len(y), windows[0].padded, windows[1].padded, kernel.shape[2]))
    for i, j, pixels in _under(padded, windows):
        pixels += y @ kernel[i, j].T
    return unpad(padded, windows)


def kernel_gradient(x: Numbers, slope: Numbers, kernel: Numbers, windows: Windows) -> Numbers:
    """The gradient of `sum(slope * down(x, kernel))` in the kernel."""
    made = np.empty_like(kernel)
    for i, j, pixels in _under(pad(x, windows), windows):
        made[i, j] = np.tensordot(pixels, slope, axes=((0, 1, 2), (0, 1, 2)))
    return made
