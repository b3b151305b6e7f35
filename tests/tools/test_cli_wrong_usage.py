"""Wrong usage is one clear error and exit code 2; nothing is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.tools.parity import parity

IMAGES = np.zeros((20, 28, 28), np.uint8)
LABELS = np.zeros(20, np.uint8)
CASES: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown scenario": (("run", "keras_io_tf/gam"), "did you mean keras_io_tf/gan"),
    "section of no guide": (("run", "nowhere/metrics"), "keras_io_tf/metrics"),
    "unknown backend": (("check", "--backend", "cuda"), "tensorflow, jax, torch or all"),
    "no such data": (("run", "keras_io_tf/gan", "--data", "nowhere.npz"), "no such file"),
    "eager draws": (
        ("run", "keras_io_tf/gan", "--execution", "eager"),
        "--randomness controlled",
    ),
    "no steps": (("run", "keras_io_tf/gan", "--steps", "0"), "--steps"),
    "no such folder": (("list", "--scenarios", "nowhere"), "no such folder"),
    "record without a reason": (("record", "keras_io_tf/gan"), "--reason"),
    "record nothing": (("record",), "--new"),
    "unknown verb": (("train",), "No such command"),
    "unknown option": (("check", "--fast"), "No such option"),
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_usage_is_one_error_with_a_remedy(case: str, tmp_path: Path) -> None:
    arguments, words = CASES[case]
    called = parity(*arguments, cwd=tmp_path)
    assert (2, "") == (called.code, called.out)
    assert words in called.err
    assert "Traceback" not in called.err
    assert [] == list(tmp_path.iterdir())


def test_data_without_images_is_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "empty.npz"
    np.savez(path, x_train=IMAGES[:0], y_train=LABELS[:0], x_test=IMAGES, y_test=LABELS)
    called = parity("check", "keras_io_tf/gan", "--data", path)
    assert 2 == called.code
    assert "error: " in called.err
    assert "remedy: " in called.err


def test_truncated_data_is_wrong_usage(tmp_path: Path, small_npz: Path) -> None:
    path = tmp_path / "cut.npz"
    path.write_bytes(small_npz.read_bytes()[:100_000])
    called = parity("run", "keras_io_tf/gan", "--data", path)
    assert (2, "") == (called.code, called.out)
    assert "cut.npz" in called.err


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    called = parity("run", "keras_io_tf/gan", "--out", file / "below")
    assert (2, "") == (called.code, called.out)
    assert "--out" in called.err
