"""Saying what is trained before the sections that were asked for, which may take minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.dialects.running.comparing import batch_sizes
from core.run.data import ImageData, load_data
from core.run.worker import Job
from core.spec import Scenario
from tools.cli import options


def announcements(jobs: Sequence[Job]) -> tuple[str, ...]:
    """A sentence for each guide of which earlier sections are trained first, without repeats."""
    whole = (job for job in jobs if not job.stations)
    return tuple(dict.fromkeys(text for job in whole for text in _of(job)))


def _of(job: Job) -> Iterator[str]:
    catalog = options.catalog(tuple(Path(folder) for folder in job.folders))
    trained: list[Scenario] = []
    first: list[Scenario] = []
    because: list[Scenario] = []
    for scenario in catalog.select(job.scenarios):
        missing = [earlier for earlier in scenario.trains_first if earlier not in trained]
        if missing:
            because.append(scenario)
        first += missing
        trained += [*missing, scenario]
    if first:
        # The embedded digits have MNIST's sizes, and need no download and no framework.
        images = load_data("digits" if job.data == "mnist" else job.data)
        steps = sum(_steps(earlier, images) for earlier in first)
        verb = "continues" if len(because) == 1 else "continue"
        yield (
            f"{because[0].guide.id}: first trains {_listed(first)}, {steps:,} steps, because "
            f"{_listed(because)} {verb} {'it' if len(first) == 1 else 'them'}"
        )


def _steps(scenario: Scenario, images: ImageData) -> int:
    """Training steps at the guide's own length."""
    loop = scenario.loop
    steps = loop.steps(len(batch_sizes(scenario, images))) * loop.epochs
    return steps if loop.cap is None else min(steps, loop.cap)


def _listed(scenarios: Sequence[Scenario]) -> str:
    names = [scenario.section for scenario in scenarios]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
