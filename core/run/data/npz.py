"""A user's own images: an npz file in the layout of Keras's MNIST."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

from core.errors import DataError
from core.run.data.images import ImageData
from core.storage import os_errors_as

NumberArray: TypeAlias = npt.NDArray[np.uint8 | np.int64 | np.float64]

KEYS = ("x_train", "y_train", "x_test", "y_test")
RESERVED = 10_000  # the guides keep the last 10,000 training images for validation

_LAYOUT = "an npz of uint8 x_train (n, 28, 28), y_train (n,), x_test (m, 28, 28), y_test (m,)"
UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    MemoryError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What NumPy raises of an npz that is damaged."""


def load_npz(path: Path, *, name: str | None = None) -> ImageData:
    """Load images from an npz file in the layout of Keras's MNIST.

    Args:
        path: the file; it needs x_train and x_test of shape (n, 28, 28) and type uint8, y_train
            and y_test of shape (n,) with whole labels 0 to 9, and at least 10,001 training images.
        name: the name of the data set; the file's name by default.

    Raises:
        DataError: the file is missing, unreadable, not an npz, damaged, holds pickled objects, or
            its arrays break the layout.
    """
    _require_regular_file(path)
    with (
        os_errors_as(
            DataError,
            "the file cannot be read",
            where=path,
            expected="a file you may read",
            remedy="check its permissions",
        ),
        path.open("rb") as stream,
    ):
        arrays = _read_arrays(stream, path)
    for split in ("train", "test"):
        _check_images(path, f"x_{split}", arrays[f"x_{split}"])
        _check_labels(path, f"y_{split}", arrays[f"y_{split}"])
        _check_lengths(path, split, len(arrays[f"x_{split}"]), len(arrays[f"y_{split}"]))
    if len(arrays["x_train"]) <= RESERVED:
        _refuse(
            path,
            f"x_train holds only {len(arrays['x_train']):,} images",
            f"at least {RESERVED + 1:,} training images, because the guides reserve the last "
            f"{RESERVED:,} for validation",
            "add training images, or use --data digits",
        )
    return ImageData.from_arrays(
        path.name if name is None else name,
        *(arrays[key].astype(np.uint8, copy=False) for key in KEYS),
    )


def _require_regular_file(path: Path) -> None:
    with os_errors_as(
        DataError,
        "the path cannot be looked up",
        where=path,
        expected="a file you may read",
        remedy="check the path and the permissions of its folders",
    ):
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            _refuse(path, "there is no such file", _LAYOUT, "check the path, or use --data digits")
    if stat.S_ISDIR(mode):
        _refuse(path, "the path is a directory", _LAYOUT, "name the npz file inside it")
    if not stat.S_ISREG(mode):
        _refuse(path, "the path is not a regular file", _LAYOUT, "save the data to a file first")


def _read_arrays(stream: IO[bytes], path: Path) -> dict[str, NumberArray]:
    """Read the four arrays; their types are checked by the caller."""
    magic = stream.read(4)
    stream.seek(0)
    save = "save the arrays with numpy.savez_compressed"
    again = "copy or download the file again"
    if not magic:
        _refuse(path, "the file is empty (0 bytes)", _LAYOUT, again)
    if magic[:2] != b"PK":
        _refuse(path, "the file is not an npz archive", _LAYOUT, save)
    try:
        archive = np.load(stream, allow_pickle=False)
    except UNREADABLE as error:
        _refuse(path, f"the archive is truncated or damaged ({error})", "a complete npz", again)
    if not isinstance(archive, NpzFile):
        _refuse(path, "the file is not an npz archive", _LAYOUT, save)
    missing = [key for key in KEYS if key not in archive.files]
    if missing:
        found = ", ".join(archive.files) or "nothing"
        _refuse(path, f"{', '.join(missing)} missing; the file holds {found}", _LAYOUT, save)
    arrays: dict[str, NumberArray] = {}
    for key in KEYS:
        try:
            value: object = archive[key]
        except UNREADABLE as error:
            _refuse(
                path,
                f"the array {key} cannot be read ({error})",
                "complete arrays of plain numbers, without pickled objects",
                f"{again}, or {save}",
            )
        if not isinstance(value, np.ndarray):
            _refuse(path, f"{key} is not an array", _LAYOUT, save)
        arrays[key] = value
    return arrays


def _check_images(path: Path, key: str, images: NumberArray) -> None:
    _check_not_empty(path, key, images)
    if images.dtype != np.uint8:
        _refuse(
            path,
            f"{key} has the type {images.dtype}",
            "pixels of type uint8, 0 (black) to 255 (white)",
            f"convert {key} to that range and save it as numpy.uint8",
        )
    if images.shape[1:] != (28, 28):
        _refuse(
            path,
            f"{key} has the shape {images.shape}",
            "the shape (n, 28, 28)",
            f"reshape {key}, one channel and no axis for it",
        )


def _check_labels(path: Path, key: str, labels: NumberArray) -> None:
    _check_not_empty(path, key, labels)
    if labels.dtype.kind not in "iu":
        _refuse(
            path,
            f"{key} has the type {labels.dtype}",
            "labels of type uint8",
            f"save {key} as numpy.uint8",
        )
    if labels.ndim != 1:
        _refuse(
            path,
            f"{key} has the shape {labels.shape}",
            "the shape (n,), one label per image",
            f"flatten {key}; turn one-hot rows into labels with numpy.argmax",
        )
    lowest, highest = int(labels.min()), int(labels.max())
    if lowest < 0 or highest > 9:
        _refuse(
            path,
            f"{key} has labels from {lowest} to {highest}",
            "labels from 0 to 9",
            "keep ten classes and number them from 0",
        )


def _check_not_empty(path: Path, key: str, array: NumberArray) -> None:
    if array.size == 0:
        _refuse(
            path,
            f"{key} has the shape {array.shape}: no data",
            _LAYOUT,
            f"save {key} with at least one image",
        )


def _check_lengths(path: Path, split: str, images: int, labels: int) -> None:
    if images != labels:
        _refuse(
            path,
            f"x_{split} has {images:,} images but y_{split} has {labels:,} labels",
            "one label per image",
            "save images and labels of the same length",
        )


def _refuse(path: Path, what: str, expected: str, remedy: str) -> NoReturn:
    raise DataError(what, where=str(path), expected=expected, remedy=remedy)
