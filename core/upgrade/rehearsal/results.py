"""Results on disk: what is known already is never run again."""

from __future__ import annotations

from pathlib import Path

from core.storage import KeyedStore
from core.trace.decoding import strict_converter, structured, trace_from
from core.trace.encoding import plain
from core.upgrade.rehearsal.run import RunResult, RunStatus, Trouble

_TROUBLE = strict_converter(Trouble)
ResultStore = KeyedStore[RunResult]


def result_store(folder: Path) -> ResultStore:
    """The results that are kept in a folder, by everything they depend on."""
    return KeyedStore(folder, result_from, plain)


def result_from(value: object) -> RunResult:
    """A result from its JSON fields.

    Raises:
        ValueError: a field that is not as it must be.
        KeyError: a field that is missing.
        TypeError: no fields at all.
    """
    if not isinstance(value, dict):
        raise TypeError("no fields")
    trace, trouble = value["trace"], value["trouble"]
    return RunResult(
        status=RunStatus(value["status"]),
        trace=None if trace is None else trace_from(trace),
        trouble=None if trouble is None else structured(_TROUBLE, trouble, Trouble),
        seconds=float(value["seconds"]),
        limit=float(value["limit"]),
    )
