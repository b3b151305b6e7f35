"""Images and labels in the layout of Keras's MNIST."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

UInt8Array: TypeAlias = npt.NDArray[np.uint8]


@frozen
class ImageData:
    """A labelled set of greyscale images, split into training and test images.

    The arrays are read-only: one data set is shared by every run in a process. Two data sets are
    equal when their name and hash are.

    Attributes:
        name: `digits`, `mnist`, or the file name of a user's npz.
        sha256: hash of the four arrays and their shapes, not of the file they came from.
        x_train: training pixels, shape (n, 28, 28), 0 (black) to 255 (white).
        y_train: training labels, shape (n,), 0 to 9.
        x_test: test pixels, shape (m, 28, 28).
        y_test: test labels, shape (m,).
    """

    name: str
    sha256: str
    x_train: UInt8Array = field(eq=False, repr=False)
    y_train: UInt8Array = field(eq=False, repr=False)
    x_test: UInt8Array = field(eq=False, repr=False)
    y_test: UInt8Array = field(eq=False, repr=False)

    @classmethod
    def from_arrays(
        cls,
        name: str,
        x_train: UInt8Array,
        y_train: UInt8Array,
        x_test: UInt8Array,
        y_test: UInt8Array,
    ) -> ImageData:
        """Name and hash four arrays (shapes as in the class), held as read-only views."""
        arrays = [_read_only(array) for array in (x_train, y_train, x_test, y_test)]
        return cls(name, sha256_of(arrays), *arrays)

    def npz(self) -> bytes:
        """The four arrays as a file in the layout of Keras's MNIST."""
        content = BytesIO()
        np.savez(
            content,
            x_train=self.x_train,
            y_train=self.y_train,
            x_test=self.x_test,
            y_test=self.y_test,
        )
        return content.getvalue()


def sha256_of(arrays: Iterable[UInt8Array]) -> str:
    """Hash arrays in order, each as the text of its shape followed by its bytes in C order.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(repr(tuple(int(size) for size in array.shape)).encode("ascii"))
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _read_only(array: UInt8Array) -> UInt8Array:
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view
