"""One trace judged by its golden."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from core.check.compare.losses import not_finite
from core.check.compare.traces import compare, compare_structure, compare_trend
from core.check.golden.golden import Golden, key_of
from core.check.golden.horizon import Horizon
from core.check.golden.store import Store
from core.errors import GoldenError, ParityError
from core.trace import Trace
from core.trace.finding import Finding, FindingCode


def unreadable(error: ParityError) -> Finding:
    """The finding of a golden or claim file that cannot be read."""
    return Finding(
        code=FindingCode.GOLDEN_UNREADABLE,
        where=error.where,
        message=error.what,
        evidence=f"expected {error.expected}",
        remedy=error.remedy,
    )


def _missing(trace: Trace, path: Path) -> Finding:
    return Finding(
        code=FindingCode.GOLDEN_MISSING,
        where=f"{trace.scenario}@{trace.backend} ({trace.randomness})",
        message="there is no golden to compare this run with",
        evidence=f"no file {path}",
        remedy=f'run `parity record {trace.scenario} --reason "…"`, or `parity record --new`',
    )


def _without_horizon(trace: Trace, path: Path) -> Finding:
    return Finding(
        code=FindingCode.GOLDEN_UNREADABLE,
        where=f"{trace.scenario}@{trace.backend} ({trace.randomness})",
        message="the golden says nothing of how far honest runs may lie from it",
        evidence=f"no horizon in {path}",
        remedy=f'record it again: `parity record {trace.scenario} --reason "…"` measures one',
    )


def _only_trend(trace: Trace, golden: Golden) -> Finding:
    recorded = golden.trace
    return Finding(
        code=FindingCode.GOLDEN_TREND_ONLY,
        where=f"{trace.scenario}@{trace.backend} ({trace.randomness})",
        message="judged by structure and trend only",
        evidence=f"this run: seed {trace.seed} on {trace.data_name}; "
        f"golden: seed {recorded.seed} on {recorded.data_name}",
        remedy=f"for numbers, use --seed {recorded.seed} --data {recorded.data_name}",
    )


@frozen
class Judged:
    """One trace with its golden and findings."""

    trace: Trace
    golden: Golden | None
    findings: tuple[Finding, ...]

    @property
    def horizon(self) -> Horizon | None:
        """How far rounding may carry this very run; None where another one was measured."""
        if self.golden is None or self.trace.randomness != "controlled":
            return None
        recorded = self.golden.trace
        same = (self.trace.seed, self.trace.data_sha256) == (recorded.seed, recorded.data_sha256)
        return self.golden.horizon if same else None


def against_golden(trace: Trace, store: Store, by_seeds: Sequence[Finding] | None = None) -> Judged:
    """A trace with its golden, and where it leaves it: in numbers where both can be compared.

    Args:
        trace: a run.
        store: the goldens of its guide.
        by_seeds: what the recorded seeds say of the trend of a native run; None where there are
            none, and the trend is compared with the golden's.
    """
    key = key_of(trace)
    try:
        golden = store.read(key)
    except GoldenError as error:
        return Judged(trace, None, (unreadable(error),))
    if golden is None:
        return Judged(trace, None, (_missing(trace, store.path(key)),))
    recorded = golden.trace
    same = (trace.seed, trace.data_sha256) == (recorded.seed, recorded.data_sha256)
    if same and trace.randomness == "controlled":
        if golden.horizon is None:
            return Judged(trace, golden, (_without_horizon(trace, store.path(key)),))
        return Judged(trace, golden, tuple(compare(trace, recorded, golden.horizon)))
    if by_seeds is not None:
        structure = compare_structure(trace, recorded)
        return Judged(trace, golden, (*structure, *not_finite(trace), *by_seeds))
    findings = compare_trend(trace, recorded)
    if not same:
        findings.append(_only_trend(trace, golden))
    return Judged(trace, golden, tuple(findings))
