"""Errors of R and of Python under R, by the names a reader knows them by."""

from __future__ import annotations

import pytest

from core.sandbox.guest.recorder.in_r.failures import follows_a_cut, kind_of, missing_in


@pytest.mark.parametrize(
    ("classes", "message", "expected"),
    [
        (["simpleError", "error", "condition"], "no good", ("Error", "no good")),
        (["packageNotFoundError", "error"], "there is no", ("packageNotFoundError", "there is no")),
        (["simpleError", "error"], "Error: not of Python", ("Error", "Error: not of Python")),
        (
            ["python.builtin.AttributeError", "python.builtin.Exception", "error"],
            "AttributeError: 'Adam' object has no attribute 'minimise'\n"
            "Run `reticulate::py_last_error()` for details.",
            ("AttributeError", "'Adam' object has no attribute 'minimise'"),
        ),
        (["simpleError", "error"], "ValueError: bad shape", ("ValueError", "bad shape")),
        (["Rcpp::exception", "error"], "KeyError: 'x'", ("KeyError", "'x'")),
        (["python.builtin.Oops", "error"], "mine", ("Oops", "mine")),
    ],
)
def test_an_error_keeps_its_own_name(
    classes: list[str], message: str, expected: tuple[str, str]
) -> None:
    assert expected == kind_of(classes, message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("object 'x.y' not found", "x.y"),
        ('could not find function "%<-%"', "%<-%"),
        ("there is no package called ‘keras3’", "keras3"),
        ("No module named 'torch'", "torch"),
        ("'Adam' object has no attribute 'apply_gradients'", "apply_gradients"),
        ("argument is of length zero", None),
    ],
)
def test_what_is_missing_is_read_from_the_message(message: str, expected: str | None) -> None:
    assert expected == missing_in(message)


def test_only_errors_of_code_that_is_short_of_data_follow_a_cut() -> None:
    assert follows_a_cut("object 'loss' not found")
    assert not follows_a_cut('could not find function "fit"')
