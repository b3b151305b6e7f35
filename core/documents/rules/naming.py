"""The full dotted names behind the short ones of a document's Python code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.documents.reading import Cell, Document
from core.documents.reading.syntax import python_code

_ALIASES = {"tf": "tensorflow", "np": "numpy", "K": "keras.backend"}


def python_trees(document: Document) -> Iterator[tuple[Cell, ast.Module]]:
    """The parsed Python cells, without those that repeat earlier ones."""
    for cell in document.cells:
        if cell.language == "python" and not cell.repeats:
            tree = python_code.tree(cell.runnable or cell.source)
            if tree is not None:
                yield cell, tree


def imported_names(document: Document) -> dict[str, str]:
    """The dotted name behind each imported name."""
    found = dict(_ALIASES)
    for cell in document.cells:
        tree = python_code.tree(cell.runnable or cell.source) if cell.language == "python" else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.partition(".")[0]] = (
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full dotted name of an expression, empty where it has none.

    `tensorflow.keras` and `tf_keras` count as `keras`.
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    full = ".".join([names.get(node.id, node.id), *reversed(parts)])
    return full.replace("tensorflow.keras.", "keras.").replace("tf_keras.", "keras.")
