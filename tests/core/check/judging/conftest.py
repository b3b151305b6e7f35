"""The toy guide, recorded and planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.check.judging import CheckPlan
from core.spec.catalog import Catalog
from tests.core.check.judging.example_checks import catalog_at, planned, record


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The toy guide with goldens of what its jobs do."""
    record(tmp_path)
    return catalog_at(tmp_path)


@pytest.fixture
def plan(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> CheckPlan:
    """A check of the whole guide on TensorFlow."""
    return planned(catalog, monkeypatch)
