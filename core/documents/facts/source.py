"""A document as the source of one loop: the cells up to a section's end, with their lines."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from attrs import frozen

from core.documents.reading import Cell, Document, GuideCode, load_known, read_document, recognise
from core.errors import UsageError


@frozen
class Loop:
    """The Python code of a document.

    Attributes:
        path: the document.
        source: its code, one cell after the other.
        lines: line in the document of each row of the source.
        document: the document as read.
        section: id of the guide's section that its cells were taken for; empty for the whole.
    """

    path: Path
    source: str
    lines: tuple[int, ...]
    document: Document
    section: str = ""

    @property
    def tree(self) -> ast.Module:
        """The syntax of the source."""
        return ast.parse(self.source)

    def line(self, node: ast.AST) -> int:
        """The line in the document where a statement or expression begins."""
        row = getattr(node, "lineno", 1)
        return self.lines[min(row, len(self.lines)) - 1]

    @property
    def dialect(self) -> str:
        """The dialect that the code is nearest to, by what it imports and calls."""
        names = {name for node in ast.walk(self.tree) for name in _imported(node)}
        if "torch" in names:
            return "torch"
        return "jax" if "jax" in names and "tensorflow" not in names else "tensorflow"


def read_loop(path: Path, section: str, guide: str, known: Path) -> Loop:
    """Reads a document; of a known guide the cells up to the end of one section.

    Args:
        path: a Python program, a notebook, or a document with code in it.
        section: id of the section that it is compared with.
        guide: the section's guide.
        known: the folder of guides, whose code is known by its fingerprints.

    Raises:
        UsageError: it cannot be read, or holds no Python.
    """
    document = read_document(path, rendering=False)
    found = recognise(document, _known(known))
    wanted = ""
    cells = [c for c in document.cells if c.language == "python" and not c.skip]
    cells = [c for c in cells if not c.full_listing]
    if found is not None:
        own = [c.index for c in cells if found.cells.get(c.index) == section]
        if own and (found.guide == guide or len(set(found.cells.values())) > 1):
            wanted = section
            cells = [c for c in cells if c.index <= max(own)]
    if not cells:
        raise UsageError(
            "no code in Python",
            where=str(path),
            expected="a loop in Python, in a program, a notebook or a document",
            remedy="compare sections of R guides by their ids: parity diff ID r_style/metrics",
        )
    source, lines = _joined(cells)
    try:
        ast.parse(source)
    except SyntaxError as error:
        row = min(error.lineno or 1, len(lines))
        raise UsageError(
            f"line {lines[row - 1]} is no Python ({error.msg})",
            where=str(path),
            expected="code that parses",
            remedy="mend the line; `parity validate` shows what else is wrong",
        ) from error
    return Loop(path, source, lines, document, wanted)


@cache
def _known(folder: Path) -> tuple[GuideCode, ...]:
    """What is known of the guides, read once."""
    return load_known(folder)


def _joined(cells: Sequence[Cell]) -> tuple[str, tuple[int, ...]]:
    rows: list[str] = []
    lines: list[int] = []
    for cell in cells:
        text = (cell.runnable or cell.source).split("\n")
        rows += text
        lines += [cell.line_of(row) for row in range(len(text))]
    return "\n".join(rows) + "\n", (*lines, lines[-1])


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module.partition(".")[0]}
    return set()
