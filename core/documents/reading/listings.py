"""Cells that repeat earlier ones in full, as an article's closing listing does."""

from __future__ import annotations

from collections.abc import Sequence

from core.documents.reading.document import Cell
from core.documents.reading.syntax import Language, statements

_SHARE = 0.8
"""A listing holds this share of the statements before it, and they make this share of it."""
_FEWEST_CELLS = 2
_FEWEST_STATEMENTS = 10


def cell_digests(cell: Cell) -> frozenset[str]:
    """Fingerprints of a cell's statements."""
    if cell.language == "other":
        return frozenset()
    language: Language = cell.language
    return frozenset(s.digest for s in statements(cell.source, language))


def repeated_cells(cells: Sequence[Cell]) -> list[tuple[int, ...]]:
    """For each cell the indexes of the earlier cells it repeats; nothing for an ordinary one."""
    found: list[tuple[int, ...]] = []
    earlier: list[tuple[int, frozenset[str]]] = []
    union: set[str] = set()
    for number, cell in enumerate(cells):
        own = cell_digests(cell)
        enough = len(own) >= _FEWEST_STATEMENTS and len(earlier) >= _FEWEST_CELLS
        shared = len(own & union) if enough else 0
        if enough and shared >= _SHARE * len(own) and shared >= _SHARE * len(union):
            found.append(tuple(n for n, d in earlier if len(d & own) >= _SHARE * len(d)))
            continue
        found.append(())
        if own:
            earlier.append((number, own))
            union |= own
    return found
