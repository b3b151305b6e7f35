"""One trace judged by its golden."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from core.check.compare.losses import not_finite
from core.check.compare.traces import compare_structure, compare_trend
from core.check.golden.golden import Golden, Key, key_of
from core.check.golden.store import Store
from core.check.golden.unreadable import unreadable
from core.errors import GoldenError
from core.trace import Trace
from core.trace.finding import Finding, FindingCode


def _missing(key: Key, path: Path) -> Finding:
    return Finding(
        code=FindingCode.GOLDEN_MISSING,
        where=f"{key.scenario}@{key.backend} ({key.randomness})",
        message="there is no golden to compare this run with",
        evidence=f"no file {path}",
        remedy=f'run `parity record {key.scenario} --reason "…"`, or `parity record --new`',
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


def golden_of(key: Key, store: Store) -> tuple[Golden | None, Finding | None]:
    """The golden of a key, or what is wrong with it."""
    try:
        golden = store.read(key)
    except GoldenError as error:
        return None, unreadable(error)
    return golden, None if golden else _missing(key, store.path(key))


def against_golden(trace: Trace, store: Store, by_seeds: Sequence[Finding] | None = None) -> Judged:
    """A native run with its golden: by names and counts, and by the trend.

    Args:
        trace: a native run.
        store: the goldens of its guide.
        by_seeds: what the recorded seeds say of the trend; None where there are none, and it is
            compared with the golden's.
    """
    golden, wrong = golden_of(key_of(trace), store)
    if golden is None:
        return Judged(trace, None, (wrong,) if wrong else ())
    recorded = golden.trace
    if by_seeds is not None:
        structure = compare_structure(trace, recorded)
        return Judged(trace, golden, (*structure, *not_finite(trace), *by_seeds))
    findings = compare_trend(trace, recorded)
    if (trace.seed, trace.data_sha256) != (recorded.seed, recorded.data_sha256):
        findings.append(_only_trend(trace, golden))
    return Judged(trace, golden, tuple(findings))
