"""What R code says of itself: packages, frameworks, backend, training."""

from __future__ import annotations

import pytest

from core.documents.in_r.reading import backend, modules, packages, training


def test_packages_are_those_loaded_or_named() -> None:
    source = """
        library(keras3, warn.conflicts = FALSE)
        suppressPackageStartupMessages(require("dplyr"))
        x <- reticulate::import("numpy")  # library(nothing)
        "library(text)"
    """
    assert {"keras3", "dplyr", "reticulate"} == packages([source])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("library(keras3)", ("keras",)),
        ("library(tfdatasets)\nlibrary(keras3)", ("tensorflow", "keras")),
        ('k <- reticulate::import("keras.ops")', ("keras",)),
        ('jax <- import("jax"); np <- import("numpy")', ("jax",)),
        ("x <- 1", ()),
    ],
)
def test_frameworks_are_reached_by_packages_or_by_name(
    source: str, expected: tuple[str, ...]
) -> None:
    assert expected == modules([source])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('use_backend("jax")', "jax"),
        ('keras3::use_backend("torch", gpu = FALSE)', "torch"),
        ('Sys.setenv(TZ = "UTC", KERAS_BACKEND = "jax")', "jax"),
        ("library(keras3)", ""),
    ],
)
def test_the_backend_is_the_one_that_the_code_sets(source: str, expected: str) -> None:
    assert expected == backend([source])


def test_a_cell_trains_where_it_calls_what_trains_not_where_it_defines_it() -> None:
    sources = [
        "step <- tf_function(function(x) {\n  g <- tape$gradient(loss, w)\n  opt$apply(g, w)\n})",
        "for (x in 1:3) step(x)",
        "model |> fit(x, y)",
        "apply(x, 1, sum)",  # base R's own
        "iterate(data, function(batch) opt$apply(gradients, w))",
        "again <- function() step(1)",
        "again()",
    ]
    assert [False, True, True, False, True, False, True] == training(sources)
