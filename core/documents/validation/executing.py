"""Executing a document: repaired and exercised where that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from attrs import evolve, frozen

from core.documents.program import program_of
from core.documents.reading import (
    Document,
)
from core.documents.repair import repair_and_run
from core.documents.validation.exercising import Exercise, exercised
from core.documents.validation.in_r import execute_r
from core.documents.validation.report import Patch
from core.documents.validation.settings import Settings
from core.sandbox.host import ExecutionRecord, Limits, Program, run


@frozen(eq=False)
class Executed:
    """An execution of a document, and the repairs before it."""

    program: Program
    record: ExecutionRecord
    patches: tuple[Patch, ...] = ()


def executed(document: Document, settings: Settings) -> tuple[Executed | None, str]:
    """The execution of a document; None where it has no code to run, or R is missing."""
    if document.language == "python":
        return _execute(document, settings), ""
    if document.language != "r":
        return None, ""
    program, record, missing = execute_r(
        document,
        settings.limits,
        seed=settings.seed,
        data=settings.images,
        allow_network=settings.allow_network,
        python=settings.python,
    )
    return (None if record is None else Executed(program, record)), missing


def _execute(document: Document, settings: Settings) -> Executed:
    def once(
        program: Program, limits: Limits = settings.limits, exercise: Exercise = ()
    ) -> ExecutionRecord:
        return run(
            program,
            limits,
            seed=settings.seed,
            data=settings.images,
            allow_network=settings.allow_network,
            python=settings.python,
            exercise=exercise,
        )

    ran = _repaired_run(document, settings, once)
    if not settings.exercise:
        return ran
    again = partial(once, ran.program)
    return evolve(ran, record=exercised(document, ran.record, settings.limits, again))


def _repaired_run(
    document: Document, settings: Settings, once: Callable[[Program], ExecutionRecord]
) -> Executed:
    program = program_of(document)
    record = once(program)
    if not settings.repair:
        return Executed(program, record)
    text = document.path.read_text(encoding="utf-8", errors="replace")
    rounds = repair_and_run(program, record, text, once)
    if not rounds:
        return Executed(program, record)
    patches = tuple(Patch(r.repair.name, r.repair.line, r.patch) for r in rounds)
    return Executed(rounds[-1].program, rounds[-1].record, patches)
