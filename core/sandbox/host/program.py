"""What is to be executed: the cells, the folder they belong to, and what they import."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from core.sandbox.guest.recorder.request import Cell

_FRAMEWORKS = ("tensorflow", "jax", "torch", "tf_keras", "keras")
_LOCAL = 50  # modules beside the document that are looked at


@frozen
class Program:
    """A document's code, ready to be executed.

    Attributes:
        name: the document's file name.
        cells: every cell, those that are not executed included.
        folder: the document's folder, copied for the run; None for none.
        script: the document is a Python program, not a notebook.
        backend: Keras's backend; the empty string leaves the choice to what the code imports.
        imports: frameworks to import before the first cell; None finds them in the code.
    """

    name: str
    cells: tuple[Cell, ...]
    folder: Path | None = None
    script: bool = False
    backend: str = ""
    imports: tuple[str, ...] | None = None

    def frameworks(self) -> tuple[str, ...]:
        """The frameworks to import first, in the order in which they need each other."""
        if self.imports is not None:
            return self.imports
        found = _imported(self._trees())
        text = "\n".join(cell.source for cell in self.cells if cell.runs)
        if "keras" in text and "tf_keras" not in found:
            found.add("keras")
        return tuple(name for name in _FRAMEWORKS if name in found)

    def chosen_backend(self) -> str:
        """Keras's backend: asked for, else set in the code, else what the code imports."""
        named = _named_backend(self._trees())
        found = _imported(self._trees())
        if self.backend or named:
            return self.backend or named
        if "tensorflow" in found or not found & {"jax", "torch"}:
            return "tensorflow"
        return "jax" if "jax" in found else "torch"

    def imported_packages(self) -> frozenset[str]:
        """The packages it imports: the standard library's and the folder's own left out."""
        found = {name for tree in self._trees() for name in _roots(tree)}
        local = {path.stem for path in _modules(self.folder)}
        return frozenset(found - local - sys.stdlib_module_names)

    def _trees(self) -> Iterator[ast.Module]:
        """The parsed cells, and the modules beside the document that they import."""
        local = {path.stem: path for path in _modules(self.folder)}
        waiting = [cell.source for cell in self.cells if cell.runs]
        while waiting:
            try:
                tree = ast.parse(waiting.pop(0))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            yield tree
            for name in sorted(_roots(tree) & local.keys()):
                path = local.pop(name)
                waiting.append(path.read_text(encoding="utf-8", errors="replace"))


def _modules(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(folder.glob("*.py"))[:_LOCAL]


def _roots(tree: ast.Module) -> set[str]:
    """The top-level packages that a module imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def _imported(trees: Iterable[ast.Module]) -> set[str]:
    return {name for tree in trees for name in _roots(tree)} & set(_FRAMEWORKS)


def _named_backend(trees: Iterable[ast.Module]) -> str:
    """The value that the code gives to `KERAS_BACKEND`, the empty string where it gives none."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                for target in node.targets:
                    if (
                        isinstance(target, ast.Subscript)
                        and isinstance(target.slice, ast.Constant)
                        and target.slice.value == "KERAS_BACKEND"
                    ):
                        return str(node.value.value)
            if isinstance(node, ast.Call) and len(node.args) == 2:
                values = [a.value for a in node.args if isinstance(a, ast.Constant)]
                if len(values) == 2 and values[0] == "KERAS_BACKEND":
                    return str(values[1])
    return ""
