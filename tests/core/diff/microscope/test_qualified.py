"""Qualified ids."""

from __future__ import annotations

import pytest

from core.diff.microscope.qualified import qualified
from core.errors import UsageError
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load(REPOSITORY)


def test_an_id_alone_runs_as_the_guide_does(catalog: Catalog) -> None:
    found = qualified(catalog, "keras_io_tf/gan")
    assert ("keras_io_tf/gan", "tensorflow", None, "float32") == (
        found.scenario.id,
        found.backend,
        found.execution,
        found.precision,
    )


def test_settings_follow_the_backend(catalog: Catalog) -> None:
    found = qualified(catalog, "multi_backend/first_loop@jax,execution=eager,precision=float64")
    assert ("jax", "eager", "float64") == (found.backend, found.execution, found.precision)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keras_io_tf/gone@jax", "unknown scenario"),
        ("keras_io_tf@jax", "stands for 5 scenarios"),
        ("keras_io_tf/gan@theano", "unknown backend 'theano'"),
        ("keras_io_tf/gan@jax,speed=high", "unknown setting 'speed'"),
        ("keras_io_tf/gan@jax,precision=float16", "precision = 'float16'"),
        ("keras_io_tf/gan@jax,execution=", "execution = ''"),
    ],
)
def test_what_is_wrong_is_said(catalog: Catalog, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        qualified(catalog, text)
