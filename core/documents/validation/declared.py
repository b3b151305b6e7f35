"""The declared scenarios that a document's sections are compared with, and their runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from core.documents.reading import Recognition
from core.documents.validation.parity import (
    Losses,
    Parity,
    SectionParity,
    compare_section,
    section_losses,
)
from core.errors import ExecutionError
from core.run.backends.registry import installed
from core.run.runner.options import RunOptions
from core.run.worker import Job, Outcome
from core.sandbox.host import ExecutionRecord
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace import Trace

Run = Callable[[Sequence[Job]], list[Outcome]]


@frozen
class Declared:
    """Where declared runs come from.

    Attributes:
        catalog: the guides.
        data: data set's name or path, as for a check.
        seed: the seed of the document's run.
        repository: the folder that holds `scenarios/`.
        folders: further scenario folders.
        run: runs jobs.
    """

    catalog: Catalog
    data: str
    seed: int
    repository: Path
    folders: tuple[Path, ...]
    run: Run

    def scenarios(self, guide: str) -> tuple[Scenario, ...]:
        """A guide's scenarios as published: variants are readings of ours."""
        entry = next(e for e in self.catalog.guides if e.guide.id == guide)
        return tuple(scenario for scenario in entry.scenarios if "~" not in scenario.section)

    def job(self, ids: Sequence[str], backend: str, steps: int | None) -> Job:
        """A native run of some scenarios in one process, seeded once."""
        return Job(
            name=f"{ids[0]}@{backend} (declared)",
            backend=backend,
            scenarios=tuple(ids),
            options=RunOptions(seed=self.seed, randomness="native", steps=steps),
            data=self.data,
            repository=str(self.repository),
            folders=tuple(str(folder) for folder in self.folders),
        )

    def traces(self, jobs: Sequence[Job]) -> dict[str, Trace]:
        """The traces of jobs, by scenario.

        Raises:
            ExecutionError: a declared run that failed.
        """
        found: dict[str, Trace] = {}
        for outcome in self.run(jobs) if jobs else []:
            if outcome.failure is not None:
                error = outcome.failure.error
                raise ExecutionError(
                    error.what, where=error.where, expected=error.expected, remedy=error.remedy
                )
            found |= outcome.traces
        return found


def parity_of(
    declared: Declared, recognition: Recognition, record: ExecutionRecord, backend: str
) -> Parity | None:
    """Compare a document's losses with the declared scenarios' under the same seed.

    A section whose training the budget cut is compared up to the cut; one that goes on with
    something of a section that was cut (a model, a data set whose passes were counted) cannot be.
    """
    if backend not in installed():
        return None
    scenarios = declared.scenarios(recognition.guide)
    found = {s.id: section_losses(record, recognition, s) for s in scenarios}
    cut = _cut_sections(record, recognition)
    whole = [s for s in scenarios if _steps(found[s.id]) and s.section not in cut]
    short = [s for s in scenarios if _steps(found[s.id]) and s.section in cut]
    spoilt = {s.id for s in scenarios if any(e.section in cut for e in _earlier(s))}
    jobs = []
    kept = [s for s in whole if s.id not in spoilt]
    if kept:
        capped = [s for s in kept if s.loop.cap is not None]
        plain = [s.id for s in kept if s.loop.cap is None]
        jobs += [declared.job(plain, backend, None)] if plain else []
        jobs += [declared.job([s.id], backend, _steps(found[s.id])) for s in capped]
    jobs += [
        declared.job([s.id], backend, _steps(found[s.id])) for s in short if s.id not in spoilt
    ]
    traces = declared.traces(jobs)
    sections = tuple(_section(s, found[s.id], traces, spoilt) for s in scenarios)
    return Parity(recognition.guide, recognition.similarity, sections)


def _section(
    scenario: Scenario, losses: Losses, traces: Mapping[str, Trace], spoilt: set[str]
) -> SectionParity:
    if not _steps(losses):
        reason = "the document takes no training step in this section"
        return SectionParity(scenario.id, 0, reason)
    if scenario.id in spoilt:
        reason = "it continues from a section that was cut short"
        return SectionParity(scenario.id, 0, reason)
    return compare_section(scenario, losses, traces[scenario.id])


def _earlier(scenario: Scenario) -> set[Scenario]:
    """Every section that a scenario continues from, directly or not."""
    found: set[Scenario] = set()
    for section in scenario.continues:
        found |= {section, *_earlier(section)}
    return found


def _steps(losses: Losses) -> int:
    return min((len(values) for values in losses.values()), default=0)


def _cut_sections(record: ExecutionRecord, recognition: Recognition) -> set[str]:
    return {
        recognition.cells[cell.index]
        for cell in record.cells
        if cell.cut is not None and cell.index in recognition.cells
    }
