"""Which images to train on: the embedded digits, Keras's MNIST, or a user's npz."""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import os
import sys
from pathlib import Path

from core.errors import DataError, did_you_mean
from core.run.data import digits
from core.run.data.cache import load_or_generate
from core.run.data.images import ImageData, UInt8Array
from core.run.data.npz import load_npz

DIGITS = digits.NAME
MNIST = "mnist"

_ALTERNATIVES = "pass a path to an npz, or use --data digits"

_logger = logging.getLogger(__name__)


def load_data(source: str) -> ImageData:
    """Load a data set.

    Args:
        source: `digits` (embedded; generated once, then read from the user's cache), `mnist`
            (Keras's own cached file, else Keras's own download), or a path to an npz in Keras's
            MNIST layout. A word comes before a file of the same name: write `./mnist` for that.

    Raises:
        DataError: the source is none of these, or its data cannot be used.
    """
    if source == DIGITS:
        return _load_digits()
    if source == MNIST:
        return _load_mnist()
    path = _expand_user(source)
    looks_like_path = path.suffix == ".npz" or len(path.parts) > 1 or os.access(path, os.F_OK)
    if not source or not looks_like_path:
        raise DataError(
            f"unknown data set {source!r}",
            where="--data",
            expected="digits, mnist, or PATH.npz",
            remedy=did_you_mean(
                source, (DIGITS, MNIST), "use one of these; a path must lead to an existing file"
            ),
        )
    return load_npz(path)


@functools.cache
def _load_digits() -> ImageData:
    cached = load_or_generate(digits.NAME, digits.SHA256, digits.generate_digits)
    if cached.note is not None:
        _logger.info("%s", cached.note)
    return cached.data


def _load_mnist() -> ImageData:
    path = _keras_folder() / "datasets" / "mnist.npz"
    if not os.access(path, os.F_OK):
        return _download_mnist()
    try:
        return load_npz(path, name=MNIST)
    except DataError as error:
        raise DataError(
            error.what,
            where=error.where,
            expected=error.expected,
            remedy=f"delete this file, so that Keras downloads it again; {_ALTERNATIVES}",
        ) from error


def _download_mnist() -> ImageData:
    # Keras prints its progress on stdout, where the command line's answer belongs.
    try:
        with contextlib.redirect_stdout(sys.stderr):
            arrays: tuple[tuple[UInt8Array, UInt8Array], tuple[UInt8Array, UInt8Array]] = (
                importlib.import_module("keras").datasets.mnist.load_data()
            )
    except ImportError as error:
        raise DataError(
            f"Keras cannot be imported, so MNIST cannot be downloaded ({error})",
            where="--data mnist",
            expected="Keras and one of its backends, or the file it downloaded earlier",
            remedy=f"install Keras with a backend; {_ALTERNATIVES}",
        ) from error
    except Exception as error:
        # Keras raises a bare Exception when a download fails.
        raise DataError(
            f"Keras could not download MNIST ({error})",
            where="--data mnist",
            expected="a working connection, or the file Keras downloaded earlier",
            remedy=f"try again with a connection; {_ALTERNATIVES}",
        ) from error
    (x_train, y_train), (x_test, y_test) = arrays
    return ImageData.from_arrays(MNIST, x_train, y_train, x_test, y_test)


def _keras_folder() -> Path:
    chosen = os.environ.get("KERAS_HOME")
    return Path(chosen) if chosen else _expand_user("~/.keras")


def _expand_user(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # no home directory, or no such user
        return Path(text)
