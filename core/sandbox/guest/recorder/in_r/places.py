"""Where in an R document something happens: R knows, Python asks it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from types import CodeType, FrameType

from ..places import Place, Places
from ..request import ExecutionRequest

Ask = Callable[[], object]

# Python code that stands for R: reticulate's between a Python caller and R, and what R makes of
# its functions or runs as text.
_OF_R = os.sep + "rpytools" + os.sep
_TEXT = "<string>"


class RPlaces(Places):
    """Places in cells of R; no Python frame stands in one of them."""

    def __init__(self, request: ExecutionRequest, ask: Ask | None) -> None:
        super().__init__(request.name, request.cells, request.sources, request.folder)
        self._ask = ask
        self._thread = threading.get_ident()
        self._asking = False
        self._last: Place | None = None

    def at(self, cell: int, row: int) -> Place:
        """The place of a row of a cell."""
        self._last = Place(cell, self.line(cell, row), row)
        return self._last

    def here(self, depth: int = 1) -> Place | None:  # noqa: ARG002 - frames tell nothing here
        """The innermost line of the document that is running now, as R says."""
        if self._ask is None or self._asking or threading.get_ident() != self._thread:
            return self._last
        self._asking = True
        try:
            answer = self._ask()
        except Exception:  # noqa: BLE001 - R may be unable to answer, out of memory for example
            return self._last
        finally:
            self._asking = False
        if isinstance(answer, Sequence) and len(answer) == 2:
            cell, row = int(answer[0]), int(answer[1])
            if cell in self._lines:
                return self.at(cell, row)
        return self._last

    def caller(self, depth: int = 1) -> FrameType | None:  # noqa: ARG002
        """None: the document runs in no frame of Python."""
        return None

    def called_by_document(self, depth: int = 1) -> bool:  # noqa: ARG002
        """Whether R made the call, without other Python code in between."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and self.is_ours(frame.f_code):
            frame = frame.f_back
        return frame is None or _is_of_r(frame.f_code) or self.is_document(frame.f_code)

    def of_code(self, code: CodeType, row: int) -> Place | None:
        """A function of R is where it is made; other code is in no cell."""
        return self.here() if _is_of_r(code) else super().of_code(code, row)


def _is_of_r(code: CodeType) -> bool:
    return _OF_R in code.co_filename or code.co_filename == _TEXT
