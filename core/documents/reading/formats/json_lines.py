"""Where the cells of a notebook stand in its JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from core.documents.reading.limits import MOST_LINE_MARKS
from core.documents.reading.syntax.grammar import node_text, parse

if TYPE_CHECKING:
    from tree_sitter import Node


@frozen
class CellLines:
    """Lines of one cell's strings.

    Attributes:
        source: the line of each row of its source.
        outputs: of each output, the line of each row of its text.
    """

    source: tuple[int, ...]
    outputs: tuple[tuple[int, ...], ...]


def marks_of_structure(text: bytes) -> int:
    """How rich in structure a JSON text is."""
    return sum(text.count(mark) for mark in (b"{", b"[", b","))


def cell_lines(text: bytes) -> tuple[CellLines, ...]:
    """The lines of every cell, in order; nothing for a text too rich in structure."""
    if marks_of_structure(text) > MOST_LINE_MARKS:
        return ()
    root = parse(text, "json").root_node
    value = root.named_children[0] if root.named_children else None
    top = _members(value)
    holders = [top]
    holders += [_members(sheet) for sheet in _items(top.get("worksheets"))]
    return tuple(
        _lines(_members(cell)) for holder in holders for cell in _items(holder.get("cells"))
    )


def _lines(cell: Mapping[str, Node]) -> CellLines:
    outputs = tuple(tuple(_output_lines(_members(o))) for o in _items(cell.get("outputs")))
    return CellLines(tuple(_row_lines(cell.get("source", cell.get("input")))), outputs)


def _output_lines(output: Mapping[str, Node]) -> Iterator[int]:
    """The lines of an output's text, wherever its kind keeps it."""
    data = _members(output.get("data"))
    for node in (output.get("text"), data.get("text/plain"), output.get("traceback")):
        if node is not None:
            yield from _row_lines(node)
            return


def _row_lines(node: Node | None) -> Iterator[int]:
    """The line where each row of a text begins; a string may hold part of a row, or several."""
    if node is None:
        return
    begins = True
    for string in [node] if node.type == "string" else _items(node):
        line = string.start_point.row + 1
        pieces = _decoded(string).split("\n")
        for number, piece in enumerate(pieces):
            begins = begins or number > 0
            if begins and (piece or number < len(pieces) - 1):
                yield line
                begins = False


def _decoded(string: Node) -> str:
    try:
        value: object = json.loads(node_text(string), strict=False)
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""


def _members(node: Node | None) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for pair in node.named_children if node is not None and node.type == "object" else ():
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None:
            found[node_text(key).strip('"')] = value
    return found


def _items(node: Node | None) -> list[Node]:
    return list(node.named_children) if node is not None and node.type == "array" else []
