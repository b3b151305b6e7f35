"""`parity diff` and `parity show` as their users call them; nothing here trains."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.tools.parity import parity

FRAMEWORKS = {"tensorflow", "keras", "jax", "torch", "tf_keras"}
METRICS, IN_R = "keras_io_tf/metrics", "r_style/metrics"


def test_two_loops_are_compared_in_words_then_in_code() -> None:
    called = parity("diff", METRICS, IN_R)
    lines = called.out.split("\n")
    assert 0 == called.code
    assert f"{METRICS} and {IN_R} differ in 11 things, 5 of them only printed" == lines[0]
    assert "  batch size 32 ↔ 64 (train_dataset, val_dataset)" in lines
    assert "\x1b" not in called.out


def test_json_has_the_fields_that_the_contract_names(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    found = parity("diff", METRICS, IN_R, "--json", "--html", page).document()
    assert (1, "diff") == (found["format"], found["verb"])
    spec, aligned = found["spec"], found["aligned"]
    assert isinstance(spec, list)
    assert isinstance(aligned, list)
    assert "batch size 32 ↔ 64 (train_dataset, val_dataset)" in spec
    assert all({"op", "a", "b", "same"} <= row.keys() for row in aligned)
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_loop_of_one_s_own_is_compared_with_a_section_and_its_fit(tmp_path: Path) -> None:
    shown = parity("show", METRICS, "--format", "py")
    source = shown.out.replace("    train_acc_metric.reset_state()\n", "")
    (tmp_path / "my_loop.py").write_text(source, encoding="utf-8")
    called = parity("diff", "my_loop.py", f"{METRICS}@fit", cwd=tmp_path)
    assert 0 == called.code
    assert "train_acc_metric is never reset" in called.out
    assert "fit opens one more iterator as each epoch ends" in called.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("diff", "nowhere.py", METRICS), "nowhere.py"),
        (("diff", METRICS, f"{METRICS}@cuda"), "unknown dialect"),
        (("diff", METRICS, IN_R, "--locate"), "--run"),
        (("diff", METRICS, f"{METRICS}@fit", "--run", "--locate"), "leave --locate out"),
        (("diff", f"{METRICS}@legacy", METRICS, "--run"), "Keras 2 and R do not run here"),
        (("show", "keras_io_tf/gan@fit"), "treats discriminator and generator differently"),
        (("show", f"{METRICS}@jax", "--format", "R"), "leave --format out"),
    ],
)
def test_what_cannot_be_compared_is_wrong_usage(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    called = parity(*arguments, cwd=tmp_path)
    assert (2, "") == (called.code, called.out)
    assert words in called.err
    assert "Traceback" not in called.err


@pytest.mark.parametrize("dialect", ["", "@jax", "@fit"])
def test_a_section_is_shown_as_a_program(dialect: str) -> None:
    called = parity("show", f"{METRICS}{dialect}", "--format", "py")
    assert 0 == called.code
    ast.parse(called.out)


def test_a_section_is_shown_as_a_notebook_and_in_r() -> None:
    book = json.loads(parity("show", f"{METRICS}@torch", "--format", "ipynb").out)
    assert 4 == book["nbformat"]
    assert "# %%" not in "".join("".join(cell["source"]) for cell in book["cells"])
    assert "%as% tape" in parity("show", METRICS, "--format", "R").out


@pytest.mark.parametrize("verb", [["show", METRICS], ["diff", METRICS, f"{METRICS}@jax"]])
def test_neither_imports_a_framework_or_numpy(verb: list[str]) -> None:
    program = (
        "import sys\n"
        "from tools.cli.__main__ import main\n"
        f"sys.argv = ['parity', *{verb!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted(m for m in sys.modules if '.' not in m), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    loaded = set(ast.literal_eval(done.stderr.strip().split("\n")[-1]))
    assert "click" in loaded
    assert not loaded & (FRAMEWORKS | {"numpy"})
