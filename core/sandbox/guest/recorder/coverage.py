"""Which lines and functions of the document were executed.

From Python 3.12 on, the interpreter tells at no cost. Before, tracing slows a training loop by half
(measured), so `sampled` traces each loop's first two steps and what stands between loops; what was
not seen then is `unknown`, not `never`. `full` traces everything.
"""

from __future__ import annotations

import sys
from types import CodeType, FrameType
from typing import Protocol

from .. import events
from .channel import Channel
from .places import Places

_STEPS = 2
_TOOL = 4  # an identifier that no known tool claims


class Trace(Protocol):
    """A trace function as `sys.settrace` wants it."""

    def __call__(self, frame: FrameType, event: str, arg: object, /) -> Trace | None:
        """One event of one frame."""


class Coverage:
    """Collects executed lines and called functions, cell by cell.

    Attributes:
        exact: everything of the cells so far was seen.
    """

    def __init__(self, channel: Channel, places: Places, mode: str) -> None:
        self._channel = channel
        self._places = places
        self._mode = mode
        self._monitoring = sys.version_info >= (3, 12) and mode != "off"
        self._on = False
        self._seen = 0
        self._cell_exact = True
        self._lines: set[int] = set()
        self.generated: set[str] = set()
        self.exact = mode != "off"

    def begin_cell(self) -> None:
        """A cell starts."""
        self._cell_exact = self._mode != "off"
        self._lines = set()
        if self._monitoring:
            self._monitor()
        else:
            self.resume()

    def end_cell(self, cell: int) -> None:
        """A cell ended: sends the lines of the document that were executed in it."""
        self._stop()
        if self._mode != "off":
            lines = tuple(sorted(self._lines))
            self._channel.send(events.Coverage(cell, self._cell_exact, lines))

    def step(self) -> None:
        """A training step begins, or a batch is taken: after a few, sampling has seen enough."""
        self._seen += 1
        if self._on and self._mode == "sampled" and self._seen > _STEPS:
            self._stop()
            self._cell_exact = self.exact = False

    def resume(self) -> None:
        """A pass over data begins or ends: looks again."""
        self._seen = 0
        if not self._monitoring and self._mode != "off" and not self._on:
            self._on = True
            # settrace reaches only frames that are entered from now on; those under way are told
            # one by one.
            frame: FrameType | None = sys._getframe(1)
            while frame is not None:
                if self._places.is_document(frame.f_code) and frame.f_trace is None:
                    frame.f_trace = self._local
                frame = frame.f_back
            sys.settrace(self._global)

    def _stop(self) -> None:
        if self._on:
            self._on = False
            sys.settrace(None)

    def _global(self, frame: FrameType, event: str, arg: object) -> Trace | None:  # noqa: ARG002
        code = frame.f_code
        if self._places.is_document(code):
            self._places.seen_running(code)
            return self._local
        if code.co_name.startswith("tf__") and self._places.is_generated(code):
            self.generated.add(code.co_name[4:])
        return None

    def _local(self, frame: FrameType, event: str, arg: object) -> Trace:  # noqa: ARG002
        if event == "line":
            self._line(frame.f_code, frame.f_lineno or 1)
        return self._local

    def _line(self, code: CodeType, row: int) -> None:
        place = self._places.of_code(code, row)
        if place:
            self._lines.add(place.line)

    def _monitor(self) -> None:
        """Python 3.12 and later: each line and function reports once a cell, then is left alone."""
        monitoring = vars(sys)["monitoring"]
        events = monitoring.events
        if monitoring.get_tool(_TOOL) is None:
            monitoring.use_tool_id(_TOOL, "parity")
            monitoring.register_callback(_TOOL, events.PY_START, self._started)
            monitoring.register_callback(_TOOL, events.LINE, self._monitored)
            monitoring.set_events(_TOOL, events.PY_START)
        monitoring.restart_events()

    def _started(self, code: CodeType, offset: int) -> object:  # noqa: ARG002
        monitoring = vars(sys)["monitoring"]
        if self._places.is_document(code):
            self._places.seen_running(code)
            monitoring.set_local_events(_TOOL, code, monitoring.events.LINE)
        elif code.co_name.startswith("tf__") and self._places.is_generated(code):
            self.generated.add(code.co_name[4:])
        return monitoring.DISABLE

    def _monitored(self, code: CodeType, row: int) -> object:
        self._line(code, row)
        return vars(sys)["monitoring"].DISABLE
