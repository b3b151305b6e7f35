"""Events on their way out: JSON lines on a file descriptor of their own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from ..events import Event, encoded

LOST = 97
"""Exit status of a recorder whose channel was closed by the document."""

_EVERY = 0.5  # seconds
_MANY = 200  # lines


class Channel:
    """Writes events; what the document prints cannot get between them.

    Attributes:
        busy: an event is being written; an interruption has to wait.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._lines: list[str] = []
        self._sent = time.monotonic()
        self.busy = False
        self.before_flush: Callable[[], None] | None = None

    @property
    def ours(self) -> bool:
        """False in a child process that the document forked."""
        return os.getpid() == self._owner

    def send(self, event: Event, *, now: bool = False) -> None:
        """One event; written out at once, or with the next ones within half a second."""
        if self.ours:
            line = encoded(event)
            with self._lock:
                self._lines.append(line)
            self.tick()
        if now:
            self.flush()

    def tick(self) -> None:
        """Writes what waits, where it has waited long enough."""
        if len(self._lines) >= _MANY or time.monotonic() - self._sent > _EVERY:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        if not self.ours:
            return
        if self.before_flush:
            self._sent = time.monotonic()
            # The time was set first: what this sends would otherwise flush again.
            self.before_flush()
        self.hurry()

    def hurry(self) -> None:
        """Writes the events so far; what is still being gathered goes on being gathered."""
        if not self.ours:
            return
        self.busy = True
        try:
            with self._lock:
                self._sent = time.monotonic()
                lines, self._lines = self._lines, []
                if lines:
                    self._write(("\n".join(lines) + "\n").encode("utf-8", "replace"))
        finally:
            self.busy = False

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._descriptor, view) :]
            except OSError:
                os._exit(LOST)  # nobody can be told anything any more
