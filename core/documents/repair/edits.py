"""Edits of cells, located by the syntax tree, and the patch of the document they amount to."""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from attrs import frozen

from core.sandbox.guest.recorder.request import Cell


@frozen
class Edit:
    """A piece of a cell's source, and what stands there instead.

    Attributes:
        cell: the cell's index.
        start: row (from 1) and column in bytes (from 0) of its first character, as in `ast`.
        end: row and column after its last character.
        text: the new text.
    """

    cell: int
    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def edit_of(cell: int, node: ast.expr | ast.keyword, text: str) -> Edit:
    """An edit that replaces a node."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    start = (node.lineno, node.col_offset)
    return Edit(cell, start, (node.end_lineno, node.end_col_offset), text)


def edited(cells: Sequence[Cell], edits: Iterable[Edit]) -> tuple[Cell, ...]:
    """The cells with edits made; every row keeps its number.

    Raises:
        ValueError: two edits overlap.
    """
    by_cell: dict[int, list[Edit]] = {}
    for edit in edits:
        by_cell.setdefault(edit.cell, []).append(edit)
    return tuple(
        replace(cell, source=_source(cell.source, by_cell[cell.index]))
        if cell.index in by_cell
        else cell
        for cell in cells
    )


def _source(source: str, edits: list[Edit]) -> str:
    rows = [row.encode() for row in source.split("\n")]
    last: tuple[int, int] | None = None
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        if last is not None and edit.end > last:
            raise ValueError(f"two edits of cell {edit.cell} overlap at row {edit.start[0]}")
        last = edit.start
        (first, left), (end, right) = edit.start, edit.end
        kept = rows[end - 1][right:]
        rows[first - 1] = rows[first - 1][:left] + edit.text.encode()
        for row in range(first, end):
            rows[row] = b""
        rows[end - 1] += kept
    return b"\n".join(rows).decode()


def patch_of(name: str, text: str, before: Sequence[Cell], after: Sequence[Cell]) -> str:
    """The unified diff of the document that the edited cells amount to.

    Args:
        name: the document's file name.
        text: the document's text, with `\\n` between its lines.
        before: the cells as published.
        after: the same cells, edited. A row that became empty is dropped from the document.
    """
    lines = text.split("\n")
    changed: dict[int, str | None] = {}
    for old, new in zip(before, after, strict=True):
        rows = zip(old.lines, old.source.split("\n"), new.source.split("\n"), strict=False)
        for line, old_row, new_row in rows:
            if old_row != new_row:
                changed[line] = _line(lines[line - 1], old_row, new_row)
    result = [changed.get(n, line) for n, line in enumerate(lines, start=1)]
    kept = [line for line in result if line is not None]
    return "\n".join(difflib.unified_diff(lines, kept, f"a/{name}", f"b/{name}", n=2, lineterm=""))


def _line(line: str, old_row: str, new_row: str) -> str | None:
    """A line of the document with a row of code replaced; None where the row became empty."""
    if not new_row.strip():
        return None
    for quote in (str, _quoted):
        old, new = quote(old_row.strip()), quote(new_row.strip())
        if old in line:
            return line.replace(old, new, 1)
    return line


def _quoted(row: str) -> str:
    """A row as it stands in a notebook's JSON."""
    return json.dumps(row, ensure_ascii=False)[1:-1]
