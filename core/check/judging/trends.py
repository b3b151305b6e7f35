"""Native runs of a check judged by the recorded seeds, with repeats where one lies far out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs
from attrs import define, field, frozen

from core.check.golden.unreadable import unreadable
from core.check.judging.trend_statistic import Statistic, statistics_of
from core.check.trends.recorded import SeedRun, read, seed_run
from core.check.trends.statistic import FALSE_ALARMS
from core.errors import GoldenError
from core.run.data.source import MNIST
from core.run.worker import Job, Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace import Trace
from core.trace.finding import Finding, FindingCode

SEEDS = 2**31  # every framework takes seeds below it
FRESH = 10_000  # a repeat's seed lies this far from the last: far from those that people type
Run = Callable[[Sequence[Job]], Sequence[Outcome]]
Key = tuple[str, str]
"""A scenario's id and a backend."""


@frozen
class Trends:
    """What the recorded seeds say of a check's native runs.

    Attributes:
        findings: for each run whose section has recorded seeds of its meaning, what is wrong with
            it; runs that are not there have no seeds to be judged by.
        other_data: runs whose seeds were recorded on another data set.
        false_alarm_rate: the largest probability that an honest check raises any alarm here; None
            where nothing was judged.
        statistics: how many statistics were judged.
        recorded: the fewest recorded runs that one was judged by.
        repeats: how many sections were run again, each repeat counted.
        undecided: runs that an interruption left without the repeats they need.
        on_mnist: for each run that recorded seeds judge, those on MNIST, by which its guide's
            figures are judged.
    """

    findings: Mapping[Key, tuple[Finding, ...]] = field(factory=dict)
    other_data: tuple[Key, ...] = ()
    false_alarm_rate: float | None = None
    statistics: int = 0
    recorded: int = 0
    repeats: int = 0
    undecided: frozenset[Key] = frozenset()
    on_mnist: Mapping[Key, tuple[SeedRun, ...]] = field(factory=dict)

    def not_judged(self) -> Iterator[Finding]:
        """One note for all runs on another data set than the recorded one."""
        if self.other_data:
            yield Finding(
                code=FindingCode.NOT_JUDGED,
                where=f"{len(self.other_data)} native runs",
                message="the trend was not judged",
                evidence="the recorded seeds ran on another data set",
                remedy="for trends, use --data digits",
            )


@define
class _Section:
    """One native run and its statistics."""

    job: Job
    trace: Trace
    statistics: list[Statistic]
    taken: frozenset[int]  # seeds that are no fresh ones


def _unfinished(job: Job, scenario: str, outcome: Outcome) -> Finding:
    said = outcome.failure.error.what if outcome.failure else "it left no trace of the same length"
    return Finding(
        code=FindingCode.RUN_FAILED,
        where=f"{scenario}@{job.backend} ({job.options.randomness})",
        message=f"the repeat with seed {job.options.seed} failed: {said}",
        evidence="a run far out among the recorded seeds is repeated with fresh ones",
        remedy=f"parity run {scenario} --backend {job.backend} --seed {job.options.seed}",
    )


@define
class _Judging:
    """The sections that are judged, and what came of them."""

    sections: dict[Key, _Section] = field(factory=dict)
    other_data: list[Key] = field(factory=list)
    failed: dict[Key, Finding] = field(factory=dict)
    on_mnist: dict[Key, tuple[SeedRun, ...]] = field(factory=dict)
    repeats: int = 0

    def take(self, job: Job, scenario: Scenario, trace: Trace, golden: Path) -> None:
        """Takes in a native run of the check.

        Raises:
            GoldenError: recorded seeds that cannot be read.
        """
        key = (scenario.id, job.backend)
        digits, mnist = read(golden, scenario), read(golden, scenario, mnist=True)
        if digits is not None and digits.data_sha256 == trace.data_sha256:
            recorded = digits
        elif mnist is not None and (
            trace.data_name == MNIST  # whichever copy of it was recorded on
            or mnist.data_sha256 == trace.data_sha256
        ):
            recorded = mnist
        else:
            if digits or mnist:
                self.other_data.append(key)
            return
        # A recorded run with this run's seed is this run once more, and no independent draw.
        runs = [r for r in recorded.of_meaning(scenario, job.backend) if r.seed != trace.seed]
        found = list(statistics_of(seed_run(trace), runs))
        if runs:
            taken = frozenset({trace.seed, *(run.seed for run in runs)})
            self.sections[key] = _Section(job, trace, found, taken)
            if mnist is not None:
                self.on_mnist[key] = mnist.of_meaning(scenario, job.backend)

    @property
    def counts(self) -> list[int]:
        """How many runs each statistic is judged by."""
        return [len(s.recorded) for each in self.sections.values() for s in each.statistics]

    def decide(self, run: Run, of: int) -> None:
        """Repeats what is outside until it is decided."""
        judged = max(of, len(self.counts))
        for section in self.sections.values():
            for statistic in section.statistics:
                statistic.share = FALSE_ALARMS / judged
        attempt = 0
        while jobs := self._next(attempt := attempt + 1):
            self.repeats += sum(len(job.scenarios) for job in jobs)
            outcomes = run(jobs)
            if not outcomes:  # interrupted
                return
            for outcome in outcomes:
                self._repeated(outcome)

    def _next(self, attempt: int) -> list[Job]:
        """One more run of each section that is not decided, a job per guide and backend."""
        wanted: dict[str, list[Key]] = {}
        jobs: dict[str, Job] = {}
        undecided = self.undecided
        for key, section in self.sections.items():
            if key in undecided:
                wanted.setdefault(section.job.name, []).append(key)
                jobs[section.job.name] = section.job
        found = []
        for name, keys in wanted.items():
            job = jobs[name]
            taken = {seed for key in keys for seed in self.sections[key].taken}
            seed = (job.options.seed + attempt * FRESH) % SEEDS
            while seed in taken:
                seed += 1
            found.append(
                attrs.evolve(
                    job,
                    name=f"{name}, repeat {attempt} with seed {seed}",
                    scenarios=tuple(scenario for scenario, _ in keys),
                    options=attrs.evolve(job.options, seed=seed),
                    speedup=(),
                )
            )
        return found

    def _repeated(self, outcome: Outcome) -> None:
        for scenario in outcome.job.scenarios:
            key = (scenario, outcome.job.backend)
            trace = outcome.traces.get(scenario)
            if trace is None:
                self.failed[key] = _unfinished(outcome.job, scenario, outcome)
                continue
            mine = seed_run(trace)
            for statistic in self.sections[key].statistics:
                if statistic.open and not statistic.add(mine):
                    self.failed[key] = _unfinished(outcome.job, scenario, outcome)

    @property
    def undecided(self) -> frozenset[Key]:
        """Runs that need a repeat which was not made."""
        return frozenset(
            key
            for key, section in self.sections.items()
            if key not in self.failed and any(s.open for s in section.statistics)
        )

    def findings(self) -> dict[Key, tuple[Finding, ...]]:
        """What is wrong with each run that was judged."""
        found: dict[Key, tuple[Finding, ...]] = dict.fromkeys(self.other_data, ())
        found |= {key: (failed,) for key, failed in self.failed.items()}
        for key, section in self.sections.items():
            alarms = [
                finding
                for statistic in section.statistics
                if (finding := statistic.finding(section.trace))
            ]
            found[key] = (*alarms, *found.get(key, ()))
        return found


def judge_trends(outcomes: Sequence[Outcome], catalog: Catalog, run: Run, *, of: int = 0) -> Trends:
    """Judges the native runs of a check by the recorded seeds of their sections.

    Sections without recorded seeds are left out.

    Args:
        outcomes: what the jobs of the check did, those that share another's run left out.
        catalog: the guides.
        run: runs further jobs, the repeats; answers nothing where it was interrupted.
        of: how many statistics the whole check judges, where these runs are a part of it.
    """
    judging = _Judging()
    for outcome in outcomes:
        if outcome.job.options.randomness != "native":
            continue
        for name, trace in outcome.traces.items():
            (scenario,) = catalog.select([name])
            try:
                judging.take(outcome.job, scenario, trace, catalog.entry(scenario).golden)
            except GoldenError as error:
                judging.failed[scenario.id, outcome.job.backend] = unreadable(error)
    judging.decide(run, of)
    counts = judging.counts
    rate = sum(s.rule.chance for each in judging.sections.values() for s in each.statistics)
    return Trends(
        judging.findings(),
        tuple(judging.other_data),
        rate if counts else None,
        len(counts),
        min(counts, default=0),
        judging.repeats,
        judging.undecided,
        judging.on_mnist,
    )
