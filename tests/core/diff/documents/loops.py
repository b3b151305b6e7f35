"""Loops of somebody's own, made from a section's printed program by planting differences."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from core.dialects import DIALECTS, Printing
from core.diff.comparison import Comparison
from core.diff.documents.comparing import document_beside_section
from core.diff.documents.standing_alone import standing_alone
from core.diff.subject import subject
from tests.conftest import REPOSITORY
from tests.core.diff.sections import CATALOG

GUIDES = REPOSITORY / "scenarios"


@cache
def program(section: str, dialect: str = "tensorflow") -> str:
    """A section as a program of its own."""
    (scenario,) = CATALOG.select([section])
    return DIALECTS[dialect].program(standing_alone(scenario), Printing(seed=1)).source


def planted(source: str, *changes: tuple[str, str]) -> str:
    """A program with some of its text replaced; each change must find its place."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


def beside(folder: Path, source: str, section: str) -> Comparison:
    """A document beside a section."""
    path = folder / "my_loop.py"
    path.write_text(source, encoding="utf-8")
    return document_beside_section(path, subject(CATALOG, section), GUIDES)


def sentences(folder: Path, source: str, section: str) -> list[str]:
    """What a document does differently from a section."""
    return [one.sentence for one in beside(folder, source, section).spec]
