"""Honest runs from stations: the jobs that give them, and the horizons they give.

Every run starts where the reference of its own seed starts, and is compared with that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from core.check.horizon.envelope import Envelope, apart, largest_of_variables
from core.check.horizon.pooled import FORMAT, Run, SectionHorizon, measured
from core.check.horizon.variation import BASE, VARIATIONS, Variation
from core.check.reference.reference import Located
from core.run.machine import processor, vectors
from core.run.runner.options import RunOptions
from core.run.worker import Job, Outcome
from core.spec import Scenario
from core.spec.experiment import numbers_digest
from core.spec.reading import meaning
from core.trace.station import side_by_side

SEEDS = (12, 1001, 1002, 1003, 1004, 1005, 1006, 1007)
"""The goldens' own, and seven others."""
VARIED = SEEDS[:2]
"""Threads, kernels and nudges are tried with these; with the first alone where a step draws."""

References = Mapping[int, Mapping[str, Located]]
"""References by seed, then scenario id."""


@frozen
class Trial:
    """One job of honest runs, and what it tries.

    Attributes:
        job: the runs.
        variation: what differs from the run as pinned.
    """

    job: Job
    variation: Variation

    @property
    def name(self) -> str:
        """The backend and what was varied."""
        return f"{self.job.backend}: {self.variation.name}"


def trials(
    scenarios: Sequence[Scenario],
    backends: Sequence[str],
    references: References,
    *,
    data: str,
    repository: Path,
    folders: Sequence[Path],
    emulated: Variation | None = None,
) -> Iterator[Trial]:
    """A job for each guide, backend, variation and seed; those of one process stand together.

    Args:
        scenarios: sections, each experiment once.
        backends: where they run.
        references: what the runs are compared with, and where their states lie.
        data: the data set's name or path.
        repository: the folder that holds `scenarios/`.
        folders: further scenario folders.
        emulated: one variation alone, on an emulated processor, with the first seed.
    """
    for backend in backends:
        here = [scenario for scenario in scenarios if backend in scenario.backends]
        for variation in (emulated,) if emulated else (BASE, *VARIATIONS):
            whole = variation == BASE
            for seed in SEEDS if whole else SEEDS[:1] if emulated else VARIED:
                for guide in dict.fromkeys(scenario.guide for scenario in here):
                    mine = [
                        s
                        for s in here
                        if s.guide == guide
                        and s.id in references[seed]
                        and (whole or seed == SEEDS[0] or not s.step_draws)
                    ]
                    if mine:
                        options = RunOptions(seed=seed, randomness="controlled")
                        job = Job(
                            name=f"{guide.id}@{backend}, seed {seed}, {variation.name}",
                            backend=backend,
                            scenarios=tuple(scenario.id for scenario in mine),
                            options=variation.options(options),
                            data=data,
                            repository=str(repository),
                            folders=tuple(map(str, folders)),
                            arithmetic=variation.arithmetic(backend),
                            stations=tuple(
                                start
                                for s in mine
                                for start in references[seed][s.id].starts(
                                    s, emulated=emulated is not None
                                )
                            ),
                        )
                        yield Trial(job, variation)


def honest_runs(
    scenarios: Sequence[Scenario],
    done: Sequence[tuple[Trial, Outcome]],
    references: References,
) -> dict[str, list[Run]]:
    """How far the runs of finished trials lie from the reference, by scenario id.

    Args:
        scenarios: what ran.
        done: trials and what they did.
        references: what the runs are compared with.
    """
    by_id = {scenario.id: scenario for scenario in scenarios}
    own = ", ".join(filter(None, (processor(), vectors())))
    runs: dict[str, list[Run]] = {}
    for trial, outcome in done:
        job = trial.job
        found: dict[str, dict[str, Envelope]] = {}
        for trace, start in zip(outcome.stations, job.stations, strict=True):
            means = meaning(by_id[trace.scenario], job.backend)
            wanted = references[job.options.seed][trace.scenario].numbers(trace.station, means)
            distance = apart(*side_by_side(trace, wanted, start.station.steps))
            found.setdefault(trace.scenario, {})[trace.station] = distance
        for name, stations in found.items():
            run = Run(trial.name, job.options.seed, job.arithmetic.processor or own, stations)
            runs.setdefault(name, []).append(run)
    return runs


def widened(
    scenario: Scenario,
    runs: Sequence[Run],
    before: SectionHorizon | None,
    *,
    command: str,
    today: str,
    data_sha256: str,
    flips: float | None = None,
) -> SectionHorizon:
    """The horizon of a section after some more runs.

    Args:
        scenario: the section.
        runs: what ran now.
        before: what was measured before of the same experiment.
        command: what the user called.
        today: the date, `YYYY-MM-DD`.
        data_sha256: the data set of the runs.
        flips: of a section that draws, the largest difference of a variable in others
            (`core.check.horizon.envelope.levelled`).
    """
    envelopes, samples = measured(runs, before, flips)
    digest = numbers_digest(scenario)
    return SectionHorizon(FORMAT, command, today, digest, data_sha256, envelopes, samples)


def flips_of(horizons: Iterable[SectionHorizon], runs: Iterable[Run]) -> float:
    """The largest difference of a variable in some horizons and runs."""
    tables = [*(horizon.stations for horizon in horizons), *(run.stations for run in runs)]
    found = [largest_of_variables(at) for stations in tables for at in stations.values()]
    return max(found, default=0.0)
