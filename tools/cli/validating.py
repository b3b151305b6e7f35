"""Many documents: those whose results are kept, and the others in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
from attrs import frozen

from core.documents.resuming import Basis, decoded, keep, kept, key_of
from core.documents.validation import DocumentReport
from core.errors import ExecutionError, UsageError
from core.processes import program
from core.storage import Key

_GIBIBYTE = 1 << 30
_EACH = 2 * _GIBIBYTE  # what a document with a framework takes
_PATIENCE = 30.0  # seconds that an interrupted child has to clean up
_USAGE = 2

PROGRAM = ("tools.cli.__main__", "tools.cli.verb_validate")
"""What the process of one document starts with."""

OnReport = Callable[[DocumentReport, bool], None]


@frozen
class Plan:
    """How documents are validated.

    Attributes:
        arguments: the options of `parity validate` that each document gets.
        basis: what their results depend on.
        jobs: documents at a time.
        fresh: leave kept results alone.
    """

    arguments: tuple[str, ...]
    basis: Basis
    jobs: int
    fresh: bool


def usual_jobs() -> int:
    """As many documents at a time as the machine has processors and memory for."""
    room = int(psutil.virtual_memory().available // _EACH)
    return max(1, min(os.cpu_count() or 1, room))


def validate_all(
    paths: Sequence[Path], plan: Plan, on_report: OnReport
) -> tuple[DocumentReport, ...]:
    """Validate documents; a result is kept as soon as it is there.

    Args:
        paths: the documents.
        plan: how.
        on_report: told of each report, and whether it had been kept.

    Raises:
        UsageError: an option cannot be used, or a document cannot be read.
        ExecutionError: a document's process broke down.
    """
    reports: dict[Path, DocumentReport] = {}
    waiting: list[tuple[Path, Key]] = []
    for path in dict.fromkeys(paths):
        key = key_of(path, plan.basis)
        report = None if plan.fresh else kept(key, path)
        if report is None:
            waiting.append((path, key))
        else:
            reports[path] = report
            on_report(report, True)
    with tempfile.TemporaryDirectory(prefix="parity-results-") as folder:
        for path, key, report in _each(waiting, plan, Path(folder)):
            keep(key, report)
            reports[path] = report
            on_report(report, False)
    return tuple(reports[path] for path in paths)


def _each(
    waiting: Sequence[tuple[Path, Key]], plan: Plan, folder: Path
) -> Iterator[tuple[Path, Key, DocumentReport]]:
    left = list(enumerate(waiting))
    running: list[_Child] = []
    try:
        while left or running:
            while left and len(running) < plan.jobs:
                number, (path, key) = left.pop(0)
                running.append(_Child(path, key, plan.arguments, folder / str(number)))
            for child in [one for one in running if one.ended]:
                running.remove(child)
                yield child.path, child.key, child.report()
            time.sleep(0.05)
    finally:
        for child in running:
            child.interrupt()
        for child in running:
            child.wait()


class _Child:
    """A process that validates one document."""

    def __init__(self, path: Path, key: Key, arguments: Sequence[str], said: Path) -> None:
        self.path = path
        self.key = key
        self._result = said.with_suffix(".json")
        self._errors = said.with_suffix(".txt")
        command = program("tools.cli", "validate", *arguments)
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [*command, "--result", str(self._result), "--", str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def report(self) -> DocumentReport:
        """What it found out.

        Raises:
            UsageError: it said so.
            ExecutionError: it left no result.
        """
        assert self._process.stdin is not None
        self._process.stdin.close()
        said = self._errors.read_text(encoding="utf-8", errors="replace").strip()
        try:
            return decoded(json.loads(self._result.read_text(encoding="utf-8")), self.path)
        except (OSError, ValueError) as error:
            kind = UsageError if self._process.returncode == _USAGE else ExecutionError
            raise kind(
                said[-2000:] or f"no result ({error})",
                where=str(self.path),
                expected="a report of the document",
                remedy="run `parity validate` on this document alone",
            ) from None

    def interrupt(self) -> None:
        """Cuts its lifeline: it cleans up and ends."""
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()

    def wait(self) -> None:
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()


def end_with_parent() -> None:
    """Lets this process be interrupted as soon as nobody holds the other end of its stdin."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


def arguments_of(values: Mapping[str, object]) -> tuple[str, ...]:
    """Options as they would be written: flags that are set, others that are not None."""
    found: list[str] = []
    for name, value in values.items():
        option = f"--{name.replace('_', '-')}"
        if value is True:
            found.append(option)
        elif isinstance(value, list | tuple):
            for one in value:
                found += [option, str(one)]
        elif value is not None and value is not False:
            found += [option, str(value)]
    return tuple(found)
