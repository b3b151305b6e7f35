"""Wrong usage is one clear error and exit code 2; nothing is written."""

from __future__ import annotations

import re
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
    "record without anything": (("record",), "neither ID… nor --new is given"),
    "record ids and what is new": (("record", "keras_io_tf/gan", "--new"), "--new with"),
    "upgrade from nothing": (("upgrade", "--candidate", "keras"), "--baseline is missing"),
    "upgrade to nothing": (("upgrade", "--baseline", "keras"), "--candidate is missing"),
    "upgrade nothing": (("upgrade",), "--baseline and --candidate are missing"),
    "unknown verb": (("train",), "no such verb 'train'"),
    "mistyped verb": (("chekc",), "did you mean check?"),
    "unknown option": (("check", "--turbo"), "no such option '--turbo'"),
    "mistyped option": (("check", "--sed", "1"), "did you mean --seed?"),
    "mistyped section": (("run", "keras_io_tf/metrcs"), "did you mean keras_io_tf/metrics"),
    "mistyped guide": (("check", "kears_io_tf"), "did you mean keras_io_tf"),
    "mistyped backend": (("check", "--backend", "tensorflw"), "did you mean tensorflow?"),
    "mistyped framework": (("upgrade", "--backend", "trch"), "did you mean torch?"),
    "mistyped dialect": (("show", "keras_io_tf/gan@pytroch"), "did you mean torch?"),
    "mistyped side": (("diff", "keras_io_tf/gan@tensorfow", "keras_io_tf/gan"), "tensorflow?"),
    "mistyped choice": (("run", "keras_io_tf/gan", "--randomness", "natve"), "mean native?"),
    "mistyped data": (("run", "keras_io_tf/gan", "--data", "digts"), "did you mean digits?"),
    "mistyped processor": (("check", "--processor", "Haswel"), "'Haswel'"),
    "missing argument": (("diff", "keras_io_tf/gan"), "parity diff [OPTIONS] A B"),
    "missing value": (("run", "keras_io_tf/gan", "--seed"), "'--seed' requires an argument"),
    "one value, given twice": (("check", "--seed", "1", "--seed", "2"), "--seed: given 2 times"),
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_usage_is_one_error_with_a_remedy(case: str, tmp_path: Path) -> None:
    arguments, words = CASES[case]
    called = parity(*arguments, cwd=tmp_path)
    assert (2, "") == (called.code, called.out)
    assert words in called.err
    assert "Traceback" not in called.err
    assert not re.search(r"None|False|\[\]", called.err)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("case", CASES)
def test_wrong_usage_is_one_document_under_json(case: str, tmp_path: Path) -> None:
    arguments, words = CASES[case]
    called = parity(arguments[0], "--json", *arguments[1:], cwd=tmp_path)
    document = called.document()
    assert (2, 1, arguments[0]) == (called.code, document["format"], document["verb"])
    assert {"version", "environment"} <= document.keys()
    error = document["error"]
    assert isinstance(error, dict)
    assert {"what", "where", "expected", "remedy"} == error.keys()
    assert all(error.values())
    assert f"error: {error['where']}: {error['what']}" in called.err
    assert words in called.err


def test_without_a_verb_wrong_usage_is_a_document_too() -> None:
    called = parity("--json")
    assert (2, None) == (called.code, called.document()["verb"])


def test_no_arguments_show_the_help() -> None:
    called = parity()
    assert 2 == called.code
    assert "Your documents:" in called.err


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


def test_an_option_before_its_verb_is_told_where_it_belongs(tmp_path: Path) -> None:
    called = parity("--json", "list", cwd=tmp_path)
    assert 2 == called.code
    assert "a verb's option follows it, parity VERB --json; or " in called.err
