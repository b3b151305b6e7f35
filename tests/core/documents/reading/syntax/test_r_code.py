"""R is told from words by its grammar."""

from __future__ import annotations

import pytest

from core.documents.reading.syntax import r_code


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x <- 1", True),
        ("x <- 1; y", True),
        ("generator <-", None),
        ("inputs |>", None),
        ("for (i in x)", None),
        ("with(tape, {", None),
        ("a <- b(c(\n  d, {", None),
        ('x <- "abc', None),
        ("Skip to contents", False),
        ("fit() and evaluate().", False),
        ("Let’s consider a simple model:", False),
        ("}", False),
    ],
)
def test_sources_are_whole_begun_or_wrong(source: str, expected: bool | None) -> None:
    assert expected is r_code.complete(source)


@pytest.mark.parametrize(
    "words", ["Setup", "0.5", "loss: 0.5", "Training & evaluation", "conv2d (X)"]
)
def test_words_that_happen_to_parse_are_weak(words: str) -> None:
    assert not r_code.strong(words)


@pytest.mark.parametrize(
    "code", ["x <- 1", "f(1)", "x %<>% g", "for (i in x) i", "x |> f()", "Sys.time() - time"]
)
def test_code_is_strong(code: str) -> None:
    assert r_code.strong(code)


def test_the_first_wrong_row_is_named() -> None:
    assert 1 == r_code.refusal_row("x <- 1\ntwo words\ny <- 2")
    assert r_code.refusal_row("# a\n\nx <- 1\n") is None


def test_calls_give_their_named_arguments() -> None:
    source = "knitr::opts_chunk$set(eval = FALSE, comment = '#>')\nf(1)"
    assert ({"eval": "FALSE", "comment": "'#>'"},) == r_code.calls(source, "opts_chunk$set")


def test_calls_at_top_level_have_their_rows() -> None:
    assert [(0, 2, "install.packages")] == r_code.top_level_calls(
        "install.packages(\n'a'\n)\nx <- f()"
    )
