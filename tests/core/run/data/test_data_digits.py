from __future__ import annotations

import numpy as np
import pytest
from attrs import astuple

from core.errors import DataError
from core.run.data import digits as module
from core.run.data.digits import (
    SHA256,
    bundled_handwriting,
    generate_digits,
    random_maps,
    split_sources,
)
from core.run.data.glyphs import AffineMaps, draw, enlarge
from core.run.data.images import ImageData, sha256_of


@pytest.fixture(scope="module")
def drawn() -> tuple[AffineMaps, AffineMaps]:
    """The maps of the training and of the test images."""
    train_pool, test_pool = split_sources(bundled_handwriting()[1])
    return random_maps(1, 60_000, train_pool), random_maps(2, 10_000, test_pool)


def test_data_set_has_the_asserted_hash(digits: ImageData) -> None:
    arrays = [digits.x_train, digits.y_train, digits.x_test, digits.y_test]

    assert SHA256 == sha256_of(arrays) == digits.sha256


def test_layout_is_that_of_mnist(digits: ImageData) -> None:
    assert digits.name == "digits"
    assert digits.x_train.shape == (60_000, 28, 28)
    assert digits.y_train.shape == (60_000,)
    assert digits.x_test.shape == (10_000, 28, 28)
    assert digits.y_test.shape == (10_000,)
    assert {array.dtype for array in (digits.x_train, digits.y_train)} == {np.dtype(np.uint8)}
    assert {array.dtype for array in (digits.x_test, digits.y_test)} == {np.dtype(np.uint8)}


def test_pixels_are_white_strokes_of_twenty_pixels_in_the_middle_of_black(
    digits: ImageData,
) -> None:
    x = digits.x_train
    rows, columns = x.max(axis=2) > 127, x.max(axis=1) > 127
    heights = 28 - rows.argmax(axis=1) - rows[:, ::-1].argmax(axis=1)
    mass = x.mean(axis=0)
    middle = (mass.sum(axis=0) @ np.arange(28)) / mass.sum()

    assert x.max() == 255
    assert 30 < x.mean() < 50  # MNIST: 33
    assert 17 < heights.mean() < 22  # MNIST: 20
    assert np.median(columns.sum(axis=1)) < np.median(heights)
    assert abs(middle - 13.5) < 1
    assert mass[[0, -1]].max() < 1


def test_labels_are_balanced_within_a_tenth_and_shuffled(digits: ImageData) -> None:
    for labels in (digits.y_train, digits.y_test):
        counts = np.bincount(labels, minlength=10)
        assert len(counts) == 10
        assert np.all(np.abs(counts - len(labels) / 10) < len(labels) / 100)
        repeats = float(np.mean(labels[1:] == labels[:-1]))
        assert abs(repeats - 0.1) < 0.02


def test_labels_belong_to_their_images(digits: ImageData) -> None:
    x = digits.x_train[:5000].reshape(-1, 784).astype(np.float64)
    y = digits.y_train[:5000]
    means = np.stack([x[y == label].mean(axis=0) for label in range(10)])
    test = digits.x_test[:2000].reshape(-1, 784).astype(np.float64)
    nearest = ((test[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)

    assert float(np.mean(nearest == digits.y_test[:2000])) > 0.6


def test_sources_are_split_into_disjoint_and_exhaustive_parts_of_every_class() -> None:
    _, labels = bundled_handwriting()
    train, test = split_sources(labels)

    assert np.array_equal(np.arange(1797), np.sort(np.concatenate([train, test])))
    assert np.array_equal(np.bincount(labels) // 6, np.bincount(labels[test]))


def test_no_handwriting_is_in_both_training_and_test_sources() -> None:
    glyphs, labels = bundled_handwriting()
    train, test = ({glyphs[i].tobytes() for i in part} for part in split_sources(labels))

    assert len(train) + len(test) > 1700
    assert not train & test


def test_training_and_test_images_are_drawn_from_disjoint_sources(
    digits: ImageData, drawn: tuple[AffineMaps, AffineMaps]
) -> None:
    glyphs, _ = bundled_handwriting()
    enlarged = enlarge(glyphs)
    train, test = drawn

    for images, maps in ((digits.x_train, train), (digits.x_test, test)):
        first = AffineMaps(*(values[:2000] for values in astuple(maps)))
        assert np.array_equal(images[:2000], draw(enlarged, first))
    assert not set(train.source.tolist()) & set(test.source.tolist())


def test_every_source_is_used(drawn: tuple[AffineMaps, AffineMaps]) -> None:
    train, test = drawn

    assert len(np.unique(train.source)) + len(np.unique(test.source)) == 1797


def test_same_key_gives_the_same_maps_and_another_key_others() -> None:
    pool = np.arange(5, dtype=np.int64)
    one, same, other = (random_maps(key, 100, pool) for key in (7, 7, 8))

    assert np.array_equal(one.xx, same.xx)
    assert not np.array_equal(one.xx, other.xx)


def test_other_images_than_expected_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRAIN_IMAGES", 100)
    monkeypatch.setattr(module, "TEST_IMAGES", 100)

    with pytest.raises(DataError) as caught:
        generate_digits()

    assert "the generated images have the hash" in caught.value.what
    assert SHA256 in caught.value.expected
    assert "reinstall Loop Parity and NumPy" in caught.value.remedy
