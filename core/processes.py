"""Programs of ours in processes of their own, which answer in JSON, one value a line."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from attrs import define, field

from core import run_module

_TICK = 0.2  # seconds between looks at the clock and at the stop signal
_LAST_WORDS = 20  # lines


def program(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules with this interpreter.

    It works in every folder and with every PYTHONPATH; what starts with `python -m` takes the
    packages of the folder it is started in for ours.

    Args:
        module: its dotted name.
        arguments: what the module is given.
    """
    return [sys.executable, "-P", str(Path(run_module.__file__)), module, *arguments]


def answers() -> TextIO:
    """Where a child writes its answers: what was stdout. Whatever else prints goes to stderr."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # From here on a `print` of any library goes to stderr and cannot get between the answers.
    os.dup2(2, 1)
    return stream


@define(eq=False)
class Child:
    """A process that is told lines and answers with JSON objects; it ends when its stdin does.

    Attributes:
        command: what is started, at once.
        variables: its environment variables, all of them; None for this process's own.
        folder: the folder it runs in; None for this process's own.
        own_session: whether the terminal's Ctrl-C passes it by.
        patience: seconds that it has to end by itself.
    """

    command: Sequence[str]
    variables: Mapping[str, str] | None = None
    folder: str | Path | None = None
    own_session: bool = False
    patience: float = 5.0
    _process: subprocess.Popen[str] = field(init=False)
    _lines: queue.Queue[str | None] = field(factory=queue.Queue, init=False)
    _errors: deque[str] = field(factory=lambda: deque(maxlen=_LAST_WORDS), init=False)
    _readers: list[threading.Thread] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=self.variables,
            cwd=self.folder,
            start_new_session=self.own_session,
        )
        # Both pipes are read all the time: a child that fills one that nobody reads waits for ever.
        self._readers = [
            threading.Thread(target=read, daemon=True) for read in (self._answers, self._said)
        ]
        for reader in self._readers:
            reader.start()

    def _answers(self) -> None:
        assert self._process.stdout is not None
        with suppress(ValueError):  # closed meanwhile
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put(None)

    def _said(self) -> None:
        assert self._process.stderr is not None
        with suppress(ValueError):
            self._errors.extend(self._process.stderr)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def tell(self, line: str) -> None:
        """Writes a line; to a process that has ended, in vain."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def answer(
        self, until: float = float("inf"), stop: threading.Event | None = None
    ) -> Mapping[str, object] | None:
        """The next answer; None where the process has ended. Stray lines count as last words.

        Args:
            until: the time of `time.monotonic` to wait for it.
            stop: set from outside when everything is to end.

        Raises:
            TimeoutError: it did not come in time.
            KeyboardInterrupt: `stop` was set.
        """
        # Without anything to watch for there is no need to wake up.
        patient = stop is None and until == float("inf")
        while True:
            if stop is not None and stop.is_set():
                raise KeyboardInterrupt
            if time.monotonic() > until:
                raise TimeoutError
            try:
                line = self._lines.get(timeout=None if patient else _TICK)
            except queue.Empty:
                continue
            if line is None:
                self._lines.put(None)  # for whoever asks again
                return None
            with suppress(ValueError):
                value = json.loads(line)
                if isinstance(value, dict):
                    return value
            self._errors.append(line)

    def ended(self) -> int:
        """The exit code of a process that gives no more answers."""
        code = self._process.wait()
        for reader in self._readers:
            reader.join(timeout=5)
        return code

    def last_words(self, lines: int = 3, between: str = " | ") -> str:
        """The end of what it said on stderr."""
        said = [line.strip() for line in self._errors if line.strip()]
        return between.join(said[-lines:])

    def hang_up(self) -> None:
        """Lets it know that nothing follows."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.close()

    def kill(self) -> None:
        """Ends it at once; whoever waits for an answer learns that there is none."""
        with suppress(OSError):
            self._process.kill()

    def close(self, *, kill: bool = False) -> None:
        """Ends the process for good: at once, or when it has read that nothing follows."""
        self.hang_up()
        if not kill:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=self.patience)
        self.kill()
        self.ended()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
