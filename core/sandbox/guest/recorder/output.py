"""What a cell prints, line by line, with the line of the document that printed it."""

from __future__ import annotations

import ctypes
import io
import os
import re
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING

from .. import events
from .channel import Channel
from .places import Place, Places
from .stops import OutputStop

if TYPE_CHECKING:
    from .ledger import Ledger

_ENDLESS = 64  # times the characters that are kept
_AT_ONCE = 1000  # lines of a cell that are sent as they come
_LONGEST = 10_000  # characters of one line
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Output(io.TextIOBase):
    """Stands in place of `sys.stdout` or `sys.stderr` while cells run."""

    def __init__(
        self,
        name: str,
        descriptor: int,
        channel: Channel,
        places: Places,
        ledger: Ledger,
        limit: int,
        printed: Callable[[FrameType], None] | None = None,
    ) -> None:
        self._name = name
        self._descriptor = descriptor
        self._channel = channel
        self._places = places
        self._ledger = ledger
        self._limit = limit
        self._printed = printed
        self._line = ""
        self._place: Place | None = None
        self._kept = 0
        self._written = 0
        self._lines = 0
        self.dropped = 0
        self.buffer = _Bytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """UTF-8."""
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """Whatever cannot be encoded is replaced."""
        return "replace"

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The process's own stream, for programs that the document starts."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Takes text; complete lines are sent, up to the cell's limit.

        Raises:
            OutputStop: the cell prints without end.
        """
        if not self._channel.ours:
            os.write(self._descriptor, text.encode("utf-8", "replace"))
            return len(text)
        frame = self._places.caller(1)
        if frame is not None:
            if text.strip():
                self._place = self._places.of_frame(frame)
            if self._printed and text.endswith("\n"):
                self._printed(frame)
        self._written += len(text)
        first, *rest = text.split("\n")
        self._append(first)
        for part in rest:
            self._end_line()
            self._append(part)
        if self._written > self._limit * _ENDLESS:
            raise OutputStop(f"the cell printed more than {self._written} characters")
        return len(text)

    def at(self, place: Place | None) -> None:
        """What is written next comes from this place."""
        self._place = place

    def _append(self, text: str) -> None:
        if "\r" in text or "\b" in text:  # a progress bar draws over itself
            *_, text = (self._line + text.rstrip("\r")).replace("\b", "").split("\r")
            self._line = ""
        if len(self._line) < _LONGEST:
            self._line += text[:_LONGEST]

    def _end_line(self) -> None:
        text, self._line = self._line, ""
        self._kept += len(text) + 1
        if self._kept > self._limit:
            self.dropped += 1
            return
        self._channel.send(
            events.Line(
                cell=self._ledger.cell,
                line=self._place.line if self._place else None,
                stream=self._name,
                text=self._places.readable(_COLOUR.sub("", text)),
                step=self._ledger.steps,
                after_cut=self._ledger.cut is not None,
            ),
        )
        self._lines += 1
        if self._lines <= _AT_ONCE:  # before whatever the next statement does to the process
            self._channel.hurry()

    def end_cell(self) -> int:
        """Sends a line without an end; returns how many lines were dropped in the cell."""
        if self._line:
            self._end_line()
        dropped, self.dropped = self.dropped, 0
        self._kept = self._written = self._lines = 0
        self._place = None
        return dropped


def mark_raw(cell: int) -> None:
    """Marks in what is printed past Python (by native code, by other programs) where a cell starts.

    The mark is a record separator, the cell's index, and a record separator.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).fflush(None)
    with suppress(OSError):
        os.write(2, f"\x1e{cell}\x1e".encode())


class _Bytes(io.RawIOBase):
    """`sys.stdout.buffer`."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raw = bytes(memoryview(data))  # type: ignore[arg-type]
        self._output.write(raw.decode("utf-8", "replace"))
        return len(raw)
