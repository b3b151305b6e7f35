"""Sections and comparisons that several tests use."""

from __future__ import annotations

from functools import cache

from core.dialects import Printing
from core.diff.comparison import Comparison, compare_subjects
from core.diff.subject import subject
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)


@cache
def compared(a: str, b: str) -> Comparison:
    """Two subjects, compared once for all tests."""
    return compare_subjects(subject(CATALOG, a), subject(CATALOG, b), Printing(seed=1))
