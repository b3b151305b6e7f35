"""One statistic of a native run: the recorded series beside the run's and those of its repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import define

from core.check.trends.recorded import WINDOW, Kind, SeedRun
from core.check.trends.statistic import FALSE_ALARMS, End, Rule, Series, farthest, pairs
from core.trace import Trace
from core.trace.finding import Finding, FindingCode


@define
class Statistic:
    """A loss, a metric or its changes in one run.

    Attributes:
        kind, name: what is judged.
        recorded: the series of the recorded runs.
        fresh: those of the run of the check and of its repeats so far.
        share: the largest probability with which it may be a false alarm.
    """

    kind: Kind
    name: str
    recorded: list[Series]
    fresh: list[Series]
    share: float = FALSE_ALARMS

    @property
    def rule(self) -> Rule:
        """When it is repeated, and when it is an alarm."""
        return Rule(len(self.recorded), self.share)

    @property
    def alarms(self) -> tuple[tuple[End, int], ...]:
        """The ends that the runs so far are too far out at, with the pairs that count."""
        counted = pairs(self.recorded, self.fresh)
        limit = self.rule.alarming(len(self.fresh))
        return tuple((end, count) for end, count in counted.items() if count <= limit)

    @property
    def open(self) -> bool:
        """Whether another repeat is needed to decide."""
        counted = pairs(self.recorded, self.fresh).values()
        runs = len(self.fresh)
        return self.rule.alarming(runs) < min(counted) <= self.rule.repeated(runs)

    def add(self, run: SeedRun) -> bool:
        """Takes in a repeat; false where it is of another length and cannot be compared."""
        series = run.series(self.kind).get(self.name, ())
        fits = len(series) == len(self.fresh[0])
        if fits:
            self.fresh.append(series)
        return fits

    def finding(self, trace: Trace) -> Finding | None:
        """The alarm of a run, None where it raises none."""
        if not self.alarms:
            return None
        end, counted = self.alarms[0]
        found = farthest(self.recorded, self.fresh, end)
        place, words = self._place(found.index)
        count, runs = len(self.recorded), len(self.fresh)
        again = ", ".join(f"{series[found.index]:.4f}" for series in self.fresh[1:])
        what = f"the change of {self.name}" if self.kind is Kind.CHANGES else self.name
        side = "above" if end is End.ABOVE else "below"
        return Finding(
            code=FindingCode.GOLDEN_MISMATCH,
            where=f"{trace.scenario}@{trace.backend} ({trace.randomness}): {place}",
            message=f"{what} lies {side} what {count} recorded seeds show, with {runs - 1} fresh "
            "seeds as well",
            evidence=f"{self.name} {words} {found.value:.4f} (fresh seeds {again}), recorded "
            f"{found.low:.4f} to {found.high:.4f}, median {found.middle:.4f}; in {counted} of "
            f"{count * runs} pairs the recorded run lies as far {side}; probability of a false "
            f"alarm at most {self.rule.chance:.1e}",
            remedy="find the change that caused it; where it is meant, record the seeds again: "
            f"`python -m tools.record_trends {trace.scenario}`",
        )

    def _place(self, index: int) -> tuple[str, str]:
        """A window's or epoch's field and words."""
        if self.kind is Kind.METRICS:
            return f"metrics.{self.name}[{index}]", f"of epoch {index} is"
        if self.kind is Kind.CHANGES:
            return f"metrics.{self.name}[{index + 1}]", f"changed in epoch {index + 1} by"
        start = index * WINDOW
        return (
            f"losses.{self.name}[{start}:{start + WINDOW}]",
            f"has over the steps from {start} on (window of {WINDOW}) the mean",
        )


def statistics_of(mine: SeedRun, recorded: Sequence[SeedRun]) -> Iterator[Statistic]:
    """The statistics of a run. What has another length than recorded is reported as structure."""
    for kind in Kind:
        for name, values in mine.series(kind).items():
            found: list[Series] = [run.series(kind).get(name, ()) for run in recorded]
            if found and all(len(series) == len(values) for series in found):
                yield Statistic(kind, name, found, [values])
