from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from core.errors import DataError
from core.run.data.images import UInt8Array, sha256_of
from core.run.data.npz import load_npz
from tests.core.run.data.conftest import save

NOBODY = 65534


def refusal(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        load_npz(path)
    assert str(path) == caught.value.where
    return caught.value


@contextmanager
def without_privileges() -> Iterator[None]:
    """Act as a user who is bound by permissions, also when the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_arrays_are_loaded_as_they_are(npz: Path, layout: dict[str, UInt8Array]) -> None:
    data = load_npz(npz)

    assert data.name == "own.npz"
    assert sha256_of(layout.values()) == data.sha256
    assert np.array_equal(layout["x_test"], data.x_test)


def test_hash_does_not_depend_on_the_file(
    npz: Path, tmp_path: Path, layout: dict[str, UInt8Array]
) -> None:
    other = tmp_path / "other.npz"
    save(other, {"extra": layout["y_test"], **layout})

    assert npz.read_bytes() != other.read_bytes()
    assert load_npz(npz).sha256 == load_npz(other).sha256


def test_whole_labels_of_another_type_are_taken_as_uint8(
    npz: Path, layout: dict[str, UInt8Array]
) -> None:
    expected = load_npz(npz).sha256
    save(npz, {**layout, "y_train": layout["y_train"].astype(np.int64)})
    data = load_npz(npz)

    assert data.y_train.dtype == np.uint8
    assert expected == data.sha256


def test_missing_file_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path / "none.npz")

    assert error.what == "there is no such file"
    assert error.remedy == "check the path, or use --data digits"


def test_path_below_a_file_is_refused_as_missing(npz: Path) -> None:
    assert refusal(npz / "inside.npz").what == "there is no such file"


def test_directory_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path)

    assert error.what == "the path is a directory"
    assert error.remedy == "name the npz file inside it"


def test_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")

    assert refusal(tmp_path / "pipe.npz").what == "the path is not a regular file"


def test_overlong_path_is_refused(tmp_path: Path) -> None:
    assert "cannot be looked up (File name too long)" in refusal(tmp_path / ("x" * 300)).what


def test_file_and_folder_without_read_permission_are_refused() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "own.npz"
        path.write_bytes(b"PK")
        path.chmod(0)
        folder.chmod(0o755)
        with without_privileges():
            try:
                folder.stat()
            except PermissionError:
                pytest.skip("the folder for temporary files is closed to other users")
            closed_file = refusal(path)
        folder.chmod(0o600)
        with without_privileges():
            closed_folder = refusal(path)
        folder.chmod(0o700)

    assert closed_file.what == "the file cannot be read (Permission denied)"
    assert closed_file.remedy == "check its permissions"
    assert closed_folder.what == "the path cannot be looked up (Permission denied)"


def test_empty_file_is_refused(npz: Path) -> None:
    npz.write_bytes(b"")

    assert refusal(npz).what == "the file is empty (0 bytes)"


@pytest.mark.parametrize("content", [b"x", b"\x1f\x8b\x08\x00gzip", pickle.dumps({"x_train": 1})])
def test_file_of_another_format_is_refused(content: bytes, npz: Path) -> None:
    npz.write_bytes(content)
    error = refusal(npz)

    assert error.what == "the file is not an npz archive"
    assert "x_train (n, 28, 28)" in error.expected
    assert "numpy.savez_compressed" in error.remedy


def test_single_array_file_is_refused(npz: Path, layout: dict[str, UInt8Array]) -> None:
    with npz.open("wb") as stream:
        np.save(stream, layout["x_test"])

    assert refusal(npz).what == "the file is not an npz archive"


@pytest.mark.parametrize("length", [2, 1000, 5_000_000, -1])
def test_truncated_file_is_refused(length: int, npz: Path) -> None:
    npz.write_bytes(npz.read_bytes()[:length])
    error = refusal(npz)

    assert "truncated or damaged" in error.what or "not an npz archive" in error.what
    assert error.remedy


def test_file_cut_in_half_is_refused_as_truncated(npz: Path) -> None:
    content = npz.read_bytes()
    npz.write_bytes(content[: len(content) // 2])
    error = refusal(npz)

    assert error.what.startswith("the archive is truncated or damaged")
    assert error.remedy == "copy or download the file again"


def test_damage_inside_an_array_is_refused_by_its_name(npz: Path) -> None:
    content = bytearray(npz.read_bytes())
    content[1_000_000] ^= 1
    npz.write_bytes(content)
    error = refusal(npz)

    assert error.what.startswith("the array x_train cannot be read (Bad CRC-32")
    assert "copy or download the file again" in error.remedy


def test_missing_arrays_are_named(npz: Path, layout: dict[str, UInt8Array]) -> None:
    save(
        npz, {"x_train": layout["x_train"], "labels": layout["y_train"], "x_test": layout["x_test"]}
    )
    error = refusal(npz)

    assert error.what == "y_train, y_test missing; the file holds x_train, labels, x_test"


def test_archive_without_arrays_is_refused(npz: Path) -> None:
    save(npz, {})

    assert refusal(npz).what.endswith("missing; the file holds nothing")


def test_pickled_objects_are_refused_unopened(npz: Path, layout: dict[str, UInt8Array]) -> None:
    save(npz, {**layout, "y_test": np.array([{"label": 1}], dtype=object)})
    error = refusal(npz)

    assert error.what.startswith("the array y_test cannot be read (Object arrays cannot be loaded")
    assert error.expected == "complete arrays of plain numbers, without pickled objects"


@pytest.mark.parametrize("key", ["x_train", "x_test"])
def test_float_pixels_are_refused(key: str, npz: Path, layout: dict[str, UInt8Array]) -> None:
    save(npz, {**layout, key: layout[key].astype(np.float32) / 255})
    error = refusal(npz)

    assert error.what == f"{key} has the type float32"
    assert error.expected == "pixels of type uint8, 0 (black) to 255 (white)"
    assert "numpy.uint8" in error.remedy


@pytest.mark.parametrize("dtype", ["float64", "bool", "<U1"])
def test_labels_that_are_not_whole_numbers_are_refused(
    dtype: str, npz: Path, layout: dict[str, UInt8Array]
) -> None:
    save(npz, {**layout, "y_train": layout["y_train"].astype(dtype)})
    error = refusal(npz)

    assert error.what == f"y_train has the type {np.dtype(dtype)}"
    assert error.expected == "labels of type uint8"


@pytest.mark.parametrize("shape", [(50, 784), (50, 28, 28, 1), (39200,), (25, 56, 28)])
def test_images_of_another_shape_are_refused(
    shape: tuple[int, ...], npz: Path, layout: dict[str, UInt8Array]
) -> None:
    save(npz, {**layout, "x_test": layout["x_test"].reshape(shape)})
    error = refusal(npz)

    assert error.what == f"x_test has the shape {shape}"
    assert error.expected == "the shape (n, 28, 28)"


@pytest.mark.parametrize("array", [np.uint8(3), np.zeros((50, 10), np.uint8)])
def test_labels_of_another_shape_are_refused(
    array: npt.NDArray[np.uint8], npz: Path, layout: dict[str, UInt8Array]
) -> None:
    save(npz, {**layout, "y_test": array})
    error = refusal(npz)

    assert error.what == f"y_test has the shape {array.shape}"
    assert "numpy.argmax" in error.remedy


@pytest.mark.parametrize("split", ["train", "test"])
def test_images_and_labels_of_different_length_are_refused(
    split: str, npz: Path, layout: dict[str, UInt8Array]
) -> None:
    labels = layout[f"y_{split}"]
    save(npz, {**layout, f"y_{split}": labels[:-1]})
    error = refusal(npz)

    expected = f"x_{split} has {len(labels):,} images but y_{split} has {len(labels) - 1:,} labels"
    assert expected == error.what


@pytest.mark.parametrize(("label", "text"), [(10, "from 0 to 10"), (-1, "from -1 to 9")])
def test_labels_beyond_ten_classes_are_refused(
    label: int, text: str, npz: Path, layout: dict[str, UInt8Array]
) -> None:
    labels = layout["y_train"].astype(np.int16)
    labels[5] = label
    save(npz, {**layout, "y_train": labels})
    error = refusal(npz)

    assert error.what == f"y_train has labels {text}"
    assert error.expected == "labels from 0 to 9"


@pytest.mark.parametrize("key", ["x_train", "y_train", "x_test", "y_test"])
def test_empty_arrays_are_refused_as_no_data(
    key: str, npz: Path, layout: dict[str, UInt8Array]
) -> None:
    save(npz, {**layout, key: layout[key][:0]})
    error = refusal(npz)

    assert error.what.startswith(f"{key} has the shape (0,")
    assert error.what.endswith(": no data")


def test_too_few_training_images_are_refused_with_the_reason(
    npz: Path, layout: dict[str, UInt8Array]
) -> None:
    few = {key: layout[key][:10_000] for key in ("x_train", "y_train")}
    save(npz, {**layout, **few})
    error = refusal(npz)

    assert error.what == "x_train holds only 10,000 images"
    assert "at least 10,001 training images" in error.expected
    assert "reserve the last 10,000 for validation" in error.expected
