"""The toy guide, recorded and planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.catalog import Catalog
from core.checking import CheckPlan
from tests.core.checking.example_checks import catalog_at, planned, record


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The toy guide with goldens of what its jobs do."""
    record(tmp_path)
    return catalog_at(tmp_path)


@pytest.fixture
def plan(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> CheckPlan:
    """A check of the whole guide on TensorFlow."""
    return planned(catalog, monkeypatch)
