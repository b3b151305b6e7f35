"""Native runs of a check judged by the recorded seeds, with repeats where one lies outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs
from attrs import define, field, frozen

from core.check.judging.against_golden import unreadable
from core.check.trends.recorded import WINDOW, Kind, Recorded, SeedRun, read, seed_run
from core.check.trends.statistic import (
    End,
    Series,
    beyond,
    chance,
    farthest,
    repeats_needed,
)
from core.errors import GoldenError
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
    """

    findings: Mapping[Key, tuple[Finding, ...]] = field(factory=dict)
    other_data: tuple[Key, ...] = ()
    false_alarm_rate: float | None = None
    statistics: int = 0
    recorded: int = 0
    repeats: int = 0
    undecided: frozenset[Key] = frozenset()

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
class _Statistic:
    """A loss, a metric or its changes in one run: the recorded series, and the fresh ones."""

    kind: Kind
    name: str
    recorded: list[Series]
    fresh: list[Series]
    repeats: int = 0

    @property
    def ends(self) -> tuple[End, ...]:
        return beyond(self.recorded, self.fresh)

    @property
    def open(self) -> bool:
        """Whether another repeat is needed to decide."""
        return len(self.fresh) <= self.repeats and bool(self.ends)

    def add(self, run: SeedRun) -> bool:
        """Takes in a repeat; false where it is of another length and cannot be compared."""
        series = run.series(self.kind).get(self.name, ())
        fits = len(series) == len(self.fresh[0])
        if fits:
            self.fresh.append(series)
        return fits


@define
class _Section:
    """One native run and its statistics."""

    job: Job
    trace: Trace
    statistics: list[_Statistic]
    taken: frozenset[int]  # seeds that are no fresh ones


def _statistics(mine: SeedRun, recorded: Sequence[SeedRun]) -> Iterator[_Statistic]:
    """The statistics of a run. What has another length than recorded is reported as structure."""
    for kind in Kind:
        for name, values in mine.series(kind).items():
            found: list[Series] = [run.series(kind).get(name, ()) for run in recorded]
            if found and all(len(series) == len(values) for series in found):
                yield _Statistic(kind, name, found, [values])


def _places(statistic: _Statistic, index: int) -> tuple[str, str]:
    """A window's or epoch's field and words."""
    if statistic.kind is Kind.METRICS:
        return f"metrics.{statistic.name}[{index}]", f"of epoch {index} is"
    if statistic.kind is Kind.CHANGES:
        return f"metrics.{statistic.name}[{index + 1}]", f"changed in epoch {index + 1} by"
    start = index * WINDOW
    return (
        f"losses.{statistic.name}[{start}:{start + WINDOW}]",
        f"has over the steps from {start} on (window of {WINDOW}) the mean",
    )


def _finding(section: _Section, statistic: _Statistic, end: End) -> Finding:
    found = farthest(statistic.recorded, statistic.fresh, end)
    place, words = _places(statistic, found.index)
    count, trace = len(statistic.recorded), section.trace
    again = ", ".join(f"{series[found.index]:.4f}" for series in statistic.fresh[1:])
    what = f"the change of {statistic.name}" if statistic.kind is Kind.CHANGES else statistic.name
    side = "above" if end is End.ABOVE else "below"
    repeated = f", and {len(statistic.fresh) - 1} fresh seeds lie there too" if again else ""
    return Finding(
        code=FindingCode.GOLDEN_MISMATCH,
        where=f"{trace.scenario}@{trace.backend} ({trace.randomness}): {place}",
        message=f"{what} lies {side} all {count} recorded seeds{repeated}",
        evidence=f"{statistic.name} {words} {found.value:.4f}"
        + (f" (fresh seeds {again})" if again else "")
        + f", recorded {found.low:.4f} to {found.high:.4f}; probability of a false alarm at most "
        f"{chance(count, statistic.repeats):.1e}",
        remedy="find the change that caused it; where it is meant, record the seeds again: "
        f"`python -m tools.record_trends {trace.scenario}`",
    )


def _unfinished(job: Job, scenario: str, outcome: Outcome) -> Finding:
    said = outcome.failure.error.what if outcome.failure else "it left no trace of the same length"
    return Finding(
        code=FindingCode.RUN_FAILED,
        where=f"{scenario}@{job.backend} ({job.options.randomness})",
        message=f"the repeat with seed {job.options.seed} failed: {said}",
        evidence="a run outside the recorded seeds is repeated with fresh ones",
        remedy=f"parity run {scenario} --backend {job.backend} --seed {job.options.seed}",
    )


@define
class _Judging:
    """The sections that are judged, and what came of them."""

    sections: dict[Key, _Section] = field(factory=dict)
    other_data: list[Key] = field(factory=list)
    failed: dict[Key, Finding] = field(factory=dict)
    repeats: int = 0

    def take(self, job: Job, scenario: Scenario, trace: Trace, recorded: Recorded) -> None:
        """Takes in a native run of the check."""
        key = (scenario.id, job.backend)
        if recorded.data_sha256 != trace.data_sha256:
            self.other_data.append(key)
            return
        # A recorded run with this run's seed is this run once more, and no independent draw.
        runs = [r for r in recorded.of_meaning(scenario, job.backend) if r.seed != trace.seed]
        found = list(_statistics(seed_run(trace), runs))
        if runs:
            taken = frozenset({trace.seed, *(run.seed for run in runs)})
            self.sections[key] = _Section(job, trace, found, taken)

    @property
    def counts(self) -> list[int]:
        """How many runs each statistic is judged by."""
        return [len(s.recorded) for each in self.sections.values() for s in each.statistics]

    def decide(self, run: Run) -> None:
        """Repeats what is outside until it is decided."""
        counts = self.counts
        for section in self.sections.values():
            for statistic in section.statistics:
                statistic.repeats = repeats_needed(len(statistic.recorded), len(counts))
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
                _finding(section, statistic, end)
                for statistic in section.statistics
                if len(statistic.fresh) > statistic.repeats
                for end in statistic.ends[:1]
            ]
            found[key] = (*alarms, *found.get(key, ()))
        return found


def judge_trends(outcomes: Sequence[Outcome], catalog: Catalog, run: Run) -> Trends:
    """Judges the native runs of a check by the recorded seeds of their sections.

    Sections without recorded seeds are left out.

    Args:
        outcomes: what the jobs of the check did, those that share another's run left out.
        catalog: the guides.
        run: runs further jobs, the repeats; answers nothing where it was interrupted.
    """
    judging = _Judging()
    for outcome in outcomes:
        if outcome.job.options.randomness != "native":
            continue
        for name, trace in outcome.traces.items():
            (scenario,) = catalog.select([name])
            try:
                recorded = read(catalog.entry(scenario).golden, scenario)
            except GoldenError as error:
                judging.failed[scenario.id, outcome.job.backend] = unreadable(error)
                continue
            if recorded is not None:
                judging.take(outcome.job, scenario, trace, recorded)
    judging.decide(run)
    counts = judging.counts
    rate = sum(
        chance(len(s.recorded), s.repeats)
        for section in judging.sections.values()
        for s in section.statistics
    )
    return Trends(
        judging.findings(),
        tuple(judging.other_data),
        rate if counts else None,
        len(counts),
        min(counts, default=0),
        judging.repeats,
        judging.undecided,
    )
