"""Every label that a page or chart names is there, and none is there for nothing."""

from __future__ import annotations

import re

from core.site.words.labels import LABELS
from tests.conftest import REPOSITORY


def test_labels_are_those_that_pages_and_charts_name() -> None:
    sources = (REPOSITORY / "core" / "site").rglob("*.py")
    named = {
        name
        for path in sources
        for name in re.findall(r'\blabel\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert named == LABELS.keys()
