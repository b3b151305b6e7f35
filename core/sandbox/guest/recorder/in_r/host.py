"""The process above R: starts it, hears it, and interrupts a cell that takes too long."""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from ..channel import Channel
from ..request import ExecutionRequest
from .session import Session

PLAIN, PYTHON = "plain", "python"

_DRIVER = Path(__file__).with_name("driver.R")
_ENDLESS = 64  # times the characters that are kept, as for Python's cells
_ESCAPED = re.compile(r"\\(.)")
_CHARACTERS = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
_AWAITED = ("begin", "end", "refused")  # R goes on when these have been taken
_EVERY = 0.25  # seconds between looks at the clock
_AGAIN = 1.0  # seconds until a cell that goes on is interrupted again


class Host:
    """R under way: its lines, and the clock of its running cell."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        seconds: float | None,
        take: Callable[[Sequence[str]], None] | None,
        answers: int,
    ) -> None:
        self._process = process
        self._seconds = seconds
        self._take = take
        self._answers = answers
        self._rest = b""
        self._due: float | None = None

    def listen(self, lines: int) -> int:
        """Hears R until it ends; returns its exit code, negative for a signal."""
        os.set_blocking(lines, False)
        with selectors.DefaultSelector() as selector:
            selector.register(lines, selectors.EVENT_READ)
            open_ = True
            while True:
                if not selector.select(_EVERY) and self._process.poll() is not None:
                    return self._process.returncode
                if open_ and not self._read(lines):
                    selector.unregister(lines)
                    open_ = False
                if not open_:
                    return self._process.wait()
                self._ring()

    def _read(self, lines: int) -> bool:
        """Takes what R said; False at its end."""
        try:
            data = os.read(lines, 1 << 20)
        except BlockingIOError:
            return True
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            self._hear(fields_of(line.decode("utf-8", "replace")))
        return bool(data)

    def _hear(self, fields: Sequence[str]) -> None:
        if self._take:
            self._take(fields)
            if fields[0] in _AWAITED:
                os.write(self._answers, b".")
        if fields[0] == "cell" and self._seconds:
            self._due = time.monotonic() + self._seconds
        elif fields[0] in ("end", "refused"):
            self._due = None

    def _ring(self) -> None:
        if self._due is not None and time.monotonic() > self._due:
            self._due = time.monotonic() + _AGAIN
            self._process.send_signal(signal.SIGINT)


def fields_of(line: str) -> list[str]:
    """The fields of one line of R's."""
    return [_ESCAPED.sub(_character, field) for field in line.split("\t")]


def _character(found: re.Match[str]) -> str:
    return _CHARACTERS.get(found.group(1), found.group(0))


def main() -> None:
    """Runs one document and ends as R ended."""
    request_file, events, plan, rscript, mode, packages = sys.argv[1:7]
    request = ExecutionRequest.loads(Path(request_file).read_text(encoding="utf-8"))
    reading, writing = os.pipe()
    answers, answering = os.pipe()
    session = Session(request, Channel(int(events))) if mode == PLAIN else None
    handed_on = [writing, answers] if session else [writing, answers, int(events)]
    guest = str(Path(__file__).parents[3])
    command = [
        *(
            rscript,
            "--vanilla",
            str(_DRIVER),
            mode,
            str(request.seed),
            str(request.output * _ENDLESS),
        ),
        *(plan, str(writing), str(answers), request_file, events, guest, packages),
    ]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=handed_on)
    os.close(writing)
    os.close(answers)
    take = session.take if session else None
    code = Host(process, request.cell_seconds, take, answering).listen(reading)
    if code < 0:
        with suppress(OSError):  # what cannot be caught cannot be set either
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)
