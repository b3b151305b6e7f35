"""Verdicts: what an upgrade changes in one run, and from which runs that is read."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from core.trace import Trace
from core.trace.difference import Difference
from core.trace.finding import Finding
from core.upgrade.rehearsal.run import RunResult


class Kind(StrEnum):
    """What became of a run in the candidate, from the best to the worst."""

    IDENTICAL = "identical"
    ROUNDING = "rounding"
    RANDOM_STREAM = "random stream"
    SAME_TREND = "same trend"
    DIVERGED = "diverged"
    BROKEN = "broken"
    UNOBSERVED = "unobserved"
    UNDECIDED = "undecided"
    TIMEOUT = "timeout"

    @property
    def rank(self) -> int:
        """Its place in that order."""
        return list(Kind).index(self)

    @property
    def fails(self) -> bool:
        """Whether it makes `parity upgrade` exit with 1: from `diverged` on."""
        return self.rank >= Kind.DIVERGED.rank

    @property
    def rounding_or_better(self) -> bool:
        """Whether the numbers are the same up to rounding, draws included."""
        return self in (Kind.IDENTICAL, Kind.ROUNDING)


@frozen
class Verdict:
    """A verdict with its evidence.

    Attributes:
        kind: the verdict.
        updates: optimizer updates observed in the candidate's controlled run.
        evidence: what was compared and found, in one sentence.
        first_difference: where the controlled losses first differ, None where they never do.
        findings: what else differs, and what is wrong.
    """

    kind: Kind
    updates: int
    evidence: str
    first_difference: Difference | None = None
    findings: tuple[Finding, ...] = ()


@frozen
class Observed:
    """One environment's runs of one subject.

    Attributes:
        controlled: the run with addressed draws; None where there is none (an undeclared loop).
        native: the run with the code's own draws.
        uncontrolled: the random calls that keep the controlled run from being one.
    """

    controlled: RunResult | None
    native: RunResult | None = None
    uncontrolled: tuple[str, ...] = ()

    @property
    def controlled_trace(self) -> Trace | None:
        """What the controlled run did, where there is one and it ran."""
        return self.controlled.trace if self.controlled else None

    @property
    def native_trace(self) -> Trace | None:
        """What the native run did, where there is one and it ran."""
        return self.native.trace if self.native else None

    @property
    def results(self) -> tuple[RunResult, ...]:
        """The runs that were made."""
        return tuple(a for a in (self.controlled, self.native) if a is not None)
