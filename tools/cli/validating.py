"""Many documents: those whose results are kept, and the others in processes of their own."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil
from attrs import frozen

from core.documents.resuming import Basis, decoded, keep, kept, key_of
from core.documents.validation import DocumentReport
from core.errors import ExecutionError, UsageError
from core.processes import Child, program
from core.storage import Key

_GIBIBYTE = 1 << 30
_EACH = 2 * _GIBIBYTE  # what a document with a framework takes
_PATIENCE = 30.0  # seconds that an interrupted child has to clean up
_USAGE = 2
_ALL = 20  # lines

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
        on_report: called with each report, and whether it had been kept.

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
    for path, key, report in _each(waiting, plan):
        keep(key, report)
        reports[path] = report
        on_report(report, False)
    return tuple(reports[path] for path in paths)


def _each(
    waiting: Sequence[tuple[Path, Key]], plan: Plan
) -> Iterator[tuple[Path, Key, DocumentReport]]:
    left = list(waiting)
    running: dict[Path, tuple[Key, Child]] = {}
    try:
        while left or running:
            while left and len(running) < plan.jobs:
                path, key = left.pop(0)
                running[path] = key, _started(path, plan.arguments)
            for path, (key, child) in list(running.items()):
                if not child.running:
                    del running[path]
                    yield path, key, _report(path, child)
            time.sleep(0.05)
    finally:
        for _, child in running.values():
            child.hang_up()  # it cleans up and ends
        for _, child in running.values():
            child.close()


def _started(path: Path, arguments: Sequence[str]) -> Child:
    """A process that validates one document."""
    command = program("tools.cli", "validate", *arguments, "--result", "--", str(path))
    return Child(command, own_session=True, patience=_PATIENCE)


def _report(path: Path, child: Child) -> DocumentReport:
    """What a process found out.

    Raises:
        UsageError: it said so.
        ExecutionError: it left no result.
    """
    answer, code = child.answer(), child.ended()
    said = child.last_words(_ALL, "\n")[-2000:]
    child.close()
    try:
        return decoded(answer, path)
    except ValueError as error:
        kind = UsageError if code == _USAGE else ExecutionError
        raise kind(
            said or f"no result ({error})",
            where=str(path),
            expected="a report of the document",
            remedy="run `parity validate` on this document alone",
        ) from None


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
