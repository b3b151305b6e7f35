"""Calling, once, the functions that a document defines and never calls."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from core.documents.reading import Document
from core.documents.rules import to_exercise
from core.sandbox.guest.events import Exercised
from core.sandbox.host import ExecutionRecord, Limits

ENOUGH = 32
"""Training steps of the run in which functions are called: a batch is needed, no trained model."""

Exercise = tuple[tuple[int, str], ...]


def exercised(
    document: Document,
    record: ExecutionRecord,
    limits: Limits,
    again: Callable[[Limits, Exercise], ExecutionRecord],
) -> ExecutionRecord:
    """A record with what calling the unused functions showed.

    They are called in a second, short run, for a call changes weights and draws random numbers.

    Args:
        document: the document.
        record: what its execution showed.
        limits: the limits of that execution.
        again: runs the document within limits, calling functions at the ends of their cells.
    """
    unused = to_exercise(document, record)
    if not unused:
        return record
    second = again(evolve(limits, max_steps=min(limits.max_steps, ENOUGH)), unused)
    return evolve(record, events=(*record.events, *second.of(Exercised)))
