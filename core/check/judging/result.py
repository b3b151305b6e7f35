"""What a check found out."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

from core.check.judging.trends import Trends
from core.trace.finding import Finding


class Status(StrEnum):
    """How a scenario fared on a backend."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


@frozen
class Figures:
    """What the table shows of a run.

    Attributes:
        layers: layers of all models.
        params: parameters of all models.
        first, last: the first loss at the start and the last one at the last station, by name.
        reference_last: the reference's last loss there, by name.
        accuracy: the native run's last validation accuracy.
        published_accuracy: the guide's.
        largest_relative: the largest relative difference of a loss from the reference inside the
            steps that are compared as numbers; None where none is.
        largest_share: the largest of these differences as a share of what its step allows.
        compared_steps: how many steps that were.
        speedup: measured eager seconds over compiled seconds.
        claims: published figures judged, and how many hold.
    """

    layers: int = 0
    params: int = 0
    first: dict[str, float] = field(factory=dict)
    last: dict[str, float] = field(factory=dict)
    reference_last: dict[str, float] = field(factory=dict)
    accuracy: float | None = None
    published_accuracy: float | None = None
    largest_relative: float | None = None
    largest_share: float | None = None
    compared_steps: int = 0
    speedup: float | None = None
    claims: int = 0
    claims_held: int = 0


@frozen
class Result:
    """One scenario on one backend.

    `shares` names the job whose runs these are: a translation's section is the original's
    experiment, run once and judged under both names. Its `seconds` are then 0. `cached` says that
    nothing of it was run now.
    """

    scenario: str
    backend: str
    status: Status
    findings: tuple[Finding, ...]
    seconds: float
    figures: Figures = field(factory=Figures)
    shares: str = ""
    cached: bool = False


@frozen
class CheckReport:
    """All results, findings that belong to no single run, and the wall-clock seconds.

    `trends` holds what recorded seeds say, `measured_on` the processors on which honest runs were
    measured, `emulating` the processor that the runs were emulated on, empty for the machine's own.
    """

    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    seconds: float
    trends: Trends = field(factory=Trends)
    measured_on: tuple[str, ...] = ()
    emulating: str = ""

    def count(self, *statuses: Status) -> int:
        """Results of these statuses."""
        return sum(result.status in statuses for result in self.results)

    @property
    def passed(self) -> bool:
        """Whether nothing that matters was found."""
        failed = self.count(Status.FAILED, Status.ERROR)
        return failed == 0 and not any(finding.fails for finding in self.findings)

    @property
    def decision(self) -> str:
        """The outcome in one sentence."""
        ran = [result for result in self.results if result.status is not Status.SKIPPED]
        scenarios = len({result.scenario for result in ran})
        bad = self.count(Status.FAILED, Status.ERROR)
        skipped = self.count(Status.SKIPPED)
        tail = f"; {skipped} skipped" if skipped else ""
        if cached := sum(result.cached for result in ran):
            tail += f"; {cached} from the cache"
        if not ran:
            return f"nothing ran{tail}"
        if bad:
            return f"{bad} of {len(ran)} runs failed ({scenarios} scenarios){tail}"
        stray = sum(finding.fails for finding in self.findings)
        if stray:
            words = "is 1 finding" if stray == 1 else f"are {stray} findings"
            return f"all {len(ran)} runs passed, but there {words} besides{tail}"
        return f"all {len(ran)} runs passed ({scenarios} scenarios){tail}"
