"""The embedded data set `digits`: real handwriting in MNIST's layout, without a download.

`handwriting.json` holds 1,797 handwritten digits of 8x8 pixels, those that scikit-learn bundles
(the test part of E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI
Machine Learning Repository, 1998; its licences lie beside it). They are drawn on MNIST's canvas by
small random affine maps. The size of the maps is tuned so that the guides' multi-layer perceptron
learns these images as it learns MNIST: about 0.82 and 0.89 training and validation accuracy after
one epoch, 0.91 and 0.92 after two.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.errors import DataError
from core.run.data.glyphs import AffineMaps, IntArray, draw, enlarge
from core.run.data.images import ImageData

NAME = "digits"
SHA256 = "aa4920b6f72bf7d6600c85780e1aa27564454ad6f0fe57d35098d031a73bb86a"
TRAIN_IMAGES = 60_000
TEST_IMAGES = 10_000

_HANDWRITING = Path(__file__).with_name("handwriting.json")
_TRAIN_KEY, _TEST_KEY = 1, 2  # Philox keys
_TEST_EVERY = 6  # every sixth handwriting of a class is kept for the test images
_STEP_X, _STEP_Y = 99_000, 103_000  # enlarged pixels per canvas pixel: 8 glyph pixels take about 21
# Largest deviations, in 1/1024: of the two scales, of rotation and shear, of a canvas pixel.
_SCALE, _ROTATION, _SHEAR, _SHIFT = 123, 123, 143, 1536
_THRESHOLD = (1400, 1900)
_CONTRAST = (450, 900)


def generate_digits() -> ImageData:
    """Generate the data set: 60,000 training and 10,000 test images from disjoint handwriting.

    Takes a few seconds. Every machine and NumPy version gives the same bytes: whole numbers
    throughout, and raw Philox words as the only randomness.

    Raises:
        DataError: the images are not the expected ones.
    """
    glyphs, labels = bundled_handwriting()
    enlarged = enlarge(glyphs)
    train_pool, test_pool = split_sources(labels)
    train = random_maps(_TRAIN_KEY, TRAIN_IMAGES, train_pool)
    test = random_maps(_TEST_KEY, TEST_IMAGES, test_pool)
    data = ImageData.from_arrays(
        NAME,
        draw(enlarged, train),
        labels[train.source].astype(np.uint8),
        draw(enlarged, test),
        labels[test.source].astype(np.uint8),
    )
    if data.sha256 != SHA256:
        raise DataError(
            f"the generated images have the hash {data.sha256}",
            where=f"data set {NAME!r}",
            expected=f"the hash {SHA256}, on every machine",
            remedy="reinstall Loop Parity and NumPy, whose files must have changed, "
            "or use --data mnist or --data PATH.npz",
        )
    return data


def bundled_handwriting() -> tuple[IntArray, IntArray]:
    """Read the handwriting that lies beside this module.

    Returns:
        Glyphs of shape (1797, 8, 8) with values 0 to 16, and labels of shape (1797,).
    """
    lines: list[str] = json.loads(_HANDWRITING.read_text(encoding="utf-8"))["glyphs"]
    labels = [int(line[0]) for line in lines]
    pixels = [int(pixel, 17) for line in lines for pixel in line[1:].replace(" ", "")]
    return np.array(pixels, dtype=np.int64).reshape(-1, 8, 8), np.array(labels, dtype=np.int64)


def split_sources(labels: IntArray) -> tuple[IntArray, IntArray]:
    """Split handwriting into training and test sources, stratified by label.

    Every sixth source of each class goes to the test sources, in the order of `labels`.

    Args:
        labels: shape (n,).

    Returns:
        Indices of the training sources and of the test sources, ascending, disjoint.
    """
    is_test = np.zeros(len(labels), np.bool_)
    for label in np.unique(labels):
        is_test[np.flatnonzero(labels == label)[_TEST_EVERY - 1 :: _TEST_EVERY]] = True
    return np.flatnonzero(~is_test).astype(np.int64), np.flatnonzero(is_test).astype(np.int64)


def random_maps(key: int, images: int, pool: IntArray) -> AffineMaps:
    """Draw a source and an affine map for each image.

    A rotation is written as two opposite shears, which needs no trigonometry.

    Args:
        key: the Philox key; the same key gives the same maps.
        images: the number of maps, n.
        pool: the sources to choose from, all equally likely.

    Returns:
        Maps whose arrays have the shape (n,).
    """
    words = np.random.Philox(key=key).random_raw((9, images))
    rotation = _between(words[1], -_ROTATION, _ROTATION)
    shear = rotation + _between(words[2], -_SHEAR, _SHEAR)
    xx = _STEP_X * (1024 + _between(words[3], -_SCALE, _SCALE)) >> 10
    yy = _STEP_Y * (1024 + _between(words[4], -_SCALE, _SCALE)) >> 10
    return AffineMaps(
        source=pool[_between(words[0], 0, len(pool) - 1)],
        xx=xx,
        xy=xx * shear >> 10,
        yx=-yy * rotation >> 10,
        yy=yy,
        tx=_STEP_X * _between(words[5], -_SHIFT, _SHIFT) >> 10,
        ty=_STEP_Y * _between(words[6], -_SHIFT, _SHIFT) >> 10,
        threshold=_between(words[7], *_THRESHOLD),
        contrast=_between(words[8], *_CONTRAST),
    )


def _between(words: npt.NDArray[np.uint64], low: int, high: int) -> IntArray:
    """Turn 64-bit words into whole numbers from `low` to `high`, both included.

    The upper 32 bits times the number of values, shifted back: D. Lemire, "Fast random integer
    generation in an interval" (2019), without its rejection step, whose bias is below 2**-20 here.
    """
    values = np.uint64(high - low + 1)
    return ((words >> np.uint64(32)) * values >> np.uint64(32)).astype(np.int64) + low
