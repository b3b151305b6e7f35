"""Where in the document something happens."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType

from .request import Cell, cell_file

_MODULE = -1
_FOREIGN = -2
_THROUGH = -3
# Code between a caller and what it calls: AutoGraph's calls, and this recorder's own wrappers.
_PASSING = (str(Path("autograph", "impl", "api.py")), str(Path(__file__).parent))


@dataclass(frozen=True)
class Place:
    """A line of a cell.

    Attributes:
        cell: the cell's index.
        line: the document's line.
        row: 1-based row in the cell's source.
    """

    cell: int
    line: int
    row: int


class Places:
    """Finds the document's line for code that is running or that raised.

    Code counts as the document's when it stands in one of its cells, or in a module in its folder.

    Attributes:
        called: file, first row and name of each function that is known to have been called.
    """

    def __init__(self, name: str, cells: Sequence[Cell], sources: str, folder: str) -> None:
        self._name = name
        self._lines = {cell.index: cell.lines for cell in cells}
        self.called: set[tuple[str, int, str]] = set()
        self._folder = folder + os.sep
        self._sources = sources + os.sep
        self._root = str(Path(folder).parent)
        self._generated = str(Path(tempfile.gettempdir(), "__autograph_generated_file"))
        self._known = {self.file(cell.index): cell.index for cell in cells}
        named = re.escape(self._sources) + r"cell-(\d+)\.py"
        self._mention = re.compile(named + r'("?, line (\d+)|:(\d+))?')

    def file(self, cell: int) -> str:
        """The file that holds a cell's source."""
        return self._sources + cell_file(cell)

    def _kind(self, filename: str) -> int:
        """The cell of a file, or one of the kinds above: `_MODULE` is one beside the document."""
        kind = self._known.get(filename)
        if kind is None:
            kind = _FOREIGN
            if filename.startswith(self._folder):
                kind = _MODULE
            elif any(part in filename for part in _PASSING):
                kind = _THROUGH
            self._known[filename] = kind
        return kind

    def is_document(self, code: CodeType) -> bool:
        """Whether code is the document's or a module's beside it."""
        return self._kind(code.co_filename) >= _MODULE

    def is_generated(self, code: CodeType) -> bool:
        """Whether code is what AutoGraph made of a function."""
        return code.co_filename.startswith(self._generated)

    def line(self, cell: int, row: int) -> int:
        """The document's line of a 1-based row, of the nearest one beyond a cell's ends."""
        lines = self._lines[cell]
        return lines[min(max(row, 1), len(lines)) - 1] if lines else 0

    def of_code(self, code: CodeType, row: int) -> Place | None:
        """The place of a row of code, None where it stands in no cell."""
        cell = self._kind(code.co_filename)
        return Place(cell, self.line(cell, row), row) if cell >= 0 else None

    def of_frame(self, frame: FrameType) -> Place | None:
        """Where a frame is, None where that is in no cell."""
        return self.of_code(frame.f_code, frame.f_lineno or 1)

    def is_ours(self, code: CodeType) -> bool:
        """Whether code is this recorder's, or AutoGraph's between a caller and what it calls."""
        return self._kind(code.co_filename) == _THROUGH

    def caller(self, depth: int = 1) -> FrameType | None:
        """The innermost frame of a cell, seen from the caller `depth` levels up."""
        frame: FrameType | None = sys._getframe(depth + 1)
        while frame is not None and self._kind(frame.f_code.co_filename) < 0:
            frame = frame.f_back
        if frame is not None:
            self.seen_running(frame.f_code)
        return frame

    def seen_running(self, code: CodeType) -> None:
        """Code of the document is known to run; of a function that it was called."""
        if code.co_name != "<module>":
            self.called.add((code.co_filename, code.co_firstlineno, code.co_name))

    def here(self, depth: int = 1) -> Place | None:
        """The innermost line of a cell that is running now."""
        frame = self.caller(depth + 1)
        return self.of_frame(frame) if frame else None

    def called_by_document(self, depth: int = 1) -> bool:
        """Whether the function's caller, `depth` levels up, is code of the document."""
        frame: FrameType | None = sys._getframe(depth + 1)
        while frame is not None and self._kind(frame.f_code.co_filename) == _THROUGH:
            frame = frame.f_back
        return frame is not None and (
            self.is_document(frame.f_code) or self.is_generated(frame.f_code)
        )

    def readable(self, text: str) -> str:
        """A message in which files of cells are the document, with its line numbers."""

        def named(found: re.Match[str]) -> str:
            cell = int(found.group(1))
            row = found.group(3) or found.group(4)
            if row is None or cell not in self._lines:
                return self._name
            line = self.line(cell, int(row))
            return f'{self._name}", line {line}' if found.group(3) else f"{self._name}:{line}"

        if self._root not in text:
            return text
        text = self._mention.sub(named, text).replace(self._folder, "")
        return text.replace(self._folder.rstrip(os.sep), ".")

    def mentioned(self, text: str) -> int | None:
        """The document's line of the last row of a cell that a message names."""
        found = [match for match in self._mention.finditer(text) if match.group(3)]
        if not found or int(found[-1].group(1)) not in self._lines:
            return None
        return self.line(int(found[-1].group(1)), int(found[-1].group(3)))
